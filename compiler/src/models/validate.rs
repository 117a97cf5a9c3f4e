//! Attributes against a model's JSON Schema, with messages of our own.
//!
//! jsonschema finds, this file words: its texts repeat whole instances and know nothing of blueprints.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value as Json};

use super::duration::{meant, parse_duration, parse_offset};
use crate::suggest::{closest, whole_of};

/// A mistake in the attributes of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// JSON pointer into `attrs`.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Longest piece of the user's input that a message repeats.
const SHOWN: usize = 60;

/// Shown in place of a secret.
static HIDDEN: Json = Json::Null;

/// The compiled form of a schema.
pub(super) fn validator(schema: &Json) -> Result<Validator, String> {
    jsonschema::draft7::options()
        .offline()
        .should_validate_formats(true)
        .with_format("duration", |text: &str| parse_duration(text).is_ok())
        .with_format("offset", |text: &str| parse_offset(text).is_ok())
        .with_format("uuid", |text: &str| uuid::Uuid::parse_str(text).is_ok())
        .with_format("slug", is_slug)
        .with_format("email", is_email)
        .with_format("address", is_address)
        .with_format("web-address", |text: &str| text.is_empty() || has_scheme(text, &["http", "https"]))
        .with_format("launch-address", |text: &str| text.is_empty() || has_scheme(text, &["http", "https", "blank"]))
        .with_format("ldap-address", |text: &str| text.split(',').all(|one| has_scheme(one.trim(), &["ldap", "ldaps"])))
        .with_format("permission", is_permission)
        .with_format("date-time", |text: &str| text.parse::<jiff::Timestamp>().is_ok())
        .with_format("crontab", is_crontab)
        .with_format("ip", |text: &str| text.parse::<std::net::IpAddr>().is_ok())
        .build(schema)
        .map_err(|error| format!("the schema of the model cannot be used: {}", error.masked()))
}

/// All mistakes, one a place: the wrong type hides what else is wrong there.
pub(super) fn errors(validator: &Validator, schema: &Json, attrs: &Map<String, Json>) -> Vec<SchemaError> {
    let instance = Json::Object(attrs.clone());
    let mut found: Vec<(bool, SchemaError)> = Vec::new();
    for error in validator.iter_errors(&instance) {
        let by_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
        let worded = word(&error, schema);
        match found.iter_mut().find(|(_, known)| known.pointer == worded.pointer) {
            Some(known) if by_type && !known.0 => *known = (true, worded),
            Some(_) => {}
            None => found.push((by_type, worded)),
        }
    }
    found.into_iter().map(|(_, error)| error).collect()
}

fn word(error: &ValidationError<'_>, schema: &Json) -> SchemaError {
    let pointer = error.instance_path().as_str().to_owned();
    let subject = subject(&pointer);
    let property = property(schema, &pointer);
    let has = |keyword: &str| property.is_some_and(|property| property.get(keyword).is_some());
    // What stands where a secret belongs may be one, whatever else is wrong with it.
    let value = if has("x-secret") { &HIDDEN } else { &**error.instance() };
    let (message, help) = match error.kind() {
        ValidationErrorKind::Type { .. } if has("x-reference") => of_format(&subject, value, "uuid"),
        ValidationErrorKind::Type { kind } if has("x-secret") => {
            (format!("{subject} takes {}, not what stands here", wanted(kind)), None)
        }
        ValidationErrorKind::Type { kind } => {
            (format!("{subject} takes {}, not {}", wanted(kind), described(value)), None)
        }
        ValidationErrorKind::Enum { options } => choice(&pointer, value, options),
        ValidationErrorKind::Constant { expected_value } => {
            (format!("{subject} must be {}", shown(expected_value)), None)
        }
        ValidationErrorKind::Format { format } => of_format(&subject, value, format),
        ValidationErrorKind::MaxLength { limit } => {
            let length = value.as_str().map_or(0, |text| text.chars().count());
            (format!("{subject} is {length} characters long, at most {limit} are possible"), None)
        }
        ValidationErrorKind::MinLength { limit: 1 } => (format!("{subject} must not be empty"), None),
        ValidationErrorKind::MinLength { limit } => (format!("{subject} needs at least {limit} characters"), None),
        ValidationErrorKind::Minimum { limit } => {
            (format!("{subject} is {}, the least is {limit}", shown(value)), None)
        }
        ValidationErrorKind::Maximum { limit } => (format!("{subject} is {}, the most is {limit}", shown(value)), None),
        ValidationErrorKind::MinItems { limit: 1 } => (format!("{subject} must not be empty"), None),
        ValidationErrorKind::MinItems { limit } => (format!("{subject} needs at least {limit} items"), None),
        ValidationErrorKind::MaxItems { limit } => (format!("{subject} takes at most {limit} items"), None),
        ValidationErrorKind::Required { property } => {
            (format!("{subject} has no `{}`", property.as_str().unwrap_or_default()), None)
        }
        ValidationErrorKind::UniqueItems => (format!("{subject} holds an item twice"), None),
        other => (format!("{subject} does not fit the rule `{}`", other.keyword()), None),
    };
    // A field whose form is not obvious says itself how it is written.
    let form = property.and_then(|property| property.get("x-form")).and_then(Json::as_str);
    let help = help.or_else(|| form.map(str::to_owned));
    // A name that was almost right needs no more; what was meant as something else does.
    let told = matches!(error.kind(), ValidationErrorKind::Enum { .. });
    let help = if told { help } else { with_documentation(help, schema, &pointer) };
    SchemaError { pointer, message, help }
}

/// The advice, and below it what the attribute is for.
fn with_documentation(help: Option<String>, schema: &Json, pointer: &str) -> Option<String> {
    let attribute = pointer.split('/').nth(1)?;
    let property = schema.get("properties").and_then(|properties| properties.get(attribute));
    let text = property.and_then(|property| property.get("description")).and_then(Json::as_str);
    let Some(text) = text else { return help };
    let words: Vec<&str> = text.split_whitespace().collect();
    let documentation = format!("`{attribute}`: {}", words.join(" "));
    Some(match help {
        Some(help) => format!("{help}\n{documentation}"),
        None => documentation,
    })
}

/// How a message calls the place: the attribute, or an item of it.
fn subject(pointer: &str) -> String {
    let mut steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    let attribute = steps.next().unwrap_or_default();
    let rest: Vec<String> = steps.collect();
    match rest.as_slice() {
        [] => format!("`{attribute}`"),
        [index] if index.parse::<usize>().is_ok() => format!("an item of `{attribute}`"),
        path => format!("`{}` of `{attribute}`", path.join(".")),
    }
}

/// The schema of the attribute, or of the part of it, that a pointer leads to.
fn property<'s>(schema: &'s Json, pointer: &str) -> Option<&'s Json> {
    pointer.split('/').skip(1).try_fold(schema, |schema, step| match schema.get("items") {
        Some(items) => Some(items),
        None => schema.get("properties")?.get(step),
    })
}

fn choice(pointer: &str, value: &Json, options: &Json) -> (String, Option<String>) {
    let attribute = pointer.split('/').nth(1).unwrap_or_default();
    let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let guess = |text| closest(text, options.iter().copied()).or_else(|| whole_of(text, options.iter().copied()));
    let guess = value.as_str().and_then(guess);
    let help = match guess {
        Some(guess) => format!("did you mean `{guess}`?"),
        None if options.len() <= 12 => format!("possible are {}", quoted(&options)),
        None => {
            format!("{} values are possible, such as {}", options.len(), quoted(options.get(..3).unwrap_or_default()))
        }
    };
    (format!("{} is not a choice of `{attribute}`", shown(value)), Some(help))
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn of_format(subject: &str, value: &Json, format: &str) -> (String, Option<String>) {
    let value_shown = shown(value);
    let text = value.as_str().unwrap_or_default();
    match format {
        "duration" | "offset" => {
            let read = if format == "offset" { parse_offset(text).err() } else { parse_duration(text).err() };
            let meant = meant(text).map(|meant| format!("write `{meant}`"));
            let reason = meant.or_else(|| read.map(|error| error.to_string()));
            (
                format!("{subject} takes a duration, not {value_shown}"),
                reason.or_else(|| Some("write `hours=1;minutes=30`".to_owned())),
            )
        }
        "slug" => (
            format!("{subject} takes letters, digits, `-` and `_` only, not {value_shown}"),
            Some(slug_of(text)).filter(|slug| !slug.is_empty()).map(|slug| format!("such as `{slug}`")),
        ),
        "ip" => (format!("{subject} takes an IP address, not {value_shown}"), None),
        "email" => (format!("{subject} takes an e-mail address, not {value_shown}"), None),
        "address" => (
            format!("{subject} takes an address, not {value_shown}"),
            Some("begin it with `https://` or `http://`, or write a path such as `/static/…`".to_owned()),
        ),
        "web-address" | "launch-address" => (
            format!("{subject} takes a whole address, not {value_shown}"),
            Some("begin it with `https://` or `http://`".to_owned()),
        ),
        "ldap-address" => (
            format!("{subject} takes the address of a directory, not {value_shown}"),
            Some(
                "begin it with `ldaps://` or `ldap://`; several stand side by side with commas between them".to_owned(),
            ),
        ),
        "uuid" => (
            format!("{subject} takes a key, not {value_shown}"),
            Some("refer to another object with `!KeyOf` or `!Find`".to_owned()),
        ),
        "date-time" => (
            format!("{subject} takes a date and time, not {value_shown}"),
            Some("write `2030-01-31T12:00:00Z`".to_owned()),
        ),
        "crontab" => (
            format!("{subject} takes a time in five fields, not {value_shown}"),
            Some("write `0 */4 * * *`: minute, hour, day of the month, month, day of the week".to_owned()),
        ),
        "permission" => (
            format!("{subject} takes a permission, not {value_shown}"),
            Some("write `authentik_flows.view_flow`".to_owned()),
        ),
        other => (format!("{subject} takes a value of the form `{other}`, not {value_shown}"), None),
    }
}

fn slug_of(text: &str) -> String {
    let dashed: String = text.to_lowercase().chars().map(|c| if is_slug_char(c) { c } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn is_slug_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_slug_char)
}

/// Empty, or something at something: the rest only a mail server can tell.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    text.is_empty()
        || !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// Empty, relative, or with a scheme that a browser may be sent to without harm.
fn is_address(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    let plain = !text.chars().any(char::is_control) && !text.starts_with(char::is_whitespace);
    plain && scheme.is_none_or(|scheme| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// `https://app.example.org/`: a scheme, and something behind it. The rest only the network can tell.
fn has_scheme(text: &str, schemes: &[&str]) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let known = schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        known && !rest.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

/// `view_flow` or `authentik_flows.view_flow`.
fn is_permission(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match text.split_once('.') {
        Some((app, codename)) => word(app) && word(codename),
        None => word(text),
    }
}

/// Five fields of numbers, names, `*`, lists, ranges and steps.
fn is_crontab(text: &str) -> bool {
    let field = |field: &str| field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'));
    text.split_whitespace().count() == 5 && text.split_whitespace().all(field)
}

fn wanted(kind: &TypeKind) -> String {
    let types: Vec<JsonType> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(many) => many.into_iter().filter(|one| *one != JsonType::Null).collect(),
    };
    types.into_iter().map(type_name).collect::<Vec<_>>().join(" or ")
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::String => "text",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::Boolean => "true or false",
        JsonType::Array => "a list",
        JsonType::Object => "a map",
        JsonType::Null => "nothing",
    }
}

/// The user's value with what it is: a number in quotes is a text.
fn described(value: &Json) -> String {
    match value {
        Json::String(text) if !text.is_empty() => format!("the text {}", shown(value)),
        Json::Number(_) => format!("the number {}", shown(value)),
        Json::Bool(_) => format!("the truth value {}", shown(value)),
        other => shown(other),
    }
}

/// The user's value as a message repeats it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "a map".to_owned(),
        Json::String(text) if text.is_empty() => "an empty text".to_owned(),
        Json::String(text) => {
            let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
            if text.chars().count() > SHOWN { format!("`{line}…`") } else { format!("`{line}`") }
        }
        other => format!("`{other}`"),
    }
}
