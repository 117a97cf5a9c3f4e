//! `authentik_stages_authenticator_validate.authenticatorvalidatestage`: the second factor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::models::{Declared, Duration, Ref, kind};

/// Asks for a second factor: a code, a security key, a confirmation on another device.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorValidateStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// What happens to a user who has no device of the classes below.
    #[serde(default)]
    pub not_configured_action: NotConfiguredAction,
    /// The classes of devices that count.
    #[serde(default = "every_class")]
    pub device_classes: Vec<DeviceClass>,
    /// The stages by which a device can be set up on the spot, for the action `configure`.
    #[serde(default)]
    pub configuration_stages: Vec<Ref<kind::Stage>>,
    /// Do not ask again in the same browser for so long, such as `days=30`. Nothing (`seconds=0`) always asks.
    #[serde(default = "never")]
    pub last_auth_threshold: Duration,
    /// Whether a security key has to check who holds it, by a finger or a PIN.
    #[serde(default)]
    pub webauthn_user_verification: UserVerification,
    /// The types of security keys that count, by their AAGUID. All with an empty list.
    #[serde(default)]
    pub webauthn_allowed_device_types: Vec<Uuid>,
}

impl Declared for AuthenticatorValidateStage {
    const NAME: &'static str = "authentik_stages_authenticator_validate.authenticatorvalidatestage";
    const TITLE: &'static str = "authenticator validation stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorvalidatestage"];
}

fn every_class() -> Vec<DeviceClass> {
    use DeviceClass::{Duo, Email, Sms, Static, Totp, Webauthn};
    vec![Static, Totp, Webauthn, Duo, Sms, Email]
}

fn never() -> Duration {
    Duration::seconds(0)
}

/// What happens to a user without a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotConfiguredAction {
    /// The flow goes on without a second factor.
    #[default]
    Skip,
    /// The flow ends.
    Deny,
    /// A device has to be set up now, with one of `configuration_stages`.
    Configure,
}

/// A class of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClass {
    /// Codes on paper, each good for once.
    Static,
    /// Codes from an app that change every 30 seconds.
    Totp,
    /// Security keys and passkeys.
    Webauthn,
    /// A confirmation in the Duo app.
    Duo,
    /// Codes by text message.
    Sms,
    /// Codes by e-mail.
    Email,
}

/// Whether a security key has to check who holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserVerification {
    /// It has to.
    Required,
    /// It does if it can.
    #[default]
    Preferred,
    /// It does not.
    Discouraged,
}
