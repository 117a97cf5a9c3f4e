//! `authentik_providers_ssf.ssfprovider`: tells others what happened to sessions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Duration, IntRef, Ref, kind};

/// Tells other services, in the shared signals framework, that a session ended or a credential changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SsfProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The key that signs what is told.
    pub signing_key: Ref<kind::CertificateKeyPair>,
    /// Providers whose tokens are taken from those who want to listen.
    #[serde(default)]
    pub oidc_auth_providers: Vec<IntRef<kind::OAuth2Provider>>,
    /// How long what could not be delivered is kept.
    #[serde(default = "a_month")]
    pub event_retention: Duration,
}

impl Declared for SsfProvider {
    const NAME: &'static str = "authentik_providers_ssf.ssfprovider";
    const TITLE: &'static str = "shared signals provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "ssfprovider"];
}

fn a_month() -> Duration {
    Duration::days(30)
}
