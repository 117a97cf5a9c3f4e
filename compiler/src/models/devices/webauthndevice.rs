//! `authentik_stages_authenticator_webauthn.webauthndevice`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// A security key or a passkey of a user. Users set up their devices in a flow; a blueprint can only rename one that is
/// there, found by its key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WebAuthnDevice {
    /// What its user calls it, such as `Blue key`.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
}

impl Declared for WebAuthnDevice {
    const NAME: &'static str = "authentik_stages_authenticator_webauthn.webauthndevice";
    const TITLE: &'static str = "WebAuthn device";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["device", "webauthndevice"];
}
