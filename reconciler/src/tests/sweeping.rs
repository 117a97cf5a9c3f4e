//! Snapshots of superseded revisions, and what is swept away.

use jiff::SignedDuration;

use super::commits::session;
use super::support::{Database, FLOW, Files, USER, noon, small, text};
use crate::apply::apply;
use crate::store::{Commit, SessionChange};

#[tokio::test]
async fn a_superseded_revision_can_be_told_for_half_an_hour() {
    let database = Database::new().await;
    let store = &database.store;
    let title = |title: &str| Files::new().present(FLOW, &[("slug", text("login"))], &[("title", text(title))]).done();
    database.apply(&small().present(USER, &[("username", text("jo"))], &[("name", text("Jo"))]).done()).await;
    let second = noon() + SignedDuration::from_mins(10);
    let third = noon() + SignedDuration::from_mins(30);
    for (when, name) in [(second, "Two"), (third, "Three")] {
        let planned = database.plan(&title(name)).await.plan;
        apply(store, &planned, "test", when).await.unwrap();
    }
    let titles = async |revision| {
        let snapshot = store.snapshot_load(revision).await.unwrap()?;
        assert_eq!(snapshot.objects.len(), 3, "no users are in it");
        snapshot.of_model(FLOW).next().unwrap().attrs["title"].as_str().map(str::to_owned)
    };
    assert_eq!(titles(1).await.as_deref(), Some("Welcome"));
    assert_eq!(titles(2).await.as_deref(), Some("Two"));
    assert_eq!(titles(3).await.as_deref(), Some("Three"));
    assert_eq!(titles(4).await, None);
    store.sweep(second + SignedDuration::from_mins(29)).await.unwrap();
    assert!(titles(1).await.is_some());
    store.sweep(second + SignedDuration::from_mins(32)).await.unwrap();
    assert_eq!(titles(1).await, None);
    assert_eq!(titles(2).await.as_deref(), Some("Two"));
    store.sweep(noon() + SignedDuration::from_hours(24)).await.unwrap();
    assert_eq!(titles(2).await, None);
    assert_eq!(titles(3).await.as_deref(), Some("Three"), "the current one is always there");
}

#[tokio::test]
async fn expired_sessions_are_swept() {
    let database = Database::new().await;
    let create = SessionChange::Create(session([1; 32], None, noon()));
    database.store.commit(noon(), Commit { session: create, ..Commit::default() }).await.unwrap();
    assert_eq!(database.store.sweep(noon() + SignedDuration::from_mins(59)).await.unwrap(), 0);
    assert_eq!(database.store.sweep(noon() + SignedDuration::from_mins(61)).await.unwrap(), 1);
}

#[tokio::test]
async fn the_empty_database_has_an_empty_snapshot() {
    let database = Database::new().await;
    assert_eq!(database.store.snapshot_load(0).await.unwrap().unwrap().objects.len(), 0);
}
