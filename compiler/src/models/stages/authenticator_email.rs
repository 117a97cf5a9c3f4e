//! `authentik_stages_authenticator_email.authenticatoremailstage`: codes by e-mail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Smtp;
use crate::models::{Declared, Duration, Ref, kind};

/// Sets up an address that codes of six digits are sent to: the user's own, that of an earlier prompt, or one that is asked
/// for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorEmailStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow by which users set this up for themselves; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// What users see instead of the stage's name.
    #[serde(default)]
    pub friendly_name: String,
    /// The mail server.
    #[serde(flatten)]
    pub smtp: Smtp,
    /// The subject of the mail.
    #[serde(default = "subject")]
    pub subject: String,
    /// How long a code is good for, such as `minutes=30`.
    #[serde(default = "half_an_hour")]
    pub token_expiry: Duration,
    /// The template that the mail is made from.
    #[serde(default = "template")]
    pub template: String,
}

fn subject() -> String {
    "Gatewright sign-in code".to_owned()
}

fn half_an_hour() -> Duration {
    Duration::minutes(30)
}

fn template() -> String {
    "email/email_otp.html".to_owned()
}

impl Declared for AuthenticatorEmailStage {
    const NAME: &'static str = "authentik_stages_authenticator_email.authenticatoremailstage";
    const TITLE: &'static str = "e-mail authenticator stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "authenticatoremailstage"];
}
