//! Sessions: when they change, and who is left outside.

#![expect(clippy::indexing_slicing, reason = "tests")]

use serde_json::json;

use super::site::{PASSWORD, Site};

const SESSION: &str = "__Host-gatewright_session";
const WATCHFUL: &str = "/api/v3/flows/executor/watchful/?query=";
const ME: &str = "/api/v3/core/users/me/";

#[tokio::test]
async fn a_planted_session_is_worth_nothing_after_the_password() {
    let site = Site::new().await;
    let mut attacker = site.client();
    attacker.post_json(WATCHFUL, &json!({ "uid_field": "akadmin" })).await;
    let mut victim = attacker.clone();
    assert_eq!(victim.post_json(WATCHFUL, &json!({ "password": PASSWORD })).await.status, 302);
    assert_ne!(victim.cookies[SESSION], attacker.cookies[SESSION]);
    let seen = attacker.get(WATCHFUL).await;
    assert_eq!(seen.component(), "ak-stage-identification", "{seen:?}");
    let form = json!({ "news": true, "mail": "a@example.org" });
    assert_ne!(attacker.post_json(WATCHFUL, &form).await.component(), "xak-flow-redirect");
    assert_eq!(attacker.get(ME).await.status, 403);
    assert_eq!(victim.get(WATCHFUL).await.component(), "ak-stage-prompt");
    let proved = victim.cookies[SESSION].clone();
    assert_eq!(victim.post_json(WATCHFUL, &form).await.component(), "xak-flow-redirect");
    assert_ne!(victim.cookies[SESSION], proved);
    assert_eq!(victim.get(ME).await.status, 200);
}

#[tokio::test]
async fn a_step_that_proves_nothing_keeps_the_session() {
    let site = Site::new().await;
    let mut client = site.client();
    client.post_json(WATCHFUL, &json!({ "uid_field": "akadmin" })).await;
    let session = client.cookies[SESSION].clone();
    client.post_json(WATCHFUL, &json!({ "password": "wrong" })).await;
    assert_eq!(client.cookies[SESSION], session);
    client.post_json(WATCHFUL, &json!({ "password": PASSWORD })).await;
    let session = client.cookies[SESSION].clone();
    let wrong = client.post_json(WATCHFUL, &json!({ "news": true, "mail": "x" })).await;
    assert_eq!(wrong.component(), "ak-stage-prompt");
    assert_eq!(client.cookies[SESSION], session);
}

#[tokio::test]
async fn a_proof_inside_a_login_keeps_who_is_logged_in() {
    let site = Site::new().await;
    let client = site.logged_in().await;
    let before = client.clone();
    let csrf = client.cookies["gatewright_csrf"].clone();
    let mut client = client.with("X-authentik-CSRF", &csrf);
    assert_eq!(client.post_json(WATCHFUL, &json!({ "uid_field": "akadmin" })).await.status, 302);
    assert_eq!(client.post_json(WATCHFUL, &json!({ "password": PASSWORD })).await.status, 302);
    assert_ne!(client.cookies[SESSION], before.cookies[SESSION]);
    assert_ne!(client.cookies["gatewright_csrf"], csrf);
    assert_eq!(client.get(ME).await.status, 200);
    assert_eq!(before.clone().get(ME).await.status, 403);
    assert_eq!(client.get(WATCHFUL).await.component(), "ak-stage-prompt");
}
