//! `authentik_stages_redirect.redirectstage`: on to somewhere else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind, yes};

/// Sends the visitor to an address or into another flow.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RedirectStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Take what is known about the visitor along into the other flow.
    #[serde(default = "yes")]
    pub keep_context: bool,
    /// Where to.
    pub mode: RedirectMode,
    /// With the mode `static`: the address.
    #[serde(default)]
    #[schemars(extend("format" = "address"))]
    pub target_static: String,
    /// With the mode `flow`: the flow.
    #[serde(default)]
    pub target_flow: Option<Ref<kind::Flow>>,
}

impl Declared for RedirectStage {
    const NAME: &'static str = "authentik_stages_redirect.redirectstage";
    const TITLE: &'static str = "redirect stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "redirectstage"];
}

/// Where a redirect stage leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedirectMode {
    /// To the address in `target_static`.
    Static,
    /// Into the flow in `target_flow`.
    Flow,
}
