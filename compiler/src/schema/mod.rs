//! JSON Schemas of the models and of whole blueprints, for editors.
//!
//! Made from the models' own schemas; committed below `schemas/`, where a test keeps them fresh. Nothing here is used to
//! compile. `models/…` say what attributes look like once tags have their values; `blueprint.json` says what a file looks
//! like: `entry.rs` has its entries, `open.rs` makes room for tags. Shapes are chosen by what yaml-language-server makes of
//! them, which `tests/suite/editor.rs` asks it.

mod entry;
mod open;
mod snippet;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::models::{Model, models};
use crate::resolve::{Forms, TAGS};

/// The files below `schemas/`, each with its path and its text.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let text = |schema: &Json| format!("{schema:#}\n");
    let mut files = vec![("blueprint.json".to_owned(), text(&blueprint()))];
    files.extend(models().iter().map(|model| (format!("models/{}.json", model.name), text(&attributes(model)))));
    files
}

/// The schema of the attributes of one model, complete and without tags.
#[must_use]
pub fn attributes(model: &Model) -> Json {
    let mut schema = model.schema().clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("additionalProperties".to_owned(), json!(false));
        if !required(model).is_empty() {
            schema.insert("required".to_owned(), json!(required(model)));
        }
    }
    schema
}

/// What a new object needs.
fn required(model: &Model) -> Vec<&str> {
    model.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect()
}

/// The setting `yaml.customTags`: each tag once for each kind of node it is written on. `:null` tells the server that the
/// value is not known; [`blueprint`] takes null wherever a tag may stand.
#[must_use]
pub fn custom_tags() -> Vec<String> {
    let nodes = |forms: &Forms| match forms {
        Forms::Scalar => &["scalar"] as &[&str],
        Forms::List => &["sequence"],
        Forms::Both => &["scalar", "sequence"],
    };
    TAGS.iter().flat_map(|(name, forms)| nodes(forms).iter().map(move |node| format!("{name} {node}:null"))).collect()
}

/// The schema of a whole blueprint.
#[must_use]
pub fn blueprint() -> Json {
    let mut definitions = entry::definitions();
    for model in models() {
        definitions.insert(model.name.to_owned(), open::attributes(model));
    }
    definitions.insert("entry".to_owned(), entry::entry());
    definitions.insert("switch".to_owned(), open::switch());
    definitions.insert("tag".to_owned(), open::tag());
    let entries =
        |what: &str| json!({ "description": what, "type": "array", "items": { "$ref": "#/definitions/entry" } });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "blueprint",
        "description": "What should exist, as a list of entries.",
        "type": "object",
        "required": ["version", "entries"],
        "additionalProperties": false,
        "properties": {
            "version": { "description": "The version of the language.", "enum": [1], "default": 1 },
            "metadata": metadata(),
            "context": { "description": "Values for `!Context`.", "type": "object" },
            "entries": {
                "description": "The objects. Their order does not matter.",
                "anyOf": [
                    entries("A list of entries."),
                    {
                        "description": "Sections, each a list of entries. Their names mean nothing.",
                        "type": "object",
                        "additionalProperties": open::with_tag(entries("A section.")),
                    },
                    open::TAG.clone(),
                ],
            },
        },
        "definitions": definitions,
    })
}

fn metadata() -> Json {
    json!({
        "description": "What the blueprint is called.",
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": { "description": "Its name, by which other blueprints can require it.", "type": "string" },
            "labels": {
                "description": "Labels. With `blueprints.goauthentik.io/instantiate: \"false\"` it only takes part when it is asked for by name.",
                "type": "object",
                "additionalProperties": { "type": "string" },
            },
        },
    })
}
