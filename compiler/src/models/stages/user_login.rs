//! `authentik_stages_user_login.userloginstage`: from now on they are logged in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Duration};

/// Logs the pending user in. A proof of exactly this user is needed: a password, an authenticator, a link.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserLoginStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// How long the session lasts, such as `hours=8`. Nothing (`seconds=0`) lasts until the browser is closed.
    #[serde(default = "nothing")]
    pub session_duration: Duration,
    /// End all other sessions of the user.
    #[serde(default)]
    pub terminate_other_sessions: bool,
    /// Offer to stay logged in for so much longer, such as `days=30`. Nothing (`seconds=0`) does not offer it.
    #[serde(default = "nothing")]
    pub remember_me_offset: Duration,
    /// End the session when it is used from another network.
    #[serde(default)]
    pub network_binding: NetworkBinding,
    /// End the session when it is used from another place.
    #[serde(default)]
    pub geoip_binding: GeoipBinding,
    /// How long the browser counts as a known one.
    #[serde(default = "a_month")]
    pub remember_device: Duration,
}

impl Declared for UserLoginStage {
    const NAME: &'static str = "authentik_stages_user_login.userloginstage";
    const TITLE: &'static str = "user login stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "userloginstage"];
}

fn nothing() -> Duration {
    Duration::seconds(0)
}

fn a_month() -> Duration {
    Duration::days(30)
}

/// How closely a session is tied to its network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NetworkBinding {
    /// Not at all.
    #[default]
    NoBinding,
    /// The same operator.
    BindAsn,
    /// The same operator and network.
    BindAsnNetwork,
    /// The same operator, network and address.
    BindAsnNetworkIp,
}

/// How closely a session is tied to its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GeoipBinding {
    /// Not at all.
    #[default]
    NoBinding,
    /// The same continent.
    BindContinent,
    /// The same continent and country.
    BindContinentCountry,
    /// The same continent, country and city.
    BindContinentCountryCity,
}
