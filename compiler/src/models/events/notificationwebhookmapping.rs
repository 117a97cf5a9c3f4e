//! `authentik_events.notificationwebhookmapping`: what a webhook sends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Shapes what is sent: the body or the headers of a notification's webhook, or the request that has a text message sent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NotificationWebhookMapping {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The expression. It sees `request`, `user` and `notification`, for text messages `device`, and returns the map that is
    /// sent as JSON, or the headers.
    #[schemars(extend("x-expression" = "mapping"))]
    pub expression: String,
}

impl Declared for NotificationWebhookMapping {
    const NAME: &'static str = "authentik_events.notificationwebhookmapping";
    const TITLE: &'static str = "webhook mapping";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["propertymapping", "notificationwebhookmapping"];
}
