//! `authentik_stages_authenticator_totp.authenticatortotpstage`: codes from an app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Sets up an app that shows a new code every 30 seconds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorTotpStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// How many digits a code has. Every app knows six.
    pub digits: Digits,
}

impl Declared for AuthenticatorTotpStage {
    const NAME: &'static str = "authentik_stages_authenticator_totp.authenticatortotpstage";
    const TITLE: &'static str = "TOTP authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatortotpstage"];
}

/// How many digits a code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Digits {
    /// Six digits.
    #[serde(rename = "6")]
    Six,
    /// Eight digits; some apps cannot show them.
    #[serde(rename = "8")]
    Eight,
}

impl Digits {
    /// The number.
    #[must_use]
    pub fn count(self) -> u32 {
        match self {
            Self::Six => 6,
            Self::Eight => 8,
        }
    }
}
