//! What prompt data may write of a user: a list, so that no prompt reaches `is_active`, `type` or a key. Pure.

use std::fmt;

use serde_json::{Map, Value as Json};

/// What is to be written.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    attributes: Vec<(Vec<String>, Json)>,
}

impl fmt::Debug for Draft {
    /// Leaves the values out: one is a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}

impl Draft {
    /// Sorts prompt data by what it may write; the rest is left out and logged by name.
    pub(super) fn of(data: Map<String, Json>) -> Draft {
        let mut draft = Draft::default();
        for (key, value) in data {
            match (key.as_str(), value) {
                ("username", value) => draft.username = text(&value).map(|name| name.trim().to_owned()),
                ("name", value) => draft.name = text(&value),
                ("email", value) => draft.email = text(&value).map(|email| email.trim().to_owned()),
                ("password", value) => draft.password = text(&value),
                ("attributes", Json::Object(map)) => {
                    draft.attributes.extend(map.into_iter().map(|(key, value)| (vec![key], value)));
                }
                (key, value) => match attribute_path(key) {
                    Some(path) => draft.attributes.push((path, value)),
                    None => tracing::debug!(key, "prompt data that is no column of users is not written"),
                },
            }
        }
        draft
    }

    /// Attributes with the draft's own on top.
    pub(super) fn attributes_onto(&self, old: &Map<String, Json>) -> Map<String, Json> {
        let mut attributes = old.clone();
        for (path, value) in &self.attributes {
            put(&mut attributes, path, value);
        }
        attributes
    }
}

/// Numbers are texts here, as in the prompts.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `attributes.settings.locale`; only the dot parts a path.
fn attribute_path(key: &str) -> Option<Vec<String>> {
    let path: Vec<String> = key.strip_prefix("attributes.")?.split('.').map(str::to_owned).collect();
    path.iter().all(|part| !part.is_empty()).then_some(path)
}

fn put(map: &mut Map<String, Json>, path: &[String], value: &Json) {
    match path {
        [] => {}
        [last] => {
            map.insert(last.clone(), value.clone());
        }
        [first, rest @ ..] => {
            let inner = map.entry(first.clone()).or_insert_with(|| Json::Object(Map::new()));
            if !inner.is_object() {
                *inner = Json::Object(Map::new());
            }
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft(data: Json) -> Draft {
        let Json::Object(data) = data else { panic!("no map") };
        Draft::of(data)
    }

    #[test]
    fn only_listed_columns_are_written() {
        let draft = draft(json!({
            "username": " ada ", "password": " spaces stay ", "is_active": false, "pk": 1, "type": "internal",
            "id": "x", "component": "ak-stage-prompt", "attributes_foo": 1, "attributes.": 1, "attributes.a..b": 1,
            "attributes.foo_bar": 2, "attributes.settings.locale": "de",
        }));
        assert_eq!(draft.username.as_deref(), Some("ada"));
        assert_eq!(draft.password.as_deref(), Some(" spaces stay "));
        let old = json!({"settings": {"theme": "dark"}, "keep": true});
        let Json::Object(old) = old else { panic!("no map") };
        assert_eq!(
            Json::Object(draft.attributes_onto(&old)),
            json!({"settings": {"theme": "dark", "locale": "de"}, "keep": true, "foo_bar": 2})
        );
    }
}
