//! `authentik_stages_authenticator_static.staticdevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// A list of codes on paper that a user keeps, each good for once. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StaticDevice {
    /// What its user calls it, such as `Codes in the safe`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

impl Declared for StaticDevice {
    const NAME: &'static str = "authentik_stages_authenticator_static.staticdevice";
    const TITLE: &'static str = "static device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "staticdevice"];
}
