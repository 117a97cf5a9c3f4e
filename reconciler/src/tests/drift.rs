//! What is no longer as it was applied, with who changed it.

use gatewright_compiler::desired::{DesiredState, Presence};
use serde_json::json;

use super::support::{Database, FLOW, Files, GROUP, USER, flow_attrs, noon, text, value};
use crate::drift::drift;
use crate::store::{Commit, Effect, UserPatch};

fn user() -> DesiredState {
    let attrs = [("name", text("Ann")), ("email", text("ann@example.org")), ("password", text("a secret of hers"))];
    Files::new().present(USER, &[("username", text("ann"))], &attrs).done()
}

async fn drifted(database: &Database) -> Vec<String> {
    let observed = database.store.observe().await.unwrap();
    let shown = drift(&observed).into_iter().map(|it| {
        let by = it.author.map(|author| format!(" by {author} at {}", it.at.unwrap())).unwrap_or_default();
        let (applied, actual) = (json!(it.applied), json!(it.actual));
        format!("{} {} {}: {applied} -> {actual}{by} ({})", it.model, it.key, it.field, it.file)
    });
    shown.collect()
}

#[tokio::test]
async fn what_was_just_applied_has_not_drifted() {
    let database = Database::new().await;
    database.apply(&user()).await;
    assert_eq!(drifted(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_flow_that_changes_a_user_is_named() {
    let database = Database::new().await;
    database.apply(&user()).await;
    let observed = database.store.observe().await.unwrap();
    let ann = observed.objects().iter().find(|object| object.model == USER).unwrap();
    let patch = UserPatch {
        name: Some("Anna".to_owned()),
        password_hash: Some("$argon2id$x".to_owned()),
        ..UserPatch::default()
    };
    let update = Effect::UserUpdate { id: ann.id, expected_version: ann.version.unwrap(), patch };
    database.store.commit(noon(), Commit { effects: vec![update], ..Commit::default() }).await.unwrap();
    insta::assert_snapshot!(drifted(&database).await.join("\n"), @r#"
    authentik_core.user ann name: "Ann" -> "Anna" by flow at 2026-01-01T12:00:00Z (a.yaml)
    authentik_core.user ann password: null -> null by flow at 2026-01-01T12:00:00Z (a.yaml)
    "#);
    // Applying again puts it right, and then nobody changed it.
    database.apply(&user()).await;
    assert_eq!(drifted(&database).await, Vec::<String>::new());
    assert_eq!(database.count("SELECT count(*) FROM field_change").await, 0);
}

#[tokio::test]
async fn what_was_only_given_at_creation_may_change() {
    let database = Database::new().await;
    let created =
        Files::new().entry(Presence::Created, FLOW, &[("slug", text("login"))], &flow_attrs("Welcome")).done();
    database.apply(&created).await;
    database.execute("UPDATE object SET attrs = '{\"slug\": \"login\", \"title\": \"Other\"}'").await;
    assert_eq!(drifted(&database).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_declared_anew_is_no_drift() {
    let database = Database::new().await;
    let group = |ship: &str| {
        Files::new().present(GROUP, &[("name", text("crew"))], &[("attributes", value(&json!({"ship": ship})))]).done()
    };
    database.apply(&group("Beagle")).await;
    database.execute("UPDATE user_group SET attributes = '{\"ship\": \"Victory\"}', version = version + 1").await;
    insta::assert_snapshot!(drifted(&database).await.join("\n"), @r#"authentik_core.group crew attributes: {"ship":"Beagle"} -> {"ship":"Victory"} (a.yaml)"#);
    // The file says now what the database holds: nothing changes but what was applied.
    let planned = database.plan(&group("Victory")).await.plan;
    assert!(planned.changes.is_empty() && planned.adopt == 1);
    database.apply(&group("Victory")).await;
    assert_eq!(drifted(&database).await, Vec::<String>::new());
    database.assert_settled(&group("Victory")).await;
}
