//! What a new revision does to those who are in the middle of something.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::client::Client;
use crate::support::database::Database;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const LOGIN: &str = "default-authentication-flow";
const PASSWORD: &str = "Orchid-Lantern-41";

const BEFORE: &str = r#"
version: 1
metadata: {name: change}
entries:
  - {model: authentik_flows.flow, identifiers: {slug: default-authentication-flow}, attrs: {title: One}}
"#;

/// Nobody logs in any more.
const AFTER: &str = r#"
version: 1
metadata: {name: change}
entries:
  - {model: authentik_flows.flow, id: login, identifiers: {slug: default-authentication-flow}, attrs: {title: Two}}
  - {model: authentik_stages_deny.denystage, id: closed, identifiers: {name: closed}, attrs: {deny_message: Closed}}
  - {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf login, stage: !KeyOf closed, order: 15}}
"#;

const INACTIVE: &str = r#"
version: 1
metadata: {name: change}
entries:
  - {model: authentik_flows.flow, identifiers: {slug: default-authentication-flow}, attrs: {title: Two}}
  - {model: authentik_core.user, identifiers: {username: akadmin}, attrs: {is_active: false}}
"#;

fn serve(sandbox: &Sandbox) -> Server {
    sandbox.write("files/change.yaml", BEFORE);
    let environment = [("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)];
    Server::start(sandbox, &["--yes", "--blueprints", "files"], &environment)
}

async fn until_title(server: &Server, title: &str) {
    let begun = Instant::now();
    while Client::new(&server.url).challenge(LOGIN).await["flow_info"]["title"] != title {
        assert!(begun.elapsed() < Duration::from_secs(60), "`{title}` was not served");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_login_under_way_keeps_its_revision() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    client.challenge(LOGIN).await;
    let asked = client.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    assert_eq!((&asked["component"], &asked["flow_info"]["title"]), (&json!("ak-stage-password"), &json!("One")));
    let shown = Client::new(&server.url);
    shown.challenge(LOGIN).await;
    sandbox.write("files/change.yaml", AFTER);
    until_title(&server, "Two").await;

    assert_eq!(client.challenge(LOGIN).await["flow_info"]["title"], "One");
    client.answer(LOGIN, json!({ "password": PASSWORD })).await;
    assert!(client.is_logged_in().await);
    // What was only shown is kept in a cookie, and with it the revision.
    let asked = shown.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    assert_eq!((&asked["component"], &asked["flow_info"]["title"]), (&json!("ak-stage-password"), &json!("One")));
    let late = Client::new(&server.url);
    late.challenge(LOGIN).await;
    let denied = late.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    assert_eq!(denied["component"], "ak-stage-access-denied", "{denied}");
}

#[tokio::test]
async fn the_session_of_an_inactive_user_ends() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    client.log_in("akadmin", PASSWORD).await;
    assert!(client.is_logged_in().await);
    sandbox.write("files/change.yaml", INACTIVE);
    until_title(&server, "Two").await;
    assert!(!client.is_logged_in().await);
    let database = Database::open(&sandbox).await;
    let sessions = "SELECT count(*) FROM session WHERE user_id IS NOT NULL";
    assert_eq!(database.number(sessions).await, 1, "a GET changes nothing");
    let (status, body) = client.raw_post("default-password-change", json!({})).await;
    assert!(status == 200 && body.contains("ak-stage-access-denied"), "{status} {body}");
    assert_eq!(database.number(sessions).await, 0);
    assert_eq!(client.cookie("gatewright_session"), None);
}
