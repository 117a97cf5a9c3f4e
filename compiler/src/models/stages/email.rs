//! `authentik_stages_email.emailstage`: a link by e-mail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Smtp;
use crate::models::{Declared, Duration};

/// Sends the pending user a link and waits until somebody follows it; the flow goes on from there. Used for recovery and for
/// making sure of an address.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EmailStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The mail server.
    #[serde(flatten)]
    pub smtp: Smtp,
    /// How long the link is good for, such as `minutes=30`.
    #[serde(default = "half_an_hour")]
    pub token_expiry: Duration,
    /// The subject of the mail.
    #[serde(default = "subject")]
    pub subject: String,
    /// The template that the mail is made from, such as `email/account_confirmation.html`.
    #[serde(default = "template")]
    pub template: String,
    /// Make the user active when the link is followed, for enrollment flows that make inactive users.
    #[serde(default)]
    pub activate_user_on_success: bool,
    /// How many mails one address can ask for within `recovery_cache_timeout`.
    #[serde(default = "five")]
    #[schemars(range(min = 1))]
    pub recovery_max_attempts: u32,
    /// The time in which those are counted, such as `minutes=5`.
    #[serde(default = "five_minutes")]
    pub recovery_cache_timeout: Duration,
}

fn half_an_hour() -> Duration {
    Duration::minutes(30)
}

fn subject() -> String {
    "Gatewright".to_owned()
}

fn template() -> String {
    "email/password_reset.html".to_owned()
}

fn five() -> u32 {
    5
}

fn five_minutes() -> Duration {
    Duration::minutes(5)
}

impl Declared for EmailStage {
    const NAME: &'static str = "authentik_stages_email.emailstage";
    const TITLE: &'static str = "e-mail stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "emailstage"];
}
