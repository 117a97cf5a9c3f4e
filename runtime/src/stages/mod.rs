//! What stages do: one file each, named like the model. `flow/executor` walks, these answer.
//!
//! Every match here names every model, so one without a behaviour does not compile.

mod authenticator_validate;
mod consent;
mod deny;
mod dummy;
mod fields;
mod identification;
mod names;
mod password;
mod prompt;
mod redirect;
mod user_login;
mod user_logout;
mod user_write;

use std::collections::BTreeMap;

use gatewright_compiler::models::stages::Stage;
use serde_json::{Map, Value as Json};

use crate::flow::challenge::{Body, FieldError};
use crate::flow::run::{Fault, Run};
use crate::program::{StageKind, StageProgram};

/// Field, or `non_field_errors`, to what is wrong.
pub(crate) type Errors = BTreeMap<String, Vec<FieldError>>;

/// A challenge, not dressed yet.
pub(crate) struct Ask {
    pub(crate) body: Body,
    /// Whether it shows whom it is about.
    pub(crate) user: bool,
}

/// The stages that this version has no behaviour for: they deny. The compiler warns of the same ones, by the table in its
/// `models/behaviour.rs`; a test holds the two together.
macro_rules! unavailable {
    () => {
        Stage::AuthenticatorDuo(_)
            | Stage::AuthenticatorEmail(_)
            | Stage::AuthenticatorEndpointGdtc(_)
            | Stage::AuthenticatorSms(_)
            | Stage::AuthenticatorStatic(_)
            | Stage::AuthenticatorTotp(_)
            | Stage::AuthenticatorWebAuthn(_)
            | Stage::Captcha(_)
            | Stage::Email(_)
            | Stage::Invitation(_)
            | Stage::MutualTls(_)
            | Stage::Source(_)
            | Stage::UserDelete(_)
    };
}

/// What a stage does when it is reached.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart at once")]
pub(crate) enum Reach {
    /// It asks.
    Ask(Ask),
    /// It acts, if it may.
    Act,
    /// It has nothing to do.
    Pass,
    /// It cannot be passed.
    Invalid(Option<String>),
    /// It leads out of the flow.
    Leave(Leave),
}

/// Where a stage leads.
pub(crate) enum Leave {
    /// To an address.
    To(String),
    /// Into another flow.
    Flow { slug: String, keep_context: bool },
}

/// What a stage makes of an answer.
pub(crate) enum Answer {
    /// Good: on to the next.
    Done,
    /// Good: now it may act.
    Opened,
    /// Not good: ask again.
    Wrong(Errors),
    /// Not good, and there is no asking again.
    Invalid(Option<String>),
}

/// A stage comes to the front, or is shown again. Writes nothing.
pub(crate) async fn reach(run: &mut Run<'_>, stage: &StageProgram) -> Result<Reach, Fault> {
    let kind = match &stage.kind {
        StageKind::Prompt(page) => return prompt::reach(run, page).await,
        StageKind::Broken(_) => return Err(unusable(stage)),
        StageKind::Plain(kind) => kind,
    };
    match kind.as_ref() {
        Stage::Identification(settings) => identification::reach(run, settings),
        Stage::Password(settings) => password::reach(run, settings),
        Stage::UserWrite(_) | Stage::UserLogout(_) => Ok(Reach::Act),
        Stage::UserLogin(settings) => user_login::reach(run, settings).await,
        Stage::Consent(_) => consent::reach(run),
        Stage::Deny(settings) => Ok(deny::reach(run, settings)),
        Stage::Dummy(settings) => dummy::reach(settings),
        Stage::Redirect(settings) => redirect::reach(run, settings),
        Stage::AuthenticatorValidate(settings) => Ok(authenticator_validate::reach(settings)),
        // Read as a page of its own, above.
        Stage::Prompt(_) => Err(unusable(stage)),
        unavailable!() => Err(unusable(stage)),
    }
}

/// An answer to what a stage asked.
pub(crate) async fn answer(
    run: &mut Run<'_>,
    stage: &StageProgram,
    answer: &Map<String, Json>,
) -> Result<Answer, Fault> {
    let kind = match &stage.kind {
        StageKind::Prompt(page) => return prompt::answer(run, page, answer).await,
        StageKind::Broken(_) => return Err(unusable(stage)),
        StageKind::Plain(kind) => kind,
    };
    match kind.as_ref() {
        Stage::Identification(settings) => identification::answer(run, settings, answer).await,
        Stage::Password(settings) => password::answer(run, settings, answer).await,
        Stage::UserLogin(settings) => user_login::answer(run, settings, answer).await,
        Stage::Consent(_) => Ok(consent::answer(run, answer)),
        Stage::Dummy(_) => Ok(Answer::Done),
        // None of these asks anything, so none of them takes an answer.
        Stage::UserWrite(_)
        | Stage::UserLogout(_)
        | Stage::Deny(_)
        | Stage::Redirect(_)
        | Stage::AuthenticatorValidate(_)
        | Stage::Prompt(_)
        | unavailable!() => Err(unusable(stage)),
    }
}

/// A stage acts, in a POST. `Err` inside: it cannot be passed, and why.
pub(crate) async fn act(run: &mut Run<'_>, stage: &StageProgram) -> Result<Result<(), Option<String>>, Fault> {
    let StageKind::Plain(kind) = &stage.kind else {
        return Err(unusable(stage));
    };
    match kind.as_ref() {
        Stage::UserWrite(settings) => user_write::act(run, settings).await,
        Stage::UserLogin(settings) => user_login::act(run, settings, false).await,
        Stage::UserLogout(_) => user_logout::act(run),
        _ => Err(unusable(stage)),
    }
}

/// What the one click says that lets a stage act.
pub(crate) fn gate_text(stage: &StageProgram) -> &'static str {
    match &stage.kind {
        StageKind::Plain(kind) => match kind.as_ref() {
            Stage::UserLogout(_) => "Continue to log out.",
            Stage::UserLogin(_) => "Continue to log in.",
            Stage::UserWrite(_) => "Continue to save your changes.",
            _ => "Continue.",
        },
        StageKind::Prompt(_) | StageKind::Broken(_) => "Continue.",
    }
}

/// A stage without a behaviour is never skipped: it denies.
fn unusable(stage: &StageProgram) -> Fault {
    tracing::warn!(stage = stage.name, id = %stage.id, "a stage cannot be used in this version, denying");
    Fault::denied("This step is not available.")
}

/// What somebody reads who proved nothing, whether the user exists, is inactive, or was just not checked.
const UNPROVED: &str = "Failed to authenticate.";

/// An error of one field.
fn error(field: &str, text: &str, code: &str) -> Errors {
    BTreeMap::from([(field.to_owned(), vec![field_error(text, code)])])
}

fn field_error(text: &str, code: &str) -> FieldError {
    FieldError { string: text.to_owned(), code: code.to_owned() }
}
