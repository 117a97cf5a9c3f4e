//! Walks through a plan: reaches stages, lets them act, and stops at the first that asks.

use std::collections::BTreeMap;

use gatewright_compiler::models::flows::{DeniedAction, InvalidResponseAction};
use gatewright_expression::Value;
use serde_json::{Map, Value as Json};
use subtle::ConstantTimeEq as _;

use super::challenge::{Body, Challenge, FieldError, FlowInfo};
use super::next::local_path;
use super::planner::{NotApplicable, plan};
use super::run::{Fault, INITIAL_SETUP, Run};
use super::view;
use crate::policy::Verdict;
use crate::program::{StageBinding, StageProgram};
use crate::stages::{self, Answer, Ask, Errors, Leave, Reach};

/// Where a walk came to a halt.
#[derive(Debug)]
pub(crate) enum Halt {
    /// A stage asks.
    Ask(Box<Challenge>),
    /// The flow is over: go there. A redirect stage says of which flow it is.
    Leave { to: String, flow: Option<FlowInfo> },
    /// On to another flow, which is planned.
    Enter { to: String, flow: Option<FlowInfo> },
    /// The flow is over: no.
    Denied(Option<String>),
}

/// How a walk goes on.
enum Walk {
    On,
    Halt(Halt),
}

/// Plans the flow from nothing and walks to its first challenge.
pub(crate) async fn begin(run: &mut Run<'_>) -> Result<Halt, Fault> {
    match plan(run).await? {
        Ok(()) if next_is_bad(run) => Ok(bad_next()),
        Ok(()) => walk(run).await,
        Err(why) => Ok(turned_away(run, &why)),
    }
}

/// Whether the query leads to where a flow sends nobody. Asked at every request, before anything is done: nobody is
/// logged in on the way to a page that would lead away.
pub(crate) fn next_is_bad(run: &Run<'_>) -> bool {
    run.request.query_value("next").is_some_and(|next| !next.is_empty() && local_path(next).is_none())
}

/// What a bad `next` shows.
pub(crate) fn bad_next() -> Halt {
    Halt::Denied(Some("Invalid next URL".to_owned()))
}

/// What a flow that is not for somebody shows.
fn turned_away(run: &Run<'_>, why: &NotApplicable) -> Halt {
    match run.flow.flow.denied_action {
        DeniedAction::Continue => {
            let next = run.request.query_value("next").and_then(local_path);
            over(next.unwrap_or("/"))
        }
        DeniedAction::Message | DeniedAction::MessageContinue => Halt::Denied(Some(why.text())),
    }
}

/// Goes on from the current stage until one asks, or the flow is over.
pub(crate) async fn walk(run: &mut Run<'_>) -> Result<Halt, Fault> {
    // Every round takes a stage off the plan or halts, but a redirect to another flow lengthens it.
    for _ in 0..MOST_ROUNDS {
        let Some(id) = run.execution.plan.front().copied() else {
            return end(run);
        };
        let (binding, stage) = stage_of(run, id)?;
        if !run.execution.reached {
            if !arrives(run, binding).await? {
                continue;
            }
            run.execution.reached = true;
        }
        let walk = match stages::reach(run, stage).await? {
            Reach::Ask(ask) => Walk::Halt(ask_halt(run, ask, Errors::new()).await?),
            Reach::Pass => passed(run),
            Reach::Act => act(run, binding, stage).await?,
            Reach::Invalid(message) => invalid(run, binding, message).await?,
            Reach::Leave(leave) => leave_for(run, leave).await?,
        };
        if let Walk::Halt(halt) = walk {
            return Ok(halt);
        }
    }
    tracing::warn!(flow = run.flow.flow.slug, "a flow does not end, denying");
    Err(Fault::Denied(None))
}

/// More rounds than any real flow has; flows that redirect to each other would run for ever.
const MOST_ROUNDS: usize = 1_000;

fn stage_of<'a>(run: &Run<'a>, id: uuid::Uuid) -> Result<(&'a StageBinding, &'a StageProgram), Fault> {
    let binding = run.flow.binding(id);
    let stage = binding.and_then(|binding| run.program.stage(binding.stage));
    match (binding, stage) {
        (Some(binding), Some(stage)) => Ok((binding, stage)),
        _ => {
            tracing::error!(flow = run.flow.flow.slug, binding = %id, "a stage is not there, denying");
            Err(Fault::Denied(None))
        }
    }
}

/// Asks the conditions of a binding that comes to the front. Once: the outcome is carried from here on.
async fn arrives(run: &mut Run<'_>, binding: &StageBinding) -> Result<bool, Fault> {
    if !binding.evaluate_when_reached {
        return Ok(true);
    }
    let ruling = run.rule(&binding.conditions, binding.mode).await?;
    match ruling.verdict {
        Verdict::Pass => Ok(true),
        Verdict::Fail => {
            run.execution.plan.pop_front();
            Ok(false)
        }
        Verdict::Error => {
            tracing::warn!(flow = run.flow.flow.slug, binding = %binding.id, "a policy of a stage failed, denying");
            Err(Fault::Denied(Some(NotApplicable { messages: ruling.messages }.text())))
        }
    }
}

fn passed(run: &mut Run<'_>) -> Walk {
    run.execution.plan.pop_front();
    run.execution.reached = false;
    run.execution.scratch = Default::default();
    Walk::On
}

/// Lets a stage act, if this is a POST that answered something; else asks for the one click first.
async fn act(run: &mut Run<'_>, binding: &StageBinding, stage: &StageProgram) -> Result<Walk, Fault> {
    if !run.posting || !run.answered {
        let ask = gate(run, stage)?;
        return Ok(Walk::Halt(ask_halt(run, ask, Errors::new()).await?));
    }
    match stages::act(run, stage).await? {
        Ok(()) => Ok(passed(run)),
        Err(message) => invalid(run, binding, message).await,
    }
}

/// The one-click challenge in front of a stage that acts. Its token lives in the execution.
fn gate(run: &mut Run<'_>, stage: &StageProgram) -> Result<Ask, Fault> {
    let token = match run.execution.scratch.token.clone() {
        Some(token) if run.execution.scratch.gate => token,
        _ => run.token()?,
    };
    run.execution.scratch.token = Some(token.clone());
    run.execution.scratch.gate = true;
    let body = Body::Consent {
        header_text: Some(stages::gate_text(stage).to_owned()),
        permissions: Vec::new(),
        additional_permissions: Vec::new(),
        token,
    };
    Ok(Ask { body, user: true })
}

/// Answers the current challenge, then walks on.
pub(crate) async fn answer(run: &mut Run<'_>, answer: &Map<String, Json>) -> Result<Halt, Fault> {
    let Some(id) = run.execution.plan.front().copied() else {
        return end(run);
    };
    let (binding, stage) = stage_of(run, id)?;
    let reply =
        if run.execution.scratch.gate { gate_answer(run, answer) } else { stages::answer(run, stage, answer).await? };
    match reply {
        Answer::Opened => {
            run.answered = true;
            run.execution.scratch = Default::default();
        }
        Answer::Done => {
            run.answered = true;
            passed(run);
        }
        Answer::Wrong(errors) => return wrong(run, binding, stage, errors).await,
        Answer::Invalid(message) => match invalid(run, binding, message).await? {
            Walk::Halt(halt) => return Ok(halt),
            Walk::On => {}
        },
    }
    walk(run).await
}

/// An answer that the stage does not accept: shown again with what was wrong, or from the beginning.
async fn wrong(run: &mut Run<'_>, binding: &StageBinding, stage: &StageProgram, errors: Errors) -> Result<Halt, Fault> {
    if binding.on_invalid != InvalidResponseAction::Retry && !run.execution.scratch.gate {
        return match invalid(run, binding, None).await? {
            Walk::Halt(halt) => Ok(halt),
            Walk::On => walk(run).await,
        };
    }
    let ask = match stages::reach(run, stage).await? {
        Reach::Ask(ask) => ask,
        Reach::Act => gate(run, stage)?,
        Reach::Invalid(message) => return Ok(Halt::Denied(message)),
        Reach::Pass | Reach::Leave(_) => return Err(Fault::Denied(None)),
    };
    ask_halt(run, ask, errors).await
}

fn gate_answer(run: &Run<'_>, answer: &Map<String, Json>) -> Answer {
    if token_matches(run.execution.scratch.token.as_deref(), answer) {
        return Answer::Opened;
    }
    Answer::Wrong(token_errors(answer))
}

/// Whether an answer carries the token, compared in constant time.
pub(crate) fn token_matches(token: Option<&str>, answer: &Map<String, Json>) -> bool {
    match (token, answer.get("token")) {
        (Some(token), Some(Json::String(given))) => token.as_bytes().ct_eq(given.as_bytes()).into(),
        _ => false,
    }
}

/// What is wrong with a token that does not match.
pub(crate) fn token_errors(answer: &Map<String, Json>) -> Errors {
    let error = match answer.get("token") {
        None => FieldError { string: "This field is required.".to_owned(), code: "required".to_owned() },
        Some(_) => {
            let string = "Invalid consent token, re-showing prompt".to_owned();
            FieldError { string, code: "invalid".to_owned() }
        }
    };
    BTreeMap::from([("token".to_owned(), vec![error])])
}

/// A stage cannot be passed: the flow begins again, once in a turn, or is over.
async fn invalid(run: &mut Run<'_>, binding: &StageBinding, message: Option<String>) -> Result<Walk, Fault> {
    let keep = match binding.on_invalid {
        InvalidResponseAction::Retry => return Ok(Walk::Halt(Halt::Denied(message))),
        InvalidResponseAction::Restart => false,
        InvalidResponseAction::RestartWithContext => true,
    };
    if run.restarted {
        tracing::warn!(flow = run.flow.flow.slug, "a restarted flow comes back to where it restarted, denying");
        return Ok(Walk::Halt(Halt::Denied(message)));
    }
    run.restarted = true;
    // What the person agreed to with a click was the former way through the flow.
    run.answered = false;
    if !keep {
        run.clear_pending();
        run.execution.context.clear();
    }
    match plan(run).await? {
        Ok(()) => Ok(Walk::On),
        Err(why) => Ok(Walk::Halt(turned_away(run, &why))),
    }
}

/// A redirect stage: out of the flow, or into another one.
async fn leave_for(run: &mut Run<'_>, leave: Leave) -> Result<Walk, Fault> {
    let here = view::info(run).await?;
    let (slug, keep_context) = match leave {
        Leave::To(to) => return Ok(Walk::Halt(Halt::Leave { to, flow: here })),
        Leave::Flow { slug, keep_context } => (slug, keep_context),
    };
    let Some(flow) = run.program.flow(&slug) else {
        tracing::warn!(flow = run.flow.flow.slug, "a redirect stage leads nowhere, denying");
        return Err(Fault::Denied(None));
    };
    let from = run.flow.flow.slug.clone();
    if !keep_context {
        run.clear_pending();
        run.execution.context.clear();
    }
    run.set_context("is_redirected", Value::String(from));
    run.flow = flow;
    match plan(run).await? {
        Ok(()) => Ok(Walk::Halt(Halt::Enter { to: view::flow_link(&slug, &run.request.query), flow: here })),
        Err(why) => Ok(Walk::Halt(turned_away(run, &why))),
    }
}

/// A flow that ended leads on.
fn over(to: &str) -> Halt {
    Halt::Leave { to: to.to_owned(), flow: None }
}

/// The end: where expressions or the query say, on this site.
fn end(run: &Run<'_>) -> Result<Halt, Fault> {
    if let Some(Value::String(target)) = run.context("redirect") {
        return match super::next::declared_target(target) {
            Some(target) => Ok(over(target)),
            None => Ok(bad_next()),
        };
    }
    match run.request.query_value("next").filter(|next| !next.is_empty()) {
        None => Ok(over("/")),
        Some(next) => match local_path(next) {
            Some(next) => Ok(over(next)),
            None => Ok(bad_next()),
        },
    }
}

async fn ask_halt(run: &mut Run<'_>, ask: Ask, errors: Errors) -> Result<Halt, Fault> {
    let challenge = view::challenge(run, ask.body, ask.user, errors).await?;
    Ok(Halt::Ask(Box::new(challenge)))
}

/// Whether a flow may go on that the initial-setup link began: the link is still open, or this execution used it.
pub(crate) fn setup_holds(run: &Run<'_>) -> bool {
    use super::execution::ProofKind;
    run.flow.flow.slug != INITIAL_SETUP
        || run.setup_user().is_some()
        || run.execution.proofs.iter().any(|proof| proof.by == ProofKind::Setup)
}
