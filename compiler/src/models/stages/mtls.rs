//! `authentik_stages_mtls.mutualtlsstage`: a certificate says who it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Looks at the client certificate that the browser showed and finds the user whom it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MutualTlsStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// What happens without a certificate.
    pub mode: MutualTlsMode,
    /// The authorities whose certificates are taken. With an empty list, those of the brand.
    #[serde(default)]
    pub certificate_authorities: Vec<Ref<kind::CertificateKeyPair>>,
    /// The part of the certificate that names the user.
    pub cert_attribute: CertAttribute,
    /// The attribute of the user that has to be equal to it.
    pub user_attribute: CertUserAttribute,
}

impl Declared for MutualTlsStage {
    const NAME: &'static str = "authentik_stages_mtls.mutualtlsstage";
    const TITLE: &'static str = "mutual TLS stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "mutualtlsstage"];
}

/// What happens when the browser shows no certificate that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MutualTlsMode {
    /// The flow goes on, with nobody found.
    Optional,
    /// The flow ends.
    Required,
}

/// The part of a certificate that names a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertAttribute {
    /// The whole subject.
    Subject,
    /// The common name in the subject.
    CommonName,
    /// The e-mail address.
    Email,
}

/// The attribute of a user that a certificate is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertUserAttribute {
    /// The user name.
    Username,
    /// The e-mail address.
    Email,
}
