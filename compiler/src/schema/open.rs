//! Attributes as a file writes them: with room for tags, and with the values that the compiler takes for others.
//!
//! An editor sees a tagged value as null when its tags are declared with a return type, and checks all keywords but the
//! type against the text under the tag. So a place for a tag is `anyOf` of what the attribute takes and of "nothing that
//! has a type"; with a second type beside the others, a tag would be held against their patterns, choices and items.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use crate::models::{Field, Model, also_called, strings};
use crate::suggest::articled;

/// A value that a tag gives. Editors offer `null` for the type null, but not for what has no other type.
pub(super) static TAG: LazyLock<Json> = LazyLock::new(|| json!({ "$ref": "#/definitions/tag" }));

/// What says something about an attribute, whatever stands there.
const NOTES: &[&str] = &["title", "description", "markdownDescription", "default"];

pub(super) fn tag() -> Json {
    // Without a title, editors take the two halves of an `anyOf` for the same and show less.
    json!({ "title": "a value that a tag gives", "not": { "type": ["string", "number", "boolean", "array", "object"] } })
}

/// True and false, and what is taken for them.
pub(super) fn switch() -> Json {
    let any_case = |word: &str| -> String {
        word.chars()
            .map(|c| match c.is_ascii_alphabetic() {
                true => format!("[{}{c}]", c.to_ascii_uppercase()),
                false => c.to_string(),
            })
            .collect()
    };
    let words: Vec<String> =
        ["t", "y", "yes", "true", "on", "1", "f", "n", "no", "false", "off", "0"].map(any_case).into();
    json!({
        "type": ["boolean", "string", "integer"],
        "pattern": format!("^\\s*({})\\s*$", words.join("|")),
        "patternErrorMessage": "Write true or false.",
        "minimum": 0,
        "maximum": 1,
    })
}

/// The same value, or a tag.
pub(super) fn with_tag(mut schema: Json) -> Json {
    let mut open = Map::new();
    if let Some(schema) = schema.as_object_mut() {
        for name in NOTES {
            open.extend(schema.remove(*name).map(|note| ((*name).to_owned(), note)));
        }
    }
    open.insert("anyOf".to_owned(), json!([schema, *TAG]));
    Json::Object(open)
}

/// The attributes of a model. Closed, but for the primary key and look-ups such as `name__iexact`, which identifiers may
/// hold. Nothing is required here: attributes and identifiers complete each other, see `entry.rs`.
pub(super) fn attributes(model: &Model) -> Json {
    let mut schema = model.schema().clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema.insert("patternProperties".to_owned(), json!({ "^pk$|__": {} }));
        if let Some(Json::Object(properties)) = schema.get_mut("properties") {
            for (name, property) in properties.iter_mut() {
                let field = model.field(name);
                let text = field.and_then(|field| Some(told(model, field, property.get("description")?.as_str()?)));
                *property = value(std::mem::take(property));
                if let (Some(property), Some(text)) = (property.as_object_mut(), text) {
                    property.insert("markdownDescription".to_owned(), json!(text));
                }
            }
            for (other, name) in also_called(model) {
                let same = properties.get(name).cloned();
                properties.extend(same.map(|same| (other.to_owned(), same)));
            }
        }
    }
    schema
}

/// The description with what the schema of a file cannot say.
fn told(model: &Model, field: &Field, description: &str) -> String {
    let mut text = description.to_owned();
    let mut add = |note: String| text.push_str(&format!("\n\n{note}"));
    if field.required {
        add(format!("Needed for a new {}.", model.title));
    }
    if let Some(reference) = &field.reference {
        let kind = articled(crate::check::noun(reference.kind));
        add(format!("Refers to {kind}: `!KeyOf id` or `!Find [model, [field, value]]`."));
    }
    if field.secret.is_some() {
        add("Secret: take it from `!Env` or `!File`.".to_owned());
    }
    text
}

/// One value with everything in it.
fn value(schema: Json) -> Json {
    let Json::Object(mut schema) = schema else { return schema };
    let kinds: Vec<String> = strings(schema.get("type")).into_iter().map(str::to_owned).collect();
    match kinds.first().map(String::as_str) {
        None => return with_tag(Json::Object(schema)),
        Some("boolean") => {
            schema.remove("type");
            schema.insert("$ref".to_owned(), json!("#/definitions/switch"));
        }
        Some("string") => text(&mut schema),
        Some("integer" | "number") => number(&mut schema),
        Some("array") => {
            if let Some(items) = schema.get_mut("items") {
                *items = value(std::mem::take(items));
            }
            schema.insert("type".to_owned(), json!("array"));
        }
        _ => {
            if let Some(Json::Object(properties)) = schema.get_mut("properties") {
                properties.values_mut().for_each(|property| *property = value(std::mem::take(property)));
            }
            schema.insert("type".to_owned(), json!("object"));
        }
    }
    if schema.contains_key("x-reference") {
        keyed(&mut schema);
    }
    let mut open = with_tag(Json::Object(schema));
    if let Some(Json::Array(branches)) = open.get_mut("anyOf").filter(|_| kinds.iter().any(|kind| kind == "null")) {
        branches.insert(1, json!({ "type": "null" }));
    }
    open
}

/// Keys. Where an alias names a tag, editors see what the tag was written on: the arguments of a `!Find`.
fn keyed(schema: &mut Map<String, Json>) {
    let kinds = strings(schema.get("type")).into_iter().chain(["array"]).map(Json::from).collect();
    schema.insert("type".to_owned(), Json::Array(kinds));
    schema.insert("items".to_owned(), json!([{ "type": "string", "errorMessage": REFERENCE }]));
    schema.insert("minItems".to_owned(), json!(2));
    schema.insert("errorMessage".to_owned(), json!(REFERENCE));
    schema.insert("patternErrorMessage".to_owned(), json!(REFERENCE));
}

const REFERENCE: &str = "This is a key: refer to the object with `!KeyOf` or `!Find`.";

/// Texts: numbers are taken for them, and so are numbers for choices such as `"6"`.
fn text(schema: &mut Map<String, Json>) {
    if let Some(Json::Array(values)) = schema.get_mut("enum") {
        let texts: Vec<Json> = values.iter().filter(|value| !value.is_null()).cloned().collect();
        let numbers = texts.iter().filter_map(|value| value.as_str()?.parse::<i64>().ok()).map(Json::from);
        *values = texts.iter().cloned().chain(numbers).collect();
        let (count, known) = (values.len(), texts.len());
        schema.remove("type");
        if let Some(Json::Array(notes)) = schema.get_mut("enumDescriptions") {
            // That of null stands last.
            notes.truncate(known);
            notes.resize(count, json!(""));
        }
        return;
    }
    let format = schema.remove("format");
    let pattern = format.as_ref().and_then(Json::as_str).and_then(pattern);
    schema.insert("type".to_owned(), json!(["string", "number"]));
    if let Some((pattern, message)) = pattern {
        schema.insert("type".to_owned(), json!(["string"]));
        schema.insert("pattern".to_owned(), json!(pattern));
        schema.insert("patternErrorMessage".to_owned(), json!(message));
    }
}

/// Numbers: a text that is one is taken for it.
fn number(schema: &mut Map<String, Json>) {
    let whole = strings(schema.get("type")).contains(&"integer");
    let (kind, pattern, message) = match whole {
        true => ("integer", r"^\s*-?[0-9]+(\.0*)?\s*$", "Write a whole number."),
        false => ("number", r"^\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*$", "Write a number."),
    };
    schema.insert("type".to_owned(), json!([kind, "string"]));
    schema.insert("pattern".to_owned(), json!(pattern));
    schema.insert("patternErrorMessage".to_owned(), json!(message));
    schema.remove("format");
}

/// The formats as patterns: editors know few formats, and those more strictly than the compiler. A pattern takes all that
/// the compiler takes.
fn pattern(format: &str) -> Option<(&'static str, &'static str)> {
    Some(match format {
        "slug" => ("^[-a-zA-Z0-9_]+$", "Letters, digits, `-` and `_` only."),
        "duration" | "offset" => (r"^[\s;,]*[A-Za-z]+\s*=\s*[-+0-9.]", "A duration such as `hours=1;minutes=30`."),
        "permission" => (r"^(\w+\.)?\w+$", "A permission such as `authentik_flows.view_flow`."),
        "email" => (r"^$|^[^\s@]+@[^\s@]+$", "An e-mail address."),
        "ip" => ("^[0-9a-fA-F.:]+$", "An IP address."),
        "date-time" => {
            (r"^[-+]?[0-9]{4,6}-?[0-9]{2}-?[0-9]{2}[Tt ]", "A date and time such as `2030-01-31T12:00:00Z`.")
        }
        "address" => (
            "^([^:]*$|[^:]*[/?#]|[hH][tT][tT][pP][sS]?:)",
            "An address that begins with `https://`, or a path such as `/static/…`.",
        ),
        "web-address" => (r"^$|^[hH][tT][tT][pP][sS]?://\S+$", "An address that begins with `https://`."),
        "launch-address" => {
            (r"^$|^([hH][tT][tT][pP][sS]?|[bB][lL][aA][nN][kK])://\S+$", "An address that begins with `https://`.")
        }
        "ldap-address" => (r"^\s*[lL][dD][aA][pP][sS]?://\S", "An address that begins with `ldaps://`."),
        "uuid" => (r"^(urn:uuid:|\{)?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?$", REFERENCE),
        _ => return None,
    })
}
