//! `authentik_outposts.outpost`: what serves providers beside the server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, IntRef, Ref, kind};

/// Serves some providers beside the server, such as a proxy in front of an application.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Outpost {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// What it serves.
    #[serde(default, rename = "type")]
    pub outpost_type: OutpostType,
    /// The providers that it serves. The list replaces the one that was there.
    pub providers: Vec<IntRef<kind::Provider>>,
    /// What runs it. Without one it is run by hand.
    #[serde(default)]
    pub service_connection: Option<Ref<kind::OutpostServiceConnection>>,
    /// Its own settings, such as `authentik_host` and `log_level`.
    pub config: Map<String, Json>,
    /// Marks the outpost that is part of the server, `goauthentik.io/outposts/embedded`.
    #[serde(default)]
    pub managed: Option<String>,
}

impl Declared for Outpost {
    const NAME: &'static str = "authentik_outposts.outpost";
    const TITLE: &'static str = "outpost";
    const KEYS: &'static [&'static [&'static str]] = &[&["managed"], &["name"]];
    const KINDS: &'static [&'static str] = &["outpost"];
}

/// What an outpost serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutpostType {
    /// Applications behind a proxy.
    #[default]
    Proxy,
    /// LDAP clients.
    Ldap,
    /// RADIUS clients.
    Radius,
    /// Remote desktops and consoles.
    Rac,
}
