//! `authentik_crypto.certificatekeypair`: a certificate, maybe with its private key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Concealed, Declared, SchemaError, Storage};

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

/// Whether a text holds a block of PEM whose label ends so, begin and end.
fn is_pem(text: &str, what: &str) -> bool {
    let line = |begin: &str| {
        text.lines().map(str::trim).any(|line| line.starts_with(begin) && line.ends_with(&format!("{what}-----")))
    };
    line("-----BEGIN ") && line("-----END ")
}

impl Declared for CertificateKeyPair {
    const NAME: &'static str = "authentik_crypto.certificatekeypair";
    const TITLE: &'static str = "certificate";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["certificatekeypair"];
    const STORAGE: Storage = Storage::KeyPair;

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let wanted = [("certificate_data", "CERTIFICATE"), ("key_data", "PRIVATE KEY")];
        let text = |name: &str| attrs.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
        let wrong = |(name, what): &(&str, &str)| text(name).is_some_and(|text| !is_pem(text, what));
        // The text itself may be a secret: no message repeats it.
        let error = |(name, what): (&str, &str)| SchemaError {
            pointer: format!("/{name}"),
            message: format!("`{name}` is no PEM text of a {}", what.to_lowercase()),
            help: Some(format!(
                "it begins with a line such as `-----BEGIN {what}-----`; take it from a file with `!File`"
            )),
        };
        wanted.into_iter().filter(wrong).map(error).collect()
    }
}
