//! Unique keys of an object as text, and the ids that its attributes refer to.

use gatewright_compiler::models::{Field, KeyType, Model};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::ObservedState;

/// One unique key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyValue {
    /// `slug`, or `target,stage,order`.
    pub(crate) field: String,
    /// JSON.
    pub(crate) value: String,
}

impl KeyValue {
    /// The key of an index over all models.
    pub(crate) fn index(&self, model: &Model) -> String {
        format!("{}\n{}\n{}", model.name, self.field, self.value)
    }
}

/// The value that a field has, by default where it is not set.
pub(crate) fn effective<'a>(field: &'a Field, attrs: &'a Map<String, Json>) -> &'a Json {
    attrs.get(&field.name).or(field.default.as_ref()).unwrap_or(&Json::Null)
}

/// The unique keys that are complete: a null is equal to nothing.
pub(crate) fn key_values(model: &Model, attrs: &Map<String, Json>) -> Vec<KeyValue> {
    model.keys.iter().filter_map(|fields| key_value(model, fields, attrs)).collect()
}

fn key_value(model: &Model, fields: &[&str], attrs: &Map<String, Json>) -> Option<KeyValue> {
    let mut values = Vec::with_capacity(fields.len());
    for name in fields {
        let value = match model.field(name) {
            Some(field) => effective(field, attrs),
            None => attrs.get(*name)?,
        };
        if value.is_null() {
            return None;
        }
        values.push(value);
    }
    let value = match values.as_slice() {
        [one] => one.to_string(),
        many => serde_json::to_string(many).ok()?,
    };
    Some(KeyValue { field: fields.join(","), value })
}

/// The ids that a reference field points to, in order; `Err` with the first key that nobody has.
pub(crate) fn reference_ids(
    field: &Field,
    value: &Json,
    by_num: &dyn Fn(i64) -> Option<Uuid>,
) -> Result<Vec<Uuid>, Json> {
    let Some(reference) = &field.reference else {
        return Ok(Vec::new());
    };
    let one = |key: &Json| match (reference.key, key) {
        (KeyType::Uuid, Json::String(text)) => Uuid::parse_str(text).map_err(|_| key.clone()),
        (KeyType::Integer, Json::Number(number)) => number.as_i64().and_then(by_num).ok_or_else(|| key.clone()),
        _ => Err(key.clone()),
    };
    match value {
        Json::Null => Ok(Vec::new()),
        Json::Array(keys) => keys.iter().map(one).collect(),
        key => Ok(vec![one(key)?]),
    }
}

impl ObservedState {
    /// The ids that a field of an observed object points to; keys that nobody has are left out.
    pub(crate) fn referred(&self, field: &Field, value: &Json) -> Vec<Uuid> {
        let Some(reference) = &field.reference else {
            return Vec::new();
        };
        let by_num = |num| self.by_num(space_of_kind(reference.kind), num).map(|object| object.id);
        match value {
            Json::Array(keys) => {
                keys.iter().flat_map(|key| reference_ids(field, key, &by_num).unwrap_or_default()).collect()
            }
            key => reference_ids(field, key, &by_num).unwrap_or_default(),
        }
    }
}

/// The counter of a kind that is referred to by integers.
pub(crate) fn space_of_kind(kind: &str) -> &'static str {
    match kind {
        "user" => "user",
        "group" => "group",
        _ => "provider",
    }
}
