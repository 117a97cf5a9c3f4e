//! Revisions and the way back.

use gatewright_compiler::desired::DesiredState;
use serde_json::json;

use super::support::{CERTIFICATE, Database, FLOW, Files, GROUP, USER, flow_attrs, noon, small, text, value};
use crate::apply::apply;
use crate::plan::{Action, Options, plan};
use crate::store::history::RollbackError;

fn flow(title: &str) -> DesiredState {
    Files::new().present(FLOW, &[("slug", text("login"))], &flow_attrs(title)).done()
}

/// Every table but those that count revisions.
async fn objects(database: &Database) -> Vec<(String, Vec<String>)> {
    let tables = ["object_key", "reference", "ownership", "user_account", "user_group", "membership"];
    let mut dump = database.dump().await;
    let mut kept: Vec<_> = tables.iter().filter_map(|table| dump.remove_entry(*table)).collect();
    kept.push(("object".to_owned(), database.attrs().await));
    kept
}

async fn roll_back(database: &Database, to: u64) -> u64 {
    let planned = database.store.rollback(to).await.unwrap();
    assert_eq!(planned.diagnostics, []);
    apply(&database.store, &planned.plan, "rollback", noon()).await.unwrap()
}

#[tokio::test]
async fn revisions_are_listed_with_their_plans() {
    let database = Database::new().await;
    database.apply(&flow("One")).await;
    database.apply(&flow("Two")).await;
    let list = database.store.revision_list().await.unwrap();
    let shown: Vec<_> = list.iter().map(|it| (it.id, it.author.as_str(), it.plan.summary().update)).collect();
    assert_eq!(shown, [(2, "test", 1), (1, "test", 0)]);
    let second = database.store.revision_get(2).await.unwrap().unwrap();
    assert_eq!(second.plan.changes[0].fields["title"].before, Some(json!("One")));
    assert!(second.reversible && second.at == noon());
    assert!(database.store.revision_get(3).await.unwrap().is_none());
}

#[tokio::test]
async fn rolling_back_restores_what_was_there() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let before = objects(&database).await;
    // Changes, deletes, makes.
    let group = Files::new()
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Changed"))
        .present(GROUP, &[("name", text("crew"))], &[("attributes", value(&json!({"a": 1})))])
        .done();
    let observed = database.store.observe().await.unwrap();
    let planned = plan(&group, &observed, &Options { prune: true, ..Options::default() });
    assert_eq!(planned.diagnostics, []);
    apply(&database.store, &planned.plan, "test", noon()).await.unwrap();
    assert_eq!(roll_back(&database, 1).await, 3);
    assert_eq!(objects(&database).await, before);
    database.assert_settled(&small().done()).await;
    // And forth again: the way back is a revision like any other.
    roll_back(&database, 2).await;
    assert_eq!(database.plan(&group).await.plan.changes.len(), 0);
    // To the very beginning.
    roll_back(&database, 0).await;
    assert_eq!(database.count("SELECT count(*) FROM object").await, 0);
}

#[tokio::test]
async fn sealed_secrets_come_back_and_hashed_ones_are_said() {
    let database = Database::new().await;
    let files = |password: &str, key: &str| {
        let pair = [("certificate_data", text("")), ("key_data", text(key))];
        Files::new()
            .present(USER, &[("username", text("ann"))], &[("name", text("Ann")), ("password", text(password))])
            .present(CERTIFICATE, &[("name", text("own"))], &pair)
            .done()
    };
    database.apply(&files("first secret", "-----BEGIN one-----")).await;
    database.apply(&files("second secret", "-----BEGIN two-----")).await;
    let planned = database.store.rollback(1).await.unwrap();
    assert_eq!(planned.plan.notes, ["`password` of user `ann` was kept as a hash only and stays as it is now"]);
    let text = serde_json::to_string(&planned.plan).unwrap();
    assert!(!text.contains("BEGIN") && !text.contains("first secret"), "{text}");
    apply(&database.store, &planned.plan, "rollback", noon()).await.unwrap();
    let observed = database.store.observe().await.unwrap();
    let pair = observed.objects().iter().find(|object| object.model == CERTIFICATE).unwrap().id;
    let key = database.store.secret_get(pair, "key_data").await.unwrap();
    assert_eq!(key.as_deref(), Some("-----BEGIN one-----"));
}

#[tokio::test]
async fn what_refers_to_something_keeps_it() {
    let database = Database::new().await;
    database.apply(&flow("One")).await;
    database.apply(&small().done()).await;
    // Nothing that the second revision made is needed by what stays; the flow of the first one is needed by a binding
    // only while that is there.
    let planned = database.store.rollback(1).await.unwrap();
    assert_eq!(planned.diagnostics, []);
    let done: Vec<Action> = planned.plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(done, [Action::Update, Action::Delete, Action::Delete]);
}

#[tokio::test]
async fn what_is_forgotten_cannot_be_taken_back() {
    let database = Database::new().await;
    for title in ["One", "Two", "Three"] {
        database.apply(&flow(title)).await;
    }
    assert!(matches!(database.store.rollback(4).await, Err(RollbackError::Unknown { wanted: 4, latest: 3 })));
    assert_eq!(database.store.history_trim(2).await.unwrap(), 1);
    assert_eq!(database.store.revision_list().await.unwrap().len(), 2);
    assert!(matches!(database.store.rollback(0).await, Err(RollbackError::Forgotten(1))));
    let planned = database.store.rollback(1).await.unwrap();
    assert_eq!(planned.plan.changes[0].fields["title"].after, Some(json!("One")));
    assert!(database.store.rollback(3).await.unwrap().plan.is_empty());
}
