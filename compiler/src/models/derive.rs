//! From a struct to a JSON Schema of one shape: no references to other schemas, choices as one `enum` with a text for each,
//! "or null" as a second type. Everything that reads a schema relies on that shape.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value as Json, json};

/// The derived schema of a struct, under the name that people know.
pub(super) fn schema_of<T: JsonSchema>(title: &str) -> Json {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.transforms.push(Box::new(OneShape));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// The same for blueprints: they change what they name, so nothing is required.
pub(super) fn for_blueprints(mut schema: Json) -> Json {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("required");
    }
    schema
}

/// The transform that gives every schema the one shape.
#[derive(Clone)]
struct OneShape;

impl Transform for OneShape {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        fold_choices(object);
        fold_null(object);
        bound_integers(object);
        if object.get("default").is_some_and(Json::is_null) {
            object.remove("default");
        }
        if let Some(Json::String(text)) = object.get_mut("description") {
            *text = unfolded(text);
        }
    }
}

/// Lines of a comment are as long as code may be; its paragraphs are what it says.
fn unfolded(text: &str) -> String {
    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}

/// A documented enum is derived as `oneOf` of constants, which editors complete badly: make it an `enum`.
fn fold_choices(object: &mut Map<String, Json>) {
    let Some(Json::Array(variants)) = object.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut texts = Vec::new();
    for variant in variants {
        let (Some(value), text) = (variant.get("const"), variant.get("description")) else { return };
        values.push(value.clone());
        texts.push(text.cloned().unwrap_or_else(|| json!("")));
    }
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), Json::Array(values));
    object.insert("enumDescriptions".to_owned(), Json::Array(texts));
}

/// `anyOf: [X, null]` becomes X with one more type, so that every keyword of a field stands at its top.
fn fold_null(object: &mut Map<String, Json>) {
    let Some(Json::Array(branches)) = object.get("anyOf") else { return };
    let (nulls, others): (Vec<_>, Vec<_>) =
        branches.iter().partition(|branch| branch.get("type") == Some(&json!("null")));
    let ([_], [Json::Object(other)]) = (nulls.as_slice(), others.as_slice()) else { return };
    let mut folded = other.clone();
    object.remove("anyOf");
    if let Some(kind) = folded.get("type").cloned() {
        folded.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Json::Array(values)) = folded.get_mut("enum") {
        values.push(Json::Null);
    }
    if let Some(Json::Array(texts)) = folded.get_mut("enumDescriptions") {
        texts.push(json!("not set"));
    }
    folded.append(object);
    *object = folded;
}

/// Integer formats say nothing to a validator: spell their bounds out, so that what passes can be read into the struct.
fn bound_integers(object: &mut Map<String, Json>) {
    let bounds = match object.get("format").and_then(Json::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint32") => (0, i64::from(i32::MAX)),
        Some("int64") => (1, i64::MAX),
        _ => return,
    };
    object.remove("format");
    object.entry("minimum").or_insert_with(|| json!(bounds.0));
    object.entry("maximum").or_insert_with(|| json!(bounds.1));
}
