//! `authentik_policies.policybinding`: a policy, a group or a user as a condition of something.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, IntRef, Ref, SchemaError, kind, yes};

/// Makes a policy, the membership of a group or being a certain user a condition of `target`. Exactly one of `policy`,
/// `group` and `user` is set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PolicyBinding {
    /// The policy that has to pass.
    #[serde(default)]
    pub policy: Option<Ref<kind::Policy>>,
    /// The group that one has to be in, itself or through a group below it.
    #[serde(default)]
    pub group: Option<Ref<kind::Group>>,
    /// The user that one has to be.
    #[serde(default)]
    pub user: Option<IntRef<kind::User>>,
    /// What the condition is for: a flow, a stage binding, an application, a notification rule.
    pub target: Ref<kind::PolicyBindingModel>,
    /// Turn the outcome round. An error stays an error.
    #[serde(default)]
    pub negate: bool,
    /// A binding that is not enabled counts as if it were not there.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Place among the conditions of the same target, the lowest first.
    pub order: i32,
    /// How long the policy may take, in seconds.
    #[serde(default = "thirty")]
    pub timeout: u32,
    /// What counts as the outcome when the policy fails with an error. On a stage binding an error always denies.
    #[serde(default)]
    pub failure_result: bool,
}

fn thirty() -> u32 {
    30
}

impl Declared for PolicyBinding {
    const NAME: &'static str = "authentik_policies.policybinding";
    const TITLE: &'static str = "policy binding";
    const KEYS: &'static [&'static [&'static str]] =
        &[&["policy", "target", "order"], &["group", "target", "order"], &["user", "target", "order"]];
    const KINDS: &'static [&'static str] = &["policybinding"];
    const ONE_OF: &'static [&'static str] = &["policy", "group", "user"];

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let set = |name: &&&str| attrs.get(**name).is_some_and(|value| !value.is_null());
        let conditions: Vec<&&str> = Self::ONE_OF.iter().filter(set).collect();
        match conditions.as_slice() {
            [first, second, ..] => vec![SchemaError {
                pointer: format!("/{second}"),
                message: format!("a binding takes one condition, here both `{first}` and `{second}` are set"),
                help: Some("use one binding for each".to_owned()),
            }],
            _ => Vec::new(),
        }
    }
}

/// How several policies count together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyEngineMode {
    /// All must pass.
    All,
    /// One that passes is enough.
    #[default]
    Any,
}
