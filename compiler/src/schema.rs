//! JSON Schemas of the models and of whole blueprints, for editors.
//!
//! Made from the models' own schemas; committed below `schemas/`, where a test keeps them fresh. An editor sees a tagged value
//! as null when its tags are declared with a return type (`!Find sequence:null`), so every place where a tag may stand
//! takes null as well. The compiler does not use these: it validates model by model.

use serde_json::{Map, Value as Json, json};

use crate::models::{Model, Storage, models, peer_models};

/// The files below `schemas/`, each with its path and its text.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let text = |schema: &Json| format!("{schema:#}\n");
    let mut files = vec![("blueprint.json".to_owned(), text(&blueprint()))];
    files.extend(models().iter().map(|model| (format!("models/{}.json", model.name), text(&attributes(model)))));
    files
}

/// The schema of the attributes of one model, complete.
#[must_use]
pub fn attributes(model: &Model) -> Json {
    let mut schema = model.schema().clone();
    let required: Vec<&str> =
        model.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    if let Some(schema) = schema.as_object_mut().filter(|_| !required.is_empty()) {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// The schema of a whole blueprint.
#[must_use]
pub fn blueprint() -> Json {
    let mut definitions = Map::new();
    for model in models() {
        definitions.insert(model.name.to_owned(), definition(model));
    }
    definitions.insert("entry".to_owned(), entry());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Gatewright blueprint",
        "description": "What should exist, as a list of entries.",
        "type": "object",
        "required": ["version", "entries"],
        "additionalProperties": false,
        "properties": {
            "version": { "description": "The version of the language.", "enum": [1], "default": 1 },
            "metadata": metadata(),
            "context": {
                "description": "Values for `!Context`.",
                "type": ["object", "null"],
            },
            "entries": {
                "description": "The objects. Their order does not matter.",
                "type": ["array", "object"],
                "items": { "$ref": "#/definitions/entry" },
                "additionalProperties": { "type": "array", "items": { "$ref": "#/definitions/entry" } },
            },
        },
        "definitions": definitions,
    })
}

fn metadata() -> Json {
    json!({
        "description": "What the blueprint is called.",
        "type": ["object", "null"],
        "required": ["name"],
        "properties": {
            "name": { "description": "Its name, by which other blueprints can require it.", "type": "string" },
            "labels": {
                "description": "Labels. With `blueprints.goauthentik.io/instantiate: \"false\"` it only takes part when it is asked for by name.",
                "type": ["object", "null"],
                "additionalProperties": { "type": ["string", "null"] },
            },
        },
    })
}

fn entry() -> Json {
    let branches: Vec<Json> = models().iter().copied().map(branch).collect();
    json!({
        "type": "object",
        "required": ["model"],
        "additionalProperties": false,
        "properties": {
            "model": names(),
            "state": {
                "description": "What should be with the object.",
                "default": "present",
                "enum": ["present", "created", "must_created", "absent", null],
                "enumDescriptions": [
                    "It exists, and keeps these attributes.",
                    "It is created when it is missing, else left alone.",
                    "It is created; that it exists already is a mistake.",
                    "It does not exist.",
                    "decided by a tag",
                ],
            },
            "id": { "description": "A name for `!KeyOf` in the same file.", "type": ["string", "null"] },
            "identifiers": {
                "description": "What tells the object from others of its model. Written like attributes, and never changed.",
                "type": ["object", "null"],
            },
            "attrs": { "description": "The attributes.", "type": ["object", "null"] },
            "conditions": {
                "description": "The entry only counts when all of them are true.",
                "type": ["array", "null"],
            },
            "permissions": permissions(),
        },
        "allOf": branches,
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
    json!({
        "description": "Permissions on this object, given to users or roles.",
        "type": ["array", "null"],
        "items": {
            "type": ["object", "null"],
            "required": ["permission"],
            "additionalProperties": false,
            "properties": {
                "permission": { "description": "Such as `view_flow`.", "type": ["string", "null"] },
                "user": { "description": "The user who gets it.", "type": ["integer", "null"] },
                "role": { "description": "The role that gets it.", "type": ["string", "null"] },
            },
        },
    })
}

/// What holds for the entries of one model. Not a branch of a `oneOf` or `anyOf`: editors would complete wrong names, and
/// validators would find one mistake instead of all.
fn branch(model: &Model) -> Json {
    let attributes = json!({ "$ref": format!("#/definitions/{}", model.name) });
    let then = if model.storage == Storage::Meta {
        json!({ "properties": { "attrs": attributes } })
    } else {
        json!({
            "required": ["identifiers"],
            "properties": {
                "attrs": attributes,
                "identifiers": attributes,
            },
        })
    };
    json!({ "if": { "required": ["model"], "properties": { "model": { "const": model.name } } }, "then": then })
}

/// A model's attributes, with null at every place where a tag may stand. Closed, but for the primary key and look-ups such
/// as `name__iexact`, which identifiers may hold.
fn definition(model: &Model) -> Json {
    let mut schema = model.schema().clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
        schema.insert("type".to_owned(), json!(["object", "null"]));
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema.insert("patternProperties".to_owned(), json!({ "^pk$|__": {} }));
        if let Some(Json::Object(properties)) = schema.get_mut("properties") {
            properties.values_mut().for_each(open_for_tags);
        }
    }
    schema
}

fn open_for_tags(schema: &mut Json) {
    let Some(schema) = schema.as_object_mut() else { return };
    let mut kinds = match schema.get("type") {
        Some(Json::String(kind)) => vec![json!(kind)],
        Some(Json::Array(kinds)) => kinds.clone(),
        _ => Vec::new(),
    };
    if let Some(Json::Array(values)) = schema.get_mut("enum") {
        // `digits: 6` is taken for the choice `"6"`.
        let numbers: Vec<Json> =
            values.iter().filter_map(|value| value.as_str()?.parse::<i64>().ok()).map(Json::from).collect();
        if !numbers.is_empty() {
            kinds.push(json!("integer"));
            values.extend(numbers);
        }
        if !values.contains(&Json::Null) {
            values.push(Json::Null);
        }
        let count = values.len();
        if let Some(Json::Array(texts)) = schema.get_mut("enumDescriptions") {
            texts.resize(count, json!(""));
        }
    }
    if !kinds.contains(&json!("null")) {
        kinds.push(json!("null"));
    }
    schema.insert("type".to_owned(), Json::Array(kinds));
    if let Some((pattern, message)) = schema.get("format").and_then(Json::as_str).and_then(pattern) {
        schema.insert("pattern".to_owned(), json!(pattern));
        schema.insert("patternErrorMessage".to_owned(), json!(message));
    }
    if let Some(text) = schema.get("description").cloned() {
        schema.insert("markdownDescription".to_owned(), text);
    }
    if let Some(items) = schema.get_mut("items") {
        open_for_tags(items);
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(open_for_tags);
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
}

/// The formats of our own as patterns, for editors that do not know them.
fn pattern(format: &str) -> Option<(&'static str, &'static str)> {
    match format {
        "slug" => Some(("^[-a-zA-Z0-9_]+$", "Letters, digits, `-` and `_` only.")),
        "duration" => Some((r"^[\s;,]*[A-Za-z]+\s*=\s*[0-9.]+", "A duration such as `hours=1;minutes=30`.")),
        "offset" => Some((r"^[\s;,]*[A-Za-z]+\s*=\s*-?[0-9.]+", "A span of time such as `minutes=-5`.")),
        "permission" => Some((r"^(\w+\.)?\w+$", "A permission such as `authentik_flows.view_flow`.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    #![allow(clippy::disallowed_methods, reason = "the test compares and writes files")]

    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
    }

    #[test]
    fn committed_schemas_are_fresh() {
        let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
        let mut stale = Vec::new();
        for (path, text) in files() {
            let file = folder().join(&path);
            if std::fs::read_to_string(&file).is_ok_and(|committed| committed == text) {
                continue;
            }
            if update {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, text).unwrap();
            } else {
                stale.push(path);
            }
        }
        assert_eq!(stale, Vec::<String>::new(), "run the tests with UPDATE_SCHEMAS=1");
    }

    #[test]
    fn no_schema_is_left_behind() {
        let made: BTreeSet<String> = files().into_iter().map(|(path, _)| path).collect();
        for entry in std::fs::read_dir(folder().join("models")).unwrap() {
            let name = format!("models/{}", entry.unwrap().file_name().to_str().unwrap());
            assert!(made.contains(&name), "{name} belongs to no model");
        }
    }

    #[test]
    fn schemas_are_valid_draft_07() {
        assert!(jsonschema::draft7::meta::is_valid(&blueprint()));
        for model in models() {
            assert!(jsonschema::draft7::meta::is_valid(&attributes(model)), "{}", model.name);
        }
    }

    #[test]
    fn tags_are_null_and_slips_are_found() {
        let validator = jsonschema::draft7::options().offline().build(&blueprint()).unwrap();
        let entry = |attrs: Json| {
            json!({ "version": 1, "entries": [{
                "model": "authentik_flows.flow", "identifiers": { "slug": "a", "pk": null }, "attrs": attrs,
            }] })
        };
        assert!(validator.is_valid(&entry(json!({ "designation": null, "title": null, "compatibility_mode": true }))));
        assert!(validator.is_valid(&entry(json!({ "name": "A", "designation": "recovery" }))));
        assert!(validator.is_valid(&json!({ "version": 1, "entries": { "some": [] } })));
        assert!(!validator.is_valid(&entry(json!({ "designation": "recover" }))));
        assert!(!validator.is_valid(&entry(json!({ "compatibility_mode": "a" }))));
        assert!(!validator.is_valid(&entry(json!({ "titel": "A" }))));
        assert!(!validator.is_valid(&json!({ "version": 1, "entries": [{ "model": "authentik_flows.flow" }] })));
        assert!(!validator.is_valid(&json!({ "version": 1, "entries": [{ "model": "no.model" }] })));
    }

    #[test]
    fn choices_keep_their_texts() {
        let schema = blueprint();
        for model in models() {
            for property in schema["definitions"][model.name]["properties"].as_object().unwrap().values() {
                let length = |keyword: &str| property.get(keyword).and_then(Json::as_array).map(Vec::len);
                if let Some(texts) = length("enumDescriptions") {
                    assert_eq!(length("enum"), Some(texts), "{}", model.name);
                }
            }
        }
    }
}
