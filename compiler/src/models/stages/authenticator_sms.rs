//! `authentik_stages_authenticator_sms.authenticatorsmsstage`: codes by text message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, Ref, kind};

/// Sets up a phone number that codes are sent to by text message, each good for five minutes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorSmsStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// Who sends the messages.
    pub provider: SmsProvider,
    /// The number that messages come from.
    pub from_number: String,
    /// The account at Twilio. With the provider `generic`: the address that is posted to.
    pub account_sid: String,
    /// The token of the account at Twilio. With the provider `generic`: the user name or the bearer token. Kept sealed and
    /// never shown; take it from the environment or a file, with `!Env` or `!File`.
    #[schemars(required, extend("x-secret" = "sealed"))]
    pub auth: Option<Concealed>,
    /// With the provider `generic` and the type `basic`: the password. Kept sealed and never shown.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub auth_password: Option<Concealed>,
    /// With the provider `generic`: how the request proves itself.
    #[serde(default)]
    pub auth_type: SmsAuthType,
    /// Only verify the number, once, and keep nothing but a hash of it. Such a device cannot be used to log in.
    #[serde(default)]
    pub verify_only: bool,
    /// With the provider `generic`: a mapping that gives the body of the request.
    #[serde(default)]
    pub mapping: Option<Ref<kind::NotificationWebhookMapping>>,
}

impl Declared for AuthenticatorSmsStage {
    const NAME: &'static str = "authentik_stages_authenticator_sms.authenticatorsmsstage";
    const TITLE: &'static str = "SMS authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatorsmsstage"];
}

/// Who sends text messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SmsProvider {
    /// Twilio.
    Twilio,
    /// Anything that takes a POST request.
    Generic,
}

/// How a request to a sender of text messages proves itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SmsAuthType {
    /// By `auth` as the user name and `auth_password` as the password.
    #[default]
    Basic,
    /// By `auth` as a bearer token.
    Bearer,
}
