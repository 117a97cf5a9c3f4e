//! `authentik_stages_prompt.prompt`: one field of a prompt stage.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, yes};

/// One field of a prompt stage. The same field may serve several stages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Prompt {
    /// Its name, by which other blueprints find it. Visitors see `label`.
    pub name: String,
    /// The key under which the answer is kept in `prompt_data`; `attributes.a.b` becomes an attribute of the user.
    pub field_key: String,
    /// What stands beside the field.
    pub label: String,
    /// What kind of field it is.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// An answer has to be given.
    #[serde(default = "yes")]
    pub required: bool,
    /// A faint example in the empty field; for a choice, what there is to choose from.
    #[serde(default)]
    #[schemars(extend("x-expression" = "placeholder_expression"))]
    pub placeholder: String,
    /// What the field holds at first, and for fields that nobody can change, what they say.
    #[serde(default)]
    #[schemars(extend("x-expression" = "initial_value_expression"))]
    pub initial_value: String,
    /// Place on the page, the lowest first.
    #[serde(default)]
    pub order: i32,
    /// A hint below the field.
    #[serde(default)]
    pub sub_text: String,
    /// Read `placeholder` as an expression.
    #[serde(default)]
    pub placeholder_expression: bool,
    /// Read `initial_value` as an expression.
    #[serde(default)]
    pub initial_value_expression: bool,
}

impl Declared for Prompt {
    const NAME: &'static str = "authentik_stages_prompt.prompt";
    const TITLE: &'static str = "prompt";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["prompt"];
}

/// What kind of field a prompt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines of text.
    TextArea,
    /// One line that nobody can change.
    TextReadOnly,
    /// Several lines that nobody can change.
    TextAreaReadOnly,
    /// A user name that nobody else has.
    Username,
    /// An e-mail address.
    Email,
    /// A password. All passwords on one page must be the same.
    Password,
    /// A whole number.
    Number,
    /// A box to tick.
    Checkbox,
    /// One of several choices, all in sight.
    #[serde(rename = "radio-button-group")]
    RadioButtonGroup,
    /// One of several choices, in a list that opens.
    Dropdown,
    /// A day.
    Date,
    /// A day and a time.
    #[serde(rename = "date-time")]
    DateTime,
    /// A file, kept as a data address.
    File,
    /// A line between fields.
    Separator,
    /// A value that the page holds but does not show.
    Hidden,
    /// A text to read.
    Static,
    /// One of the languages that the pages speak.
    #[serde(rename = "ak-locale")]
    Locale,
}
