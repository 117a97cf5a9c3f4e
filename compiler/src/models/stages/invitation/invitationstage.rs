//! `authentik_stages_invitation.invitationstage`: only for the invited.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Lets those on who came by the link of an invitation, and takes over the values that it holds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InvitationStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Let everybody else on, too. When this is false, the flow ends for them.
    #[serde(default)]
    pub continue_flow_without_invitation: bool,
}

impl Declared for InvitationStage {
    const NAME: &'static str = "authentik_stages_invitation.invitationstage";
    const TITLE: &'static str = "invitation stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "invitationstage"];
}
