//! What expressions see of a flow under way, and what they may change of it. Pure.
//!
//! The sandbox works on copies. Afterwards the plan context is compared with what went in: any key may change
//! but `pending_user`, which may only become a user that the host had handed out, matched by id.

use std::collections::BTreeSet;

use gatewright_expression::{Class, Value};
use uuid::Uuid;

use super::values::{entry, map_get};

/// Key of the user in a plan context.
const PENDING: &str = "pending_user";

/// What an expression changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlanChange {
    /// The whole plan context, `pending_user` left out.
    pub(crate) context: Vec<(String, Value)>,
    /// What became of the pending user.
    pub(crate) pending: PendingChange,
}

/// What became of the pending user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PendingChange {
    /// Nothing.
    Kept,
    /// It was taken away.
    Removed,
    /// Now it is this user.
    Became(Uuid),
    /// Something that is no user of the directory.
    Forged,
}

/// `context` for a policy: every key of the plan context, and `flow_plan`.
pub(crate) fn policy_context(slug: &str, context: &[(String, Value)], pending: Option<Value>) -> Value {
    let mut plan: Vec<(String, Value)> = context.to_vec();
    if let Some(user) = pending {
        plan.push(entry(PENDING, user));
    }
    let flow_plan = vec![entry("context", Value::Map(plan.clone())), entry("slug", Value::String(slug.to_owned()))];
    plan.push(entry("flow_plan", Value::Object(Class::FlowPlan, flow_plan)));
    Value::Map(plan)
}

/// What changed between the `context` that went in and the one that came out.
///
/// In Python `context["x"]` and `flow_plan.context["x"]` are one object when it is a dict or a list; here they are
/// two copies. So a key of the plan that was only changed in `context` counts as changed in the plan.
pub(crate) fn plan_change(before: &Value, after: &Value, known: &BTreeSet<Uuid>) -> Option<PlanChange> {
    if before == after {
        return None;
    }
    let old = map_get(map_get(before, "flow_plan")?, "context")?;
    let new = map_get(map_get(after, "flow_plan")?, "context")?;
    let Value::Map(fields) = new else { return None };
    let merged: Vec<(String, Value)> = fields
        .iter()
        .map(|(key, value)| {
            let was = map_get(old, key);
            let top = map_get(after, key);
            let only_top = was == Some(value) && top != was && map_get(before, key) == was;
            (key.clone(), if only_top { top.unwrap_or(value).clone() } else { value.clone() })
        })
        .collect();
    let merged = Value::Map(merged);
    let pending = pending_change(map_get(old, PENDING), map_get(&merged, PENDING), known);
    let Value::Map(mut context) = merged else {
        return None;
    };
    context.retain(|(key, _)| key != PENDING);
    Some(PlanChange { context, pending })
}

fn pending_change(old: Option<&Value>, new: Option<&Value>, known: &BTreeSet<Uuid>) -> PendingChange {
    let absent = |value: Option<&Value>| value.is_none_or(|value| *value == Value::Null);
    if absent(new) {
        return if absent(old) { PendingChange::Kept } else { PendingChange::Removed };
    }
    let (was, now) = (old.and_then(user_id), new.and_then(user_id));
    match now {
        Some(id) if was == Some(id) => PendingChange::Kept,
        Some(id) if known.contains(&id) => PendingChange::Became(id),
        Some(_) => PendingChange::Forged,
        // A pretended user has no id; changing its fields changes nothing, since they are not read back.
        None if was.is_none() && same_name(old, new) => PendingChange::Kept,
        None => PendingChange::Forged,
    }
}

fn user_id(value: &Value) -> Option<Uuid> {
    match (value, map_get(value, "uuid")) {
        (Value::Object(Class::User, _), Some(Value::String(id))) => id.parse().ok(),
        _ => None,
    }
}

fn same_name(old: Option<&Value>, new: Option<&Value>) -> bool {
    let name = |value: Option<&Value>| match value {
        Some(user @ Value::Object(Class::User, _)) => map_get(user, "username").cloned(),
        _ => None,
    };
    name(old).is_some() && name(old) == name(new)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    fn user(id: u128) -> Value {
        Value::Object(Class::User, vec![entry("uuid", Value::String(Uuid::from_u128(id).to_string()))])
    }

    fn set(context: &mut Value, path: &[&str], value: Value) {
        let (Value::Map(fields) | Value::Object(_, fields)) = context else { panic!("no map") };
        let (first, rest) = path.split_first().unwrap();
        if !fields.iter().any(|(key, _)| key == first) {
            fields.push(entry(first, Value::Null));
        }
        let slot = &mut fields.iter_mut().find(|(key, _)| key == first).unwrap().1;
        if rest.is_empty() { *slot = value } else { set(slot, rest, value) }
    }

    #[test]
    fn nothing_changed_is_no_change() {
        let before = policy_context("a", &[], Some(user(1)));
        assert_eq!(plan_change(&before, &before.clone(), &BTreeSet::new()), None);
    }

    #[test]
    fn the_plan_and_the_aliases_of_its_keys_are_written_back() {
        let before = policy_context("a", &[entry("prompt_data", Value::Map(vec![]))], None);
        let mut after = before.clone();
        set(&mut after, &["prompt_data"], Value::Map(vec![entry("x", Value::Int(1))]));
        set(&mut after, &["flow_plan", "context", "y"], Value::Int(2));
        set(&mut after, &["z"], Value::Int(3));
        let change = plan_change(&before, &after, &BTreeSet::new()).unwrap();
        assert_eq!(
            change.context,
            vec![entry("prompt_data", Value::Map(vec![entry("x", Value::Int(1))])), entry("y", Value::Int(2))]
        );
        assert_eq!(change.pending, PendingChange::Kept);
    }

    #[test]
    fn the_pending_user_may_only_become_one_that_the_host_handed_out() {
        let before = policy_context("a", &[], Some(user(1)));
        let known = BTreeSet::from([Uuid::from_u128(2)]);
        for (new, expected) in [
            (user(2), PendingChange::Became(Uuid::from_u128(2))),
            (user(3), PendingChange::Forged),
            (Value::String("akadmin".into()), PendingChange::Forged),
            (Value::Null, PendingChange::Removed),
        ] {
            let mut after = before.clone();
            set(&mut after, &["flow_plan", "context", "pending_user"], new);
            assert_eq!(plan_change(&before, &after, &known).unwrap().pending, expected);
        }
    }
}
