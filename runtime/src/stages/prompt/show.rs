//! The fields of a prompt stage as they are shown: placeholders and initial values worked out.

use gatewright_compiler::models::stages::prompt::{FieldType, Prompt};
use gatewright_expression::Value;

use crate::flow::challenge::PromptField;
use crate::flow::run::{Fault, Run};
use crate::policy::{evaluate_prompt, from_json, http_request_value, to_text};
use crate::program::{PromptPage, PromptProgram, PromptText};

/// A field with its values.
pub(super) struct Shown<'a> {
    pub(super) prompt: &'a Prompt,
    pub(super) placeholder: Value,
    pub(super) initial: Value,
}

impl Shown<'_> {
    /// The value of a field that the person cannot change.
    pub(super) fn fixed_value(&self) -> &Value {
        let hides = matches!(self.prompt.field_type, FieldType::Hidden | FieldType::Static);
        if hides && !truthy(&self.initial) { &self.placeholder } else { &self.initial }
    }

    pub(super) fn into_challenge(self) -> PromptField {
        let fixed = matches!(self.prompt.field_type, FieldType::Hidden | FieldType::Static);
        let initial = if fixed { self.fixed_value() } else { &self.initial };
        let initial_value = to_text(initial);
        let separator = self.prompt.field_type == FieldType::Separator;
        PromptField {
            field_key: self.prompt.field_key.clone(),
            label: if separator { String::new() } else { self.prompt.label.clone() },
            kind: word(self.prompt.field_type),
            required: self.prompt.required,
            placeholder: to_text(&self.placeholder),
            initial_value,
            order: self.prompt.order.into(),
            sub_text: self.prompt.sub_text.clone(),
            choices: None,
        }
    }
}

/// What Python takes for true.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(fields) => !fields.is_empty(),
        Value::Object(..) => true,
    }
}

fn word(kind: FieldType) -> String {
    let json = serde_json::to_value(kind).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// All fields of a page, in their order.
pub(super) async fn fields<'p>(run: &mut Run<'_>, page: &'p PromptPage) -> Result<Vec<Shown<'p>>, Fault> {
    let mut shown = Vec::new();
    for field in &page.fields {
        shown.push(self::field(run, field).await?);
    }
    Ok(shown)
}

async fn field<'p>(run: &mut Run<'_>, field: &'p PromptProgram) -> Result<Shown<'p>, Fault> {
    let prompt = &field.prompt;
    if !available(prompt.field_type) {
        tracing::warn!(prompt = prompt.name, kind = ?prompt.field_type, "a kind of prompt is not available, denying");
        return Err(Fault::denied("This form has a field that is not available in this version."));
    }
    if prompt.field_type == FieldType::Password {
        // Nothing is filled in, not even what was typed before: it would be sent back to be seen.
        let placeholder = text(run, prompt, &field.placeholder).await?;
        return Ok(Shown { prompt, placeholder, initial: Value::String(String::new()) });
    }
    let given = run.prompt_data().get(&prompt.field_key).map(from_json);
    // What the person typed before is shown again; what is fixed is worked out anew, so that no answer replaces it.
    let initial = match given.filter(|_| !fixed(prompt.field_type)) {
        Some(value) => value,
        None => text(run, prompt, &field.initial_value).await?,
    };
    let placeholder = text(run, prompt, &field.placeholder).await?;
    Ok(Shown { prompt, placeholder, initial })
}

/// Whether the value is the server's alone.
pub(super) fn fixed(kind: FieldType) -> bool {
    matches!(kind, FieldType::Hidden | FieldType::Static | FieldType::TextReadOnly | FieldType::TextAreaReadOnly)
}

fn available(kind: FieldType) -> bool {
    match kind {
        FieldType::Text
        | FieldType::TextArea
        | FieldType::TextReadOnly
        | FieldType::TextAreaReadOnly
        | FieldType::Username
        | FieldType::Email
        | FieldType::Password
        | FieldType::Number
        | FieldType::Checkbox
        | FieldType::Separator
        | FieldType::Hidden
        | FieldType::Static
        | FieldType::Locale => true,
        FieldType::RadioButtonGroup | FieldType::Dropdown | FieldType::Date | FieldType::DateTime | FieldType::File => {
            false
        }
    }
}

/// A text or what its expression returns. An expression that fails leaves a field that can be filled in empty; the
/// value of one that cannot would be a guess, so that denies.
async fn text(run: &mut Run<'_>, prompt: &Prompt, text: &PromptText) -> Result<Value, Fault> {
    let compiled = match text {
        PromptText::Plain(text) => return Ok(Value::String(text.clone())),
        PromptText::Expression(compiled) => compiled,
        PromptText::Broken => return failed(prompt, "it does not compile"),
    };
    let subject = run.subject().await?;
    let groups = run.groups(&subject).await?;
    let user = run.shown_user(&subject, &groups);
    let data = from_json(&serde_json::Value::Object(run.prompt_data()));
    let http_request = http_request_value(run.request, run.posting, &run.brand);
    let (directory, client_ip) = (run.engine.directory.as_ref(), run.request.visitor.client_ip);
    match evaluate_prompt(compiled, directory, user, http_request, client_ip, data).await {
        Ok(value) => Ok(value),
        Err(error) => failed(prompt, &error.to_string()),
    }
}

fn failed(prompt: &Prompt, error: &str) -> Result<Value, Fault> {
    tracing::warn!(prompt = prompt.name, error, "an expression of a prompt failed");
    if fixed(prompt.field_type) {
        return Err(Fault::Denied(None));
    }
    Ok(Value::String(String::new()))
}
