//! Prompts as form fields: which shape a prompt type takes, what it shows, what the browser may fill in.

use askama::Template;

use super::frame::Frame;
use super::locales::LOCALES;
use super::step::{Form, Step, field_errors};
use crate::flow::challenge::{Challenge, PromptField};

/// How a prompt is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Input,
    Area,
    Checkbox,
    Radio,
    Select,
    Hidden,
    Static,
    Separator,
}

struct Choice<'a> {
    value: &'a str,
    label: &'a str,
    selected: bool,
}

struct Field<'a> {
    shape: Shape,
    id: String,
    key: &'a str,
    label: &'a str,
    input_type: &'static str,
    autocomplete: &'static str,
    value: &'a str,
    placeholder: &'a str,
    hint: &'a str,
    required: bool,
    read_only: bool,
    focus: bool,
    choices: Vec<Choice<'a>>,
    errors: Vec<&'a str>,
}

impl Field<'_> {
    fn is_checked(&self) -> bool {
        matches!(self.value.to_ascii_lowercase().as_str(), "true" | "on" | "1" | "yes")
    }

    /// Whether the browser should neither capitalise nor correct.
    fn plain_text(&self) -> bool {
        self.autocomplete == "username" || self.input_type == "email"
    }

    fn can_focus(&self) -> bool {
        !self.read_only && !matches!(self.shape, Shape::Hidden | Shape::Static | Shape::Separator | Shape::Radio)
    }
}

#[derive(Template)]
#[template(path = "challenge/prompt.html")]
struct Prompt<'a> {
    frame: &'a Frame,
    step: Step<'a>,
    fields: Vec<Field<'a>>,
}

/// The page of a prompt stage.
pub(super) fn page(
    frame: &Frame,
    challenge: &Challenge,
    prompts: &[PromptField],
    form: Form<'_>,
) -> Result<String, askama::Error> {
    let mut fields: Vec<Field<'_>> =
        prompts.iter().enumerate().map(|(index, prompt)| field(index, prompt, challenge, form)).collect();
    let wrong = fields.iter().position(|field| field.can_focus() && !field.errors.is_empty());
    let first = wrong.or_else(|| fields.iter().position(Field::can_focus));
    if let Some(field) = first.and_then(|first| fields.get_mut(first)) {
        field.focus = true;
    }
    let visible: Vec<&str> = fields
        .iter()
        .filter(|field| !matches!(field.shape, Shape::Hidden | Shape::Static | Shape::Separator))
        .map(|field| field.key)
        .collect();
    let step = Step::new(challenge, form, "ak-stage-prompt", &visible);
    Prompt { frame, step, fields }.render()
}

fn field<'a>(index: usize, prompt: &'a PromptField, challenge: &'a Challenge, form: Form<'a>) -> Field<'a> {
    let shape = shape(&prompt.kind);
    let typed = form.typed.get(&prompt.field_key).map(String::as_str);
    let value = match (shape, prompt.kind.as_str()) {
        (_, "password") => "",
        (Shape::Hidden | Shape::Static, _) => &prompt.initial_value,
        _ => typed.unwrap_or(&prompt.initial_value),
    };
    Field {
        shape,
        id: format!("field-{}", index + 1),
        key: &prompt.field_key,
        label: &prompt.label,
        input_type: input_type(&prompt.kind),
        autocomplete: autocomplete(&prompt.kind, &prompt.field_key),
        value: if shape == Shape::Static && value.is_empty() { &prompt.placeholder } else { value },
        placeholder: &prompt.placeholder,
        hint: &prompt.sub_text,
        required: prompt.required,
        read_only: prompt.kind.ends_with("_read_only"),
        focus: false,
        choices: choices(prompt, value),
        errors: field_errors(challenge, &prompt.field_key),
    }
}

fn shape(kind: &str) -> Shape {
    match kind {
        "checkbox" => Shape::Checkbox,
        "radio-button-group" => Shape::Radio,
        "dropdown" | "ak-locale" => Shape::Select,
        "text_area" | "text_area_read_only" => Shape::Area,
        "hidden" => Shape::Hidden,
        "static" => Shape::Static,
        "separator" => Shape::Separator,
        _ => Shape::Input,
    }
}

fn input_type(kind: &str) -> &'static str {
    match kind {
        "email" => "email",
        "password" => "password",
        "number" => "number",
        "date" => "date",
        "date-time" => "datetime-local",
        _ => "text",
    }
}

fn autocomplete(kind: &str, key: &str) -> &'static str {
    match (kind, key) {
        ("username", _) | (_, "username") => "username",
        ("email", _) | (_, "email") => "email",
        ("password", _) => "new-password",
        (_, "name") => "name",
        _ => "off",
    }
}

fn choices<'a>(prompt: &'a PromptField, value: &'a str) -> Vec<Choice<'a>> {
    let choice = |value: &'a str, label: &'a str, current: &str| Choice { value, label, selected: value == current };
    if prompt.kind == "ak-locale" {
        let known = value.is_empty() || LOCALES.iter().any(|(code, _)| *code == value);
        let other = (!known).then(|| choice(value, value, value));
        let automatic = choice("", "As the browser has it", value);
        let listed = LOCALES.iter().map(|(code, name)| choice(code, name, value));
        return std::iter::once(automatic).chain(other).chain(listed).collect();
    }
    prompt.choices.iter().flatten().map(|text| choice(text, text, value)).collect()
}
