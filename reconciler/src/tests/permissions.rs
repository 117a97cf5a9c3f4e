//! Object permissions: given once, never taken away by a file, taken back by a rollback.

use gatewright_compiler::desired::{DesiredState, Permission, Value};

use super::support::{Database, FLOW, Files, USER, declared, flow_attrs, noon, text};
use crate::apply::apply;

/// A user, and a flow that she may do these with.
fn files(permissions: &[&str]) -> DesiredState {
    let mut files = Files::new()
        .present(USER, &[("username", text("ann"))], &[("name", text("Ann"))])
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome"))
        .done();
    let permission = |name: &&str| Permission { permission: (*name).to_owned(), user: Some(declared(0)), role: None };
    files.objects[1].permissions = permissions.iter().map(permission).collect();
    files
}

#[tokio::test]
async fn permissions_are_given_once_and_stay() {
    let database = Database::new().await;
    // Two ways to write the same.
    let both = files(&["view_flow", "authentik_flows.view_flow", "change_flow"]);
    database.apply(&both).await;
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 2);
    database.assert_settled(&both).await;
    // What is no longer granted stays granted, as with the peer.
    database.assert_settled(&files(&["view_flow"])).await;
    let planned = database.plan(&files(&["view_flow", "delete_flow"])).await.plan;
    let grants = &planned.changes[0].grants;
    assert_eq!((planned.changes.len(), grants.len()), (1, 1));
    assert_eq!((grants[0].permission.as_str(), grants[0].to.as_str()), ("delete_flow", "ann"));
    assert!(planned.changes[0].fields.is_empty());
}

#[tokio::test]
async fn a_user_by_number_gets_them_too() {
    let database = Database::new().await;
    database.apply(&files(&[])).await;
    let mut again = files(&["view_flow"]);
    again.objects[1].permissions[0].user = Some(Value::Int(1));
    database.apply(&again).await;
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 1);
}

#[tokio::test]
async fn a_rollback_takes_them_back_and_gives_them_again() {
    let database = Database::new().await;
    database.apply(&files(&["view_flow"])).await;
    database.apply(&files(&["delete_flow"])).await;
    let back = database.store.rollback(1).await.unwrap();
    assert_eq!(back.plan.changes[0].revokes[0].permission, "delete_flow");
    apply(&database.store, &back.plan, "rollback", noon()).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM object_permission WHERE permission = 'view_flow'").await, 1);
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 1);
    let forth = database.store.rollback(2).await.unwrap();
    apply(&database.store, &forth.plan, "rollback", noon()).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 2);
    // Both go with the flow, and come back with it.
    let none = database.store.rollback(0).await.unwrap();
    apply(&database.store, &none.plan, "rollback", noon()).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 0);
    let all = database.store.rollback(4).await.unwrap();
    apply(&database.store, &all.plan, "rollback", noon()).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM object_permission").await, 2);
}
