//! `authentik_events.notificationtransport`: a way by which notifications travel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// A way by which notifications travel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NotificationTransport {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Which way.
    #[serde(default)]
    pub mode: TransportMode,
    /// For webhooks: the address.
    #[serde(default)]
    pub webhook_url: String,
    /// For webhooks: a mapping that gives the body.
    #[serde(default)]
    pub webhook_mapping_body: Option<Ref<kind::NotificationWebhookMapping>>,
    /// For webhooks: a mapping that gives further headers.
    #[serde(default)]
    pub webhook_mapping_headers: Option<Ref<kind::NotificationWebhookMapping>>,
    /// For e-mail: what the subject begins with.
    #[serde(default = "prefix")]
    pub email_subject_prefix: String,
    /// For e-mail: the template.
    #[serde(default = "template")]
    pub email_template: String,
    /// Send one message for all receivers instead of one for each.
    #[serde(default)]
    pub send_once: bool,
}

fn prefix() -> String {
    "Gatewright notification: ".to_owned()
}

fn template() -> String {
    "email/event_notification.html".to_owned()
}

impl Declared for NotificationTransport {
    const NAME: &'static str = "authentik_events.notificationtransport";
    const TITLE: &'static str = "notification transport";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["notificationtransport"];
}

/// The way by which notifications travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransportMode {
    /// Shown in Gatewright itself.
    #[default]
    Local,
    /// Posted to an address.
    Webhook,
    /// Posted to an address, in the form that Slack and Discord take.
    WebhookSlack,
    /// By e-mail.
    Email,
}
