//! Several processes on one database: each has a store of its own, and they do the same thing at the same moment.

use jiff::SignedDuration;
use uuid::Uuid;

use super::commits::{effects, execution, new_user, put, session};
use super::support::{Database, FLOW, Files, USER, key, noon, small, text};
use crate::apply::{ApplyError, apply};
use crate::store::{Commit, CommitError, Effect, SessionChange, Store, UserPatch};

/// What came of two commits that were made at once.
async fn both(database: &Database, one: Commit, two: Commit) -> [Result<(), CommitError>; 2] {
    let other = Store::open(&database.url(), key()).await.unwrap();
    let (one, two) = tokio::join!(database.store.commit(noon(), one), other.commit(noon(), two));
    other.close().await;
    [one, two]
}

fn begin(hash: u8, id: u128) -> Commit {
    Commit {
        session: SessionChange::Create(session([hash; 32], None, noon())),
        execution: put(execution(id, [hash; 32], 1), None),
        effects: Vec::new(),
    }
}

#[tokio::test]
async fn a_step_is_answered_by_one_of_two() {
    let database = Database::new().await;
    for round in 1..10 {
        let done = both(&database, begin(2 * round, u128::from(round)), begin(2 * round + 1, u128::from(round))).await;
        let faster = done.iter().position(Result::is_ok).unwrap();
        assert!(matches!(done[1 - faster], Err(CommitError::Conflict)), "{done:?}");
        let hash = [2 * round + u8::try_from(faster).unwrap(); 32];
        let next = Commit { execution: put(execution(u128::from(round), hash, 2), Some(1)), ..Commit::default() };
        let done = both(&database, next.clone(), next).await;
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().any(|it| matches!(it, Err(CommitError::Conflict))), "{done:?}");
    }
    assert_eq!(database.count("SELECT count(*) FROM execution").await, 9);
    assert_eq!(database.count("SELECT count(*) FROM session").await, 9, "nothing of the slower one is written");
}

#[tokio::test]
async fn a_session_has_one_login_whoever_begins_another() {
    let database = Database::new().await;
    let create = SessionChange::Create(session([1; 32], None, noon()));
    database.store.commit(noon(), Commit { session: create, ..Commit::default() }).await.unwrap();
    for round in 0..10 {
        let again = |id| Commit { execution: put(execution(id, [1; 32], 1), None), ..Commit::default() };
        let done = both(&database, again(2 * round + 10), again(2 * round + 11)).await;
        assert!(done.iter().all(Result::is_ok), "the later one takes the place of the other: {done:?}");
        let same = both(&database, again(2 * round + 100), again(2 * round + 100)).await;
        assert_eq!(same.iter().filter(|it| it.is_ok()).count(), 1, "{same:?}");
        assert_eq!(database.count("SELECT count(*) FROM execution").await, 1);
    }
}

#[tokio::test]
async fn a_name_is_given_once_in_whichever_case() {
    let database = Database::new().await;
    for round in 0..10 {
        let create = |id: u128, name: &str| effects(vec![Effect::UserCreate(new_user(id, &format!("{name}{round}")))]);
        let done = both(&database, create(2 * round + 1, "jo"), create(2 * round + 2, "JO")).await;
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().any(|it| matches!(it, Err(CommitError::Taken { .. }))), "{done:?}");
    }
    assert_eq!(database.count("SELECT count(DISTINCT pk) FROM user_account").await, 10);
}

#[tokio::test]
async fn a_user_is_changed_by_one_of_two() {
    let database = Database::new().await;
    database.store.commit(noon(), effects(vec![Effect::UserCreate(new_user(1, "jo"))])).await.unwrap();
    for version in 1..10 {
        let rename = |name: &str| {
            let patch = UserPatch { name: Some(name.to_owned()), ..UserPatch::default() };
            effects(vec![Effect::UserUpdate { id: Uuid::from_u128(1), expected_version: version, patch }])
        };
        let done = both(&database, rename("one"), rename("two")).await;
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().any(|it| matches!(it, Err(CommitError::UserChanged))), "{done:?}");
    }
}

#[tokio::test]
async fn an_address_has_only_so_many_sessions_of_all_processes() {
    let database = Database::new().await;
    let limit = crate::store::ANONYMOUS_PER_ADDRESS;
    let other = Store::open(&database.url(), key()).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..u64::try_from(limit).unwrap() + 40 {
        let store = if n % 2 == 0 { database.store.clone() } else { other.clone() };
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&n.to_be_bytes());
        let created = noon() + SignedDuration::from_secs(i64::try_from(n).unwrap());
        let session = SessionChange::Create(session(hash, None, created));
        tasks.spawn(async move { store.commit(created, Commit { session, ..Commit::default() }).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(database.count("SELECT count(*) FROM session").await, limit);
}

#[tokio::test]
async fn the_setup_is_closed_by_one_of_two() {
    let database = Database::new().await;
    let close = |id: u128, name: &str| effects(vec![Effect::UserCreate(new_user(id, name)), Effect::SetupComplete]);
    let done = both(&database, close(1, "one"), close(2, "two")).await;
    assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
    assert_eq!(database.count("SELECT count(*) FROM user_account").await, 1);

    let database = Database::new().await;
    let other = Store::open(&database.url(), key()).await.unwrap();
    let (one, two) = tokio::join!(
        database.store.bootstrap(Some("Orchid-Lantern-41"), None, None, noon()),
        other.bootstrap(Some("Orchid-Lantern-42"), None, None, noon())
    );
    assert_eq!(usize::from(one.unwrap()) + usize::from(two.unwrap()), 1);
    assert_eq!(database.count("SELECT count(*) FROM user_account").await, 1);
}

#[tokio::test]
async fn one_of_two_applies_and_the_other_is_told() {
    let database = Database::new().await;
    let other = Store::open(&database.url(), key()).await.unwrap();
    database.apply(&small().done()).await;
    for round in 0..5 {
        let title = text(&format!("Round {round}"));
        let files = Files::new().present(FLOW, &[("slug", text("login"))], &[("title", title)]).done();
        let planned = database.plan(&files).await.plan;
        let (one, two) =
            tokio::join!(apply(&database.store, &planned, "one", noon()), apply(&other, &planned, "two", noon()));
        let done = [one, two];
        assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().any(|it| matches!(it, Err(ApplyError::Stale))), "{done:?}");
    }
    assert_eq!(database.count("SELECT count(*) FROM revision").await, 6);
}

/// A plan gives integer keys out and counts on the versions of users, which logins and registrations change.
#[tokio::test]
async fn registrations_and_an_apply_leave_each_other_whole() {
    let database = Database::new().await;
    let other = Store::open(&database.url(), key()).await.unwrap();
    for round in 0..10_u128 {
        let name = format!("declared{round}");
        let files = Files::new().present(USER, &[("username", text(&name))], &[("name", text("Declared"))]).done();
        let planned = database.plan(&files).await.plan;
        let register = effects(vec![Effect::UserCreate(new_user(round + 1, &format!("registered{round}")))]);
        let (applied, registered) =
            tokio::join!(apply(&database.store, &planned, "test", noon()), other.commit(noon(), register));
        registered.unwrap();
        if let Err(error) = applied {
            assert!(matches!(error, ApplyError::Stale), "{error}");
            database.apply(&files).await;
        }
    }
    assert_eq!(database.count("SELECT count(DISTINCT pk) FROM user_account").await, 20);
    assert_eq!(database.count("SELECT highest FROM counter WHERE space = 'user'").await, 20);
}
