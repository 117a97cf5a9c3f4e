//! `authentik_providers_scim.scimmapping`: what another directory learns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// What a service that speaks SCIM learns about a user or a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScimMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `user` or `group`, `provider` and `creating`, and returns a map in the form of SCIM.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for ScimMapping {
    const NAME: &'static str = "authentik_providers_scim.scimmapping";
    const TITLE: &'static str = "SCIM mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "scimmapping"];
}
