//! `authentik_stages_authenticator_sms.smsdevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// A phone number that codes are sent to for a user. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SmsDevice {
    /// What its user calls it, such as `Work phone`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

impl Declared for SmsDevice {
    const NAME: &'static str = "authentik_stages_authenticator_sms.smsdevice";
    const TITLE: &'static str = "SMS device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "smsdevice"];
}
