//! `authentik_stages_consent.consentstage`: may the application know?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Duration};

/// Asks whether an application may know who the user is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConsentStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// How long an answer counts.
    #[serde(default)]
    pub mode: ConsentMode,
    /// With the mode `expiring`: for so long.
    #[serde(default = "four_weeks")]
    pub consent_expire_in: Duration,
}

impl Declared for ConsentStage {
    const NAME: &'static str = "authentik_stages_consent.consentstage";
    const TITLE: &'static str = "consent stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "consentstage"];
}

fn four_weeks() -> Duration {
    Duration::weeks(4)
}

/// How long a consent counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMode {
    /// This once.
    AlwaysRequire,
    /// For good.
    Permanent,
    /// For the time of `consent_expire_in`.
    #[default]
    Expiring,
}
