//! `authentik_providers_google_workspace.googleworkspaceprovidermapping`: what a Google Workspace learns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// What a Google Workspace learns about a user or a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GoogleWorkspaceProviderMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `user` or `group`, `provider` and `creating`, and returns a map in the form of
    /// Google's directory.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for GoogleWorkspaceProviderMapping {
    const NAME: &'static str = "authentik_providers_google_workspace.googleworkspaceprovidermapping";
    const TITLE: &'static str = "Google Workspace mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "googleworkspaceprovidermapping"];
}
