//! `authentik_providers_rac.endpoint`: one machine behind a remote access provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, IntRef, Ref, kind};

/// One machine that can be opened through a remote access provider. Policy bindings decide who may.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RacEndpoint {
    /// What people choose it by.
    pub name: String,
    /// The provider that opens it.
    pub provider: IntRef<kind::RacProvider>,
    /// How it is spoken to.
    pub protocol: RacProtocol,
    /// Where it answers: a name or an address, with a port where it is not the usual one.
    pub host: String,
    /// Settings of the connection, as Guacamole names them, such as `username`.
    #[serde(default)]
    pub settings: Map<String, Json>,
    /// Mappings that add settings to the connection.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Where the name and the password come from that the machine asks for.
    pub auth_mode: RacAuthMode,
    /// How many connections are possible at once; -1 for any number.
    #[serde(default = "one")]
    pub maximum_connections: i32,
}

impl Declared for RacEndpoint {
    const NAME: &'static str = "authentik_providers_rac.endpoint";
    const TITLE: &'static str = "remote access endpoint";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["racendpoint", "policybindingmodel"];
}

fn one() -> i32 {
    1
}

/// How a machine is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RacProtocol {
    /// As a Windows desktop.
    Rdp,
    /// As any desktop.
    Vnc,
    /// As a console.
    Ssh,
}

/// Where the credentials of a machine come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RacAuthMode {
    /// From the settings.
    Static,
    /// People type them in.
    Prompt,
}
