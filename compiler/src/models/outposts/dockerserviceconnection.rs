//! `authentik_outposts.dockerserviceconnection`: where outposts run as containers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// A Docker engine on which outposts are run as containers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DockerServiceConnection {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Use the engine of the machine that the server itself runs on. Only one connection can be that.
    #[serde(default)]
    pub local: bool,
    /// Where the engine answers: `unix:///var/run/docker.sock`, `https://host:2376` or `ssh://host`.
    pub url: String,
    /// The certificate authority that the engine's certificate must come from.
    #[serde(default)]
    pub tls_verification: Option<Ref<kind::CertificateKeyPair>>,
    /// The certificate, with its key, that the engine knows the server by.
    #[serde(default)]
    pub tls_authentication: Option<Ref<kind::CertificateKeyPair>>,
}

impl Declared for DockerServiceConnection {
    const NAME: &'static str = "authentik_outposts.dockerserviceconnection";
    const TITLE: &'static str = "Docker connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["outpostserviceconnection", "dockerserviceconnection"];
}
