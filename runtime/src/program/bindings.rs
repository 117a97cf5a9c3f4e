//! Stage bindings: which stages a flow has, in which order, under which conditions.

use std::collections::BTreeMap;

use gatewright_compiler::models::flows::FlowStageBinding;
use gatewright_reconciler::snapshot::Snapshot;
use uuid::Uuid;

use super::StageBinding;
use super::policies::Bound;

/// The stage bindings of every flow, in their order.
pub(super) fn compile(
    snapshot: &Snapshot,
    conditions: &mut BTreeMap<Uuid, Vec<Bound>>,
) -> BTreeMap<Uuid, Vec<StageBinding>> {
    let mut flows: BTreeMap<Uuid, Vec<StageBinding>> = BTreeMap::new();
    for object in snapshot.of_model("authentik_flows.flowstagebinding") {
        let conditions = conditions.remove(&object.id).unwrap_or_default();
        let (target, binding) = match super::read::<FlowStageBinding>(object) {
            Some(binding) => (Some(binding.target.key()), program(object.id, &binding, conditions)),
            // Its flow is denied: the stage that it names is nowhere.
            None => {
                let target = object.attrs.get("target").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
                (target, broken(object.id))
            }
        };
        if let Some(target) = target {
            flows.entry(target).or_default().push(binding);
        }
    }
    for bindings in flows.values_mut() {
        bindings.sort_by_key(|binding| (binding.order, binding.id));
    }
    flows
}

fn program(id: Uuid, binding: &FlowStageBinding, conditions: Vec<Bound>) -> StageBinding {
    StageBinding {
        id,
        stage: binding.stage.key(),
        order: binding.order.into(),
        evaluate_on_plan: binding.evaluate_on_plan,
        evaluate_when_reached: binding.re_evaluate_policies || !binding.evaluate_on_plan,
        mode: binding.policy_engine_mode,
        on_invalid: binding.invalid_response_action,
        conditions,
    }
}

fn broken(id: Uuid) -> StageBinding {
    StageBinding {
        id,
        stage: Uuid::nil(),
        order: i64::MIN,
        evaluate_on_plan: false,
        evaluate_when_reached: true,
        mode: Default::default(),
        on_invalid: Default::default(),
        conditions: Vec::new(),
    }
}
