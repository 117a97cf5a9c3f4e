//! What is kept between two requests of a flow: sealed in a cookie until the first POST, in a row from then on.
//!
//! The row is the truth, except where the cookie says that it takes the row's place: a GET may begin a flow anew
//! (cancelled, expired) without writing.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_reconciler::store::{ExecutionRow, InstallationKey, TokenHash};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fault::Fault;
use super::state::App;
use super::visit::Visit;
use crate::flow::Execution;
use crate::program::Program;

/// Browsers refuse cookies above 4096 bytes, attributes included.
const COOKIE_LIMIT: usize = 3900;

/// More is not kept of one flow: the rows of many visitors have to fit.
const ROW_LIMIT: usize = 64 * 1024;

/// What is kept.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The flow under way; `None`: it was cancelled.
    pub(crate) execution: Option<Execution>,
    /// Token of the initial-setup link.
    pub(crate) setup: Option<String>,
    /// The row whose place this takes.
    pub(crate) replaces: Option<Uuid>,
}

/// What was kept, and where.
pub(crate) struct Loaded {
    /// The flow under way.
    pub(crate) kept: Kept,
    /// The session's row, be it of this flow or another.
    pub(crate) row: Option<ExecutionRow>,
    /// The revision that the flow began with, or the newest.
    pub(crate) program: Arc<Program>,
}

impl Loaded {
    /// The row, if it is of this flow.
    pub(crate) fn row_of(&self, slug: &str) -> Option<&ExecutionRow> {
        self.row.as_ref().filter(|row| row.flow == slug)
    }
}

/// Loads what was kept of a flow.
pub(crate) async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Loaded, Fault> {
    let session = visit.visitor.session;
    let row = match &session {
        Some(session) => app.store.execution_get(session, visit.now).await?,
        None => None,
    };
    let key = app.store.key();
    let cookie = visit.flow_cookie.as_deref().and_then(|text| from_cookie(key, slug, session.as_ref(), text));
    let own = row.as_ref().filter(|row| row.flow == slug);
    let mut kept = match (cookie, own) {
        (Some(cookie), Some(row)) if cookie.replaces == Some(row.id) => cookie,
        (_, Some(row)) => from_row(key, row).unwrap_or_default(),
        (cookie, None) => cookie.unwrap_or_default(),
    };
    let user = visit.visitor.user.as_ref().map(|user| user.id);
    kept.execution = kept.execution.filter(|execution| execution.expires() > visit.now && execution.visitor == user);
    let begun = match &kept.execution {
        Some(execution) => app.programs.at(&app.store, execution.revision()).await?,
        None => None,
    };
    // A revision that is no longer kept cannot be continued.
    kept.execution = kept.execution.filter(|_| begun.is_some());
    Ok(Loaded { kept, row, program: begun.unwrap_or_else(|| app.programs.current()) })
}

/// Seals for the cookie. What is too large for one is refused: its form could never be answered.
pub(crate) fn to_cookie(
    key: &InstallationKey,
    slug: &str,
    session: Option<&TokenHash>,
    kept: &Kept,
) -> Result<String, Fault> {
    let plain = serde_json::to_vec(kept)?;
    let text = URL_SAFE_NO_PAD.encode(key.seal("flow-cookie", &plain, &cookie_bond(slug, session))?);
    if text.len() > COOKIE_LIMIT {
        return Err(Fault::Cookie { slug: slug.to_owned(), bytes: text.len() });
    }
    Ok(text)
}

fn from_cookie(key: &InstallationKey, slug: &str, session: Option<&TokenHash>, text: &str) -> Option<Kept> {
    let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain = key.open("flow-cookie", &sealed, &cookie_bond(slug, session))?;
    serde_json::from_slice(&plain).ok()
}

/// Slugs have no zero byte, and a session's hash has one length: two bonds are never the same.
fn cookie_bond(slug: &str, session: Option<&TokenHash>) -> Vec<u8> {
    let hash = session.map(TokenHash::as_slice).unwrap_or_default();
    [slug.as_bytes(), &[0], hash].concat()
}

/// Seals for the row, if it is small enough.
pub(crate) fn to_row(key: &InstallationKey, id: Uuid, session: &TokenHash, kept: &Kept) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(kept)?;
    let sealed = key.seal("execution", &plain, &row_bond(id, session))?;
    if sealed.len() > ROW_LIMIT { Err(Fault::State(sealed.len())) } else { Ok(sealed) }
}

fn from_row(key: &InstallationKey, row: &ExecutionRow) -> Option<Kept> {
    let plain = key.open("execution", &row.state, &row_bond(row.id, &row.session))?;
    serde_json::from_slice(&plain).ok()
}

fn row_bond(id: Uuid, session: &TokenHash) -> Vec<u8> {
    [id.as_bytes().as_slice(), session].concat()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_opens_for_its_flow_and_session_only() {
        let key = InstallationKey::from_bytes(&[7; 32]).unwrap();
        let kept = Kept { setup: Some("token".into()), ..Kept::default() };
        let session = [1; 32];
        let text = to_cookie(&key, "a-flow", Some(&session), &kept).unwrap();
        assert!(!text.contains("token"));
        let open = |slug: &str, session: Option<&TokenHash>| from_cookie(&key, slug, session, &text);
        assert_eq!(open("a-flow", Some(&session)).unwrap().setup.as_deref(), Some("token"));
        assert!(open("b-flow", Some(&session)).is_none());
        assert!(open("a-flow", Some(&[2; 32])).is_none());
        assert!(open("a-flow", None).is_none());
        assert!(from_cookie(&key, "a-flow", None, "nonsense!").is_none());
        let other = InstallationKey::from_bytes(&[8; 32]).unwrap();
        assert!(from_cookie(&other, "a-flow", Some(&session), &text).is_none());
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let key = InstallationKey::from_bytes(&[7; 32]).unwrap();
        let kept = |length| Kept { setup: Some("x".repeat(length)), ..Kept::default() };
        assert!(to_cookie(&key, "a-flow", None, &kept(2000)).is_ok());
        let fault = to_cookie(&key, "a-flow", None, &kept(4000)).unwrap_err();
        assert!(matches!(fault, Fault::Cookie { .. }), "{fault}");
        assert!(to_row(&key, Uuid::nil(), &[1; 32], &kept(65_000)).is_ok());
        let fault = to_row(&key, Uuid::nil(), &[1; 32], &kept(66_000)).unwrap_err();
        assert!(matches!(fault, Fault::State(_)), "{fault}");
    }

    #[test]
    fn a_row_opens_under_its_own_id_only() {
        let key = InstallationKey::from_bytes(&[7; 32]).unwrap();
        let id = Uuid::from_u128(1);
        let state = to_row(&key, id, &[1; 32], &Kept::default()).unwrap();
        let row = |id, session| ExecutionRow {
            id,
            session,
            flow: "a-flow".into(),
            revision: 1,
            state: state.clone(),
            expires: jiff::Timestamp::UNIX_EPOCH,
            version: 1,
        };
        assert!(from_row(&key, &row(id, [1; 32])).is_some());
        assert!(from_row(&key, &row(id, [2; 32])).is_none());
        assert!(from_row(&key, &row(Uuid::from_u128(2), [1; 32])).is_none());
    }
}
