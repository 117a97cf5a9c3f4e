//! `authentik_events.notification`: an event that somebody was told of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// An event that somebody was told of. Notification rules make these; a blueprint can mark one as read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Notification {
    /// The event that it tells of.
    #[serde(default)]
    #[schemars(with = "Ref<kind::Event>")]
    pub event: Option<Ref<kind::Event>>,
    /// Its receiver has read it.
    #[serde(default)]
    pub seen: bool,
}

impl Declared for Notification {
    const NAME: &'static str = "authentik_events.notification";
    const TITLE: &'static str = "notification";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["notification"];
}
