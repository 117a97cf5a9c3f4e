//! What the compiler must know of one attribute, read back from the derived schema.
//!
//! The keywords `x-reference`, `x-secret`, `x-expression` and `x-generated` are put there by the types and by
//! `#[schemars(extend(…))]` at the fields; see `reference.rs`.

use serde_json::Value as Json;

/// One attribute of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name in `attrs`.
    pub name: String,
    /// It must be given when the object is created.
    pub required: bool,
    /// `null` is a value of its own.
    pub nullable: bool,
    /// What it is when it is not given; none where that is `null` or decided later.
    pub default: Option<Json>,
    /// It holds keys of other objects.
    pub reference: Option<Reference>,
    /// It is never shown and not kept with the other attributes.
    pub secret: Option<Secret>,
    /// It holds an expression.
    pub expression: Option<ExpressionUse>,
    /// Gatewright makes a value of its own when the object is created without one.
    pub generated: bool,
}

/// An attribute that holds keys of other objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it may refer to; a model says in `kinds` what it is.
    pub kind: &'static str,
    /// A list of keys, else one.
    pub many: bool,
    /// What the keys look like.
    pub key: KeyType,
}

/// What a key looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// A UUID as text.
    Uuid,
    /// A positive number (users and providers).
    Integer,
}

/// How a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Only compared: a hash is kept.
    Hashed,
    /// Read back later: kept sealed.
    Sealed,
}

/// How an expression is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionUse {
    /// Passes or not.
    Policy,
    /// Gives values.
    Mapping,
    /// An expression when the field of this name is true, else plain text.
    PromptWhen(&'static str),
}

/// The fields of a derived schema (the one that still has `required`).
pub(super) fn fields(schema: &Json) -> Vec<Field> {
    let required: Vec<&str> = strings(schema.get("required"));
    let properties = schema.get("properties").and_then(Json::as_object);
    properties.into_iter().flatten().map(|(name, property)| field(name, property, &required)).collect()
}

fn field(name: &str, property: &Json, required: &[&str]) -> Field {
    Field {
        name: name.to_owned(),
        required: required.contains(&name),
        nullable: strings(property.get("type")).contains(&"null"),
        default: property.get("default").filter(|default| !default.is_null()).cloned(),
        reference: reference(property, false).or_else(|| reference(property.get("items")?, true)),
        secret: property.get("x-secret").and_then(Json::as_str).map(|kind| match kind {
            "hashed" => Secret::Hashed,
            _ => Secret::Sealed,
        }),
        expression: property.get("x-expression").and_then(Json::as_str).map(|kind| match kind {
            "policy" => ExpressionUse::Policy,
            "mapping" => ExpressionUse::Mapping,
            switch => ExpressionUse::PromptWhen(forever(switch)),
        }),
        generated: property.get("x-generated") == Some(&Json::Bool(true)),
    }
}

fn reference(property: &Json, many: bool) -> Option<Reference> {
    let kind = property.get("x-reference")?.as_str()?;
    let integer = strings(property.get("type")).contains(&"integer");
    Some(Reference { kind: forever(kind), many, key: if integer { KeyType::Integer } else { KeyType::Uuid } })
}

/// A word of the schema with the lifetime of the registry, which is built once and never dropped.
fn forever(word: &str) -> &'static str {
    word.to_owned().leak()
}

/// The strings of a keyword that is one string or a list of them.
pub(crate) fn strings(value: Option<&Json>) -> Vec<&str> {
    match value {
        Some(Json::String(one)) => vec![one],
        Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}
