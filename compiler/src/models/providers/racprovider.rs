//! `authentik_providers_rac.racprovider`: remote desktops in the browser.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, Duration, Ref, kind};

/// Opens remote desktops and consoles in the browser. An outpost of the type `rac` serves it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RacProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow in which somebody logs in who opens the application and is not logged in yet. Without it the brand's
    /// flow is used.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow that everybody goes through on the way to the application, such as one that asks for consent.
    pub authorization_flow: Ref<kind::Flow>,
    /// Mappings that add settings to each connection.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Settings of the connection, as Guacamole names them. Those of an endpoint win.
    #[serde(default)]
    pub settings: Map<String, Json>,
    /// How long a connection may last.
    #[serde(default = "a_shift")]
    pub connection_expiry: Duration,
    /// Ask for a new login after the connection was lost.
    #[serde(default)]
    pub delete_token_on_disconnect: bool,
}

impl Declared for RacProvider {
    const NAME: &'static str = "authentik_providers_rac.racprovider";
    const TITLE: &'static str = "remote access provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "racprovider"];
}

fn a_shift() -> Duration {
    Duration::hours(8)
}
