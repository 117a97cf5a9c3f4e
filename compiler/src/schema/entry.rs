//! An entry: what all have in common, and for each model what its attributes are and which a new object needs.
//!
//! Models are told apart by `if`/`then` beside each other, not by `oneOf`: editors would complete the names of other models,
//! and validators would find one mistake instead of all. The `if` is a pattern, since editors take a constant for met as
//! soon as it begins with what is written: `authentik_flows.flow` would be a `flowstagebinding` as well.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::open::with_tag;
use super::{required, snippet};
use crate::models::{Model, Storage, models, peer_models};

/// From how many required attributes on a single one that is missing is taken for forgotten. With fewer, an entry that
/// changes an object of another file looks the same as a new object without one of them.
const TELLING: usize = 3;

const IDENTIFIERS: &str = "What tells the object from others of its model. Written like attributes, and never changed.";
const ATTRS: &str = "The attributes.";

pub(super) fn entry() -> Json {
    json!({
        "title": "entry",
        "type": ["object", "null"],
        "required": ["model"],
        "additionalProperties": false,
        "properties": {
            "model": with_tag(names()),
            "state": with_tag(json!({
                "description": "What should be with the object.",
                "default": "present",
                "enum": ["present", "created", "must_created", "absent"],
                "enumDescriptions": [
                    "It exists, and keeps these attributes.",
                    "It is created when it is missing, else left alone.",
                    "It is created; that it exists already is a mistake.",
                    "It does not exist.",
                ],
            })),
            "id": { "description": "A name for `!KeyOf` in the same file.", "type": "string" },
            // Each model offers these, with what belongs into them.
            "identifiers": { "description": IDENTIFIERS, "type": "object", "doNotSuggest": true },
            "attrs": { "description": ATTRS, "type": "object", "doNotSuggest": true },
            "conditions": {
                "description": "The entry only counts when all of them are true.",
                "type": "array",
            },
            "permissions": permissions(),
        },
        "allOf": models().iter().copied().map(branch).collect::<Vec<_>>(),
    })
}

/// All names: those with a model, then those of the peer that are not there yet and are left out with a warning.
fn names() -> Json {
    let others: Vec<&str> = peer_models().filter(|name| models().iter().all(|model| model.name != *name)).collect();
    let values: Vec<&str> = models().iter().map(|model| model.name).chain(others.iter().copied()).collect();
    let known = models().iter().map(|model| model.schema().get("description").cloned().unwrap_or_default());
    let texts: Vec<Json> =
        known.chain(others.iter().map(|_| json!("Not in this version: the entry is left out."))).collect();
    json!({ "description": "What kind of object it is.", "enum": values, "enumDescriptions": texts })
}

fn permissions() -> Json {
    let text = |description: &str| with_tag(json!({ "description": description, "type": "string" }));
    json!({
        "description": "Permissions on this object, given to users or roles.",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["permission"],
            "additionalProperties": false,
            "properties": {
                "permission": text("Such as `view_flow`."),
                "user": with_tag(json!({ "description": "The user who gets it.", "type": ["integer", "null"] })),
                "role": with_tag(json!({ "description": "The role that gets it.", "type": ["string", "null"] })),
            },
        },
    })
}

/// What holds for the entries of one model.
fn branch(model: &Model) -> Json {
    let attributes = |description: &str, snippet: Option<Json>| {
        let mut schema = json!({
            "description": description,
            "allOf": [{ "$ref": format!("#/definitions/{}", model.name) }],
        });
        if let (Some(schema), Some(snippet)) = (schema.as_object_mut(), snippet) {
            schema.insert("defaultSnippets".to_owned(), snippet);
        }
        schema
    };
    let attrs = attributes(ATTRS, snippet::attributes(model));
    let then = if model.storage == Storage::Meta {
        json!({ "properties": { "attrs": attrs } })
    } else {
        let mut then = json!({
            "title": model.title,
            "required": ["identifiers"],
            "properties": { "identifiers": attributes(IDENTIFIERS, snippet::identifiers(model)), "attrs": attrs },
        });
        // An empty list is no valid schema, and some models demand nothing.
        let demands = demands(model);
        if let (Some(then), false) = (then.as_object_mut(), demands.is_empty()) {
            then.insert("allOf".to_owned(), Json::Array(demands));
        }
        then
    };
    json!({ "if": is("model", model.name), "then": then })
}

/// The entry says this, without a tag.
fn is(key: &str, pattern: &str) -> Json {
    let pattern = format!("^({})$", pattern.replace('.', "\\."));
    json!({ "type": "object", "required": [key], "properties": { key: { "type": "string", "pattern": pattern } } })
}

/// What a new object needs, in `attrs` or in `identifiers`. A file alone cannot tell whether its object is new: it is when
/// the state says that it is created, and very probably when one attribute alone is missing of several.
fn demands(model: &Model) -> Vec<Json> {
    let names = required(model);
    let all = |names: Vec<&&str>| names.into_iter().map(|name| need(name)).collect::<Vec<_>>();
    let mut demands = Vec::new();
    if !names.is_empty() {
        demands.push(json!({
            "if": { "allOf": [is("state", "created|must_created"), reference("unknown")] },
            "then": { "allOf": all(names.iter().collect()) },
        }));
    }
    if names.len() >= TELLING {
        for name in &names {
            let others = all(names.iter().filter(|other| *other != name).collect());
            let new: Vec<Json> = [reference("unknown"), reference("present")].into_iter().chain(others).collect();
            demands.push(json!({ "if": { "allOf": new }, "then": need(name) }));
        }
    }
    demands
}

/// What the demands are made of.
pub(super) fn definitions() -> Map<String, Json> {
    let mut definitions = Map::new();
    // No sign that the object is there already: its own key, or the name under which a system manages it.
    let keys = json!({ "not": { "anyOf": [{ "required": ["pk"] }, { "required": ["managed"] }] } });
    let unknown = json!({ "properties": { "identifiers": keys, "attrs": { "not": { "required": ["managed"] } } } });
    definitions.insert("unknown".to_owned(), unknown);
    let other = json!({ "required": ["state"], "properties": { "state": { "not": { "const": "present" } } } });
    definitions.insert("present".to_owned(), json!({ "not": other }));
    let names: BTreeSet<&str> = models().iter().flat_map(|model| required(model)).collect();
    for name in names {
        definitions.insert(format!("needs-{name}"), given(name));
    }
    definitions
}

fn need(name: &str) -> Json {
    reference(&format!("needs-{name}"))
}

fn reference(definition: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{}", definition) })
}

/// The name stands in `attrs` or in `identifiers`.
fn given(name: &str) -> Json {
    let message = format!("What is new needs `{name}`.");
    let has = |key: &str| {
        let names = json!({ "required": [name], "errorMessage": message });
        json!({ "required": [key], "properties": { key: names }, "errorMessage": message })
    };
    json!({ "anyOf": [has("attrs"), has("identifiers")] })
}
