//! Another installation key.

use gatewright_compiler::desired::DesiredState;
use jiff::SignedDuration;

use super::commits::{execution, put, session};
use super::support::{CERTIFICATE, Database, Files, TOKEN, USER, declared, key, noon, small, text};
use crate::apply::{ApplyError, apply};
use crate::plan::{Options, Planned, plan};
use crate::store::{Commit, InstallationKey, Rotation, SessionChange, Store, StoreError};

fn files() -> DesiredState {
    Files::new()
        .present(USER, &[("username", text("jo"))], &[("name", text("Jo")), ("password", text("Orchid-Lantern-41"))])
        .present(
            TOKEN,
            &[("identifier", text("ci"))],
            &[("user", declared(0)), ("key", text("k3y")), ("intent", text("api"))],
        )
        .present(CERTIFICATE, &[("name", text("ours"))], &[])
        .done()
}

fn new_key() -> InstallationKey {
    InstallationKey::from_bytes(&[b'n'; 40]).unwrap()
}

#[tokio::test]
async fn what_is_sealed_stays_and_what_is_hashed_is_set_again() {
    let database = Database::new().await;
    let store = &database.store;
    database.apply(&files()).await;
    let begin = Commit {
        session: SessionChange::Create(session([1; 32], None, noon())),
        execution: put(execution(1, [1; 32], 1), None),
        effects: Vec::new(),
    };
    store.commit(noon(), begin).await.unwrap();
    let snapshot = store.snapshot_load(1).await.unwrap().unwrap();
    let pair = snapshot.of_model(CERTIFICATE).next().unwrap().id;
    let before = store.secret_get(pair, "key_data").await.unwrap().unwrap();

    let expected = Rotation { sealed: 1, forgotten: 2, tokens: 1, logins: 1 };
    assert_eq!(store.key_rotation().await.unwrap(), expected);
    assert_eq!(store.key_rotate(&new_key()).await.unwrap(), expected);
    assert!(matches!(Store::open(&database.url(), key()).await.unwrap_err(), StoreError::OtherKey { .. }));

    let rotated = Store::open(&database.url(), new_key()).await.unwrap();
    assert_eq!(rotated.secret_get(pair, "key_data").await.unwrap().unwrap(), before);
    assert!(rotated.session_get(&[1; 32], noon()).await.unwrap().is_some(), "sessions derive from no key");
    assert_eq!(rotated.execution_get(&[1; 32], noon()).await.unwrap(), None);
    assert!(rotated.token_user("k3y", noon()).await.unwrap().is_none());

    let back = rotated.rollback(0).await.unwrap();
    assert_eq!(back.plan.changes.len(), 3, "the way back is sealed again too");

    // The plan says what has to be set again, and nothing else: the sealed key is known by its fingerprint.
    let Planned { plan: planned, diagnostics } = plan(&files(), &rotated.observe().await.unwrap(), &Options::default());
    assert_eq!(diagnostics, []);
    let changed = planned.changes.iter().flat_map(|it| it.fields.keys().map(|field| format!("{} {field}", it.key)));
    assert_eq!(changed.collect::<Vec<_>>(), ["jo password", "ci key"]);
    apply(&rotated, &planned, "test", noon() + SignedDuration::from_secs(1)).await.unwrap();
    assert!(rotated.token_user("k3y", noon()).await.unwrap().is_some());
    assert!(plan(&files(), &rotated.observe().await.unwrap(), &Options::default()).plan.is_empty());
}

#[tokio::test]
async fn a_process_that_still_has_the_old_key_seals_nothing_more() {
    let database = Database::new().await;
    let planned = database.plan(&small().done()).await.plan;
    database.store.key_rotate(&new_key()).await.unwrap();
    let error = apply(&database.store, &planned, "test", noon()).await.unwrap_err();
    assert!(matches!(error, ApplyError::Store(StoreError::OtherKey { .. })), "{error}");
    let error = database.store.key_rotate(&new_key()).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
}
