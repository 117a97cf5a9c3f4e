//! `authentik_stages_deny.denystage`: no further.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Ends the flow. With a policy on its binding, only for some.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DenyStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// What the visitor reads.
    #[serde(default)]
    pub deny_message: String,
}

impl Declared for DenyStage {
    const NAME: &'static str = "authentik_stages_deny.denystage";
    const TITLE: &'static str = "deny stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "denystage"];
}
