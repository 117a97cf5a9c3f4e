//! `authentik_stages_authenticator_email.emaildevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// An address that codes are sent to for a user. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EmailDevice {
    /// What its user calls it, such as `Private address`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

impl Declared for EmailDevice {
    const NAME: &'static str = "authentik_stages_authenticator_email.emaildevice";
    const TITLE: &'static str = "e-mail device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "emaildevice"];
}
