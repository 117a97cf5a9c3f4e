//! `authentik_sources_plex.plexsourcepropertymapping`: what becomes of what a source tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Makes a user of what Plex tells.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlexSourcePropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/sources/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `info`, what Plex told, and returns a map of attributes.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for PlexSourcePropertyMapping {
    const NAME: &'static str = "authentik_sources_plex.plexsourcepropertymapping";
    const TITLE: &'static str = "Plex mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "plexsourcepropertymapping"];
}
