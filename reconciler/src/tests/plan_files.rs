//! Plans as files: what is written is what was shown, secrets stay hidden, nobody changes one unnoticed.

use super::support::{Database, FLOW, Files, TOKEN, USER, flow_attrs, noon, text, value};
use crate::apply::{ApplyError, apply};
use crate::plan_file::{PlanFileError, from_text, to_text};
use crate::store::InstallationKey;
use gatewright_compiler::desired::{DesiredState, Value};
use serde_json::json;

fn files() -> DesiredState {
    Files::new()
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome"))
        .present(USER, &[("username", text("ann"))], &[("name", text("Ann")), ("password", text("a secret of hers"))])
        .present(TOKEN, &[("identifier", text("t"))], &[("user", super::support::declared(1)), ("intent", text("api"))])
        .present("authentik_core.group", &[("name", text("crew"))], &[("attributes", value(&json!({"a": null})))])
        .done()
}

#[tokio::test]
async fn a_plan_file_does_what_its_plan_does() {
    let database = Database::new().await;
    let plan = database.plan(&files()).await.plan;
    let text = to_text(&plan, database.store.key()).unwrap();
    assert!(!text.contains("a secret of hers"));
    let read = from_text(&text, database.store.key()).unwrap();
    assert_eq!(format!("{read:?}"), format!("{plan:?}"));
    apply(&database.store, &read, "test", noon()).await.unwrap();
    database.assert_settled(&files()).await;
    // Its base has passed.
    assert!(matches!(apply(&database.store, &read, "test", noon()).await, Err(ApplyError::Stale)));
}

#[tokio::test]
async fn a_change_of_a_user_that_it_hangs_on_makes_it_stale() {
    let database = Database::new().await;
    database.apply(&files()).await;
    let ann = database.store.observe().await.unwrap();
    let ann = ann.find(USER, &[("username".to_owned(), json!("ann"))]).unwrap();
    // A token of a user whom no entry declares: the plan refers to her.
    let token = [("user", Value::Existing(Box::new(ann))), ("intent", text("api"))];
    let token = Files::new().present(TOKEN, &[("identifier", text("other"))], &token).done();
    let plan = database.plan(&token).await.plan;
    database.execute("UPDATE user_account SET version = version + 1").await;
    assert!(matches!(apply(&database.store, &plan, "test", noon()).await, Err(ApplyError::Stale)));
}

#[tokio::test]
async fn what_was_changed_or_is_of_another_installation_is_refused() {
    let database = Database::new().await;
    let plan = database.plan(&files()).await.plan;
    let text = to_text(&plan, database.store.key()).unwrap();
    let refused = |text: &str, key: &InstallationKey| from_text(text, key).unwrap_err().to_string();
    let other = InstallationKey::from_bytes(&[7; 32]).unwrap();
    let changed = text.replace("Welcome", "Changed");
    assert_ne!(changed, text);
    let sealed = "this plan was made for another installation, or it was changed after it was made";
    assert_eq!(refused(&text, &other), sealed);
    assert_eq!(refused(&changed, database.store.key()), sealed);
    let newer = text.replace("\"gatewright_plan\":1", "\"gatewright_plan\":2");
    assert!(matches!(from_text(&newer, database.store.key()), Err(PlanFileError::Version(2))));
    let cut = text.get(..text.len() / 2).unwrap();
    assert!(matches!(from_text(cut, database.store.key()), Err(PlanFileError::Shape(_))));
}
