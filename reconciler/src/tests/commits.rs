//! What a POST writes: all of it or nothing, and each step once.

use jiff::{SignedDuration, Timestamp};
use serde_json::Map;
use uuid::Uuid;

use super::support::{Database, noon};
use crate::store::{
    Commit, CommitError, Effect, ExecutionChange, ExecutionRow, NewUser, Session, SessionChange, TokenHash, UserPatch,
};

pub(in crate::tests) fn session(hash: TokenHash, user: Option<Uuid>, created: Timestamp) -> Session {
    Session {
        token_hash: hash,
        user,
        auth_method: user.map(|_| "password".to_owned()),
        created,
        last_used: created,
        expires: created + SignedDuration::from_hours(24),
        client_ip: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
    }
}

pub(in crate::tests) fn execution(id: u128, session: TokenHash, version: i64) -> ExecutionRow {
    ExecutionRow {
        id: Uuid::from_u128(id),
        session,
        flow: "login".to_owned(),
        revision: 1,
        state: vec![1, 2, 3],
        expires: noon() + SignedDuration::from_mins(30),
        version,
    }
}

pub(in crate::tests) fn put(row: ExecutionRow, expected: Option<i64>) -> ExecutionChange {
    ExecutionChange::Put { row, expected }
}

pub(in crate::tests) fn new_user(id: u128, username: &str) -> NewUser {
    NewUser {
        id: Uuid::from_u128(id),
        username: username.to_owned(),
        name: String::new(),
        email: String::new(),
        is_active: true,
        user_type: "internal".to_owned(),
        path: "users".to_owned(),
        attributes: Map::new(),
        password_hash: Some("$hash".to_owned()),
        groups: Vec::new(),
    }
}

pub(in crate::tests) fn effects(effects: Vec<Effect>) -> Commit {
    Commit { effects, ..Commit::default() }
}

#[tokio::test]
async fn a_step_is_answered_once() {
    let database = Database::new().await;
    let store = &database.store;
    let begin = Commit {
        session: SessionChange::Create(session([1; 32], None, noon())),
        execution: put(execution(1, [1; 32], 1), None),
        effects: Vec::new(),
    };
    store.commit(noon(), begin.clone()).await.unwrap();
    assert_eq!(store.execution_get(&[1; 32], noon()).await.unwrap(), Some(execution(1, [1; 32], 1)));
    let replay = Commit {
        session: SessionChange::Create(session([2; 32], None, noon())),
        execution: put(execution(1, [2; 32], 1), None),
        ..Commit::default()
    };
    assert!(matches!(store.commit(noon(), replay).await.unwrap_err(), CommitError::Conflict));
    assert_eq!(store.session_get(&[2; 32], noon()).await.unwrap(), None, "nothing of it is written");
    let next = Commit { execution: put(execution(1, [1; 32], 2), Some(1)), ..Commit::default() };
    store.commit(noon(), next.clone()).await.unwrap();
    assert!(matches!(store.commit(noon(), next).await.unwrap_err(), CommitError::Conflict));
    let other = Commit { execution: put(execution(9, [1; 32], 1), None), ..Commit::default() };
    store.commit(noon(), other).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM execution").await, 1, "one a session");
    let orphan = Commit { execution: put(execution(8, [8; 32], 1), None), ..Commit::default() };
    let error = store.commit(noon(), orphan).await.unwrap_err();
    assert!(matches!(error, CommitError::Conflict), "its session is gone: {error}");
    let later = noon() + SignedDuration::from_mins(31);
    assert_eq!(store.execution_get(&[1; 32], later).await.unwrap(), None);
}

#[tokio::test]
async fn a_login_makes_the_user_rotates_the_session_and_keeps_the_execution() {
    let database = Database::new().await;
    let store = &database.store;
    let begin = Commit {
        session: SessionChange::Create(session([1; 32], None, noon())),
        execution: put(execution(1, [1; 32], 1), None),
        effects: Vec::new(),
    };
    store.commit(noon(), begin).await.unwrap();
    let id = Uuid::from_u128(77);
    let login = Commit {
        session: SessionChange::Rotate { old: Some([1; 32]), new: session([2; 32], Some(id), noon()) },
        execution: put(execution(1, [2; 32], 2), Some(1)),
        effects: vec![Effect::UserCreate(new_user(77, "jo")), Effect::UserLoggedIn { id }],
    };
    store.commit(noon(), login).await.unwrap();
    assert_eq!(store.session_get(&[1; 32], noon()).await.unwrap(), None);
    assert_eq!(store.session_get(&[2; 32], noon()).await.unwrap().unwrap().user, Some(id));
    assert!(store.execution_get(&[2; 32], noon()).await.unwrap().is_some());
    let user = store.user_by_id(id).await.unwrap().unwrap();
    assert_eq!((user.pk, user.version, user.last_login), (1, 1, Some(noon())));
    assert_eq!(database.count("SELECT count(*) FROM object WHERE num = 1").await, 1);
    let logout = Commit {
        session: SessionChange::Delete([2; 32]),
        execution: ExecutionChange::Delete { id: Uuid::from_u128(1), expected: 2 },
        ..Commit::default()
    };
    store.commit(noon(), logout).await.unwrap();
    assert_eq!(
        database.count("SELECT count(*) FROM session").await + database.count("SELECT count(*) FROM execution").await,
        0
    );
}

#[tokio::test]
async fn effects_are_written_together_or_not_at_all() {
    let database = Database::new().await;
    let store = &database.store;
    store.commit(noon(), effects(vec![Effect::UserCreate(new_user(1, "jo"))])).await.unwrap();
    let before = database.dump().await;
    let id = Uuid::from_u128(1);
    let rename = |name: &str| UserPatch { name: Some(name.to_owned()), ..UserPatch::default() };
    let update = |version, patch| Effect::UserUpdate { id, expected_version: version, patch };
    let taken = effects(vec![update(1, rename("x")), Effect::UserCreate(new_user(2, "JO"))]);
    let error = store.commit(noon(), taken).await.unwrap_err();
    assert!(matches!(&error, CommitError::Taken { field } if field == "username"), "{error}");
    let error =
        store.commit(noon(), effects(vec![Effect::UserCreate(new_user(2, "al")), update(5, rename("x"))])).await;
    assert!(matches!(error.unwrap_err(), CommitError::UserChanged));
    assert_eq!(database.dump().await, before);
    store.commit(noon(), effects(vec![update(1, rename("x"))])).await.unwrap();
    let user = store.user_by_id(id).await.unwrap().unwrap();
    assert_eq!((user.name.as_str(), user.version, user.username.as_str()), ("x", 2, "jo"));
    store.commit(noon(), effects(vec![Effect::SetupComplete])).await.unwrap();
    let error =
        store.commit(noon(), effects(vec![Effect::UserCreate(new_user(3, "eve")), Effect::SetupComplete])).await;
    assert!(matches!(error.unwrap_err(), CommitError::Conflict), "the latch closes once");
    assert_eq!(store.user_by_id(Uuid::from_u128(3)).await.unwrap(), None);
}

#[tokio::test]
async fn a_new_password_can_end_all_other_sessions() {
    let database = Database::new().await;
    let store = &database.store;
    store.commit(noon(), effects(vec![Effect::UserCreate(new_user(1, "jo"))])).await.unwrap();
    let user = Uuid::from_u128(1);
    for hash in 1..4 {
        let session = SessionChange::Create(session([hash; 32], Some(user), noon()));
        store.commit(noon(), Commit { session, ..Commit::default() }).await.unwrap();
    }
    store.commit(noon(), effects(vec![Effect::SessionsEnd { user, except: Some([2; 32]) }])).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM session").await, 1);
    assert!(store.session_get(&[2; 32], noon()).await.unwrap().is_some());
    store.commit(noon(), effects(vec![Effect::SessionsEnd { user, except: None }])).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM session").await, 0);
}

#[tokio::test]
async fn an_address_has_only_so_many_anonymous_sessions_and_they_are_short() {
    let database = Database::new().await;
    let store = &database.store;
    let limit = u64::try_from(crate::store::ANONYMOUS_PER_ADDRESS).unwrap();
    for n in 0..limit + 5 {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&n.to_be_bytes());
        let created = noon() + SignedDuration::from_secs(i64::try_from(n).unwrap());
        let session = SessionChange::Create(session(hash, None, created));
        store.commit(created, Commit { session, ..Commit::default() }).await.unwrap();
    }
    assert_eq!(database.count("SELECT count(*) FROM session").await, i64::try_from(limit).unwrap());
    assert_eq!(store.session_get(&[0; 32], noon()).await.unwrap(), None, "the oldest goes");
    let mut last = [0; 32];
    last[..8].copy_from_slice(&(limit + 4).to_be_bytes());
    let found = store.session_get(&last, noon()).await.unwrap().unwrap();
    assert_eq!(found.expires.duration_since(found.created), SignedDuration::from_hours(1));
    let mut elsewhere = session([9; 32], None, noon());
    elsewhere.client_ip = "192.0.2.2".to_owned();
    store.commit(noon(), Commit { session: SessionChange::Create(elsewhere), ..Commit::default() }).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM session").await, i64::try_from(limit).unwrap() + 1);
    let later = noon() + SignedDuration::from_secs(90);
    store.session_touch(&last, later).await.unwrap();
    let touched = store.session_get(&last, noon()).await.unwrap().unwrap();
    assert!(touched.last_used >= later);
}

#[tokio::test]
async fn a_crowd_at_an_address_does_not_end_the_logins_under_way_there() {
    let database = Database::new().await;
    let store = &database.store;
    let begin = async |n: u64, marked: bool, version: i64| {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&n.to_be_bytes());
        let created = noon() + SignedDuration::from_secs(i64::try_from(n).unwrap());
        let mut session = session(hash, None, created);
        session.auth_method = marked.then(|| "password".to_owned());
        let execution = put(execution(u128::from(n), hash, version), None);
        let commit = Commit { session: SessionChange::Create(session), execution, effects: Vec::new() };
        store.commit(created, commit).await.unwrap();
        hash
    };
    let proved = begin(1, true, 1).await;
    let progressed = begin(2, false, 2).await;
    let fresh = begin(3, false, 1).await;
    let limit = u64::try_from(crate::store::ANONYMOUS_PER_ADDRESS).unwrap();
    for n in 10..limit + 20 {
        begin(n, false, 1).await;
    }
    assert_eq!(store.session_get(&fresh, noon()).await.unwrap(), None);
    assert!(store.session_get(&progressed, noon()).await.unwrap().is_some());
    for n in 1000..limit + 1000 {
        begin(n, false, 2).await;
    }
    assert_eq!(store.session_get(&progressed, noon()).await.unwrap(), None);
    assert!(store.session_get(&proved, noon()).await.unwrap().is_some());
    for n in 2000..limit + 2000 {
        begin(n, true, 1).await;
    }
    assert_eq!(store.session_get(&proved, noon()).await.unwrap(), None, "the bound holds whatever they are");
    assert_eq!(database.count("SELECT count(*) FROM session").await, i64::try_from(limit).unwrap());
}

#[tokio::test]
async fn consents_last_as_long_as_they_say() {
    let database = Database::new().await;
    let store = &database.store;
    store.commit(noon(), effects(vec![Effect::UserCreate(new_user(1, "jo"))])).await.unwrap();
    database.apply(&super::support::small().done()).await;
    let application = store.snapshot_load(1).await.unwrap().unwrap().objects.keys().next().copied().unwrap();
    let user = Uuid::from_u128(1);
    let consent = |permissions: &str, expires| Effect::ConsentPut {
        user,
        application,
        permissions: permissions.to_owned(),
        expires,
    };
    let soon = noon() + SignedDuration::from_hours(1);
    store.commit(noon(), effects(vec![consent("a", None), consent("a b", Some(soon))])).await.unwrap();
    assert_eq!(store.consent_get(user, application, noon()).await.unwrap().as_deref(), Some("a b"));
    assert_eq!(store.consent_get(user, application, soon).await.unwrap(), None);
}
