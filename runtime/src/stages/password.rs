//! `authentik_stages_password.passwordstage`: checks the pending user's password.
//!
//! Every answer costs one hash, whoever is pending: nobody, a pretended user, an inactive one.

use gatewright_compiler::models::stages::{Backend, PasswordStage};
use gatewright_expression::Value;
use serde_json::{Map, Value as Json};

use super::{Answer, Ask, Errors, Reach, error, fields};
use crate::capability::HashError;
use crate::flow::TOO_MANY;
use crate::flow::challenge::Body;
use crate::flow::execution::{Pending, ProofKind};
use crate::flow::run::{Fault, Run};
use crate::flow::throttle::Attempt;
use crate::flow::view::flow_link;
use crate::policy::Subject;

/// Longest password.
pub(super) const LONGEST: usize = 4096;

/// What a user object carries as `backend` once this one accepted the password.
const INBUILT: &str = "authentik.core.auth.InbuiltBackend";

pub(super) fn reach(run: &Run<'_>, stage: &PasswordStage) -> Result<Reach, Fault> {
    if run.execution.pending.is_none() {
        return Ok(Reach::Invalid(None));
    }
    let recovery = run.brand.flow_recovery.as_deref();
    let body = Body::Password {
        recovery_url: recovery.map(|slug| flow_link(slug, &run.request.query)),
        allow_show_password: stage.allow_show_password,
    };
    Ok(Reach::Ask(Ask { body, user: true }))
}

pub(super) async fn answer(
    run: &mut Run<'_>,
    stage: &PasswordStage,
    answer: &Map<String, Json>,
) -> Result<Answer, Fault> {
    let password = match fields::filled_text(answer.get("password"), false, LONGEST) {
        Ok(password) => password,
        Err(error) => {
            return Ok(Answer::Wrong(Errors::from([("password".to_owned(), vec![error])])));
        }
    };
    let Some(subject) = run.pending().await? else {
        return Ok(Answer::Invalid(None));
    };
    let typed = match &run.execution.identifier {
        Some(identifier) => identifier.typed.clone(),
        None => subject.username().to_owned(),
    };
    match check(run, stage, &subject, &typed, &password).await? {
        Checked::Right => return Ok(Answer::Done),
        Checked::TooMany => return Ok(Answer::Wrong(error("password", TOO_MANY, "throttled"))),
        Checked::Wrong => {}
    }
    run.execution.failures = run.execution.failures.saturating_add(1);
    if i64::from(run.execution.failures) >= i64::from(stage.failed_attempts_before_cancel) {
        return Ok(Answer::Invalid(Some("Invalid password".to_owned())));
    }
    Ok(Answer::Wrong(error("password", "Invalid password", "invalid")))
}

/// What became of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is the user's.
    Right,
    /// It is not, or there is no such user.
    Wrong,
    /// It was not looked at.
    TooMany,
}

/// Checks a password that was typed for a name; a right one is a proof about the subject, which becomes the pending
/// user.
pub(super) async fn check(
    run: &mut Run<'_>,
    stage: &PasswordStage,
    subject: &Subject,
    typed: &str,
    password: &str,
) -> Result<Checked, Fault> {
    let Some(attempt) = attempt(run, typed) else {
        return Ok(Checked::TooMany);
    };
    let user = subject.user();
    let hash = user.and_then(|user| user.password_hash.as_deref());
    let right = match run.engine.hasher.verify(password, hash).await {
        Ok(right) => right,
        Err(why) => {
            run.engine.throttle.undo(&attempt);
            return if why == HashError::Busy { Ok(Checked::TooMany) } else { Err(why.into()) };
        }
    };
    // The other backends ask servers and tokens that this version does not have.
    let inbuilt = stage.backends.contains(&Backend::Inbuilt);
    let Some(user) = user.filter(|user| right && inbuilt && user.is_active) else {
        return Ok(Checked::Wrong);
    };
    run.engine.throttle.succeeded(&attempt);
    run.set_pending(Pending::User(user.id));
    run.prove(user, ProofKind::Password);
    run.execution.backend = Some(INBUILT.to_owned());
    run.execution.failures = 0;
    run.set_context("user_backend", Value::String(INBUILT.to_owned()));
    run.set_context("auth_method", Value::String("password".to_owned()));
    run.set_context("auth_method_args", Value::Map(Vec::new()));
    Ok(Checked::Right)
}

fn attempt(run: &Run<'_>, typed: &str) -> Option<Attempt> {
    let ip = run.request.visitor.client_ip;
    let attempt = run.engine.throttle.attempt(typed, ip, run.engine.clock.now());
    if attempt.is_none() {
        tracing::warn!(%ip, flow = run.flow.flow.slug, "too many wrong passwords");
    }
    attempt
}
