//! `authentik_stages_user_write.userwritestage`: makes or changes a user out of what was prompted.
//!
//! Changing somebody demands a proof of exactly that user. What may be written is a list (`draft`); a pretended
//! user is never written.

mod draft;

use gatewright_compiler::models::core::UserType;
use gatewright_compiler::models::flows::Designation;
use gatewright_compiler::models::stages::{UserCreationMode, UserWriteStage};
use gatewright_expression::{Class, Value};
use gatewright_reconciler::store::{Effect, NewUser, User, UserPatch};
use uuid::Uuid;

use super::{UNPROVED, names};
use crate::flow::execution::{Pending, ProofKind};
use crate::flow::run::{Fault, Run};
use crate::policy::{Subject, map_get};
use draft::Draft;

type Written = Result<(), Option<String>>;

pub(super) async fn act(run: &mut Run<'_>, stage: &UserWriteStage) -> Result<Written, Fault> {
    let data = run.prompt_data();
    if data.is_empty() {
        return Ok(no("No Pending data."));
    }
    let draft = Draft::of(data);
    let creates = stage.user_creation_mode == UserCreationMode::AlwaysCreate;
    if !creates && takes_the_visitor(run).await? {
        return Ok(no("You are logged in already. Log out first."));
    }
    let visitor = run.visitor.as_ref().map(|visitor| visitor.id);
    if let (None, Some(visitor), false) = (&run.execution.pending, visitor, creates) {
        run.set_pending(Pending::User(visitor));
    }
    match run.pending().await? {
        Some(Subject::Pretended(_)) => {
            tracing::warn!(flow = run.flow.flow.slug, "a user who does not exist reached a user_write, denying");
            Ok(no(UNPROVED))
        }
        Some(Subject::User(user)) if !creates => change(run, *user, draft).await,
        _ if stage.user_creation_mode == UserCreationMode::NeverCreate => {
            Ok(no("No user found and can't create new user."))
        }
        _ => create(run, stage, draft).await,
    }
}

/// Whether an enrolment, which is for somebody new, is about to write the account of who is logged in. What it made
/// itself it may write again.
async fn takes_the_visitor(run: &mut Run<'_>) -> Result<bool, Fault> {
    let (Designation::Enrollment, Some(visitor)) = (run.flow.flow.designation, run.visitor.clone()) else {
        return Ok(false);
    };
    Ok(match run.pending().await? {
        None => true,
        Some(Subject::User(user)) => user.id == visitor.id && run.recorded_proof(&user).is_none(),
        Some(Subject::Pretended(_) | Subject::Anonymous) => false,
    })
}

fn no(message: &str) -> Written {
    Err(Some(message.to_owned()))
}

/// What a failed write says: nothing about why, since that may be about somebody else.
const FAILED: &str = "Failed to update user. Please try again later.";

async fn change(run: &mut Run<'_>, mut user: User, draft: Draft) -> Result<Written, Fault> {
    if run.proof_of(&user).is_none() {
        tracing::warn!(user = %user.id, flow = run.flow.flow.slug, "a user_write without a proof, denying");
        return Ok(no(UNPROVED));
    }
    if !user.is_active {
        tracing::warn!(user = %user.id, flow = run.flow.flow.slug, "an inactive user reached a user_write, denying");
        return Ok(no(FAILED));
    }
    if let Some(why) = refused(run, &draft, Some(&user)).await? {
        return Ok(Err(Some(why)));
    }
    let password_hash = hash(run, &draft).await?;
    let sets_password = password_hash.is_some();
    let patch = patch(run, &user, &draft, password_hash).await?;
    if patch != UserPatch::default() {
        let changed = changed(&user, &patch);
        let effect = Effect::UserUpdate { id: user.id, expected_version: user.version, patch };
        run.effect(effect)?;
        run.restamp(&user, &changed);
        run.user_written(changed.clone());
        user = changed;
    }
    if sets_password {
        let own = run.request.visitor.user.as_ref().is_some_and(|visitor| visitor.id == user.id);
        let except = run.request.visitor.session.filter(|_| own);
        run.effect(Effect::SessionsEnd { user: user.id, except })?;
        if run.setup_user() == Some(user.id) && !run.effects.contains(&Effect::SetupComplete) {
            run.effect(Effect::SetupComplete)?;
            run.prove(&user, ProofKind::Setup);
        }
    }
    Ok(Ok(()))
}

/// Only what differs is written.
async fn patch(run: &Run<'_>, user: &User, draft: &Draft, password_hash: Option<String>) -> Result<UserPatch, Fault> {
    let differs = |new: &Option<String>, old: &str| new.clone().filter(|new| new != old);
    let attributes = draft.attributes_onto(&user.attributes);
    let mut join_groups = context_groups(run).await?;
    let own = run.engine.directory.user_groups(user.id).await?;
    join_groups.retain(|id| !own.iter().any(|group| group.direct && group.id == *id));
    Ok(UserPatch {
        username: differs(&draft.username, &user.username),
        name: differs(&draft.name, &user.name),
        email: differs(&draft.email, &user.email),
        attributes: (attributes != user.attributes).then_some(attributes),
        password_hash,
        join_groups,
    })
}

/// The user as the patch will leave it.
fn changed(user: &User, patch: &UserPatch) -> User {
    let mut user = user.clone();
    user.username = patch.username.clone().unwrap_or(user.username);
    user.name = patch.name.clone().unwrap_or(user.name);
    user.email = patch.email.clone().unwrap_or(user.email);
    user.attributes = patch.attributes.clone().unwrap_or(user.attributes);
    user.password_hash = patch.password_hash.clone().or(user.password_hash);
    user.version += 1;
    user
}

async fn create(run: &mut Run<'_>, stage: &UserWriteStage, draft: Draft) -> Result<Written, Fault> {
    let Some(username) = draft.username.clone() else {
        return Ok(no(FAILED));
    };
    if let Some(why) = refused(run, &draft, None).await? {
        return Ok(Err(Some(why)));
    }
    let mut groups = context_groups(run).await?;
    if let Some(group) = stage.create_users_group {
        if !run.engine.directory.group_exists(group.key()).await? {
            tracing::error!(stage = stage.name, group = %group.key(), "the group of new users is not there, denying");
            return Ok(no(FAILED));
        }
        groups.push(group.key());
    }
    let new = NewUser {
        id: run.fresh_id()?,
        username,
        name: draft.name.clone().unwrap_or_default(),
        email: draft.email.clone().unwrap_or_default(),
        is_active: !stage.create_users_as_inactive,
        user_type: user_type(run, stage).to_owned(),
        path: path(run, stage),
        attributes: draft.attributes_onto(&Default::default()),
        password_hash: hash(run, &draft).await?,
        groups,
    };
    let user = created(&new, run);
    run.effect(Effect::UserCreate(new))?;
    run.set_pending(Pending::User(user.id));
    run.prove(&user, ProofKind::Created);
    run.user_written(user);
    Ok(Ok(()))
}

/// The user as the effect will leave it. Its number is not known yet; no user has the number 0.
fn created(new: &NewUser, run: &Run<'_>) -> User {
    let now = run.engine.clock.now();
    User {
        id: new.id,
        pk: 0,
        username: new.username.clone(),
        name: new.name.clone(),
        email: new.email.clone(),
        is_active: new.is_active,
        user_type: new.user_type.clone(),
        path: new.path.clone(),
        attributes: new.attributes.clone(),
        password_hash: new.password_hash.clone(),
        password_change_date: new.password_hash.as_ref().map(|_| now),
        last_login: None,
        date_joined: now,
        version: 1,
    }
}

/// Why the draft cannot be written, for the person.
async fn refused(run: &Run<'_>, draft: &Draft, own: Option<&User>) -> Result<Option<String>, Fault> {
    if draft.password.as_deref() == Some("") || draft.username.as_deref() == Some("") {
        return Ok(Some(FAILED.to_owned()));
    }
    let name = match &draft.username {
        Some(name) => names::username(run, name, own).await?,
        None => None,
    };
    let email = match draft.email.as_deref() {
        None | Some("") => None,
        Some(email) => names::email(run, email, own).await?,
    };
    Ok(name.or(email).map(|_| FAILED.to_owned()))
}

async fn hash(run: &Run<'_>, draft: &Draft) -> Result<Option<String>, Fault> {
    match &draft.password {
        Some(password) => Ok(Some(run.engine.hasher.hash(password).await?)),
        None => Ok(None),
    }
}

/// Groups that an expression put into the plan context; prompts cannot.
async fn context_groups(run: &Run<'_>) -> Result<Vec<Uuid>, Fault> {
    let Some(Value::List(items)) = run.context("groups") else {
        return Ok(Vec::new());
    };
    let id = |item: &Value| match (item, map_get(item, "pk")) {
        (Value::Object(Class::Group, _), Some(Value::String(id))) => id.parse::<Uuid>().ok(),
        _ => None,
    };
    let mut groups = Vec::new();
    for item in items {
        match id(item) {
            Some(id) if run.engine.directory.group_exists(id).await? => groups.push(id),
            _ => {
                tracing::error!(
                    flow = run.flow.flow.slug,
                    "`groups` of the plan context holds what is no group, denying"
                );
                return Err(Fault::Denied(None));
            }
        }
    }
    Ok(groups)
}

/// Internal service accounts are the server's own, so a flow makes ordinary ones.
fn user_type(run: &Run<'_>, stage: &UserWriteStage) -> &'static str {
    if let Some(Value::String(kind)) = run.context("user_type") {
        match kind.as_str() {
            "internal" => return "internal",
            "external" => return "external",
            "service_account" | "internal_service_account" => return "service_account",
            _ => {}
        }
    }
    match stage.user_type {
        UserType::Internal => "internal",
        UserType::External => "external",
        UserType::ServiceAccount | UserType::InternalServiceAccount => "service_account",
    }
}

fn path(run: &Run<'_>, stage: &UserWriteStage) -> String {
    let chosen = match run.context("user_path") {
        Some(Value::String(path)) => path.as_str(),
        _ => stage.user_path_template.as_str(),
    };
    let chosen = chosen.trim_matches('/');
    if chosen.is_empty() { "users".to_owned() } else { chosen.to_owned() }
}
