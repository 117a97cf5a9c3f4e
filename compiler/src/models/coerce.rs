//! The conversions that the peer's serialisers make, so that files which it takes are taken here.
//!
//! Files hold `digits: 6` for the choice `"6"`, `order: "10"` and `required: yes`. A value that no rule fits stays as it
//! is. Knows only the shape of schemas that `derive.rs` makes.

use serde_json::Value as Json;

use super::field::strings;

const TRUE: &[&str] = &["t", "y", "yes", "true", "on", "1"];
const FALSE: &[&str] = &["f", "n", "no", "false", "off", "0"];

/// The value as a field with this schema takes it.
pub(super) fn coerce(schema: &Json, value: Json) -> Json {
    let types = strings(schema.get("type"));
    if value.is_null() && types.contains(&"null") {
        return value;
    }
    match types.first().copied() {
        Some("string") => string(value),
        Some("boolean") => boolean(value),
        Some("integer") => integer(value),
        Some("number") => number(value),
        Some("array") => list(schema, value),
        Some("object") => object(schema, value),
        _ => value,
    }
}

fn string(value: Json) -> Json {
    match value {
        Json::Number(number) => Json::String(number.to_string()),
        other => other,
    }
}

fn boolean(value: Json) -> Json {
    let word = match &value {
        Json::String(text) => text.trim().to_lowercase(),
        Json::Number(number) => number.to_string(),
        _ => return value,
    };
    match word.as_str() {
        word if TRUE.contains(&word) => Json::Bool(true),
        word if FALSE.contains(&word) => Json::Bool(false),
        _ => value,
    }
}

fn integer(value: Json) -> Json {
    let text = match &value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) if !number.is_i64() => number.to_string(),
        _ => return value,
    };
    let digits = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return value,
        None => &text,
    };
    digits.parse::<i64>().map_or(value, Json::from)
}

fn number(value: Json) -> Json {
    let read = value.as_str().and_then(|text| text.trim().parse::<f64>().ok());
    read.and_then(serde_json::Number::from_f64).map_or(value, Json::Number)
}

fn list(schema: &Json, value: Json) -> Json {
    match (schema.get("items"), value) {
        (Some(items), Json::Array(values)) => values.into_iter().map(|value| coerce(items, value)).collect(),
        (_, other) => other,
    }
}

/// The parts that the schema names; maps of anything it leaves alone.
fn object(schema: &Json, value: Json) -> Json {
    match (schema.get("properties").and_then(Json::as_object), value) {
        (Some(properties), Json::Object(parts)) => {
            let part = |(name, value): (String, Json)| match properties.get(&name) {
                Some(schema) => (name, coerce(schema, value)),
                None => (name, value),
            };
            Json::Object(parts.into_iter().map(part).collect())
        }
        (_, other) => other,
    }
}
