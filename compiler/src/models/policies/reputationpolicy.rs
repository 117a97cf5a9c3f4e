//! `authentik_policies_reputation.reputationpolicy`: has this visitor failed too often?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, SchemaError, yes};

/// Passes for visitors of bad reputation, so that a stage bound with it, such as a captcha, comes only for them. Failed
/// logins lower a score by one, successful ones raise it by one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReputationPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// Count the score of the visitor's address.
    #[serde(default = "yes")]
    pub check_ip: bool,
    /// Count the score of the user name that was given.
    #[serde(default = "yes")]
    pub check_username: bool,
    /// The policy passes when the score is this or lower.
    #[serde(default = "minus_five")]
    pub threshold: i32,
}

fn minus_five() -> i32 {
    -5
}

impl Declared for ReputationPolicy {
    const NAME: &'static str = "authentik_policies_reputation.reputationpolicy";
    const TITLE: &'static str = "reputation policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "reputationpolicy"];

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let off = |name: &str| attrs.get(name) == Some(&Json::Bool(false));
        if off("check_ip") && off("check_username") {
            return vec![SchemaError {
                pointer: "/check_username".to_owned(),
                message: "this policy would look at no score at all".to_owned(),
                help: Some("set `check_ip` or `check_username` to true".to_owned()),
            }];
        }
        Vec::new()
    }
}
