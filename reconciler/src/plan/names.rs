//! Objects and values as people know them: by natural keys, never by ids.

use std::collections::HashMap;

use gatewright_compiler::models::{self, Field, Model};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::observed::{ObservedState, effective, reference_ids, space_of_kind};

/// Keys of keys are followed so far.
const DEPTH: usize = 4;

/// Names for everything that is observed or planned.
pub(crate) struct Names<'a> {
    observed: &'a ObservedState,
    planned: HashMap<Uuid, (&'static Model, &'a Map<String, Json>)>,
    numbers: &'a HashMap<(&'static str, i64), Uuid>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(
        observed: &'a ObservedState,
        planned: HashMap<Uuid, (&'static Model, &'a Map<String, Json>)>,
        numbers: &'a HashMap<(&'static str, i64), Uuid>,
    ) -> Self {
        Self { observed, planned, numbers }
    }

    /// The natural key of an object.
    pub(crate) fn key(&self, model: &Model, attrs: &Map<String, Json>) -> String {
        self.key_below(model, attrs, 0)
    }

    /// A value as it is shown.
    pub(crate) fn value(&self, field: &Field, value: &Json) -> Json {
        self.value_below(field, value, 0)
    }

    /// An object by its id, in words.
    pub(super) fn said(&self, id: Uuid, model: &Model) -> String {
        format!("{} `{}`", model.title, self.name(id, 0).unwrap_or_default())
    }

    /// The id behind an integer key.
    pub(super) fn by_num(&self, kind: &str, num: i64) -> Option<Uuid> {
        let space = space_of_kind(kind);
        let observed = || self.observed.by_num(space, num).map(|object| object.id);
        self.numbers.get(&(space, num)).copied().or_else(observed)
    }

    fn key_below(&self, model: &Model, attrs: &Map<String, Json>, depth: usize) -> String {
        let value = |name: &str| model.field(name).map(|field| (field, effective(field, attrs)));
        let complete = |keys: &&&[&str]| keys.iter().all(|name| value(name).is_some_and(|(_, value)| !value.is_null()));
        let shown = |name: &str| match value(name) {
            Some((field, value)) => text(&self.value_below(field, value, depth + 1)),
            None => String::new(),
        };
        let pair = |name: &str| match shown(name) {
            // A key of several fields inside another one.
            inner if inner.contains('=') => format!("{name}=({inner})"),
            inner => format!("{name}={inner}"),
        };
        let pairs = |names: &mut dyn Iterator<Item = &str>| names.map(pair).collect::<Vec<_>>().join(" ");
        match model.keys.iter().find(complete) {
            Some([one]) => shown(one),
            Some(many) => pairs(&mut many.iter().copied()),
            None if attrs.contains_key("name") => shown("name"),
            None => {
                let references = model.fields.iter().filter(|field| field.reference.is_some());
                let set = references.filter(|field| attrs.get(&field.name).is_some_and(|value| !value.is_null()));
                pairs(&mut set.map(|field| field.name.as_str()))
            }
        }
    }

    fn value_below(&self, field: &Field, value: &Json, depth: usize) -> Json {
        let Some(reference) = &field.reference else {
            return value.clone();
        };
        if depth > DEPTH {
            return value.clone();
        }
        let one = |key: &Json| {
            let ids = reference_ids(field, key, &|num| self.by_num(reference.kind, num)).unwrap_or_default();
            ids.first().and_then(|id| self.name(*id, depth)).map_or_else(|| key.clone(), Json::String)
        };
        match value {
            Json::Null => Json::Null,
            Json::Array(keys) => keys.iter().map(one).collect(),
            key => one(key),
        }
    }

    /// The model of an object.
    pub(super) fn model(&self, id: Uuid) -> Option<&'static Model> {
        let observed = || models::model(&self.observed.object(id)?.model);
        self.planned.get(&id).map(|(model, _)| *model).or_else(observed)
    }

    pub(super) fn name(&self, id: Uuid, depth: usize) -> Option<String> {
        if let Some((model, attrs)) = self.planned.get(&id) {
            return Some(self.key_below(model, attrs, depth));
        }
        let object = self.observed.object(id)?;
        Some(self.key_below(models::model(&object.model)?, &object.attrs, depth))
    }
}

fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
