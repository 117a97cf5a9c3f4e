//! Begins a flow: who may run it, and which of its stages come.

use gatewright_compiler::models::flows::Authentication;
use gatewright_expression::Value;
use jiff::SignedDuration;

use super::execution::{Execution, LIFETIME_SECONDS, Pending};
use super::run::{Fault, INITIAL_SETUP, Run};
use super::{Engine, Request};
use crate::policy::Verdict;
use crate::program::Program;

/// Why a flow is not for somebody.
pub(crate) struct NotApplicable {
    /// What its policies said.
    pub(crate) messages: Vec<String>,
}

impl NotApplicable {
    /// What the person reads.
    pub(crate) fn text(&self) -> String {
        let said: Vec<&str> = self.messages.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
        if said.is_empty() { "Flow does not apply to current user.".to_owned() } else { said.join("\n") }
    }
}

/// An execution with nothing planned yet.
pub(crate) fn blank(engine: &Engine, program: &Program, request: &Request) -> Result<Execution, Fault> {
    let now = engine.clock.now();
    let lifetime = SignedDuration::from_secs(LIFETIME_SECONDS);
    let expires = now.checked_add(lifetime).map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(Execution {
        id: super::random_id(engine.random.as_ref())?,
        flow: request.flow.clone(),
        revision: program.revision(),
        expires,
        visitor: request.visitor.user.as_ref().map(|user| user.id),
        pending: None,
        identifier: None,
        backend: None,
        proofs: Vec::new(),
        context: Vec::new(),
        plan: Default::default(),
        reached: false,
        scratch: Default::default(),
        failures: 0,
    })
}

/// Plans the run's flow with the context that the run has.
pub(crate) async fn plan(run: &mut Run<'_>) -> Result<Result<(), NotApplicable>, Fault> {
    let flow = run.flow;
    run.execution.flow.clone_from(&flow.flow.slug);
    run.execution.plan.clear();
    run.execution.reached = false;
    run.execution.scratch = Default::default();
    if flow.flow.slug == INITIAL_SETUP {
        // Whoever declares this flow, only the link opens it, and only for the link's user.
        let Some(user) = run.setup_user() else {
            return Ok(Err(NotApplicable { messages: Vec::new() }));
        };
        run.set_pending(Pending::User(user));
    }
    if !requirement_holds(run).await? {
        return Ok(Err(NotApplicable { messages: Vec::new() }));
    }
    let ruling = run.rule(&flow.conditions, flow.flow.policy_engine_mode).await?;
    if ruling.verdict != Verdict::Pass {
        return Ok(Err(NotApplicable { messages: ruling.messages }));
    }
    for binding in &flow.bindings {
        if binding.evaluate_on_plan {
            let ruling = run.rule(&binding.conditions, binding.mode).await?;
            match ruling.verdict {
                Verdict::Pass => {}
                Verdict::Fail => continue,
                // Left out it would be a stage skipped by accident.
                Verdict::Error => {
                    return Ok(Err(NotApplicable { messages: ruling.messages }));
                }
            }
        }
        run.execution.plan.push_back(binding.id);
    }
    Ok(Ok(()))
}

async fn requirement_holds(run: &mut Run<'_>) -> Result<bool, Fault> {
    Ok(match run.flow.flow.authentication {
        Authentication::None => true,
        Authentication::RequireAuthenticated => run.visitor.is_some(),
        Authentication::RequireUnauthenticated => run.visitor.is_none(),
        Authentication::RequireSuperuser => match run.visitor.clone() {
            // Membership counts through child groups, too.
            Some(user) => run.engine.directory.user_groups(user.id).await?.iter().any(|group| group.is_superuser),
            None => false,
        },
        Authentication::RequireRedirect => {
            matches!(run.context("is_redirected"), Some(Value::String(_)))
        }
        // Outposts come with a later version: no request is one's.
        Authentication::RequireOutpost => false,
    })
}
