//! `authentik_rbac.role`: permissions under a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Permission;
use crate::models::Declared;

/// Permissions under a name, which groups give to their members.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// Its name, by which other blueprints find it.
    #[schemars(length(min = 1, max = 150))]
    pub name: String,
    /// Permissions on everything, such as `authentik_flows.view_flow`. The list replaces what was there.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

impl Declared for Role {
    const NAME: &'static str = "authentik_rbac.role";
    const TITLE: &'static str = "role";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["role"];
}
