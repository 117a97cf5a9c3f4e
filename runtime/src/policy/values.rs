//! Our data as the sandbox sees it, and back. Pure, but for the groups that are handed in.

use gatewright_expression::{Class, Value};
use gatewright_reconciler::store::{Group, User};
use serde_json::{Map, Number, Value as Json};

use crate::flow::Request;
use crate::program::BrandInfo;

/// Whom a policy is asked about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Subject {
    /// Nobody in particular.
    Anonymous,
    /// Somebody who does not exist; the answers must not tell.
    Pretended(String),
    /// A user.
    User(Box<User>),
}

impl Subject {
    /// The user, where there is one.
    pub(crate) fn user(&self) -> Option<&User> {
        match self {
            Subject::User(user) => Some(user),
            Subject::Anonymous | Subject::Pretended(_) => None,
        }
    }

    /// The name that is shown.
    pub(crate) fn username(&self) -> &str {
        match self {
            Subject::Anonymous => "",
            Subject::Pretended(name) => name,
            Subject::User(user) => &user.username,
        }
    }
}

/// A value of JSON.
pub(crate) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Int(integer),
            None => Value::Float(number.as_f64().unwrap_or(f64::MAX)),
        },
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(from_json).collect()),
        Json::Object(map) => Value::Map(from_json_map(map)),
    }
}

fn from_json_map(map: &Map<String, Json>) -> Vec<(String, Value)> {
    map.iter().map(|(key, value)| (key.clone(), from_json(value))).collect()
}

/// A value as JSON. An instance becomes a map of its fields.
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::Number((*value).into()),
        Value::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(fields) | Value::Object(_, fields) => {
            Json::Object(fields.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
        }
    }
}

/// A value as a prompt shows it, the way Python's `str` writes it.
pub(crate) fn to_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::String(text) => text.clone(),
        Value::Object(Class::User, fields) => field(fields, "username").map_or_else(String::new, to_text),
        other => to_json(other).to_string(),
    }
}

fn field<'a>(fields: &'a [(String, Value)], key: &str) -> Option<&'a Value> {
    fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// A member of a map or an instance.
pub(crate) fn map_get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Map(fields) | Value::Object(_, fields) => field(fields, key),
        _ => None,
    }
}

/// A user as expressions see it.
pub(crate) fn user_value(subject: &Subject, groups: &[Group], backend: Option<&str>) -> Value {
    let mut fields = match subject {
        Subject::User(user) => saved_fields(user, groups),
        Subject::Pretended(name) => unsaved_fields(name, true),
        Subject::Anonymous => unsaved_fields("", false),
    };
    if let Some(backend) = backend {
        fields.push(entry("backend", text(backend)));
    }
    Value::Object(Class::User, fields)
}

fn saved_fields(user: &User, groups: &[Group]) -> Vec<(String, Value)> {
    vec![
        entry("pk", Value::Int(user.pk)),
        entry("uuid", text(&user.id.to_string())),
        entry("username", text(&user.username)),
        entry("name", text(&user.name)),
        entry("email", text(&user.email)),
        entry("is_active", Value::Bool(user.is_active)),
        entry("is_authenticated", Value::Bool(true)),
        entry("is_superuser", Value::Bool(groups.iter().any(|group| group.is_superuser))),
        entry("type", text(&user.user_type)),
        entry("path", text(&user.path)),
        entry("attributes", Value::Map(from_json_map(&user.attributes))),
        entry("group_attributes", from_json(&Json::Object(group_attributes(user, groups)))),
        entry("groups", Value::List(groups.iter().map(group_value).collect())),
        entry("has_usable_password", Value::Bool(user.password_hash.is_some())),
        entry("saved", Value::Bool(true)),
    ]
}

/// Nobody's fields: empty, so that an expression about them has an answer, and none that helps.
fn unsaved_fields(name: &str, pretended: bool) -> Vec<(String, Value)> {
    vec![
        entry("pk", Value::Null),
        entry("uuid", Value::Null),
        entry("username", text(name)),
        entry("name", text("")),
        entry("email", text(name)),
        entry("is_active", Value::Bool(pretended)),
        entry("is_authenticated", Value::Bool(pretended)),
        entry("is_superuser", Value::Bool(false)),
        entry("type", text(if pretended { "internal" } else { "" })),
        entry("path", text("users")),
        entry("attributes", Value::Map(Vec::new())),
        entry("group_attributes", Value::Map(Vec::new())),
        entry("groups", Value::List(Vec::new())),
        entry("has_usable_password", Value::Bool(false)),
        entry("saved", Value::Bool(false)),
    ]
}

fn group_value(group: &Group) -> Value {
    Value::Object(
        Class::Group,
        vec![
            entry("pk", text(&group.id.to_string())),
            entry("num_pk", Value::Int(group.num_pk)),
            entry("name", text(&group.name)),
            entry("is_superuser", Value::Bool(group.is_superuser)),
            entry("attributes", Value::Map(from_json_map(&group.attributes))),
        ],
    )
}

/// The groups' attributes merged in the order of their names, the user's own on top.
fn group_attributes(user: &User, groups: &[Group]) -> Map<String, Json> {
    let mut sorted: Vec<&Group> = groups.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut merged = Map::new();
    for group in sorted {
        merge(&mut merged, &group.attributes);
    }
    merge(&mut merged, &user.attributes);
    merged
}

/// Maps merge, lists are appended, anything else is replaced.
fn merge(into: &mut Map<String, Json>, from: &Map<String, Json>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Json::Object(old)), Json::Object(new)) => merge(old, new),
            (Some(Json::Array(old)), Json::Array(new)) => old.extend(new.iter().cloned()),
            (Some(old), new) => *old = new.clone(),
            (None, new) => {
                into.insert(key.clone(), new.clone());
            }
        }
    }
}

/// `http_request`.
pub(crate) fn http_request_value(request: &Request, posting: bool, brand: &BrandInfo) -> Value {
    let visitor = &request.visitor;
    let query = request.query.iter().map(|(key, value)| entry(key, text(value))).collect();
    let meta = vec![
        entry("REMOTE_ADDR", text(&visitor.client_ip.to_string())),
        entry("HTTP_USER_AGENT", text(&visitor.user_agent)),
        entry("HTTP_HOST", text(&visitor.host)),
    ];
    // What the peer's tenant allows until an administrator changes it; tenants come with a later version.
    let tenant = vec![
        entry("default_user_change_email", Value::Bool(false)),
        entry("default_user_change_name", Value::Bool(true)),
        entry("default_user_change_username", Value::Bool(false)),
    ];
    Value::Object(
        Class::HttpRequest,
        vec![
            entry("path", text(&visitor.path)),
            entry("method", text(if posting { "POST" } else { "GET" })),
            entry("GET", Value::Map(query)),
            entry("META", Value::Map(meta)),
            entry("tenant", Value::Map(tenant)),
            entry("brand", Value::Map(vec![entry("branding_title", text(&brand.title))])),
        ],
    )
}

pub(crate) fn entry(key: &str, value: Value) -> (String, Value) {
    (key.to_owned(), value)
}

pub(crate) fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_merge_deeply_and_lists_grow() {
        let mut merged = json!({"a": {"x": 1, "y": 1}, "list": [1], "b": 1}).as_object().cloned().unwrap();
        let more = json!({"a": {"y": 2}, "list": [2], "b": {"c": 3}}).as_object().cloned().unwrap();
        merge(&mut merged, &more);
        assert_eq!(Json::Object(merged), json!({"a": {"x": 1, "y": 2}, "list": [1, 2], "b": {"c": 3}}));
    }

    #[test]
    fn json_survives_the_border() {
        let json = json!({"a": [1, 2.5, "x", null, true], "b": {"c": -7}});
        assert_eq!(to_json(&from_json(&json)), json);
    }

    #[test]
    fn values_are_shown_as_python_does() {
        let shown = |json: Json| to_text(&from_json(&json));
        assert_eq!([shown(json!(true)), shown(json!(1.0)), shown(json!(null))], ["True", "1.0", ""]);
    }
}
