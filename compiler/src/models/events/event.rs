//! `authentik_events.event`: something that happened.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::Declared;
use crate::models::policies::EventAction;

/// Something that happened, as the audit log keeps it. The server writes these itself; a blueprint seldom has a reason to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Who did it: a map such as `{pk: 5, username: ada, email: ada@example.com}`.
    #[serde(default)]
    pub user: Map<String, Json>,
    /// What happened.
    pub action: EventAction,
    /// The part of the server that reported it, such as `authentik.flows`; for events of expressions the name of the policy
    /// or mapping.
    pub app: String,
    /// Whatever else is known about it. Values whose keys look like those of secrets are not shown.
    #[serde(default)]
    pub context: Map<String, Json>,
    /// The address that the request came from.
    #[serde(default)]
    #[schemars(extend("format" = "ip"))]
    pub client_ip: Option<String>,
    /// When it is forgotten, such as `2030-01-31T12:00:00Z`. Without it, the server's own time for keeping events counts.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub expires: Option<Timestamp>,
    /// The brand under whose domain it happened: a map with `pk`, `app`, `name` and `model_name`.
    #[serde(default)]
    pub brand: Map<String, Json>,
}

impl Declared for Event {
    const NAME: &'static str = "authentik_events.event";
    const TITLE: &'static str = "event";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["event"];
}
