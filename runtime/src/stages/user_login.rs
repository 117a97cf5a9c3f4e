//! `authentik_stages_user_login.userloginstage`: begins a session for the pending user.
//!
//! Demands a proof of exactly that user: a flow whose password stage was skipped logs nobody in.

use gatewright_compiler::models::stages::UserLoginStage;
use gatewright_reconciler::store::{Effect, User};
use jiff::SignedDuration;
use serde_json::{Map, Value as Json};

use super::{Answer, Ask, Errors, Reach, UNPROVED, fields};
use crate::flow::LoginChange;
use crate::flow::challenge::Body;
use crate::flow::run::{Fault, Run};
use crate::policy::Subject;

pub(super) async fn reach(run: &mut Run<'_>, stage: &UserLoginStage) -> Result<Reach, Fault> {
    if let Err(why) = entitled(run).await? {
        return Ok(Reach::Invalid(Some(why.to_owned())));
    }
    if stage.remember_me_offset.is_zero() {
        return Ok(Reach::Act);
    }
    Ok(Reach::Ask(Ask { body: Body::UserLogin {}, user: true }))
}

pub(super) async fn answer(
    run: &mut Run<'_>,
    stage: &UserLoginStage,
    answer: &Map<String, Json>,
) -> Result<Answer, Fault> {
    let remember = answer.get("remember_me").ok_or_else(fields::required).and_then(fields::boolean);
    let remember = match remember {
        Ok(remember) => remember,
        Err(error) => {
            return Ok(Answer::Wrong(Errors::from([("remember_me".to_owned(), vec![error])])));
        }
    };
    Ok(match act(run, stage, remember).await? {
        Ok(()) => Answer::Done,
        Err(message) => Answer::Invalid(message),
    })
}

pub(super) async fn act(
    run: &mut Run<'_>,
    stage: &UserLoginStage,
    remember: bool,
) -> Result<Result<(), Option<String>>, Fault> {
    let (user, auth_method) = match entitled(run).await? {
        Ok(entitled) => entitled,
        Err(why) => return Ok(Err(Some(why.to_owned()))),
    };
    let duration = duration(stage, remember)?;
    run.effect(Effect::UserLoggedIn { id: user.id })?;
    if stage.terminate_other_sessions {
        run.effect(Effect::SessionsEnd { user: user.id, except: run.request.visitor.session })?;
    }
    run.login(LoginChange::Login { user: user.id, auth_method: auth_method.to_owned(), duration })?;
    run.visitor = Some(user);
    Ok(Ok(()))
}

/// The pending user with the proof about it, or why there is no logging in.
async fn entitled(run: &mut Run<'_>) -> Result<Result<(User, &'static str), &'static str>, Fault> {
    let user = match run.pending().await? {
        None => return Ok(Err("No Pending user to login.")),
        Some(Subject::User(user)) => user,
        Some(Subject::Pretended(_) | Subject::Anonymous) => {
            tracing::warn!(flow = run.flow.flow.slug, "a user who does not exist reached a login, denying");
            return Ok(Err(UNPROVED));
        }
    };
    let Some(proof) = run.proof_of(&user) else {
        tracing::warn!(user = %user.id, flow = run.flow.flow.slug, "a login without a proof, denying");
        return Ok(Err(UNPROVED));
    };
    if !user.is_active {
        tracing::warn!(user = %user.id, flow = run.flow.flow.slug, "an inactive user reached a login, denying");
        return Ok(Err("This account is not active."));
    }
    Ok(Ok((*user, proof)))
}

/// `None`: until the browser is closed.
fn duration(stage: &UserLoginStage, remember: bool) -> Result<Option<SignedDuration>, Fault> {
    let mut span = stage.session_duration.span();
    if remember {
        span = span.saturating_add(stage.remember_me_offset.span());
    }
    if span.is_zero() {
        return Ok(None);
    }
    SignedDuration::try_from(span).map(Some).map_err(|error| Fault::Broken(error.to_string()))
}
