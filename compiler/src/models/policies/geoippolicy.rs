//! `authentik_policies_geoip.geoippolicy`: where does the request come from?

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::countries::COUNTRIES;
use crate::models::Declared;

/// Decides by the place and the network that a visitor's address belongs to. An address of which nothing is known is an
/// error, not a pass.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GeoIpPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// Numbers of networks (autonomous systems), such as 13335. An address in one of them passes; so does one in a country
    /// of `countries`.
    #[serde(default)]
    pub asns: Vec<i32>,
    /// Countries by their two letters, such as `DE`. An address in one of them passes. With this and `asns` both empty, every
    /// address passes this part.
    pub countries: Vec<Country>,
    /// Also fail for an address that is far from those of the user's last logins.
    #[serde(default)]
    pub check_history_distance: bool,
    /// How far it may be from them, in kilometres.
    #[serde(default = "hundred")]
    pub history_max_distance_km: u32,
    /// Added to the allowed distances, in kilometres, because the places of addresses are only estimates.
    #[serde(default = "fifty")]
    pub distance_tolerance_km: u32,
    /// How many of the last logins are looked at.
    #[serde(default = "five")]
    pub history_login_count: u32,
    /// Also fail when the user would have had to travel faster than a plane since the last login.
    #[serde(default)]
    pub check_impossible_travel: bool,
    /// Added to the distance that can be travelled in that time, in kilometres.
    #[serde(default = "hundred")]
    pub impossible_tolerance_km: u32,
}

fn hundred() -> u32 {
    100
}

fn fifty() -> u32 {
    50
}

fn five() -> u32 {
    5
}

impl Declared for GeoIpPolicy {
    const NAME: &'static str = "authentik_policies_geoip.geoippolicy";
    const TITLE: &'static str = "GeoIP policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "geoippolicy"];
}

/// A country, by its two letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Country(pub String);

impl JsonSchema for Country {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Country".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (codes, names): (Vec<&str>, Vec<&str>) = COUNTRIES.iter().copied().unzip();
        json_schema!({ "type": "string", "enum": codes, "enumDescriptions": names })
    }
}
