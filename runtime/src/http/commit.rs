//! What one POST changes: the turn's effects, the session and the execution, as one commit.

use gatewright_reconciler::store::{Commit, ExecutionChange, ExecutionRow, Session, SessionChange, TokenHash};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::fault::Fault;
use super::kept::{self, Kept, Loaded};
use super::setup::hash_of;
use super::state::App;
use super::visit::Visit;
use crate::flow::{Execution, LoginChange, Turn};

/// An anonymous session ends within the hour.
const ANONYMOUS: SignedDuration = SignedDuration::from_hours(1);
/// An anonymous session with less than this left is replaced, so that a flow is not cut short.
const FLOW: SignedDuration = SignedDuration::from_mins(30);
/// How long the server keeps a session whose cookie ends with the browser.
const BROWSER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Marks an anonymous session in whose flow something was proved: it is the last to make room for others.
const PROVED: &str = "proved";

/// What becomes of the browser's session.
pub(crate) enum After {
    /// Nothing.
    Same,
    /// It is gone.
    Ended,
    /// It has a new one.
    New {
        /// The token, for the cookie.
        token: String,
        /// The row.
        session: Box<Session>,
        /// How long the cookie lives; `None`: as long as the browser.
        life: Option<SignedDuration>,
    },
}

/// What to write, and what to tell the browser when that is done.
pub(crate) struct Planned {
    /// To write.
    pub(crate) commit: Commit,
    /// The session afterwards.
    pub(crate) after: After,
}

/// Plans the commit of a turn.
pub(crate) fn plan(
    app: &App,
    visit: &Visit,
    loaded: &Loaded,
    slug: &str,
    turn: Turn,
    setup: Option<String>,
) -> Result<Planned, Fault> {
    let proved = turn.execution.as_ref().is_some_and(|after| after.proves_more_than(loaded.kept.execution.as_ref()));
    let (change, after) = session(app, visit, &turn, proved)?;
    let hash = match &after {
        After::New { session, .. } => Some((session.token_hash, session.expires)),
        After::Same => visit.session.as_ref().map(|session| (session.token_hash, session.expires)),
        After::Ended => None,
    };
    let execution = match (turn.execution, hash) {
        (Some(execution), Some((hash, expires))) => put(app, loaded, execution, hash, expires, setup)?,
        _ => loaded
            .row_of(slug)
            .map_or(ExecutionChange::Keep, |row| ExecutionChange::Delete { id: row.id, expected: row.version }),
    };
    Ok(Planned { commit: Commit { session: change, execution, effects: turn.effects }, after })
}

/// `proved`: the execution holds a proof that it did not hold before. Whoever planted or saw the session's token until
/// then is left outside.
fn session(app: &App, visit: &Visit, turn: &Turn, proved: bool) -> Result<(SessionChange, After), Fault> {
    let old = visit.visitor.session.or(visit.dead);
    match &turn.login {
        LoginChange::Login { user, auth_method, duration } => {
            let begun = begin(app, visit, Some((*user, auth_method.clone())), *duration)?;
            Ok(rotate(old, begun))
        }
        LoginChange::Logout if turn.execution.is_some() => Ok(rotate(old, begin(app, visit, None, None)?)),
        LoginChange::Logout => Ok((old.map_or(SessionChange::Keep, SessionChange::Delete), After::Ended)),
        LoginChange::Keep if proved => Ok(rotate(old, renew(app, visit)?)),
        LoginChange::Keep if turn.execution.is_none() && visit.dead.is_some() => {
            Ok((old.map_or(SessionChange::Keep, SessionChange::Delete), After::Ended))
        }
        LoginChange::Keep if turn.execution.is_none() || lasts(visit) => Ok((SessionChange::Keep, After::Same)),
        LoginChange::Keep => Ok(rotate(old, begin(app, visit, None, None)?)),
    }
}

/// Whether the session that there is will last as long as a flow may.
fn lasts(visit: &Visit) -> bool {
    visit
        .session
        .as_ref()
        .is_some_and(|session| session.user.is_some() || session.expires.duration_since(visit.now) >= FLOW)
}

struct Begun {
    token: String,
    session: Session,
    life: Option<SignedDuration>,
}

fn begin(
    app: &App,
    visit: &Visit,
    user: Option<(Uuid, String)>,
    duration: Option<SignedDuration>,
) -> Result<Begun, Fault> {
    let token = app.random_hex::<32>()?;
    let kept_for = match (&user, duration) {
        (Some(_), Some(duration)) => duration,
        (Some(_), None) => BROWSER,
        (None, _) => ANONYMOUS,
    };
    let (user, auth_method) = user.map_or((None, None), |(user, method)| (Some(user), Some(method)));
    let session = Session {
        token_hash: hash_of(&token),
        user,
        auth_method,
        created: visit.now,
        last_used: visit.now,
        expires: visit.now.checked_add(kept_for).unwrap_or(Timestamp::MAX),
        client_ip: visit.visitor.client_ip.to_string(),
        user_agent: visit.visitor.user_agent.clone(),
    };
    Ok(Begun { token, session, life: duration })
}

/// The same session under another token.
fn renew(app: &App, visit: &Visit) -> Result<Begun, Fault> {
    let mut begun = begin(app, visit, None, None)?;
    let Some(old) = visit.session.as_ref().filter(|session| session.user.is_some()) else {
        begun.session.auth_method = Some(PROVED.to_owned());
        return Ok(begun);
    };
    let session = Session { token_hash: begun.session.token_hash, last_used: visit.now, ..old.clone() };
    // A session that ends with the browser is told by how long the server keeps it.
    let of_browser = old.expires.duration_since(old.created) == BROWSER;
    let life = (!of_browser).then(|| old.expires.duration_since(visit.now));
    Ok(Begun { session, life, ..begun })
}

fn rotate(old: Option<TokenHash>, begun: Begun) -> (SessionChange, After) {
    let Begun { token, session, life } = begun;
    let change = match old {
        None if session.user.is_none() => SessionChange::Create(session.clone()),
        old => SessionChange::Rotate { old, new: session.clone() },
    };
    (change, After::New { token, session: Box::new(session), life })
}

fn put(
    app: &App,
    loaded: &Loaded,
    execution: Execution,
    session: TokenHash,
    session_expires: Timestamp,
    setup: Option<String>,
) -> Result<ExecutionChange, Fault> {
    let (id, flow, revision) = (execution.id(), execution.flow().to_owned(), execution.revision());
    let expires = execution.expires().min(session_expires);
    let expected = loaded.row.as_ref().filter(|row| row.id == id).map(|row| row.version);
    let setup = setup.filter(|_| flow == super::setup::FLOW);
    let kept = Kept { execution: Some(execution), setup, replaces: None };
    let state = kept::to_row(app.store.key(), id, &session, &kept)?;
    let version = expected.unwrap_or(0).saturating_add(1);
    Ok(ExecutionChange::Put { row: ExecutionRow { id, session, flow, revision, state, expires, version }, expected })
}
