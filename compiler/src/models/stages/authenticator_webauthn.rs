//! `authentik_stages_authenticator_webauthn.authenticatorwebauthnstage`: security keys and passkeys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::authenticator_validate::UserVerification;
use crate::models::{Declared, Ref, kind};

/// Sets up a security key or a passkey.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorWebAuthnStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// Whether the key has to check who holds it, by a finger or a PIN.
    #[serde(default)]
    pub user_verification: UserVerification,
    /// Take only keys that are part of the device, or only separate ones. Without it, both.
    #[serde(default)]
    pub authenticator_attachment: Option<Attachment>,
    /// Whether the key has to keep the user's name, so that logging in works without typing it.
    #[serde(default)]
    pub resident_key_requirement: ResidentKey,
    /// The types of keys that are taken, by their AAGUID. All with an empty list.
    #[serde(default)]
    pub device_type_restrictions: Vec<Uuid>,
    /// After so many failed attempts the flow ends; 0 sets no limit.
    #[serde(default)]
    pub max_attempts: u32,
}

impl Declared for AuthenticatorWebAuthnStage {
    const NAME: &'static str = "authentik_stages_authenticator_webauthn.authenticatorwebauthnstage";
    const TITLE: &'static str = "WebAuthn authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorwebauthnstage"];
}

/// Where a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// Part of the device.
    Platform,
    /// Separate: on a bus, by radio, on a phone.
    CrossPlatform,
}

/// Whether a key has to keep the user's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResidentKey {
    /// It should not.
    Discouraged,
    /// It does if it can.
    #[default]
    Preferred,
    /// It has to.
    Required,
}
