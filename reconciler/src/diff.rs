//! Whether a field differs from what is declared. Pure: no database, no plan.

use gatewright_compiler::models::{Field, Model, Storage};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::observed::effective;
use gatewright_compiler::lookup::same;

/// A declared value in the one form in which it is stored and compared.
pub(crate) fn normalise(model: &Model, name: &str, value: Json) -> Json {
    let value = model.coerce(name, value);
    match model.field(name) {
        Some(field) if field.reference.is_some() => references(value),
        Some(_) if is_time(model.storage, name) => time(value),
        _ => value,
    }
}

/// Whether the observed attributes lack a declared value. A field that is not set has its default.
pub(crate) fn differs(field: &Field, observed: &Map<String, Json>, declared: &Json) -> bool {
    let actual = effective(field, observed);
    match (&field.reference, actual, declared) {
        // References to many have no order.
        (Some(reference), _, _) if reference.many => sorted(actual) != sorted(declared),
        _ => !same(actual, declared),
    }
}

fn references(value: Json) -> Json {
    match value {
        Json::Array(keys) => {
            let mut once: Vec<Json> = Vec::with_capacity(keys.len());
            for key in keys.into_iter().map(uuid) {
                if !once.contains(&key) {
                    once.push(key);
                }
            }
            Json::Array(once)
        }
        one => uuid(one),
    }
}

fn uuid(value: Json) -> Json {
    match value.as_str().and_then(|text| Uuid::parse_str(text).ok()) {
        Some(id) => Json::String(id.to_string()),
        None => value,
    }
}

fn sorted(value: &Json) -> Vec<String> {
    let mut keys: Vec<String> = value.as_array().into_iter().flatten().map(Json::to_string).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Columns that hold times.
pub(crate) fn is_time(storage: Storage, name: &str) -> bool {
    matches!((storage, name), (Storage::User, "last_login") | (Storage::Token, "expires"))
}

fn time(value: Json) -> Json {
    match value.as_str().and_then(parse_time) {
        Some(time) => Json::String(time.to_string()),
        None => value,
    }
}

/// A time with or without an offset; without one it is UTC.
pub(crate) fn parse_time(text: &str) -> Option<Timestamp> {
    let time = text.parse::<Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    // What the database cannot keep would be a difference for ever.
    Timestamp::from_microsecond(time.as_microsecond()).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use gatewright_compiler::models;
    use serde_json::json;

    fn field_differs(model: &str, name: &str, observed: Json, declared: Json) -> bool {
        let model = models::model(model).unwrap();
        let declared = normalise(model, name, declared);
        differs(model.field(name).unwrap(), observed.as_object().unwrap(), &declared)
    }

    #[test]
    fn defaults_and_coercions_are_no_difference() {
        let binding = "authentik_policies.policybinding";
        assert!(!field_differs(binding, "enabled", json!({}), json!(true)));
        assert!(!field_differs(binding, "enabled", json!({}), json!("yes")));
        assert!(!field_differs(binding, "timeout", json!({"timeout": 30}), json!("30")));
        assert!(field_differs(binding, "timeout", json!({}), json!(31)));
        assert!(!field_differs(binding, "group", json!({}), json!(null)));
        let upper = "6D2C3A5E-0000-4000-8000-00000000000A";
        assert!(!field_differs(binding, "target", json!({"target": upper.to_lowercase()}), json!(upper)));
    }

    #[test]
    fn references_to_many_have_no_order() {
        let stage = "authentik_stages_prompt.promptstage";
        let (a, b) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string());
        assert!(!field_differs(stage, "fields", json!({"fields": [a, b]}), json!([b, a, b])));
        assert!(field_differs(stage, "fields", json!({"fields": [a, b]}), json!([a])));
    }

    #[test]
    fn times_are_compared_as_times() {
        assert_eq!(parse_time("2030-01-01T01:00:00+01:00"), parse_time("2030-01-01 00:00:00"));
        assert_eq!(parse_time("soon"), None);
    }
}
