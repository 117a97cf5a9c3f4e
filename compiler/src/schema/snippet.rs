//! What an editor writes when somebody asks for the attributes of a new object: the ones that it needs, with places to fill
//! in. The language is that of snippets in language servers: `$1` is a place, `${1|a,b|}` a place with choices.

use serde_json::{Map, Value as Json, json};

use super::required;
use crate::models::{Model, strings};

/// For `identifiers`: the first unique key.
pub(super) fn identifiers(model: &Model) -> Option<Json> {
    let key = model.keys.first().copied().unwrap_or_default();
    snippet(format!("what names one {}", model.title), model, key)
}

/// For `attrs`: what a new object needs beyond that.
pub(super) fn attributes(model: &Model) -> Option<Json> {
    let key = model.keys.first().copied().unwrap_or_default();
    let names: Vec<&str> = required(model).into_iter().filter(|name| !key.contains(name)).collect();
    snippet(format!("what a new {} needs", model.title), model, &names)
}

fn snippet(label: String, model: &Model, names: &[&str]) -> Option<Json> {
    let properties = model.schema().get("properties");
    let body: Map<String, Json> = names
        .iter()
        .filter_map(|name| Some((*name, properties?.get(name)?)))
        .zip(1..)
        .map(|((name, property), place)| (name.to_owned(), blank(property, place)))
        .collect();
    (!body.is_empty()).then(|| json!([{ "label": label, "body": body }]))
}

/// A place for one value.
fn blank(property: &Json, place: usize) -> Json {
    let has = |keyword: &str| property.get(keyword).is_some();
    let kind = strings(property.get("type")).first().copied();
    if has("x-reference") {
        json!(format!("!KeyOf ${place}"))
    } else if has("x-secret") {
        json!(format!("!Env ${place}"))
    } else if let Some(Json::Array(choices)) = property.get("enum") {
        // A comma or a bar would end a choice, and there is none in any.
        let choices: Vec<&str> = choices.iter().filter_map(Json::as_str).collect();
        json!(format!("${{{place}|{}|}}", choices.join(",")))
    } else if kind == Some("boolean") {
        json!(format!("${{{place}|true,false|}}"))
    } else if let (Some("array"), Some(items)) = (kind, property.get("items")) {
        json!([blank(items, place)])
    } else if kind == Some("object") {
        json!("{}")
    } else {
        json!(format!("${place}"))
    }
}
