//! `authentik_providers_radius.radiusproviderpropertymapping`: attributes of a RADIUS answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Adds attributes to the answer that network equipment gets.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RadiusProviderPropertyMapping {
    /// Marks a mapping of the shipped set, such as `goauthentik.io/…`; blueprints find it by this.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `request`, `user` and the `packet` that is answered, and changes the packet.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for RadiusProviderPropertyMapping {
    const NAME: &'static str = "authentik_providers_radius.radiusproviderpropertymapping";
    const TITLE: &'static str = "RADIUS mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "radiusproviderpropertymapping"];
}
