//! `authentik_stages_authenticator_static.authenticatorstaticstage`: codes on paper.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Gives the user a list of codes to keep, each good for one login.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorStaticStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// How many codes.
    #[serde(default = "six")]
    #[schemars(range(min = 1, max = 100))]
    pub token_count: u32,
    /// How many characters each has.
    #[serde(default = "twelve")]
    #[schemars(range(min = 1, max = 100))]
    pub token_length: u32,
}

impl Declared for AuthenticatorStaticStage {
    const NAME: &'static str = "authentik_stages_authenticator_static.authenticatorstaticstage";
    const TITLE: &'static str = "static authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorstaticstage"];
}

fn six() -> u32 {
    6
}

fn twelve() -> u32 {
    12
}
