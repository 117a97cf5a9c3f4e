//! Blueprints of other people: checked and applied as they are.

use std::path::PathBuf;

use serde_json::json;

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;
use crate::support::shared;

fn peer(test: &str) -> Option<PathBuf> {
    shared(test).map(|shared| shared.join("corpus/peer"))
}

#[test]
fn the_peers_default_set_has_no_mistakes() {
    let Some(peer) = peer("the_peers_default_set_has_no_mistakes") else { return };
    let sandbox = Sandbox::new();
    sandbox.run(&["check", peer.join("default").to_str().unwrap()]).expect(0);
    sandbox.run(&["check", "--no-shipped", peer.join("default").to_str().unwrap()]).expect(0);
}

#[test]
fn the_peers_examples_have_no_mistakes() {
    let Some(peer) = peer("the_peers_examples_have_no_mistakes") else { return };
    let sandbox = Sandbox::new();
    for example in std::fs::read_dir(peer.join("example")).unwrap() {
        let example = example.unwrap().path();
        sandbox.run(&["check", peer.join("default").to_str().unwrap(), example.to_str().unwrap()]).expect(0);
    }
}

#[tokio::test]
async fn the_peers_default_set_applies_on_top_and_logs_in() {
    let Some(peer) = peer("the_peers_default_set_applies_on_top_and_logs_in") else { return };
    let default = peer.join("default");
    let default = default.to_str().unwrap();
    let sandbox = Sandbox::new();
    sandbox.run(&["apply"]).expect(0);
    sandbox.run(&["apply", "--yes", default]).expect(0);
    sandbox.run(&["plan", "--detailed-exitcode", default]).expect(0);
    let server = Server::start(
        &sandbox,
        &["--blueprints", default],
        &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", "Orchid-Lantern-41"), ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com")],
    );
    let client = Client::new(&server.url);
    assert_eq!(
        client.log_in("akadmin", "Orchid-Lantern-41").await,
        json!({ "component": "xak-flow-redirect", "to": "/" })
    );
    assert!(client.is_logged_in().await);
    let other = Client::new(&server.url);
    let refused = other.log_in("root@example.com", "wrong").await;
    assert_eq!(refused["component"], "ak-stage-password", "{refused}");
}
