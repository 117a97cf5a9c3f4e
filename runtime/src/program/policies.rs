//! Policies and their bindings, compiled.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gatewright_compiler::models::policies::{PasswordPolicy, Policy, PolicyBinding};
use gatewright_expression::{Compiled, Kind};
use gatewright_reconciler::snapshot::{Object, Snapshot};
use uuid::Uuid;

/// A policy.
#[derive(Debug)]
pub(crate) struct PolicyProgram {
    pub(crate) name: String,
    pub(crate) kind: PolicyKind,
}

/// How a policy decides.
pub(crate) enum PolicyKind {
    /// By an expression.
    Expression(Compiled),
    /// By the strength of a password.
    Password(Box<PasswordPolicy>),
    /// By an event.
    EventMatcher,
    /// This version has no behaviour for its model; it denies.
    Unavailable,
    /// It cannot be read or compiled; it denies.
    Broken(String),
}

impl std::fmt::Debug for PolicyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PolicyKind::Expression(_) => "Expression",
            PolicyKind::Password(_) => "Password",
            PolicyKind::EventMatcher => "EventMatcher",
            PolicyKind::Unavailable => "Unavailable",
            PolicyKind::Broken(_) => "Broken",
        })
    }
}

/// A condition of a flow or of a stage binding.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) id: Uuid,
    pub(crate) order: i64,
    pub(crate) enabled: bool,
    pub(crate) negate: bool,
    pub(crate) failure_result: bool,
    pub(crate) timeout: Duration,
    pub(crate) condition: Condition,
}

impl Bound {
    /// How long a policy may take where no binding says so.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);
}

/// What is bound.
#[derive(Debug)]
pub(crate) enum Condition {
    /// A policy.
    Policy(Arc<PolicyProgram>),
    /// Membership of a group.
    Group(Uuid),
    /// Being this user.
    User(i64),
    /// Cannot be read; denies.
    Broken(String),
}

/// Why a policy without behaviour denies.
pub(crate) const UNAVAILABLE: &str = "policies of this model cannot be evaluated in this version";

type Policies = BTreeMap<Uuid, Arc<PolicyProgram>>;

/// Every policy, by id.
pub(super) fn compile(snapshot: &Snapshot) -> Policies {
    let of = |object: &Object| {
        let typed = Policy::from_attrs(&object.model, &object.attrs)?;
        let name = object.attrs.get("name").and_then(|name| name.as_str()).unwrap_or("?").to_owned();
        let kind = match typed {
            Ok(policy) => kind(policy),
            Err(error) => PolicyKind::Broken(error.to_string()),
        };
        if let PolicyKind::Broken(why) = &kind {
            tracing::error!(policy = name, why, "a policy is broken and denies");
        }
        Some((object.id, Arc::new(PolicyProgram { name, kind })))
    };
    snapshot.objects.values().filter_map(of).collect()
}

fn kind(policy: Policy) -> PolicyKind {
    match policy {
        Policy::Expression(policy) => match compile_expression(&policy.expression, Kind::Policy) {
            Ok(compiled) => PolicyKind::Expression(compiled),
            Err(why) => PolicyKind::Broken(why),
        },
        Policy::Password(policy) => PolicyKind::Password(Box::new(policy)),
        Policy::EventMatcher(_) => PolicyKind::EventMatcher,
        Policy::Dummy(_)
        | Policy::GeoIp(_)
        | Policy::PasswordExpiry(_)
        | Policy::Reputation(_)
        | Policy::UniquePassword(_) => PolicyKind::Unavailable,
    }
}

/// Compiles an expression; its mistakes as one text.
pub(super) fn compile_expression(source: &str, kind: Kind) -> Result<Compiled, String> {
    gatewright_expression::compile(source, kind).map_err(|problems| {
        let texts: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        texts.join("; ")
    })
}

/// The conditions of every target, in their order.
pub(super) fn conditions(snapshot: &Snapshot, policies: &Policies) -> BTreeMap<Uuid, Vec<Bound>> {
    let mut targets: BTreeMap<Uuid, Vec<Bound>> = BTreeMap::new();
    for object in snapshot.of_model("authentik_policies.policybinding") {
        match super::read::<PolicyBinding>(object) {
            Some(binding) => {
                targets.entry(binding.target.key()).or_default().push(bound(object.id, &binding, policies));
            }
            // Its target still has to be denied, so it is looked up by hand.
            None => {
                let target = object.attrs.get("target").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
                if let Some(target) = target {
                    targets.entry(target).or_default().push(broken(object.id, "it cannot be read".to_owned()));
                }
            }
        }
    }
    for bindings in targets.values_mut() {
        bindings.sort_by_key(|binding| (binding.order, binding.id));
    }
    targets
}

fn bound(id: Uuid, binding: &PolicyBinding, policies: &Policies) -> Bound {
    let condition = match (binding.policy, binding.group, binding.user) {
        (Some(policy), None, None) => match policies.get(&policy.key()) {
            // `failure_result` is for a policy that fails now and then, not for one that is never asked.
            Some(program) if matches!(program.kind, PolicyKind::Unavailable) => {
                Condition::Broken(UNAVAILABLE.to_owned())
            }
            Some(program) => Condition::Policy(Arc::clone(program)),
            None => Condition::Broken("its policy is not there".to_owned()),
        },
        (None, Some(group), None) => Condition::Group(group.key()),
        (None, None, Some(user)) => Condition::User(user.key()),
        _ => Condition::Broken("it does not name exactly one of policy, group and user".to_owned()),
    };
    Bound {
        id,
        order: binding.order.into(),
        enabled: binding.enabled,
        negate: binding.negate,
        failure_result: binding.failure_result,
        timeout: Duration::from_secs(u64::from(binding.timeout).max(1)),
        condition,
    }
}

/// A condition that is never met and never asked.
fn broken(id: Uuid, why: String) -> Bound {
    Bound {
        id,
        order: 0,
        enabled: true,
        negate: false,
        failure_result: false,
        timeout: Bound::TIMEOUT,
        condition: Condition::Broken(why),
    }
}
