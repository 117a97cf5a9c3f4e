//! `serve` keeps up with its folders, and survives mistakes in them.

use std::time::{Duration, Instant};

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const LOGIN: &str = "default-authentication-flow";

fn blueprint(title: &str) -> String {
    format!(
        "version: 1\nmetadata: {{name: title}}\nentries:\n  - model: authentik_flows.flow\n    \
         identifiers: {{slug: {LOGIN}}}\n    attrs: {{title: {title}}}\n"
    )
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn changes_are_applied_and_mistakes_are_not() {
    let sandbox = Sandbox::new();
    sandbox.write("files/title.yaml", &blueprint("One"));
    let server = Server::start(&sandbox, &["--blueprints", "files"], &[]);
    let title = async || Client::new(&server.url).challenge(LOGIN).await["flow_info"]["title"].clone();
    assert_eq!(title().await, "One");
    sandbox.write("files/title.yaml", &blueprint("Two"));
    until("the new title", async || title().await == "Two").await;

    sandbox.write("files/title.yaml", &blueprint("[Three"));
    let log = async || std::fs::read_to_string(sandbox.path().join("serve.log")).unwrap();
    until("the mistake in the log", async || log().await.contains("files/title.yaml")).await;
    assert_eq!(title().await, "Two");
    sandbox.write("files/title.yaml", &blueprint("Four"));
    until("the repaired title", async || title().await == "Four").await;
    until("the good news", async || log().await.contains("the mistakes are gone")).await;
    assert_eq!(server.terminate(), Some(0));

    // A start with a mistake serves what was applied last; a first start has nothing to serve.
    sandbox.write("files/title.yaml", &blueprint("[Five"));
    let server = Server::start(&sandbox, &["--blueprints", "files"], &[]);
    assert_eq!(Client::new(&server.url).challenge(LOGIN).await["flow_info"]["title"], "Four");
    assert!(log().await.contains("the last good one, is served"), "{}", log().await);
    let empty = Sandbox::new();
    empty.write("files/title.yaml", &blueprint("[Five"));
    let run = empty.run(&["serve", "--listen", "127.0.0.1:0", "--blueprints", "files"]).expect(1);
    assert!(run.stderr.contains("files/title.yaml"), "{}", run.stderr);
}

#[test]
fn a_public_address_has_to_be_named() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["serve", "--listen", "0.0.0.0:0"]).expect(1);
    assert!(run.stderr.contains("--public-url"), "{}", run.stderr);
    let args = ["serve", "--listen", "localhost:0", "--public-url", "https://a.example/sso"];
    let run = sandbox.run(&args).expect(1);
    assert!(run.stderr.contains("no path"), "{}", run.stderr);
    assert!(sandbox.database().is_empty(), "a mistake in the options makes no database");
}

#[test]
fn both_addresses_are_said_and_plain_http_is_warned_of() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &["--public-url", "http://login.example.com"], &[]);
    let log = std::fs::read_to_string(sandbox.path().join("serve.log")).unwrap();
    assert!(log.contains("warning: `http://login.example.com/` is plain http"), "{log}");
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert_eq!(server.terminate(), Some(0));
}
