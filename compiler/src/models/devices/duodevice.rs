//! `authentik_stages_authenticator_duo.duodevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// A phone with the Duo app that a user confirms logins on. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DuoDevice {
    /// What its user calls it, such as `Work phone`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

impl Declared for DuoDevice {
    const NAME: &'static str = "authentik_stages_authenticator_duo.duodevice";
    const TITLE: &'static str = "Duo device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "duodevice"];
}
