//! Values of the desired state as JSON, references as the keys that were allotted.

use std::collections::BTreeMap;

use gatewright_compiler::desired::{DesiredObject, Named, ObjectIndex, Value};
use gatewright_compiler::models::{KeyType, Model};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::diff::normalise;
use crate::observed;

/// Who an object of the desired state is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub(super) id: Uuid,
    pub(super) num: Option<i64>,
    pub(super) model: &'static Model,
}

impl Identity {
    fn key(self, kind: Option<KeyType>) -> Json {
        match (kind, self.num) {
            (Some(KeyType::Integer), Some(num)) => Json::from(num),
            (Some(_), _) => Json::String(self.id.to_string()),
            (None, _) => observed::key(self.model, self.id, self.num),
        }
    }
}

/// The identities so far, by index of the desired state.
#[derive(Debug, Default)]
pub(super) struct Identities(Vec<Option<Identity>>);

impl Identities {
    pub(super) fn push(&mut self, identity: Option<Identity>) {
        self.0.push(identity);
    }

    fn get(&self, index: ObjectIndex) -> Option<Identity> {
        self.0.get(index.0).copied().flatten()
    }

    /// The fields of an object in the form in which they are stored. What the model does not have is left out.
    pub(super) fn fields(&self, model: &Model, object: &DesiredObject) -> BTreeMap<String, Json> {
        let known = object.fields.iter().filter(|(name, _)| model.field(name).is_some());
        known.map(|(name, field)| (name.to_owned(), self.field(model, name, &field.value))).collect()
    }

    /// Identifiers as conditions.
    pub(super) fn conditions(&self, model: &Model, identifiers: &Named<Value>) -> Vec<(String, Json)> {
        identifiers.iter().map(|(name, value)| (name.to_owned(), self.field(model, name, value))).collect()
    }

    fn field(&self, model: &Model, name: &str, value: &Value) -> Json {
        let field = name.split("__").next().and_then(|name| model.field(name));
        let kind = field.and_then(|field| field.reference.as_ref()).map(|reference| reference.key);
        let value = normalise(model, name, self.json(value, kind));
        // An empty secret is none: nobody logs in with an empty password.
        match field.filter(|field| field.secret.is_some()) {
            Some(_) if value.as_str() == Some("") => Json::Null,
            _ => value,
        }
    }

    pub(super) fn json(&self, value: &Value, kind: Option<KeyType>) -> Json {
        match value {
            Value::Null | Value::Unknown => Json::Null,
            Value::Bool(it) => Json::Bool(*it),
            Value::Int(it) => Json::from(*it),
            Value::Float(it) => Json::from(*it),
            Value::String(it) => Json::String(it.clone()),
            Value::List(list) => list.iter().map(|one| self.json(one, kind)).collect(),
            Value::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (key.clone(), self.json(value, None)));
                Json::Object(pairs.collect::<Map<_, _>>())
            }
            Value::Declared(index) => self.get(*index).map_or(Json::Null, |identity| identity.key(kind)),
            Value::Existing(existing) => match kind {
                Some(KeyType::Uuid) => Json::String(existing.id.to_string()),
                _ => existing.key.clone(),
            },
        }
    }
}
