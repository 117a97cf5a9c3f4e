//! Conditions on observed objects, as `!Find` and `identifiers` write them.
//!
//! `name`, `name__iexact`, `attributes__team__in`, `target__slug` (through a reference), `pk`. A map is contained, a list
//! is equal, null is "not set". A condition on a field that the model does not have meets nothing.

use gatewright_compiler::models::{self, Field, Model};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::keys::key_values;
use super::{ObservedObject, ObservedState, effective, key};
use gatewright_compiler::lookup::{Operator, contains, same};

/// References are followed so far.
const DEPTH: usize = 4;

impl ObservedState {
    /// Every object of a model that meets all conditions, in a stable order.
    pub(crate) fn find_all<'a>(
        &'a self,
        model: &'static Model,
        conditions: &'a [(String, Json)],
    ) -> impl Iterator<Item = &'a ObservedObject> {
        let candidates: Vec<&ObservedObject> = match self.narrowed(model, conditions) {
            Some(candidates) => candidates,
            None => self.of_model(model.name).collect(),
        };
        candidates.into_iter().filter(move |object| self.meets(object, model, conditions))
    }

    /// Whether an object meets all conditions: `pk`, or everything else together.
    pub(crate) fn meets(&self, object: &ObservedObject, model: &Model, conditions: &[(String, Json)]) -> bool {
        let (pk, rest): (Vec<_>, Vec<_>) = conditions.iter().partition(|(name, _)| name == "pk");
        let is_pk = pk.iter().any(|(_, value)| is_key(object, model, value));
        is_pk || (!rest.is_empty() && rest.iter().all(|(name, value)| self.condition(object, model, name, value, 0)))
    }

    /// The candidates, where a unique key or `pk` alone names them.
    fn narrowed(&self, model: &Model, conditions: &[(String, Json)]) -> Option<Vec<&ObservedObject>> {
        if let [(name, value)] = conditions
            && name == "pk"
        {
            let id = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
            let found = match id {
                Some(id) => self.object(id).filter(|object| object.model == model.name),
                None => super::num_space(model).zip(value.as_i64()).and_then(|(space, num)| self.by_num(space, num)),
            };
            return Some(found.into_iter().collect());
        }
        if conditions.iter().any(|(name, _)| name == "pk" || model.field(name).is_none()) {
            return None;
        }
        let attrs: Map<String, Json> =
            conditions.iter().map(|(name, value)| (name.clone(), model.coerce(name, value.clone()))).collect();
        // A key counts only where every one of its fields is a condition: a default would not be one.
        let keys = key_values(model, &attrs);
        let complete = |fields: &str| fields.split(',').all(|field| attrs.contains_key(field));
        let key = keys.iter().find(|key| complete(&key.field))?;
        Some(self.by_key(&key.index(model)).into_iter().collect())
    }

    fn condition(&self, object: &ObservedObject, model: &Model, name: &str, value: &Json, depth: usize) -> bool {
        if name == "pk" || name == "uuid" {
            return is_key(object, model, value);
        }
        let mut parts = name.split("__");
        let Some(field) = parts.next().and_then(|first| model.field(first)) else {
            return false;
        };
        let parts: Vec<&str> = parts.collect();
        let actual = effective(field, &object.attrs);
        if field.reference.is_some()
            && let [first, ..] = parts.as_slice()
            && Operator::parse(first).is_none()
        {
            return depth < DEPTH && self.through(field, actual, &parts.join("__"), value, depth);
        }
        let (keys, operator) = match parts.split_last() {
            Some((last, keys)) => match Operator::parse(last) {
                Some(operator) => (keys, Some(operator)),
                None => (parts.as_slice(), None),
            },
            None => (parts.as_slice(), None),
        };
        let actual = keys.iter().try_fold(actual, |value, key| value.get(*key)).unwrap_or(&Json::Null);
        match operator {
            Some(operator) => operator.matches(actual, value),
            None if keys.is_empty() => equal(field, actual, &model.coerce(&field.name, pk_of(value))),
            None => equal(field, actual, value),
        }
    }

    /// A condition on what a reference points to.
    fn through(&self, field: &Field, actual: &Json, rest: &str, value: &Json, depth: usize) -> bool {
        self.referred(field, actual).into_iter().any(|id| {
            self.object(id).is_some_and(|target| {
                models::model(&target.model).is_some_and(|model| self.condition(target, model, rest, value, depth + 1))
            })
        })
    }
}

fn is_key(object: &ObservedObject, model: &Model, value: &Json) -> bool {
    let text = value.as_str();
    text.and_then(|text| Uuid::parse_str(text).ok()) == Some(object.id)
        || same(&key(model, object.id, object.num), value)
        || (object.num.is_some() && text.and_then(|text| text.parse::<i64>().ok()) == object.num)
}

/// A map with a key `pk` means that key.
fn pk_of(value: &Json) -> Json {
    value.get("pk").unwrap_or(value).clone()
}

fn equal(field: &Field, actual: &Json, expected: &Json) -> bool {
    match (actual, expected) {
        (Json::Object(_), Json::Object(_)) => contains(actual, expected),
        // One key finds the objects whose list holds it.
        (Json::Array(keys), one) if field.reference.is_some() && !one.is_array() => {
            keys.iter().any(|key| same_key(key, one))
        }
        _ if field.reference.is_some() => same_key(actual, expected),
        _ => same(actual, expected),
    }
}

fn same_key(a: &Json, b: &Json) -> bool {
    let uuid = |value: &Json| value.as_str().and_then(|text| Uuid::parse_str(text).ok());
    same(a, b) || (uuid(a).is_some() && uuid(a) == uuid(b))
}
