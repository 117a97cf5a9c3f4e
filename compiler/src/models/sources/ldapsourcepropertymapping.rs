//! `authentik_sources_ldap.ldapsourcepropertymapping`: what becomes of what a source tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Makes a user or a group of what a directory tells.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LdapSourcePropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/sources/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `ldap` and `dn`, and returns a map of attributes.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for LdapSourcePropertyMapping {
    const NAME: &'static str = "authentik_sources_ldap.ldapsourcepropertymapping";
    const TITLE: &'static str = "LDAP mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "ldapsourcepropertymapping"];
}
