//! `authentik_stages_invitation.invitation`: a link by which somebody may enrol.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, Ref, kind};

/// A link by which somebody may go through a flow that has an invitation stage.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Invitation {
    /// What administrators call it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub name: String,
    /// When it stops working, such as `2030-01-31T12:00:00Z`. Not set: never.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires: Option<Timestamp>,
    /// Values that count as answers of prompts, by `field_key`: `email: ada@example.com` fills that field in.
    #[serde(default)]
    pub fixed_data: Map<String, Json>,
    /// It can be used once; then it is deleted.
    #[serde(default)]
    pub single_use: bool,
    /// The only flow that it is good for. Not set: every flow with an invitation stage.
    #[serde(default)]
    pub flow: Option<Ref<kind::Flow>>,
}

impl Declared for Invitation {
    const NAME: &'static str = "authentik_stages_invitation.invitation";
    const TITLE: &'static str = "invitation";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["invitation"];
}
