//! `authentik_providers_microsoft_entra.microsoftentraprovider`: keeps a Microsoft Entra tenant in step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OutgoingSyncDeleteAction;
use crate::models::{Concealed, Declared, Ref, kind};

/// Sends users and groups to a tenant of Microsoft Entra, and keeps them in step there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MicrosoftEntraProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The mappings that shape users before they are sent.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that shape groups before they are sent.
    #[serde(default)]
    pub property_mappings_group: Vec<Ref<kind::PropertyMapping>>,
    /// The id of the application that was registered over there.
    pub client_id: String,
    /// The secret of that application, kept sealed. Take it from the environment or a file, with `!Env` or `!File`.
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub client_secret: Option<Concealed>,
    /// The id of the tenant.
    pub tenant_id: String,
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
    /// Only log what would be changed over there.
    #[serde(default)]
    pub dry_run: bool,
}

impl Declared for MicrosoftEntraProvider {
    const NAME: &'static str = "authentik_providers_microsoft_entra.microsoftentraprovider";
    const TITLE: &'static str = "Microsoft Entra provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "microsoftentraprovider"];
}
