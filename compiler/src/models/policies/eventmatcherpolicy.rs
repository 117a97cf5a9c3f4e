//! `authentik_policies_event_matcher.eventmatcherpolicy`: is it this kind of event?

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::models::Declared;
use crate::models::blueprints::MetaApplyBlueprint;
use crate::models::peer::{PEER_APPS, PEER_MODELS};

/// Passes for events that fit everything that is set here; bound to a notification rule, it decides what is reported.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EventMatcherPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// What happened. Not set: anything.
    #[serde(default)]
    pub action: Option<EventAction>,
    /// The address that it came from. Not set: any.
    #[serde(default)]
    #[schemars(extend("format" = "ip"))]
    pub client_ip: Option<String>,
    /// The part that reported it. Not set: any.
    #[serde(default)]
    #[schemars(schema_with = "app")]
    pub app: Option<String>,
    /// The model of the object that it is about. Not set: any.
    #[serde(default)]
    #[schemars(schema_with = "model")]
    pub model: Option<String>,
}

fn app(_: &mut SchemaGenerator) -> Schema {
    one_of(PEER_APPS.iter().copied())
}

fn model(_: &mut SchemaGenerator) -> Schema {
    one_of(PEER_MODELS.iter().copied().filter(|name| *name != MetaApplyBlueprint::NAME))
}

fn one_of(names: impl Iterator<Item = &'static str>) -> Schema {
    let choices: Vec<Json> = names.map(Json::from).chain([Json::Null]).collect();
    json_schema!({ "type": ["string", "null"], "enum": choices })
}

impl Declared for EventMatcherPolicy {
    const NAME: &'static str = "authentik_policies_event_matcher.eventmatcherpolicy";
    const TITLE: &'static str = "event matcher policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "eventmatcherpolicy"];
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventAction {
    /// Somebody logged in.
    Login,
    /// Somebody did not get in.
    LoginFailed,
    /// Somebody logged out.
    Logout,
    /// A user was made or changed by a flow.
    UserWrite,
    /// A request that looked wrong.
    SuspiciousRequest,
    /// A password was set.
    PasswordSet,
    /// A secret was looked at.
    SecretView,
    /// A secret was changed.
    SecretRotate,
    /// An invitation was used.
    InvitationUsed,
    /// An application was given access.
    AuthorizeApplication,
    /// An account elsewhere was linked.
    SourceLinked,
    /// An administrator took on another user.
    ImpersonationStarted,
    /// An administrator gave it up again.
    ImpersonationEnded,
    /// A flow was run.
    FlowExecution,
    /// A policy was evaluated.
    PolicyExecution,
    /// A policy failed with an error.
    PolicyException,
    /// A mapping failed with an error.
    PropertyMappingException,
    /// A task was run.
    SystemTaskExecution,
    /// A task failed with an error.
    SystemTaskException,
    /// The server failed with an error.
    SystemException,
    /// The configuration does not work.
    ConfigurationError,
    /// The configuration works, but perhaps not as it was meant.
    ConfigurationWarning,
    /// An object was made.
    ModelCreated,
    /// An object was changed.
    ModelUpdated,
    /// An object was deleted.
    ModelDeleted,
    /// An e-mail was sent.
    EmailSent,
    /// A new version is out.
    UpdateAvailable,
    /// Whatever an expression reported.
    #[serde(rename = "custom_")]
    Custom,
}
