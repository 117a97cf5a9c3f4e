//! `authentik_stages_authenticator_totp.totpdevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// An app of a user that shows a new code every 30 seconds. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TotpDevice {
    /// What its user calls it, such as `Phone`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

impl Declared for TotpDevice {
    const NAME: &'static str = "authentik_stages_authenticator_totp.totpdevice";
    const TITLE: &'static str = "TOTP device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "totpdevice"];
}
