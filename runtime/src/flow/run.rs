//! The state of one turn: what the request may read, what it has done so far. Stages work on this.
//!
//! Invariants: effects and login changes only come to be in a POST; users are read from the directory once a turn,
//! and what the turn itself wrote lies on top.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_compiler::models::policies::PolicyEngineMode;
use gatewright_expression::Value;
use gatewright_reconciler::store::{Effect, Group, User};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::execution::{Credential, Execution, Pending, Proof, ProofKind};
use super::{Engine, LoginChange, Request};
use crate::capability::{CapabilityError, HashError};
use crate::directory::DirectoryError;
use crate::policy::{
    PendingChange, Question, Ruling, Subject, decide, decide_all, from_json, http_request_value, map_get, plan_change,
    policy_context, to_json, user_value,
};
use crate::program::{Bound, BrandInfo, FlowProgram, PolicyProgram, Program};

/// Slug of the flow that the initial-setup link opens, and nothing else.
pub(crate) const INITIAL_SETUP: &str = "initial-setup";

/// Why a turn cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The flow is over, with this message.
    Denied(Option<String>),
    /// Something broke. Logged; the person learns no more than that.
    Broken(String),
    /// Too many passwords are being hashed.
    Busy,
}

impl Fault {
    /// A denial with words.
    pub(crate) fn denied(message: &str) -> Fault {
        Fault::Denied(Some(message.to_owned()))
    }
}

impl From<DirectoryError> for Fault {
    fn from(error: DirectoryError) -> Fault {
        Fault::Broken(error.to_string())
    }
}

impl From<HashError> for Fault {
    fn from(error: HashError) -> Fault {
        match error {
            HashError::Busy => Fault::Busy,
            HashError::Failed(error) => Fault::from(error),
        }
    }
}

impl From<CapabilityError> for Fault {
    fn from(error: CapabilityError) -> Fault {
        Fault::Broken(error.to_string())
    }
}

/// One turn under way.
pub(crate) struct Run<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) program: &'a Program,
    pub(crate) flow: &'a FlowProgram,
    pub(crate) request: &'a Request,
    pub(crate) brand: BrandInfo,
    /// Whether this is a POST.
    pub(crate) posting: bool,
    /// Whether an answer was accepted in this turn, so that stages may act.
    pub(crate) answered: bool,
    pub(crate) restarted: bool,
    pub(crate) execution: Execution,
    /// Who is logged in, as this turn has left it.
    pub(crate) visitor: Option<User>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) login: LoginChange,
    known: BTreeMap<Uuid, User>,
    nobody_read: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        engine: &'a Engine,
        program: &'a Program,
        flow: &'a FlowProgram,
        request: &'a Request,
        posting: bool,
        execution: Execution,
    ) -> Run<'a> {
        Run {
            engine,
            program,
            flow,
            request,
            brand: program.brand(&request.visitor.host),
            posting,
            answered: false,
            restarted: false,
            execution,
            visitor: request.visitor.user.clone(),
            effects: Vec::new(),
            login: LoginChange::Keep,
            known: BTreeMap::new(),
            nobody_read: false,
        }
    }

    /// A user, fresh, with what this turn wrote.
    pub(crate) async fn user(&mut self, id: Uuid) -> Result<Option<User>, Fault> {
        if let Some(user) = self.known.get(&id) {
            return Ok(Some(user.clone()));
        }
        let user = self.engine.directory.user_by_id(id).await?;
        if let Some(user) = &user {
            self.known.insert(id, user.clone());
        }
        Ok(user)
    }

    /// Remembers a user as this turn leaves it.
    pub(crate) fn user_written(&mut self, user: User) {
        if self.visitor.as_ref().is_some_and(|visitor| visitor.id == user.id) {
            self.visitor = Some(user.clone());
        }
        self.known.insert(user.id, user);
    }

    /// The pending user, if there is one.
    pub(crate) async fn pending(&mut self) -> Result<Option<Subject>, Fault> {
        match self.execution.pending.clone() {
            None => Ok(None),
            Some(Pending::Pretended(name)) => {
                self.read_nobody().await?;
                Ok(Some(Subject::Pretended(name)))
            }
            Some(Pending::User(id)) => match self.user(id).await? {
                Some(user) => Ok(Some(Subject::User(Box::new(user)))),
                // It was deleted meanwhile.
                None => Err(Fault::Denied(None)),
            },
        }
    }

    /// Reads what is not there, once a turn: it takes as long as reading somebody who is.
    async fn read_nobody(&mut self) -> Result<(), Fault> {
        if !self.nobody_read {
            self.nobody_read = true;
            self.engine.directory.user_by_id(Uuid::nil()).await?;
        }
        Ok(())
    }

    /// Whom the flow is about: the pending user, else who is logged in, else nobody.
    pub(crate) async fn subject(&mut self) -> Result<Subject, Fault> {
        let visitor = self.visitor.clone().map_or(Subject::Anonymous, |user| Subject::User(Box::new(user)));
        Ok(self.pending().await?.unwrap_or(visitor))
    }

    /// Makes somebody the pending user. Proofs about anybody else are dropped.
    pub(crate) fn set_pending(&mut self, pending: Pending) {
        if self.execution.pending.as_ref() == Some(&pending) {
            return;
        }
        self.clear_pending();
        self.execution.pending = Some(pending);
    }

    /// Leaves the flow without a pending user, and without proofs.
    pub(crate) fn clear_pending(&mut self) {
        let execution = &mut self.execution;
        execution.pending = None;
        execution.identifier = None;
        execution.backend = None;
        execution.proofs.clear();
        execution
            .context
            .retain(|(key, _)| !matches!(key.as_str(), "auth_method" | "auth_method_args" | "user_backend"));
    }

    /// Records a proof about a user as it is now.
    pub(crate) fn prove(&mut self, user: &User, by: ProofKind) {
        let proof = Proof { user: user.id, by, credential: Credential::of(user) };
        if !self.execution.proofs.contains(&proof) {
            self.execution.proofs.push(proof);
        }
    }

    /// Takes over proofs about a user to the password that this turn gave it.
    pub(crate) fn restamp(&mut self, before: &User, after: &User) {
        let (old, new) = (Credential::of(before), Credential::of(after));
        let proofs = self.execution.proofs.iter_mut();
        for proof in proofs.filter(|proof| proof.user == after.id && proof.credential == old) {
            proof.credential = new;
        }
    }

    /// What this execution itself proved about a user, as it is now.
    pub(crate) fn recorded_proof(&self, user: &User) -> Option<ProofKind> {
        let credential = Credential::of(user);
        let mut proofs = self.execution.proofs.iter();
        proofs.find(|proof| proof.user == user.id && proof.credential == credential).map(|proof| proof.by)
    }

    /// How it was proved that this user is there, as the session's `auth_method`. `None`: it was not.
    pub(crate) fn proof_of(&self, user: &User) -> Option<&'static str> {
        if let Some(kind) = self.recorded_proof(user) {
            return Some(match kind {
                ProofKind::Password => "password",
                ProofKind::Created => "created",
                ProofKind::Setup => "setup_link",
            });
        }
        if self.setup_user() == Some(user.id) {
            return Some("setup_link");
        }
        // The request's own session, not one that this turn began: that one needed a proof itself.
        let session = self.request.visitor.user.as_ref().filter(|_| self.login == LoginChange::Keep);
        session.is_some_and(|visitor| visitor.id == user.id).then_some("session")
    }

    /// The user of the initial-setup link, in the flow that it opens.
    pub(crate) fn setup_user(&self) -> Option<Uuid> {
        self.request.setup.filter(|_| self.flow.flow.slug == INITIAL_SETUP)
    }

    /// A value of the plan context.
    pub(crate) fn context(&self, key: &str) -> Option<&Value> {
        self.execution.context.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Sets a value of the plan context.
    pub(crate) fn set_context(&mut self, key: &str, value: Value) {
        match self.execution.context.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.execution.context.push((key.to_owned(), value)),
        }
    }

    /// The answers of prompts so far.
    pub(crate) fn prompt_data(&self) -> Map<String, Json> {
        match self.context("prompt_data").map(to_json) {
            Some(Json::Object(data)) => data,
            _ => Map::new(),
        }
    }

    /// Adds answers of prompts.
    pub(crate) fn add_prompt_data(&mut self, answers: Map<String, Json>) {
        let mut data = self.prompt_data();
        data.extend(answers);
        self.set_context("prompt_data", from_json(&Json::Object(data)));
    }

    /// A token that nobody can guess.
    pub(crate) fn token(&self) -> Result<String, Fault> {
        let mut bytes = [0_u8; 32];
        self.engine.random.fill(&mut bytes)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// An id that nobody can guess.
    pub(crate) fn fresh_id(&self) -> Result<Uuid, Fault> {
        super::random_id(self.engine.random.as_ref()).map_err(Fault::from)
    }

    /// Something to write when this POST is committed.
    pub(crate) fn effect(&mut self, effect: Effect) -> Result<(), Fault> {
        if !self.posting {
            return Err(Fault::Broken("a GET tried to write".to_owned()));
        }
        self.effects.push(effect);
        Ok(())
    }

    /// What becomes of the session when this POST is committed.
    pub(crate) fn login(&mut self, change: LoginChange) -> Result<(), Fault> {
        if !self.posting {
            return Err(Fault::Broken("a GET tried to change the session".to_owned()));
        }
        self.login = change;
        Ok(())
    }

    /// Asks the conditions of a flow or a stage binding; what they change of the plan context is kept.
    pub(crate) async fn rule(&mut self, conditions: &[Bound], mode: PolicyEngineMode) -> Result<Ruling, Fault> {
        if conditions.is_empty() {
            return Ok(Ruling::of(crate::policy::Verdict::Pass));
        }
        let subject = self.subject().await?;
        let groups = self.groups(&subject).await?;
        let user = self.shown_user(&subject, &groups);
        let pending = self.execution.pending.is_some().then(|| user.clone());
        let before = policy_context(&self.flow.flow.slug, &self.execution.context, pending);
        let mut question = self.question(&subject, &groups, user, before.clone());
        let ruling = decide(conditions, mode, &mut question).await;
        let (after, mut seen) = (question.context, question.seen);
        seen.extend(subject.user().map(|user| user.id));
        seen.extend(self.visitor.as_ref().map(|user| user.id));
        self.write_back(&before, &after, &seen)?;
        Ok(ruling)
    }

    /// Asks policies about the answers of a prompt stage; they may change the answers.
    pub(crate) async fn validate(
        &mut self,
        policies: &[std::sync::Arc<PolicyProgram>],
        answers: &mut Map<String, Json>,
    ) -> Result<Ruling, Fault> {
        let subject = self.subject().await?;
        let groups = self.groups(&subject).await?;
        let user = self.shown_user(&subject, &groups);
        let data = from_json(&Json::Object(answers.clone()));
        let context = Value::Map(vec![("prompt_data".to_owned(), data)]);
        let mut question = self.question(&subject, &groups, user, context);
        let ruling = decide_all(policies, &mut question).await;
        if let Some(Json::Object(changed)) = map_get(&question.context, "prompt_data").map(to_json) {
            *answers = changed;
        }
        Ok(ruling)
    }

    fn question<'q>(&'q self, subject: &'q Subject, groups: &'q [Group], user: Value, context: Value) -> Question<'q> {
        Question {
            directory: self.engine.directory.as_ref(),
            subject: subject.user(),
            groups,
            user,
            http_request: http_request_value(self.request, self.posting, &self.brand),
            client_ip: self.request.visitor.client_ip,
            site: &self.brand.title,
            context,
            seen: BTreeSet::new(),
        }
    }

    /// The groups of a user. One that this turn created has only those of its effect, which are not there yet.
    pub(crate) async fn groups(&self, subject: &Subject) -> Result<Vec<Group>, Fault> {
        match subject {
            Subject::User(user) => Ok(self.engine.directory.user_groups(user.id).await?),
            // Nobody has none, but looking takes as long.
            Subject::Pretended(_) => Ok(self.engine.directory.user_groups(Uuid::nil()).await?),
            Subject::Anonymous => Ok(Vec::new()),
        }
    }

    /// The subject as expressions see it; with its backend once a password was accepted.
    pub(crate) fn shown_user(&self, subject: &Subject, groups: &[Group]) -> Value {
        let is_pending = matches!(
            (&self.execution.pending, subject.user()),
            (Some(Pending::User(id)), Some(user)) if *id == user.id
        );
        let backend = self.execution.backend.as_deref().filter(|_| is_pending);
        user_value(subject, groups, backend)
    }

    fn write_back(&mut self, before: &Value, after: &Value, known: &BTreeSet<Uuid>) -> Result<(), Fault> {
        let Some(change) = plan_change(before, after, known) else {
            return Ok(());
        };
        // First the context, so that what a change of the user drops from it stays dropped.
        self.execution.context = change.context;
        match change.pending {
            PendingChange::Kept => {}
            PendingChange::Forged => {
                tracing::warn!(
                    flow = self.flow.flow.slug,
                    "an expression set a pending user of its own making, denying"
                );
                return Err(Fault::Denied(None));
            }
            PendingChange::Removed => self.clear_pending(),
            PendingChange::Became(id) => self.set_pending(Pending::User(id)),
        }
        Ok(())
    }
}
