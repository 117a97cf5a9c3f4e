//! Reads the answers of a prompt stage. Only keys of its fields are taken; whatever else was sent is ignored.

use gatewright_compiler::models::stages::prompt::FieldType;
use serde_json::{Map, Value as Json};

use super::super::{Errors, error, fields, names, password};
use super::show::{Shown, fixed, truthy};
use crate::flow::challenge::FieldError;
use crate::flow::run::{Fault, Run};
use crate::policy::{to_json, to_text};

type Checked<T> = Result<Result<T, Errors>, Fault>;

/// The answers by field key, or what is wrong with them.
pub(super) async fn answers(
    run: &mut Run<'_>,
    fields: &[Shown<'_>],
    answer: &Map<String, Json>,
) -> Checked<Map<String, Json>> {
    let mut answers = Map::new();
    let mut errors = Errors::new();
    for field in fields {
        let key = &field.prompt.field_key;
        match value(run, field, answer.get(key)).await? {
            Ok(Some(value)) => {
                answers.insert(key.clone(), value);
            }
            Ok(None) => {}
            Err(error) => errors.entry(key.clone()).or_default().push(error),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    if !passwords_agree(fields, answer) {
        return Ok(Err(error("non_field_errors", "Passwords don't match.", "invalid")));
    }
    Ok(Ok(answers))
}

/// All passwords of one page must be the same.
fn passwords_agree(fields: &[Shown<'_>], answer: &Map<String, Json>) -> bool {
    let mut passwords = fields.iter().filter(|field| field.prompt.field_type == FieldType::Password);
    let Some(first) = passwords.next() else {
        return true;
    };
    let given = |field: &Shown<'_>| answer.get(&field.prompt.field_key).cloned();
    let wanted = given(first);
    passwords.all(|field| given(field) == wanted)
}

/// The answer to one field. `None`: it was left out, and may be.
async fn value(
    run: &mut Run<'_>,
    field: &Shown<'_>,
    given: Option<&Json>,
) -> Result<Result<Option<Json>, FieldError>, Fault> {
    let prompt = field.prompt;
    if fixed(prompt.field_type) {
        return Ok(Ok(Some(to_json(field.fixed_value()))));
    }
    let Some(given) = given else {
        return Ok(left_out(field));
    };
    let read = match prompt.field_type {
        FieldType::Number => number(given, prompt.required),
        FieldType::Checkbox => fields::boolean(given).map(|value| Some(Json::Bool(value))),
        kind => text(given, kind, prompt.required).map(|text| Some(Json::String(text))),
    };
    // Whom a page is about: what is this user's already is not somebody else's.
    let own = run.subject().await?.user().cloned();
    let refused = match (&read, prompt.field_type) {
        (Ok(Some(Json::String(name))), FieldType::Username) => names::username(run, name, own.as_ref()).await?,
        (Ok(Some(Json::String(email))), FieldType::Email) if !email.is_empty() => {
            names::email(run, email, own.as_ref()).await?
        }
        _ => None,
    };
    Ok(refused.map_or(read, Err))
}

/// A field with an initial value has that for an answer when none is given.
fn left_out(field: &Shown<'_>) -> Result<Option<Json>, FieldError> {
    let prompt = field.prompt;
    match prompt.field_type {
        FieldType::Checkbox | FieldType::Separator => Ok(None),
        FieldType::Number if truthy(&field.initial) => {
            fields::integer(&to_json(&field.initial)).map(|n| Some(n.into()))
        }
        // A password is typed, or it is none.
        FieldType::Password if prompt.required => Err(fields::required()),
        FieldType::Password => Ok(None),
        _ if truthy(&field.initial) => Ok(Some(Json::String(to_text(&field.initial)))),
        _ if prompt.required => Err(fields::required()),
        _ => Ok(None),
    }
}

/// An empty input of a form that may stay empty is no number.
fn number(given: &Json, required: bool) -> Result<Option<Json>, FieldError> {
    if !required && given.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(None);
    }
    fields::integer(given).map(|number| Some(number.into()))
}

/// Longest answer.
fn longest(kind: FieldType) -> usize {
    match kind {
        FieldType::Username => names::USERNAME,
        FieldType::Email => names::EMAIL,
        FieldType::Password => password::LONGEST,
        _ => 64 * 1024,
    }
}

fn text(given: &Json, kind: FieldType, required: bool) -> Result<String, FieldError> {
    let trim = matches!(kind, FieldType::Username | FieldType::Email);
    // Passwords are not trimmed: the login does not trim either.
    let text = fields::text(given)?;
    let text = if trim { text.trim().to_owned() } else { text };
    let may_be_empty = match kind {
        FieldType::Locale | FieldType::Separator => true,
        FieldType::Username | FieldType::Password => false,
        _ => !required,
    };
    if text.is_empty() {
        return if may_be_empty { Ok(text) } else { Err(fields::blank()) };
    }
    fields::at_most(&text, longest(kind))?;
    if kind == FieldType::Email {
        fields::email(&text)?;
    }
    Ok(text)
}
