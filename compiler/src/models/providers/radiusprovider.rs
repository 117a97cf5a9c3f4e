//! `authentik_providers_radius.radiusprovider`: network equipment that speaks RADIUS.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Logs people in to networks and to equipment that speaks RADIUS. An outpost of the type `radius` serves it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RadiusProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow in which somebody logs in who opens the application and is not logged in yet. Without it the brand's
    /// flow is used.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow in which a request is checked: it logs in with the name and the password that the equipment sent.
    pub authorization_flow: Ref<kind::Flow>,
    /// The flow that ends the session when somebody logs out of the application.
    pub invalidation_flow: Ref<kind::Flow>,
    /// Mappings that add attributes to the answer.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The networks that equipment may ask from, with commas between them.
    #[serde(default = "everywhere")]
    pub client_networks: String,
    /// The secret that the equipment shares with the server, kept sealed. Without one a random secret is made. Take
    /// it from the environment or a file, with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed", "x-generated" = true))]
    pub shared_secret: Option<Concealed>,
    /// Take a code after the password: `hunter2;123456`.
    #[serde(default = "yes")]
    pub mfa_support: bool,
    /// The certificate, with its key, for EAP-TLS.
    #[serde(default)]
    pub certificate: Option<Ref<kind::CertificateKeyPair>>,
}

impl Declared for RadiusProvider {
    const NAME: &'static str = "authentik_providers_radius.radiusprovider";
    const TITLE: &'static str = "RADIUS provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "radiusprovider"];
}

fn everywhere() -> String {
    "0.0.0.0/0, ::/0".to_owned()
}
