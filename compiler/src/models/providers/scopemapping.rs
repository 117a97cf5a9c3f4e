//! `authentik_providers_oauth2.scopemapping`: what an application learns for a scope.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// What an application learns about a user when it asks for a scope.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScopeMapping {
    /// Marks a mapping of the shipped set; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `request`, `user`, `provider` and `token`, and returns a map of claims.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
    /// The scope that the application asks for.
    pub scope_name: String,
    /// What the user reads when asked for consent. With an empty text the scope is not mentioned.
    #[serde(default)]
    pub description: String,
}

impl Declared for ScopeMapping {
    const NAME: &'static str = "authentik_providers_oauth2.scopemapping";
    const TITLE: &'static str = "scope mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "scopemapping"];
}
