//! Planner and executor of flows. Knows no axum, no SQL.
//!
//! [`Engine::get`] and [`Engine::post`] take a program, what was kept, and a request; they answer with a [`Turn`]:
//! what to show, what to keep, what to write. `planner` begins a flow, `executor` walks through it, `run` is the
//! state of one turn that stages work on.

pub(crate) mod avatar;
pub mod challenge;
pub(crate) mod execution;
pub(crate) mod executor;
pub(crate) mod next;
mod planner;
pub(crate) mod run;
#[cfg(test)]
mod tests;
pub(crate) mod throttle;
mod turn;
pub(crate) mod view;

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::capability::{CapabilityError, Clock, Hasher, Random};
use crate::directory::Directory;
use crate::policy::Subject;
use crate::program::Program;
use challenge::{Body, Challenge};
use executor::Halt;
use run::{Fault, Run};
use throttle::Throttle;

pub use execution::Execution;
pub use turn::{LoginChange, Request, Step, Turn, Visitor};

/// What somebody reads who tries passwords too often, or when everybody does.
pub(crate) const TOO_MANY: &str = "Too many attempts. Try again in a few minutes.";

/// Runs flows.
#[derive(Clone)]
pub struct Engine {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) hasher: Arc<dyn Hasher>,
    pub(crate) throttle: Arc<Throttle>,
}

impl Engine {
    /// An engine over these capabilities.
    pub fn new(
        directory: Arc<dyn Directory>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        hasher: Arc<dyn Hasher>,
    ) -> Engine {
        Engine { directory, clock, random, hasher, throttle: Arc::default() }
    }

    /// Shows where a flow is; begins it where there is nothing to go on with. Writes nothing, ever.
    pub async fn get(&self, program: &Program, execution: Option<Execution>, request: &Request) -> Turn {
        self.turn(program, execution, request, None).await
    }

    /// Answers the current challenge and goes on to the next one.
    pub async fn post(
        &self,
        program: &Program,
        execution: Option<Execution>,
        request: &Request,
        answer: &Map<String, Json>,
    ) -> Turn {
        self.turn(program, execution, request, Some(answer)).await
    }

    async fn turn(
        &self,
        program: &Program,
        execution: Option<Execution>,
        request: &Request,
        answer: Option<&Map<String, Json>>,
    ) -> Turn {
        let Some(flow) = program.flow(&request.flow) else {
            return Turn::over(Step::UnknownFlow);
        };
        let kept = execution.filter(|execution| self.goes_on(execution, program, request));
        let current = match kept.clone().map_or_else(|| planner::blank(self, program, request), Ok) {
            Ok(current) => current,
            Err(fault) => return self.broken(&fault, None),
        };
        let mut run = Run::new(self, program, flow, request, answer.is_some(), current);
        let resumed = kept.is_some() && executor::setup_holds(&run);
        match step(&mut run, resumed, answer).await {
            Ok(halt) => self.finish(run, halt).await,
            Err(Fault::Denied(message)) => self.finish(run, Halt::Denied(message)).await,
            // What was kept stays as it was: the person may try again when the database is back.
            Err(fault) => self.broken(&fault, kept),
        }
    }

    /// Whether what was kept is this flow, of this program and visitor, and not too old.
    fn goes_on(&self, execution: &Execution, program: &Program, request: &Request) -> bool {
        execution.flow == request.flow
            && execution.revision == program.revision()
            && execution.expires > self.clock.now()
            && execution.visitor == request.visitor.user.as_ref().map(|user| user.id)
    }

    async fn finish(&self, mut run: Run<'_>, halt: Halt) -> Turn {
        let (step, keep) = match halt {
            // What was wrong with an answer is shown at once; the next challenge is a page of its own.
            Halt::Ask(_) if run.posting && (run.answered || run.restarted) => (Step::Advanced, true),
            Halt::Ask(challenge) => (Step::Challenge(*challenge), true),
            Halt::Leave { to, flow } => (Step::Redirect { to, flow }, false),
            Halt::Enter { to, flow } => (Step::Redirect { to, flow }, true),
            Halt::Denied(message) => {
                let subject = run.subject().await.unwrap_or(Subject::Anonymous);
                (Step::Challenge(view::denied(&run, &subject, message)), false)
            }
        };
        run.execution.visitor = run.visitor.as_ref().map(|visitor| visitor.id);
        let silent = run.posting || (run.effects.is_empty() && run.login == LoginChange::Keep);
        if !silent {
            return self.broken(&Fault::Broken("a GET tried to write".to_owned()), None);
        }
        Turn { step, execution: keep.then_some(run.execution), effects: run.effects, login: run.login }
    }

    fn broken(&self, fault: &Fault, kept: Option<Execution>) -> Turn {
        let said = (*fault == Fault::Busy).then(|| TOO_MANY.to_owned());
        let request_id = random_id(self.random.as_ref()).map_or_else(|_| String::new(), |id| id.simple().to_string());
        tracing::error!(request_id, ?fault, "a flow failed");
        let body = Body::FlowError { request_id, error: said };
        let challenge = Challenge { flow_info: None, body, response_errors: Default::default(), user: None };
        Turn { execution: kept, ..Turn::over(Step::Challenge(challenge)) }
    }
}

async fn step(run: &mut Run<'_>, resumed: bool, answer: Option<&Map<String, Json>>) -> Result<Halt, Fault> {
    if resumed && executor::next_is_bad(run) {
        return Ok(executor::bad_next());
    }
    if let (Some(answer), true, true) = (answer, resumed, run.execution.reached) {
        return executor::answer(run, answer).await;
    }
    let shown = if resumed { executor::walk(run).await? } else { executor::begin(run).await? };
    match (answer, shown) {
        (Some(answer), Halt::Ask(_)) => executor::answer(run, answer).await,
        (_, halt) => Ok(halt),
    }
}

/// A random UUID.
pub(crate) fn random_id(random: &dyn Random) -> Result<Uuid, CapabilityError> {
    let mut bytes = [0_u8; 16];
    random.fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

impl Turn {
    fn over(step: Step) -> Turn {
        Turn { step, execution: None, effects: Vec::new(), login: LoginChange::Keep }
    }
}
