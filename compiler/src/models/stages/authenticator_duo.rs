//! `authentik_stages_authenticator_duo.authenticatorduostage`: confirmations in the Duo app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, Ref, kind};

/// Sets up the Duo app, in which a user then confirms each login. The values below come from Duo's administration pages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorDuoStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// The integration key (client id) of the application "Auth API" at Duo.
    pub client_id: String,
    /// The secret key of that application, kept sealed and never shown. Take it from the environment or a file, with `!Env` or
    /// `!File`.
    #[schemars(required, extend("x-secret" = "sealed"))]
    pub client_secret: Option<Concealed>,
    /// The host of Duo's API that is meant for this account, such as `api-12345678.duosecurity.com`.
    pub api_hostname: String,
    /// The integration key of an application "Admin API" at Duo; only needed to take over devices that exist at Duo already.
    #[serde(default)]
    pub admin_integration_key: String,
    /// The secret key of that second application, kept sealed and never shown.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub admin_secret_key: Option<Concealed>,
}

impl Declared for AuthenticatorDuoStage {
    const NAME: &'static str = "authentik_stages_authenticator_duo.authenticatorduostage";
    const TITLE: &'static str = "Duo authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorduostage"];
}
