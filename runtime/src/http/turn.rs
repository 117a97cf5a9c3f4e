//! One request of a flow, whichever way it came: load what was kept, ask the engine, commit, tell the browser.

use gatewright_reconciler::store::CommitError;
use jiff::SignedDuration;
use serde_json::{Map, Value as Json};

use super::commit::{self, After};
use super::cookies::{self, Jar};
use super::csrf;
use super::fault::Fault;
use super::kept::{self, Kept, Loaded};
use super::setup;
use super::state::App;
use super::visit::Visit;
use crate::flow::{Request, Step};

/// A session's last use is noted this often.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// The answer to a request of a flow.
pub(crate) struct Answer {
    /// What to show.
    pub(crate) step: Step,
    /// Cookies to set.
    pub(crate) jar: Jar,
    /// Token for the next form.
    pub(crate) csrf: String,
}

/// What a POST comes to.
pub(crate) enum Posted {
    /// The flow's answer.
    Answered(Box<Answer>),
    /// It does not prove that it comes from our page.
    Forged,
    /// Another request was faster; nothing was written. A cookie's flow is forgotten, for it may be the very one
    /// that was answered already, in a session that the browser never heard of.
    Overtaken(Jar),
}

/// How a POST proves that it comes from our page.
#[derive(Clone, Copy)]
pub(crate) enum Proof<'a> {
    /// The hidden field of a form: always needed.
    Form(&'a str),
    /// The header of a script: needed when logged in.
    Header(Option<&'a str>),
}

/// Shows the current step. Writes nothing.
pub(crate) async fn get(app: &App, visit: &Visit, slug: &str, query: Vec<(String, String)>) -> Result<Answer, Fault> {
    let loaded = kept::load(app, visit, slug).await?;
    let checked = setup::check(app, slug, &query, loaded.kept.setup.as_deref()).await?;
    let request = Request { flow: slug.to_owned(), query, visitor: visit.visitor.clone(), setup: checked.user };
    let turn = app.engine.get(&loaded.program, loaded.kept.execution.clone(), &request).await;
    let mut jar = Jar::new(app.is_https());
    let csrf = match &turn.execution {
        Some(execution) => form_token(app, visit, Some(execution.id())),
        None => form_token(app, visit, None),
    };
    let in_row = |id| loaded.row_of(slug).is_some_and(|row| row.id == id);
    match turn.execution {
        Some(execution) if in_row(execution.id()) => {}
        Some(execution) => {
            let replaces = loaded.row_of(execution.flow()).map(|row| row.id);
            let flow = execution.flow().to_owned();
            let kept = Kept { execution: Some(execution), setup: checked.token, replaces };
            let session = visit.visitor.session.as_ref();
            jar.set(cookies::Name::Flow, kept::to_cookie(app.store.key(), &flow, session, &kept)?, None);
        }
        None if loaded.kept.execution.is_some() && visit.flow_cookie.is_some() => jar.clear(cookies::Name::Flow),
        None => {}
    }
    renew_csrf(app, visit, &mut jar);
    Ok(Answer { step: turn.step, jar, csrf })
}

/// Answers the current step.
pub(crate) async fn post(
    app: &App,
    visit: &Visit,
    slug: &str,
    query: Vec<(String, String)>,
    answer: &Map<String, Json>,
    proof: Proof<'_>,
) -> Result<Posted, Fault> {
    let loaded = kept::load(app, visit, slug).await?;
    if loaded.program.flow(slug).is_none() {
        let jar = Jar::new(app.is_https());
        return Ok(Posted::Answered(Box::new(Answer { step: Step::UnknownFlow, jar, csrf: String::new() })));
    }
    if !is_proved(app, visit, &loaded, proof) {
        return Ok(Posted::Forged);
    }
    if visit.session.is_none() && !app.quota.take(visit.visitor.client_ip, visit.now) {
        return Err(Fault::TooMany);
    }
    let checked = setup::check(app, slug, &query, loaded.kept.setup.as_deref()).await?;
    let request = Request { flow: slug.to_owned(), query, visitor: visit.visitor.clone(), setup: checked.user };
    let turn = app.engine.post(&loaded.program, loaded.kept.execution.clone(), &request, answer).await;
    let step = turn.step.clone();
    let execution = turn.execution.as_ref().map(crate::flow::Execution::id);
    let planned = commit::plan(app, visit, &loaded, slug, turn, checked.token)?;
    match app.store.commit(visit.now, planned.commit).await {
        Ok(()) => {}
        Err(CommitError::Store(error)) => return Err(error.into()),
        Err(reason @ (CommitError::Conflict | CommitError::UserChanged | CommitError::Taken { .. })) => {
            tracing::info!(flow = slug, %reason, "a step was overtaken");
            let mut jar = Jar::new(app.is_https());
            jar.clear(cookies::Name::Flow);
            return Ok(Posted::Overtaken(jar));
        }
    }
    touch(app, visit, &planned.after).await?;
    let mut jar = Jar::new(app.is_https());
    let csrf = tell(app, visit, planned.after, execution, &mut jar);
    Ok(Posted::Answered(Box::new(Answer { step, jar, csrf })))
}

fn is_proved(app: &App, visit: &Visit, loaded: &Loaded, proof: Proof<'_>) -> bool {
    let key = app.store.key();
    let of_session = visit.logged_in().map(|session| csrf::of_session(key, session));
    let of_execution = || {
        let session = visit.visitor.session.as_ref();
        loaded.kept.execution.as_ref().map(|execution| csrf::of_execution(key, execution.id(), session))
    };
    match proof {
        Proof::Header(sent) => of_session.is_none_or(|expected| sent.is_some_and(|sent| csrf::same(sent, &expected))),
        Proof::Form(sent) => of_session.or_else(of_execution).is_some_and(|expected| csrf::same(sent, &expected)),
    }
}

/// Notes that a session was used, now and then.
async fn touch(app: &App, visit: &Visit, after: &After) -> Result<(), Fault> {
    match (after, &visit.session) {
        (After::Same, Some(session)) if visit.now.duration_since(session.last_used) > TOUCH => {
            Ok(app.store.session_touch(&session.token_hash, visit.now).await?)
        }
        _ => Ok(()),
    }
}

/// Sets the cookies after a commit; the token for the next form.
fn tell(app: &App, visit: &Visit, after: After, execution: Option<uuid::Uuid>, jar: &mut Jar) -> String {
    if visit.flow_cookie.is_some() {
        jar.clear(cookies::Name::Flow);
    }
    match after {
        After::Same => {
            renew_csrf(app, visit, jar);
            form_token(app, visit, execution)
        }
        After::Ended => {
            jar.clear(cookies::Name::Session);
            jar.clear(cookies::Name::Csrf);
            String::new()
        }
        After::New { token, session, life } => {
            jar.set(cookies::Name::Session, token, life);
            let key = app.store.key();
            if session.user.is_some() {
                let csrf = csrf::of_session(key, &session.token_hash);
                jar.set(cookies::Name::Csrf, csrf.clone(), life);
                return csrf;
            }
            if visit.csrf_cookie.is_some() {
                jar.clear(cookies::Name::Csrf);
            }
            execution.map(|id| csrf::of_execution(key, id, Some(&session.token_hash))).unwrap_or_default()
        }
    }
}

fn form_token(app: &App, visit: &Visit, execution: Option<uuid::Uuid>) -> String {
    let key = app.store.key();
    let of_session = visit.logged_in().map(|session| csrf::of_session(key, session));
    let of_execution = || execution.map(|id| csrf::of_execution(key, id, visit.visitor.session.as_ref()));
    of_session.or_else(of_execution).unwrap_or_default()
}

/// Gives a logged-in browser its readable token again where it lost it.
fn renew_csrf(app: &App, visit: &Visit, jar: &mut Jar) {
    if let Some(session) = visit.logged_in() {
        let expected = csrf::of_session(app.store.key(), session);
        if visit.csrf_cookie.as_deref() != Some(expected.as_str()) {
            jar.set(cookies::Name::Csrf, expected, None);
        }
    }
}

/// The cookie that cancels the flow under way without writing: its row counts no more.
pub(crate) async fn cancel(app: &App, visit: &Visit) -> Result<Jar, Fault> {
    let mut jar = Jar::new(app.is_https());
    let row = match &visit.visitor.session {
        Some(session) => app.store.execution_get(session, visit.now).await?,
        None => None,
    };
    if let Some(row) = row {
        let kept = Kept { replaces: Some(row.id), ..Kept::default() };
        let text = kept::to_cookie(app.store.key(), &row.flow, visit.visitor.session.as_ref(), &kept)?;
        jar.set(cookies::Name::Flow, text, None);
    } else if visit.flow_cookie.is_some() {
        jar.clear(cookies::Name::Flow);
    }
    Ok(jar)
}
