//! `authentik_providers_rac.racpropertymapping`: settings of remote connections.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::Declared;

/// Adds settings to remote connections: fixed ones, or such that an expression finds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RacPropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// An expression that returns a map of settings. It sees `user`, `provider` and `endpoint`.
    #[serde(default)]
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
    /// Settings that are the same for everybody, as Guacamole names them.
    pub static_settings: Map<String, Json>,
}

impl Declared for RacPropertyMapping {
    const NAME: &'static str = "authentik_providers_rac.racpropertymapping";
    const TITLE: &'static str = "remote access mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "racpropertymapping"];
}
