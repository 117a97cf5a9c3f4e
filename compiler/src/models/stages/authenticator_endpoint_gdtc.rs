//! `authentik_stages_authenticator_endpoint_gdtc.authenticatorendpointgdtcstage`: browsers that Google vouches for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Concealed, Declared, Ref, kind};

/// Takes a managed Chrome browser for a device of its user, after asking Google's Device Trust about it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorEndpointGdtcStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// The key of a Google service account, as the map of the JSON file that Google hands out; kept sealed and never shown.
    /// `!ParseJSON` of a `!File` reads such a file.
    #[schemars(required, extend("x-secret" = "sealed"))]
    pub credentials: Option<Concealed<Map<String, Json>>>,
}

impl Declared for AuthenticatorEndpointGdtcStage {
    const NAME: &'static str = "authentik_stages_authenticator_endpoint_gdtc.authenticatorendpointgdtcstage";
    const TITLE: &'static str = "Google device trust stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorendpointgdtcstage"];
}
