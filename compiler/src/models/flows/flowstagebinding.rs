//! `authentik_flows.flowstagebinding`: a stage at its place in a flow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::policies::PolicyEngineMode;
use crate::models::{Declared, Ref, SchemaError, kind, yes};

/// Puts a stage at a place in a flow. Policies bound to it decide whether the stage is part of a visitor's way.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FlowStageBinding {
    /// The flow.
    pub target: Ref<kind::Flow>,
    /// The stage.
    pub stage: Ref<kind::Stage>,
    /// Evaluate the binding's policies when the flow begins, before anything is known about the visitor.
    #[serde(default)]
    pub evaluate_on_plan: bool,
    /// Evaluate the binding's policies when the visitor reaches the stage.
    #[serde(default = "yes")]
    pub re_evaluate_policies: bool,
    /// Place in the flow: stages run from the lowest number to the highest.
    pub order: i32,
    /// Whether all of the binding's policies must pass, or any one of them.
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// What happens after an answer that the stage does not accept.
    #[serde(default)]
    pub invalid_response_action: InvalidResponseAction,
}

impl Declared for FlowStageBinding {
    const NAME: &'static str = "authentik_flows.flowstagebinding";
    const TITLE: &'static str = "stage binding";
    const KEYS: &'static [&'static [&'static str]] = &[&["target", "stage", "order"]];
    const KINDS: &'static [&'static str] = &["flowstagebinding", "policybindingmodel"];

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let off = |name: &str| attrs.get(name) == Some(&Json::Bool(false));
        if off("evaluate_on_plan") && off("re_evaluate_policies") {
            return vec![SchemaError {
                pointer: "/re_evaluate_policies".to_owned(),
                message: "the policies of this binding would never be evaluated".to_owned(),
                help: Some("set `evaluate_on_plan` or `re_evaluate_policies` to true".to_owned()),
            }];
        }
        Vec::new()
    }
}

/// What happens after an answer that a stage does not accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvalidResponseAction {
    /// The stage shows what was wrong and asks again.
    #[default]
    Retry,
    /// The flow begins again from nothing.
    Restart,
    /// The flow begins again, and what is known about the visitor so far is kept.
    RestartWithContext,
}
