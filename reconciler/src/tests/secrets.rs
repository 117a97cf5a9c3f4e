//! Secrets: never in a plan, a snapshot or `attrs`; their change is told by a fingerprint.

use gatewright_compiler::desired::{DesiredState, Value};
use serde_json::json;

use super::support::{CERTIFICATE, Database, Files, TOKEN, USER, declared, noon, text};
use crate::store::{Commit, Effect, UserPatch, password};

fn user(password: &str) -> DesiredState {
    Files::new()
        .present(USER, &[("username", text("jo"))], &[("name", text("Jo")), ("password", text(password))])
        .done()
}

#[tokio::test]
async fn a_declared_password_is_hashed_and_only_its_change_is_shown() {
    let database = Database::new().await;
    let planned = database.plan(&user("first secret")).await.plan;
    assert!(!serde_json::to_string(&planned).unwrap().contains("first secret"));
    assert!(!format!("{planned:?}").contains("first secret"));
    database.apply(&user("first secret")).await;
    database.assert_settled(&user("first secret")).await;
    assert!(!format!("{:?}", database.dump().await).contains("first secret"));
    let change = &database.plan(&user("second secret")).await.plan.changes[0];
    let shown = serde_json::to_value(&change.fields).unwrap();
    assert_eq!(shown, json!({"password": {"before": null, "after": null, "secret": true}}));
    database.apply(&user("second secret")).await;
    let jo = database.store.user_by_pk(1).await.unwrap().unwrap();
    assert!(password::verify("second secret", jo.password_hash.as_deref().unwrap()));
    assert_eq!(jo.password_change_date, Some(noon()));
}

#[tokio::test]
async fn an_empty_password_is_none() {
    let database = Database::new().await;
    database.apply(&user("")).await;
    assert_eq!(database.store.user_by_pk(1).await.unwrap().unwrap().password_hash, None);
    database.assert_settled(&user("")).await;
    database.apply(&user("some")).await;
    database.apply(&user("")).await;
    assert_eq!(database.store.user_by_pk(1).await.unwrap().unwrap().password_hash, None);
}

#[tokio::test]
async fn a_password_changed_by_its_user_is_a_difference() {
    let database = Database::new().await;
    database.apply(&user("declared")).await;
    let jo = database.store.user_by_pk(1).await.unwrap().unwrap();
    let patch = UserPatch { password_hash: Some("$argon2id$other".to_owned()), ..UserPatch::default() };
    let effects = vec![Effect::UserUpdate { id: jo.id, expected_version: jo.version, patch }];
    database.store.commit(noon(), Commit { effects, ..Commit::default() }).await.unwrap();
    assert_eq!(database.plan(&user("declared")).await.plan.changes.len(), 1);
}

#[tokio::test]
async fn tokens_are_found_by_their_hash_while_they_last() {
    let database = Database::new().await;
    let token = |attrs: &[(&'static str, Value)]| {
        Files::new()
            .present(USER, &[("username", text("jo"))], &[("name", text("Jo"))])
            .present(
                TOKEN,
                &[("identifier", text("ci"))],
                &[&[("user", declared(0)), ("intent", text("api"))], attrs].concat(),
            )
            .done()
    };
    let files = token(&[("key", text("k3y")), ("expires", text("2026-06-01T00:00:00Z"))]);
    database.apply(&files).await;
    database.assert_settled(&files).await;
    let find = async |key: &str, now: &str| database.store.token_user(key, super::support::at(now)).await.unwrap();
    assert_eq!(find("k3y", "2026-05-01T00:00:00Z").await.unwrap().username, "jo");
    assert_eq!(find("k3y", "2026-07-01T00:00:00Z").await, None);
    assert_eq!(find("other", "2026-05-01T00:00:00Z").await, None);
    // An update that names no key keeps it.
    database.apply(&token(&[("description", text("x")), ("expires", Value::Null)])).await;
    assert!(find("k3y", "2026-07-01T00:00:00Z").await.is_some());
    database.apply(&token(&[("intent", text("recovery"))])).await;
    assert_eq!(find("k3y", "2026-05-01T00:00:00Z").await, None, "only API tokens are for the API");
}

#[tokio::test]
async fn a_token_without_a_key_gets_one() {
    let database = Database::new().await;
    let files = Files::new()
        .present(USER, &[("username", text("jo"))], &[("name", text("Jo"))])
        .present(TOKEN, &[("identifier", text("ci"))], &[("user", declared(0))])
        .done();
    database.apply(&files).await;
    database.assert_settled(&files).await;
    assert_eq!(database.count("SELECT count(*) FROM token WHERE length(key_hash) = 32").await, 1);
}

#[tokio::test]
async fn a_key_pair_without_data_is_made_at_apply_and_its_key_is_sealed() {
    let database = Database::new().await;
    let files = Files::new().present(CERTIFICATE, &[("name", text("ours"))], &[]).done();
    database.apply(&files).await;
    database.assert_settled(&files).await;
    let snapshot = database.store.snapshot_load(1).await.unwrap().unwrap();
    let pair = snapshot.of_model(CERTIFICATE).next().unwrap();
    assert!(pair.attrs["certificate_data"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!pair.attrs.contains_key("key_data"));
    let key = database.store.secret_get(pair.id, "key_data").await.unwrap().unwrap();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"));
    assert!(!format!("{:?}", database.dump().await).contains("PRIVATE KEY"));
}
