//! `authentik_sources_saml.samlsourcepropertymapping`: what becomes of what a source tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Makes a user or a group of what an identity provider tells.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SamlSourcePropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/sources/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `root`, `name_id` and the assertion, and returns a map of attributes.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for SamlSourcePropertyMapping {
    const NAME: &'static str = "authentik_sources_saml.samlsourcepropertymapping";
    const TITLE: &'static str = "SAML source mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "samlsourcepropertymapping"];
}
