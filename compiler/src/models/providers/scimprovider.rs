//! `authentik_providers_scim.scimprovider`: keeps another directory in step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Sends users and groups to a service that speaks SCIM, and keeps them in step there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScimProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The mappings that shape users before they are sent.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that shape groups before they are sent.
    #[serde(default)]
    pub property_mappings_group: Vec<Ref<kind::PropertyMapping>>,
    /// Where the service answers, up to and with the version, such as `https://app.example.org/scim/v2`.
    #[schemars(extend("format" = "web-address"))]
    pub url: String,
    /// Refuse the service when its certificate is not trusted.
    #[serde(default = "yes")]
    pub verify_certificates: bool,
    /// The token that the service knows the server by, kept sealed. Take it from the environment or a file, with
    /// `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub token: Option<Concealed>,
    /// How the server proves itself.
    #[serde(default)]
    pub auth_mode: ScimAuthMode,
    /// The source that gives out tokens, for the mode `oauth`.
    #[serde(default)]
    pub auth_oauth: Option<Ref<kind::OAuthSource>>,
    /// Further parameters of the request for a token, for the mode `oauth`.
    #[serde(default)]
    pub auth_oauth_params: Map<String, Json>,
    /// The dialect that the service speaks.
    #[serde(default)]
    pub compatibility_mode: ScimCompatibility,
    /// Leave out the users of programs.
    #[serde(default)]
    pub exclude_users_service_account: bool,
    /// Only the members of this group are sent. Without it everybody who may open the application is.
    #[serde(default)]
    pub filter_group: Option<Ref<kind::Group>>,
    /// Only log what would be changed over there.
    #[serde(default)]
    pub dry_run: bool,
}

impl Declared for ScimProvider {
    const NAME: &'static str = "authentik_providers_scim.scimprovider";
    const TITLE: &'static str = "SCIM provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "scimprovider"];
}

/// How the server proves itself to a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScimAuthMode {
    /// With `token`.
    #[default]
    Token,
    /// With a token that it asks a source for.
    Oauth,
}

/// The dialect that a service speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScimCompatibility {
    /// The standard.
    #[default]
    Default,
    /// That of Amazon Web Services.
    Aws,
    /// That of Slack.
    Slack,
    /// That of Salesforce.
    #[serde(rename = "sfdc")]
    Salesforce,
}
