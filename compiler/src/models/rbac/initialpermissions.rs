//! `authentik_rbac.initialpermissions`: what the maker of an object may do with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Permission;
use crate::models::{Declared, Ref, kind};

/// Permissions that are given on every object which a member of `role` makes, so that people can look after what they made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InitialPermissions {
    /// Its name, by which other blueprints find it.
    #[schemars(length(min = 1, max = 150))]
    pub name: String,
    /// Who gets the permissions on a new object.
    pub mode: InitialPermissionsMode,
    /// The role whose members' new objects it is about.
    pub role: Ref<kind::Role>,
    /// The permissions, such as `authentik_flows.view_flow`. Only those that fit the model of the new object are given. The
    /// numbers that the peer writes here mean nothing outside its own database.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

impl Declared for InitialPermissions {
    const NAME: &'static str = "authentik_rbac.initialpermissions";
    const TITLE: &'static str = "set of initial permissions";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["initialpermissions"];
}

/// Who gets the permissions on a new object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InitialPermissionsMode {
    /// The user who made it, alone.
    User,
    /// Everybody who has the role.
    Role,
}
