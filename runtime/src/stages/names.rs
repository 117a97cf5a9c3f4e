//! Names and addresses of users: what may be one, and what would be taken for somebody else's.

use gatewright_reconciler::store::{IdentifyBy, User};

use super::{field_error, fields};
use crate::flow::challenge::FieldError;
use crate::flow::run::{Fault, Run};

/// Longest name of a user.
pub(super) const USERNAME: usize = 150;
/// Longest address.
pub(super) const EMAIL: usize = 254;

/// What is wrong with a name that a user is to have. Whoever had it as an address could be taken for the other.
/// What a user has already stays good.
pub(super) async fn username(run: &Run<'_>, name: &str, own: Option<&User>) -> Result<Option<FieldError>, Fault> {
    if own.is_some_and(|own| own.username == name) {
        return Ok(None);
    }
    if let Err(error) = fields::at_most(name, USERNAME) {
        return Ok(Some(error));
    }
    if name.chars().any(invisible) {
        return Ok(Some(field_error("Enter a username without invisible characters.", "invalid")));
    }
    let own = own.map(|own| own.id);
    let directory = &run.engine.directory;
    let addressed = directory.user_identify(&[IdentifyBy::Email], name, true).await?;
    let taken = directory.username_taken(name, own).await? || addressed.iter().any(|user| Some(user.id) != own);
    Ok(taken.then(|| field_error("Username is already taken.", "invalid")))
}

/// What is wrong with an address that a user is to have. Two users may share one, but it is nobody's name.
pub(super) async fn email(run: &Run<'_>, email: &str, own: Option<&User>) -> Result<Option<FieldError>, Fault> {
    if own.is_some_and(|own| own.email == email) {
        return Ok(None);
    }
    if let Err(error) = fields::at_most(email, EMAIL) {
        return Ok(Some(error));
    }
    let taken = run.engine.directory.username_taken(email, own.map(|own| own.id)).await?;
    Ok(taken.then(|| field_error("Email is already taken.", "invalid")))
}

/// Control and format characters, and what else takes no room: with them two names look the same that are not.
fn invisible(c: char) -> bool {
    c.is_control() || INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// The format characters of Unicode, fillers, variation selectors, separators of lines.
const INVISIBLE: [(char, char); 26] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_room_is_invisible() {
        for c in ['\n', '\u{9b}', '\u{ad}', '\u{200d}', '\u{202e}', '\u{2060}', '\u{feff}', '\u{e0041}'] {
            assert!(invisible(c), "{c:?}");
        }
        for c in ['a', ' ', 'ü', '\u{301}', '字', 'ع', '@', '.', '😀'] {
            assert!(!invisible(c), "{c:?}");
        }
    }
}
