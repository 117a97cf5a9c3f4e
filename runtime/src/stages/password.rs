//! `authentik_stages_password.passwordstage`: checks the pending user's password.
//!
//! Every answer costs one hash, whoever is pending: nobody, a pretended user, an inactive one.

use gatewright_compiler::models::stages::{Backend, PasswordStage};
use gatewright_expression::Value;
use serde_json::{Map, Value as Json};

use super::{Answer, Ask, Errors, Reach, error, fields};
use crate::flow::challenge::Body;
use crate::flow::execution::{Pending, ProofKind};
use crate::flow::run::{Fault, Run};
use crate::flow::view::flow_link;
use crate::policy::Subject;

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
    let password = match fields::filled_text(answer.get("password"), false) {
        Ok(password) => password,
        Err(error) => {
            return Ok(Answer::Wrong(Errors::from([("password".to_owned(), vec![error])])));
        }
    };
    let Some(subject) = run.pending().await? else {
        return Ok(Answer::Invalid(None));
    };
    if check(run, stage, &subject, &password).await? {
        return Ok(Answer::Done);
    }
    run.execution.failures = run.execution.failures.saturating_add(1);
    if i64::from(run.execution.failures) >= i64::from(stage.failed_attempts_before_cancel) {
        return Ok(Answer::Invalid(Some("Invalid password".to_owned())));
    }
    Ok(Answer::Wrong(error("password", "Invalid password", "invalid")))
}

/// Checks a password; a right one is a proof about the pending user, which the subject must be.
pub(super) async fn check(
    run: &mut Run<'_>,
    stage: &PasswordStage,
    subject: &Subject,
    password: &str,
) -> Result<bool, Fault> {
    let user = subject.user();
    let hash = user.and_then(|user| user.password_hash.as_deref());
    let right = run.engine.hasher.verify(password, hash).await?;
    // The other backends ask servers and tokens that this version does not have.
    let inbuilt = stage.backends.contains(&Backend::Inbuilt);
    let Some(user) = user.filter(|user| right && inbuilt && user.is_active) else {
        return Ok(false);
    };
    run.set_pending(Pending::User(user.id));
    run.prove(user, ProofKind::Password);
    run.execution.backend = Some(INBUILT.to_owned());
    run.execution.failures = 0;
    run.set_context("user_backend", Value::String(INBUILT.to_owned()));
    run.set_context("auth_method", Value::String("password".to_owned()));
    run.set_context("auth_method_args", Value::Map(Vec::new()));
    Ok(true)
}
