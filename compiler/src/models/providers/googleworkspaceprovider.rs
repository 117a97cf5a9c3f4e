//! `authentik_providers_google_workspace.googleworkspaceprovider`: keeps a Google Workspace in step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::OutgoingSyncDeleteAction;
use crate::models::{Concealed, Declared, Ref, kind};

/// Sends users and groups to a Google Workspace, and keeps them in step there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GoogleWorkspaceProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The mappings that shape users before they are sent.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that shape groups before they are sent.
    #[serde(default)]
    pub property_mappings_group: Vec<Ref<kind::PropertyMapping>>,
    /// The e-mail address of the administrator in whose name the changes are made.
    #[schemars(extend("format" = "email"), length(max = 254))]
    pub delegated_subject: String,
    /// The key file of the service account, as a map, kept sealed. Take it from a file: `!ParseJSON` of a `!File`.
    #[schemars(with = "Map<String, Json>", extend("x-secret" = "sealed"))]
    pub credentials: Option<Concealed<Map<String, Json>>>,
    /// What the service account may do, as scopes with commas between them.
    #[serde(default = "scopes")]
    pub scopes: String,
    /// Leave out the users of programs.
    #[serde(default)]
    pub exclude_users_service_account: bool,
    /// Only the members of this group are sent. Without it everybody who may open the application is.
    #[serde(default)]
    pub filter_group: Option<Ref<kind::Group>>,
    /// What becomes of the user over there when the one here is gone.
    #[serde(default)]
    pub user_delete_action: OutgoingSyncDeleteAction,
    /// What becomes of the group over there when the one here is gone.
    #[serde(default)]
    pub group_delete_action: OutgoingSyncDeleteAction,
    /// The domain of the addresses that groups get.
    pub default_group_email_domain: String,
    /// Only log what would be changed over there.
    #[serde(default)]
    pub dry_run: bool,
}

impl Declared for GoogleWorkspaceProvider {
    const NAME: &'static str = "authentik_providers_google_workspace.googleworkspaceprovider";
    const TITLE: &'static str = "Google Workspace provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "googleworkspaceprovider"];
}

fn scopes() -> String {
    let scope = |name: &&str| format!("https://www.googleapis.com/auth/admin.directory.{name}");
    ["user", "group", "group.member", "domain.readonly"].iter().map(scope).collect::<Vec<_>>().join(",")
}
