//! Combines the bindings of a flow or of a stage into one ruling.
//!
//! All of them are asked, none is skipped for an earlier answer. An error is not a no: whatever the mode, it makes
//! the ruling an error, unless the binding says that its failure is a pass.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use gatewright_compiler::models::policies::PolicyEngineMode;
use gatewright_expression::Value;
use gatewright_reconciler::store::{Group, User};
use uuid::Uuid;

use super::{Ruling, Verdict, expression, password};
use crate::directory::Directory;
use crate::program::{Bound, Condition, PolicyKind, PolicyProgram, UNAVAILABLE};

/// What policies are asked, and what they made of it.
pub(crate) struct Question<'a> {
    /// Where expressions look users up.
    pub(crate) directory: &'a dyn Directory,
    /// The saved user that it is about.
    pub(crate) subject: Option<&'a User>,
    /// Its groups.
    pub(crate) groups: &'a [Group],
    /// `request.user`.
    pub(crate) user: Value,
    /// `http_request`.
    pub(crate) http_request: Value,
    /// `ak_client_ip`.
    pub(crate) client_ip: IpAddr,
    /// What a password must not resemble, besides the user.
    pub(crate) site: &'a str,
    /// `context`; expressions leave their changes here.
    pub(crate) context: Value,
    /// The users that the host handed out.
    pub(crate) seen: BTreeSet<Uuid>,
}

/// Asks all bindings of one target.
pub(crate) async fn decide(bindings: &[Bound], mode: PolicyEngineMode, question: &mut Question<'_>) -> Ruling {
    let mut verdicts = Vec::new();
    let mut messages = Vec::new();
    verdicts.extend(membership(bindings, question));
    for binding in bindings.iter().filter(|binding| binding.enabled) {
        let Condition::Policy(policy) = &binding.condition else {
            continue;
        };
        let ruling = ask_bound(binding, policy, question).await;
        verdicts.push(ruling.verdict);
        messages.extend(ruling.messages);
    }
    Ruling { verdict: combine(&verdicts, mode), messages }
}

/// Asks policies that are not bound but listed: all must pass.
pub(crate) async fn decide_all(policies: &[std::sync::Arc<PolicyProgram>], question: &mut Question<'_>) -> Ruling {
    let mut verdicts = Vec::new();
    let mut messages = Vec::new();
    for policy in policies {
        let ruling = ask(policy, Bound::TIMEOUT, question).await;
        verdicts.push(ruling.verdict);
        messages.extend(ruling.messages);
    }
    Ruling { verdict: combine(&verdicts, PolicyEngineMode::All), messages }
}

fn combine(verdicts: &[Verdict], mode: PolicyEngineMode) -> Verdict {
    if verdicts.is_empty() {
        return Verdict::Pass;
    }
    if verdicts.contains(&Verdict::Error) {
        return Verdict::Error;
    }
    let passed = |verdict: &Verdict| *verdict == Verdict::Pass;
    Verdict::of(match mode {
        PolicyEngineMode::Any => verdicts.iter().any(passed),
        PolicyEngineMode::All => verdicts.iter().all(passed),
    })
}

/// Group and user bindings together are one verdict: whether any of them holds, whatever the mode.
fn membership(bindings: &[Bound], question: &Question<'_>) -> Option<Verdict> {
    let mut any = None;
    for binding in bindings.iter().filter(|binding| binding.enabled) {
        let holds = match (&binding.condition, question.subject) {
            (Condition::Policy(_), _) => continue,
            (Condition::Broken(why), _) => {
                tracing::error!(binding = %binding.id, why, "a policy binding is broken, denying");
                return Some(Verdict::Error);
            }
            // Nobody is no member, and a negation does not make somebody of nobody.
            (_, None) => false,
            (Condition::Group(group), Some(_)) => question.groups.iter().any(|own| own.id == *group) != binding.negate,
            (Condition::User(pk), Some(user)) => (user.pk == *pk) != binding.negate,
        };
        any = Some(any.unwrap_or(false) || holds);
    }
    any.map(Verdict::of)
}

async fn ask_bound(binding: &Bound, policy: &PolicyProgram, question: &mut Question<'_>) -> Ruling {
    let mut ruling = ask(policy, binding.timeout, question).await;
    ruling.verdict = match ruling.verdict {
        Verdict::Error if binding.failure_result => Verdict::Pass,
        other if binding.negate => other.negated(),
        other => other,
    };
    ruling
}

async fn ask(policy: &PolicyProgram, timeout: Duration, question: &mut Question<'_>) -> Ruling {
    match tokio::time::timeout(timeout, ask_kind(policy, question)).await {
        Ok(Ok(ruling)) => ruling,
        Ok(Err(error)) => {
            tracing::warn!(policy = policy.name, error, "a policy failed, denying");
            Ruling::of(Verdict::Error)
        }
        Err(_) => {
            tracing::warn!(policy = policy.name, "a policy ran out of time, denying");
            Ruling::of(Verdict::Error)
        }
    }
}

async fn ask_kind(policy: &PolicyProgram, question: &mut Question<'_>) -> Result<Ruling, String> {
    match &policy.kind {
        PolicyKind::Expression(compiled) => {
            expression::ask(compiled, question).await.map_err(|error| error.to_string())
        }
        PolicyKind::Password(settings) => password::ask(settings, question),
        // It matches events, and there is none in a flow.
        PolicyKind::EventMatcher => Ok(Ruling::of(Verdict::Fail)),
        PolicyKind::Unavailable => Err(UNAVAILABLE.to_owned()),
        PolicyKind::Broken(why) => Err(why.clone()),
    }
}
