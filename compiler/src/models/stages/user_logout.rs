//! `authentik_stages_user_logout.userlogoutstage`: from now on they are not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Logs the visitor out and ends the session.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserLogoutStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
}

impl Declared for UserLogoutStage {
    const NAME: &'static str = "authentik_stages_user_logout.userlogoutstage";
    const TITLE: &'static str = "user logout stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "userlogoutstage"];
}
