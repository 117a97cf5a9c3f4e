//! `authentik_crypto.certificatekeypair`: a certificate, maybe with its private key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, Storage};

/// A certificate, maybe with its private key. With neither given, Gatewright makes a pair of its own at the first apply.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CertificateKeyPair {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The certificate as PEM, with those of the authorities between it and the root below it.
    #[serde(default)]
    pub certificate_data: String,
    /// The private key as PEM, kept sealed and never shown. Take it from a file, with `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub key_data: Option<Concealed>,
}

impl Declared for CertificateKeyPair {
    const NAME: &'static str = "authentik_crypto.certificatekeypair";
    const TITLE: &'static str = "certificate";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["certificatekeypair"];
    const STORAGE: Storage = Storage::KeyPair;
}
