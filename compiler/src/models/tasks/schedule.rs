//! `authentik_tasks_schedules.schedule`: when the server does something by itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// When the server does one of its recurring tasks. The server makes the schedules; a blueprint moves or pauses them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// The key of the object that the task is about, such as a source that is synchronised. Not set: the server as a whole.
    #[serde(default)]
    pub rel_obj_id: Option<String>,
    /// When, as five fields of minute, hour, day of the month, month and day of the week: `0 */4 * * *` is every four hours.
    #[schemars(extend("format" = "crontab"))]
    pub crontab: String,
    /// Do not run it until this is false again.
    #[serde(default)]
    pub paused: bool,
}

impl Declared for Schedule {
    const NAME: &'static str = "authentik_tasks_schedules.schedule";
    const TITLE: &'static str = "schedule";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &["schedule"];
}
