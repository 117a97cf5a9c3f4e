//! `authentik_stages_identification.identificationstage`: asks who is there.
//!
//! Somebody who does not exist gets the answers, and costs the work, of somebody who does.

use gatewright_compiler::models::Ref;
use gatewright_compiler::models::flows::Designation;
use gatewright_compiler::models::kind;
use gatewright_compiler::models::stages::{IdentificationStage, PasswordStage, Stage, UserField};
use gatewright_reconciler::store::{IdentifyBy, User};
use serde_json::{Map, Value as Json};

use super::password::Checked;
use super::{Answer, Ask, Errors, Reach, error, fields, names, password};
use crate::flow::TOO_MANY;
use crate::flow::challenge::Body;
use crate::flow::execution::{Identifier, Pending, Reveal};
use crate::flow::run::{Fault, Run};
use crate::flow::view::flow_link;
use crate::policy::Subject;
use crate::program::StageKind;

pub(super) fn reach(run: &Run<'_>, stage: &IdentificationStage) -> Result<Reach, Fault> {
    let embedded = embedded_password(run, stage)?;
    if stage.captcha_stage.is_some() {
        tracing::warn!(stage = stage.name, "captchas are not available in this version, denying");
        return Err(Fault::denied("This step is not available."));
    }
    let link = |flow: Option<Ref<kind::Flow>>| {
        let slug = flow.and_then(|flow| run.program.slug(flow.key()));
        slug.map(|slug| flow_link(slug, &run.request.query))
    };
    let designation = run.flow.flow.designation;
    let body = Body::Identification {
        user_fields: Some(stage.user_fields.iter().map(|field| field_name(*field).to_owned()).collect())
            .filter(|fields: &Vec<String>| !fields.is_empty()),
        password_fields: embedded.is_some(),
        allow_show_password: embedded.is_some_and(|password| password.allow_show_password),
        application_pre: None,
        flow_designation: word(designation),
        captcha_stage: None,
        enroll_url: link(stage.enrollment_flow),
        recovery_url: link(stage.recovery_flow),
        passwordless_url: link(stage.passwordless_flow),
        primary_action: if designation == Designation::Authentication { "Log in" } else { "Continue" }.to_owned(),
        sources: Vec::new(),
        show_source_labels: stage.show_source_labels,
        enable_remember_me: stage.enable_remember_me,
    };
    Ok(Reach::Ask(Ask { body, user: false }))
}

fn word(designation: Designation) -> String {
    let json = serde_json::to_value(designation).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn field_name(field: UserField) -> &'static str {
    match field {
        UserField::Email => "email",
        UserField::Username => "username",
        UserField::Upn => "upn",
    }
}

/// The password stage that is asked on the same page. One that is named and not there denies.
fn embedded_password<'a>(run: &Run<'a>, stage: &IdentificationStage) -> Result<Option<&'a PasswordStage>, Fault> {
    let Some(reference) = stage.password_stage else {
        return Ok(None);
    };
    let found = run.program.stage(reference.key()).map(|stage| &stage.kind);
    match found {
        Some(StageKind::Plain(kind)) => match kind.as_ref() {
            Stage::Password(password) => Ok(Some(password)),
            _ => Err(Fault::Denied(None)),
        },
        _ => {
            tracing::error!(stage = stage.name, "the password stage of an identification stage is not there, denying");
            Err(Fault::Denied(None))
        }
    }
}

pub(super) async fn answer(
    run: &mut Run<'_>,
    stage: &IdentificationStage,
    answer: &Map<String, Json>,
) -> Result<Answer, Fault> {
    let typed = match fields::filled_text(answer.get("uid_field"), true, longest(stage)) {
        Ok(typed) => typed,
        Err(error) => {
            return Ok(Answer::Wrong(Errors::from([("uid_field".to_owned(), vec![error])])));
        }
    };
    let given = match answer.get("password") {
        None | Some(Json::Null) => String::new(),
        Some(value) => match fields::text_at_most(value, password::LONGEST) {
            Ok(password) => password,
            Err(error) => {
                return Ok(Answer::Wrong(Errors::from([("password".to_owned(), vec![error])])));
            }
        },
    };
    let found = look_up(run, stage, &typed).await?;
    let exists = found.is_some();
    let subject = found.map_or_else(|| Subject::Pretended(typed.clone()), |user| Subject::User(Box::new(user)));
    let failed = || Answer::Wrong(error("non_field_errors", "Failed to authenticate.", "invalid"));
    if let Some(settings) = embedded_password(run, stage)? {
        match password::check(run, settings, &subject, &typed, &given).await? {
            Checked::Right => {}
            Checked::Wrong => return Ok(embedded_failure(run, settings, failed())),
            Checked::TooMany => return Ok(Answer::Wrong(error("non_field_errors", TOO_MANY, "throttled"))),
        }
    } else if !exists && !stage.pretend_user_exists {
        return Ok(failed());
    }
    run.set_pending(match &subject {
        Subject::User(user) => Pending::User(user.id),
        Subject::Pretended(_) | Subject::Anonymous => Pending::Pretended(typed.clone()),
    });
    run.execution.identifier = Some(Identifier { typed, reveal: reveal(stage) });
    Ok(Answer::Done)
}

/// What may be typed is a name, unless the stage takes addresses.
fn longest(stage: &IdentificationStage) -> usize {
    let names_only = stage.user_fields.iter().all(|field| *field == UserField::Username);
    if names_only { names::USERNAME } else { names::EMAIL }
}

fn reveal(stage: &IdentificationStage) -> Reveal {
    match (stage.show_matched_user, stage.pretend_user_exists) {
        (false, _) => Reveal::Never,
        (true, true) => Reveal::Proved,
        (true, false) => Reveal::AtOnce,
    }
}

/// Passwords on this page count like those on a page of their own.
fn embedded_failure(run: &mut Run<'_>, settings: &PasswordStage, failed: Answer) -> Answer {
    run.execution.failures = run.execution.failures.saturating_add(1);
    if i64::from(run.execution.failures) >= i64::from(settings.failed_attempts_before_cancel) {
        return Answer::Invalid(Some("Failed to authenticate.".to_owned()));
    }
    failed
}

/// The user whom the text names. One that names two, say one by name and another by address, names nobody. As many
/// reads, whoever is there.
async fn look_up(run: &Run<'_>, stage: &IdentificationStage, typed: &str) -> Result<Option<User>, Fault> {
    let mut named = Vec::new();
    let mut others = Vec::new();
    for field in &stage.user_fields {
        let (by, found) = match field {
            UserField::Username => (IdentifyBy::Username, &mut named),
            UserField::Email => (IdentifyBy::Email, &mut others),
            UserField::Upn => (IdentifyBy::Upn, &mut others),
        };
        found.extend(run.engine.directory.user_identify(&[by], typed, stage.case_insensitive_matching).await?);
    }
    let by_name = !named.is_empty();
    let candidate = if by_name { one_named(named, typed) } else { others.first().cloned() };
    Ok(candidate.filter(|user| others.iter().all(|other| other.id == user.id)))
}

/// Names are unique, but only with their case: `Ada` and `ada` may both be there. The one that fits exactly is meant.
fn one_named(named: Vec<User>, typed: &str) -> Option<User> {
    if let [only] = named.as_slice() {
        return Some(only.clone());
    }
    named.into_iter().find(|user| user.username == typed)
}
