//! The core of the architecture's decisions 9 to 11, from outside: errors deny, login demands proof, a GET changes
//! nothing.

use serde_json::json;

use crate::support::client::Client;
use crate::support::database::Database;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const PASSWORD: &str = "Orchid-Lantern-41";

/// Flows that try to get past the password.
const BLUEPRINT: &str = r#"
version: 1
metadata: {name: attempts}
entries:
  - {model: authentik_policies_expression.expressionpolicy, id: "no", identifiers: {name: says-no}, attrs: {expression: "return False"}}
  - {model: authentik_policies_expression.expressionpolicy, id: raises, identifiers: {name: raises}, attrs: {expression: "return 1 / 0"}}
  - {model: authentik_flows.flow, id: skipped, identifiers: {slug: skipped}, attrs: {name: s, title: s, designation: authentication}}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !KeyOf skipped, order: 10, stage: !Find [authentik_stages_identification.identificationstage, [name, default-authentication-identification]]}
  - model: authentik_flows.flowstagebinding
    id: skipped-password
    identifiers: {target: !KeyOf skipped, order: 20, stage: !Find [authentik_stages_password.passwordstage, [name, default-authentication-password]]}
    attrs: {re_evaluate_policies: true}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !KeyOf skipped, order: 30, stage: !Find [authentik_stages_user_login.userloginstage, [name, default-authentication-login]]}
  - {model: authentik_policies.policybinding, identifiers: {target: !KeyOf skipped-password, policy: !KeyOf "no", order: 0}}

  - {model: authentik_flows.flow, id: closed, identifiers: {slug: closed}, attrs: {name: c, title: c, designation: authentication}}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !KeyOf closed, order: 10, stage: !Find [authentik_stages_identification.identificationstage, [name, default-authentication-identification]]}
  - {model: authentik_policies.policybinding, identifiers: {target: !KeyOf closed, policy: !KeyOf raises, order: 0}}

  - {model: authentik_flows.flow, id: broken, identifiers: {slug: broken}, attrs: {name: b, title: b, designation: authentication}}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !KeyOf broken, order: 10, stage: !Find [authentik_stages_identification.identificationstage, [name, default-authentication-identification]]}
  - model: authentik_flows.flowstagebinding
    id: broken-password
    identifiers: {target: !KeyOf broken, order: 20, stage: !Find [authentik_stages_password.passwordstage, [name, default-authentication-password]]}
    attrs: {re_evaluate_policies: true}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !KeyOf broken, order: 30, stage: !Find [authentik_stages_user_login.userloginstage, [name, default-authentication-login]]}
  - {model: authentik_policies.policybinding, identifiers: {target: !KeyOf broken-password, policy: !KeyOf raises, order: 0}}
"#;

fn serve(sandbox: &Sandbox) -> Server {
    sandbox.write("attempts/attempts.yaml", BLUEPRINT);
    let environment = [("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD), ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com")];
    Server::start(sandbox, &["--blueprints", "attempts"], &environment)
}

#[tokio::test]
async fn a_skipped_password_does_not_log_in() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    let asked = client.challenge("skipped").await;
    assert_eq!(asked["component"], "ak-stage-identification", "{asked}");
    let answer = client.answer("skipped", json!({ "uid_field": "akadmin" })).await;
    assert_eq!(answer["component"], "ak-stage-access-denied", "{answer}");
    assert!(!client.is_logged_in().await);
}

#[tokio::test]
async fn a_policy_that_raises_denies() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    let closed = client.challenge("closed").await;
    assert_eq!(closed["component"], "ak-stage-access-denied", "{closed}");
    assert!(!closed.to_string().contains("division"), "the inside is shown: {closed}");
    client.challenge("broken").await;
    let broken = client.answer("broken", json!({ "uid_field": "akadmin" })).await;
    assert_eq!(broken["component"], "ak-stage-access-denied", "{broken}");
    assert!(!client.is_logged_in().await);
}

/// The slugs of every flow that is applied.
fn flows(sandbox: &Sandbox) -> Vec<String> {
    let empty = "sqlite://never-made.db";
    let plan = sandbox.run(&["plan", "--database", empty, "--format", "json", "attempts"]).expect(0).json();
    let changes = plan["changes"].as_array().unwrap().iter();
    let flows = changes.filter(|change| change["model"] == "authentik_flows.flow");
    flows.map(|change| change["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_get_without_a_session_writes_no_row() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let database = Database::open(&sandbox).await;
    let before = database.contents().await;
    let flows = flows(&sandbox);
    assert!(flows.len() > 8, "{flows:?}");
    for flow in &flows {
        let client = Client::new(&server.url);
        client.challenge(flow).await;
        client.challenge(flow).await;
        client.page(&format!("/if/flow/{flow}/")).await;
    }
    Client::new(&server.url).page("/").await;
    assert_eq!(database.contents().await, before);
}

#[tokio::test]
async fn a_get_with_a_session_changes_nothing() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    client.log_in("akadmin", PASSWORD).await;
    let database = Database::open(&sandbox).await;
    let before = database.contents().await;
    for flow in flows(&sandbox) {
        client.challenge(&flow).await;
        client.page(&format!("/if/flow/{flow}/")).await;
    }
    assert_eq!(database.contents().await, before);
    assert!(client.is_logged_in().await);
}

#[tokio::test]
async fn a_login_changes_the_session() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    let login = "default-authentication-flow";
    client.challenge(login).await;
    client.answer(login, json!({ "uid_field": "akadmin" })).await;
    let anonymous = client.cookie("gatewright_session").unwrap();
    client.answer(login, json!({ "password": PASSWORD })).await;
    let logged_in = client.cookie("gatewright_session").unwrap();
    assert_ne!(anonymous, logged_in);
    let database = Database::open(&sandbox).await.contents().await;
    for (table, rows) in database {
        let holds = rows.iter().any(|row| row.contains(&logged_in));
        assert!(!holds, "{table} holds the session token in the clear");
    }
}
