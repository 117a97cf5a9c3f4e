//! `authentik_stages_user_delete.userdeletestage`: gone for good.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Logs the pending user out and deletes the account, for good. Put a stage in front of it that asks whether they mean it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserDeleteStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
}

impl Declared for UserDeleteStage {
    const NAME: &'static str = "authentik_stages_user_delete.userdeletestage";
    const TITLE: &'static str = "user delete stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "userdeletestage"];
}
