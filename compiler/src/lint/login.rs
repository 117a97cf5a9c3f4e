//! Logins whose password stage can be left out by accident.
//!
//! A condition of a stage binding that fails skips the stage, and the login goes on without it. That is meant where an
//! expression finds that the password was checked before. It is not where the condition breaks instead of failing
//! (`failure_result: false` makes a failure of that), and not where it is about who somebody is or where from: then
//! everybody else needs no password. Gatewright denies a login whose condition broke; others go on.

use std::collections::HashMap;

use super::{ObjectView, View};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{ObjectId, Val, What};

const EXPRESSION: &str = "authentik_policies_expression.expressionpolicy";

/// The stages of each flow.
type Stages<'v, 'a> = HashMap<ObjectId, Vec<&'v ObjectView<'a, 'v>>>;

pub(super) fn lint(view: &View<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    let stages = stages(view);
    for condition in view.wanted("policybinding").filter(|it| is(it, "enabled") != Some(false)) {
        diagnostics.extend(skipping(view, &stages, condition));
    }
}

/// What is wrong with a condition, if it can skip the password of a login.
fn skipping(view: &View<'_, '_>, stages: &Stages<'_, '_>, condition: &ObjectView<'_, '_>) -> Option<Diagnostic> {
    let binding = view.object(view.reference(condition, "target")?)?;
    let stage = view.object(view.reference(binding, "stage")?).filter(|stage| stage.is("passwordstage"))?;
    let flow = view.object(view.reference(binding, "target")?)?;
    let own = stages.get(&flow.id)?;
    let logs_in = own.iter().any(|stage| stage.is("userloginstage"));
    // The page that asks who somebody is may ask for the password too.
    let asked = own.iter().any(|stage| set(stage, "password_stage").is_some());
    if flow.text("designation") != Some("authentication") || !logs_in || asked {
        return None;
    }
    let (value, why, help) = if let Some(value) = set(condition, "group").or_else(|| set(condition, "user")) {
        let why = "whoever it does not hold for logs in without a password";
        (value, why, "take the condition away: those who may not log in belong to the conditions of the flow")
    } else {
        let value = set(condition, "policy")?;
        let policy = (view.refers)(value).and_then(|id| view.object(id))?;
        match (policy.model.name == EXPRESSION, is(condition, "failure_result")) {
            (true, Some(true)) => return None,
            (true, _) => (
                value,
                "when the policy breaks, the stage is skipped like when it fails",
                "set `failure_result: true`, so that the password is asked for when in doubt",
            ),
            (false, _) => {
                let why = "whenever it fails, the login goes on without a password";
                (value, why, "bind the policy to the flow, which then denies; or bind it to another stage")
            }
        }
    };
    let message = format!("{} asks for the password only under this condition: {why}", flow.title());
    Some(
        Diagnostic::at(Code::PasswordSkippable, value.span, message)
            .help(help)
            .related(binding.span, format!("{} is bound here", stage.title())),
    )
}

/// The stages of each flow.
fn stages<'v, 'a>(view: &'v View<'a, '_>) -> Stages<'v, 'a> {
    let mut stages: Stages<'v, 'a> = HashMap::new();
    for binding in view.wanted("flowstagebinding") {
        let flow = view.reference(binding, "target");
        let stage = view.reference(binding, "stage").and_then(|id| view.object(id));
        if let (Some(flow), Some(stage)) = (flow, stage) {
            stages.entry(flow).or_default().push(stage);
        }
    }
    stages
}

/// A field that is set.
fn set<'v, 'a>(object: &'v ObjectView<'a, '_>, field: &str) -> Option<&'v Val<'a>> {
    object.field(field).filter(|value| !matches!(value.what, What::Null | What::Nothing))
}

fn is(object: &ObjectView<'_, '_>, field: &str) -> Option<bool> {
    object.field(field).and_then(|value| value.truth())
}
