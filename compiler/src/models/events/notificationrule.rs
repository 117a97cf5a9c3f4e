//! `authentik_events.notificationrule`: who hears of which events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Tells a group of certain events. The policies that are bound to it decide of which.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NotificationRule {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The ways by which it is told.
    #[serde(default)]
    pub transports: Vec<Ref<kind::NotificationTransport>>,
    /// How grave it is.
    #[serde(default)]
    pub severity: Severity,
    /// The group whose members are told.
    #[serde(default)]
    pub destination_group: Option<Ref<kind::Group>>,
    /// The older name of `destination_group`, which counts where both are given.
    #[serde(default)]
    pub group: Option<Ref<kind::Group>>,
    /// Tell the user, too, whom the event is about.
    #[serde(default)]
    pub destination_event_user: bool,
}

impl NotificationRule {
    /// The group whose members are told, whichever name was used.
    #[must_use]
    pub fn receivers(&self) -> Option<Ref<kind::Group>> {
        self.destination_group.or(self.group)
    }
}

impl Declared for NotificationRule {
    const NAME: &'static str = "authentik_events.notificationrule";
    const TITLE: &'static str = "notification rule";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["notificationrule", "policybindingmodel"];
}

/// How grave a notification is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    #[default]
    Notice,
    /// Worth a look.
    Warning,
    /// Needs somebody now.
    Alert,
}
