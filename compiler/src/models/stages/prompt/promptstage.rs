//! `authentik_stages_prompt.promptstage`: a page of fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// A page of fields. The answers are kept in `prompt_data` for later stages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PromptStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The fields. Their `order` decides where each stands.
    pub fields: Vec<Ref<kind::Prompt>>,
    /// Policies that the answers must pass, all of them. They see the answers as `context["prompt_data"]`.
    #[serde(default)]
    pub validation_policies: Vec<Ref<kind::Policy>>,
}

impl Declared for PromptStage {
    const NAME: &'static str = "authentik_stages_prompt.promptstage";
    const TITLE: &'static str = "prompt stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "promptstage"];
}
