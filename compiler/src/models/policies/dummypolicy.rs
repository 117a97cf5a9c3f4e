//! `authentik_policies_dummy.dummypolicy`: the same answer every time, for trying things out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Gives a fixed answer after a random wait. Made for trying out how bindings, modes and timeouts play together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DummyPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// The answer: true passes, false fails.
    #[serde(default)]
    pub result: bool,
    /// The shortest wait before the answer, in seconds.
    #[serde(default = "five")]
    #[schemars(range(min = 0))]
    pub wait_min: i32,
    /// The longest wait before the answer, in seconds. A binding whose `timeout` is shorter counts it as an error.
    #[serde(default = "thirty")]
    #[schemars(range(min = 0))]
    pub wait_max: i32,
}

fn five() -> i32 {
    5
}

fn thirty() -> i32 {
    30
}

impl Declared for DummyPolicy {
    const NAME: &'static str = "authentik_policies_dummy.dummypolicy";
    const TITLE: &'static str = "dummy policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "dummypolicy"];
}
