//! A server that is killed in the middle of a login.

use serde_json::json;

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const LOGIN: &str = "default-authentication-flow";
const PASSWORD: &str = "Orchid-Lantern-41";

#[tokio::test]
async fn a_login_goes_on_where_it_was() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[], &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)]);
    let address = server.address().to_owned();
    let client = Client::new(&server.url);
    client.challenge(LOGIN).await;
    let asked = client.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    assert_eq!(asked["component"], "ak-stage-password", "{asked}");
    server.kill();

    // What is applied meanwhile does not disturb it.
    let change = "\
version: 1
metadata: {name: change}
entries:
  - model: authentik_flows.flow
    identifiers: {slug: default-authentication-flow}
    attrs: {title: Something else}
";
    sandbox.write("change.yaml", change);
    sandbox.run(&["apply", "--yes", "change.yaml"]).expect(0);
    let server = Server::on(&address, &sandbox, &["--blueprints", "change.yaml"], &[]);
    let again = client.challenge(LOGIN).await;
    assert_eq!((&again["component"], &again["pending_user"]), (&json!("ak-stage-password"), &json!("akadmin")));
    assert_eq!(client.answer(LOGIN, json!({ "password": PASSWORD })).await["component"], "xak-flow-redirect");
    assert!(client.is_logged_in().await);
    server.kill();

    let server = Server::on(&address, &sandbox, &["--blueprints", "change.yaml"], &[]);
    assert!(client.is_logged_in().await, "a session outlives the process");
    let fresh = Client::new(&server.url).challenge(LOGIN).await;
    assert_eq!(fresh["flow_info"]["title"], "Something else");
}
