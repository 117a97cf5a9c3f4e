//! What every challenge page has: title, who, errors, and the form's hidden fields.

use std::collections::BTreeMap;

use crate::flow::challenge::{Challenge, FieldError, UserInfo};

/// The form of a page: where it goes, and what was typed before.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    /// Path and query of the page; the form posts to it.
    pub(crate) action: &'a str,
    /// Token against forged posts.
    pub(crate) csrf: &'a str,
    /// What was typed before, by name; shown again after an error, passwords excepted.
    pub(crate) typed: &'a BTreeMap<String, String>,
}

/// What every challenge page has.
pub(crate) struct Step<'a> {
    /// Headline.
    pub(crate) title: &'a str,
    /// Who is logging in.
    pub(crate) user: Option<&'a UserInfo>,
    /// Where cancelling leads.
    pub(crate) cancel_url: Option<&'a str>,
    /// Errors that belong to no visible field.
    pub(crate) general_errors: Vec<&'a str>,
    /// See [`Form`].
    pub(crate) action: &'a str,
    /// See [`Form`].
    pub(crate) csrf: &'a str,
    /// Which challenge the form answers.
    pub(crate) component: &'static str,
    /// How many fields are marked.
    marked: usize,
}

impl<'a> Step<'a> {
    /// The common parts of a challenge whose page shows `visible` fields with their own errors.
    pub(crate) fn new(challenge: &'a Challenge, form: Form<'a>, component: &'static str, visible: &[&str]) -> Step<'a> {
        let errors = &challenge.response_errors;
        let hidden = errors.iter().filter(|(field, _)| !visible.contains(&field.as_str()));
        let info = challenge.flow_info.as_ref();
        Step {
            title: info.map_or("Continue", |info| info.title.as_str()),
            user: challenge.user.as_ref(),
            cancel_url: info.map(|info| info.cancel_url.as_str()),
            general_errors: hidden.flat_map(|(_, errors)| texts(errors)).collect(),
            action: form.action,
            csrf: form.csrf,
            component,
            marked: errors.keys().filter(|field| visible.contains(&field.as_str())).count(),
        }
    }

    /// Whether anything was wrong with the last answer.
    pub(crate) fn has_errors(&self) -> bool {
        self.marked > 0 || !self.general_errors.is_empty()
    }

    /// One sentence where only fields are marked.
    pub(crate) fn summary(&self) -> &'static str {
        if self.marked == 1 { "Please check the marked field." } else { "Please check the marked fields." }
    }
}

/// The texts of errors.
pub(crate) fn texts(errors: &[FieldError]) -> impl Iterator<Item = &str> {
    errors.iter().map(|error| error.string.as_str())
}

/// The errors of one field.
pub(crate) fn field_errors<'a>(challenge: &'a Challenge, field: &str) -> Vec<&'a str> {
    challenge.response_errors.get(field).map(|errors| texts(errors).collect()).unwrap_or_default()
}
