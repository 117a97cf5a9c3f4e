//! `authentik_providers_saml.samlpropertymapping`: what an application learns by SAML.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// One attribute that an application learns by SAML.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SamlPropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `request`, `user` and `provider`, and returns the value, or a list of values.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
    /// The name of the attribute, most often an address of a schema.
    pub saml_name: String,
    /// The name that people see.
    #[serde(default)]
    pub friendly_name: Option<String>,
}

impl Declared for SamlPropertyMapping {
    const NAME: &'static str = "authentik_providers_saml.samlpropertymapping";
    const TITLE: &'static str = "SAML mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "samlpropertymapping"];
}
