//! A posted form as an answer to a challenge.
//!
//! The page's own fields come first in the form, so a prompt whose key is `csrf` or `component` keeps its value.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// Names a checkbox, which is not sent while it is not checked.
const CHECKBOX: &str = "_checkbox";

/// What a form held.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Posted {
    /// Token against forged posts.
    pub(crate) csrf: String,
    /// The answer, as a JSON client would send it.
    pub(crate) answer: Map<String, Json>,
    /// What was typed, to be shown again after an error.
    pub(crate) typed: BTreeMap<String, String>,
}

/// Reads a form-encoded body. Of a name that is there twice the last value counts.
pub(crate) fn parse(body: &[u8]) -> Posted {
    let mut posted = Posted::default();
    let mut own = vec!["component", "csrf"];
    for (name, value) in url::form_urlencoded::parse(body) {
        if let Some(place) = own.iter().position(|own| *own == name) {
            if own.swap_remove(place) == "csrf" {
                posted.csrf = value.into_owned();
            }
        } else if name == CHECKBOX {
            posted.answer.insert(value.into_owned(), Json::Bool(false));
        } else if let Some(Json::Bool(checked)) = posted.answer.get_mut(name.as_ref()) {
            *checked = true;
            posted.typed.insert(name.into_owned(), "true".to_owned());
        } else {
            posted.answer.insert(name.to_string(), Json::String(value.to_string()));
            posted.typed.insert(name.into_owned(), value.into_owned());
        }
    }
    for (name, value) in &posted.answer {
        if *value == Json::Bool(false) {
            posted.typed.insert(name.clone(), "false".to_owned());
        }
    }
    posted
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn own_fields_are_kept_apart() {
        let posted = parse(b"csrf=abc&component=ak-stage-prompt&csrf=mine&name=A+B%26C&name=last");
        assert_eq!(posted.csrf, "abc");
        assert_eq!(posted.answer["csrf"], "mine");
        assert_eq!(posted.answer["name"], "last");
        assert!(!posted.answer.contains_key("component"));
    }

    #[test]
    fn checkboxes_are_booleans() {
        let posted = parse(b"csrf=a&_checkbox=news&news=true&_checkbox=terms");
        assert_eq!(posted.answer["news"], true);
        assert_eq!(posted.answer["terms"], false);
        assert_eq!(posted.typed["terms"], "false");
        assert_eq!(posted.typed["news"], "true");
    }

    #[test]
    fn anything_can_be_read() {
        assert_eq!(parse(b""), Posted::default());
        assert_eq!(parse(b"&&=&%ff=%fe").answer.len(), 2);
    }
}
