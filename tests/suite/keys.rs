//! `gatewright key rotate`: another key for a database, beside it or named, on both kinds.

use std::os::unix::fs::PermissionsExt as _;

use gatewright_testing::postgres;
use serde_json::json;

use crate::support::client::Client;
use crate::support::sandbox::{Sandbox, finish};
use crate::support::server::Server;

const PASSWORD: &str = "Orchid-Lantern-41";
const KEYS: &str = "\
version: 1
entries:
  - model: authentik_crypto.certificatekeypair
    identifiers: {name: ours}
  - model: authentik_core.user
    id: jo
    identifiers: {username: jo}
    attrs: {name: Jo, password: Chronometer-22}
  - model: authentik_core.token
    identifiers: {identifier: ci}
    attrs: {user: !KeyOf jo, intent: api, key: k3y-of-the-robot}
";

fn names(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.contains(".key"));
    names.sort();
    names
}

#[tokio::test]
async fn the_key_beside_a_database_is_replaced_and_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("keys.yaml", KEYS);
    let bootstrap = [("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD), ("GATEWRIGHT_BOOTSTRAP_TOKEN", "robot")];
    let server = Server::start(&sandbox, &["--blueprints", "keys.yaml"], &bootstrap);
    let client = Client::new(&server.url);
    assert_eq!(client.log_in("akadmin", PASSWORD).await["component"], "xak-flow-redirect");
    let address = server.address().to_owned();
    server.kill();
    let old = std::fs::read(sandbox.path().join("gatewright.key")).unwrap();

    let refused = sandbox.run(&["key", "rotate"]).expect(1);
    assert_eq!(std::fs::read(sandbox.path().join("gatewright.key")).unwrap(), old);
    assert_eq!(names(&sandbox), ["gatewright.key"]);
    let rotated = sandbox.run(&["key", "rotate", "--yes"]).expect(0);
    let said = format!("{}{}{}", refused.stderr, rotated.stdout, rotated.stderr);
    insta::with_settings!({ filters => [(r"key\.[0-9a-f]{16}", "key.ID")] }, {
        insta::assert_snapshot!(said, @"
        error: a new key needs your consent, so the old one stays
          help: API tokens that stop working until their keys are set again: 2
          help: declared passwords and token keys that the next plan sets again: 2
          help: agree with --yes
        the database `gatewright.db` has a new key; 2 secrets were sealed again
          API tokens that stop working until their keys are set again: 2
          declared passwords and token keys that the next plan sets again: 2
        `gatewright.key` is the new key; `gatewright.key.ID` opens older backups
        ");
    });
    let new = std::fs::read(sandbox.path().join("gatewright.key")).unwrap();
    let kept = names(&sandbox).into_iter().find(|name| name.len() > "gatewright.key".len()).unwrap();
    assert_eq!(std::fs::read(sandbox.path().join(&kept)).unwrap(), old);
    assert_ne!(new, old);
    for name in names(&sandbox) {
        assert_eq!(std::fs::metadata(sandbox.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    // What is declared is set again; who was logged in still is.
    let plan = sandbox.run(&["plan", "--format", "json", "keys.yaml"]).expect(0).json();
    let changed: Vec<_> = plan["changes"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert_eq!((changed, &plan["summary"]["update"]), (vec!["jo", "ci"], &json!(2)));
    let server = Server::on(&address, &sandbox, &["--blueprints", "keys.yaml", "--yes"], &[]);
    assert!(client.is_logged_in().await, "sessions derive from no key");
    let robot = Client::new(&server.url);
    assert!(robot.me(Some("robot")).await.is_none(), "its hash was made with the old key");
    assert!(robot.me(Some("k3y-of-the-robot")).await.is_some());
    assert_eq!(robot.log_in("jo", "Chronometer-22").await["component"], "xak-flow-redirect");
    server.kill();

    // Cut off after the database had the new key, before its file was in place.
    std::fs::write(sandbox.path().join("gatewright.key"), &old).unwrap();
    std::fs::write(sandbox.path().join("gatewright.key.new"), &new).unwrap();
    let said = sandbox.run(&["plan", "keys.yaml"]).expect(1).stderr;
    insta::assert_snapshot!(said, @"
    error: the database `gatewright.db` has got a new key, which is not in its place yet
      help: run `gatewright key rotate` again: it was cut off
    ");
    assert!(sandbox.run(&["key", "rotate"]).expect(0).stdout.contains("is finished"));
    assert_eq!(std::fs::read(sandbox.path().join("gatewright.key")).unwrap(), new);
    assert_eq!(names(&sandbox).len(), 2);
    sandbox.run(&["plan", "--detailed-exitcode", "keys.yaml"]).expect(0);
}

#[test]
fn a_named_key_is_followed_by_a_named_one_on_both() {
    let server = postgres::Database::new();
    let urls = ["sqlite://named.db".to_owned()].into_iter().chain(server.as_ref().map(postgres::Database::url));
    for url in urls {
        let sandbox = Sandbox::new();
        sandbox.write("keys.yaml", KEYS);
        sandbox.write("one.key", "a key of tests, long enough: 32.");
        let run = |args: &[&str]| finish(sandbox.command().args(args).env("GATEWRIGHT_DATABASE", &url));
        let missing = run(&["key", "rotate", "--secret-key-file", "one.key", "--new-key-file", "two.key"]).expect(1);
        assert!(missing.stderr.contains("there is no database"), "{}", missing.stderr);
        run(&["apply", "--no-shipped", "keys.yaml", "--secret-key-file", "one.key"]).expect(0);
        let unnamed = run(&["key", "rotate", "--secret-key-file", "one.key", "--yes"]).expect(1);
        assert!(unnamed.stderr.contains("--new-key-file"), "{}", unnamed.stderr);
        let same = ["key", "rotate", "--secret-key-file", "one.key", "--new-key-file", "one.key", "--yes"];
        assert!(run(&same).expect(1).stderr.contains("is the present one"));
        run(&["key", "rotate", "--secret-key-file", "one.key", "--new-key-file", "two.key", "--yes"]).expect(0);
        assert_eq!(names(&sandbox), ["one.key", "two.key"]);
        let late = run(&["plan", "--no-shipped", "keys.yaml", "--secret-key-file", "one.key"]).expect(1);
        assert!(late.stderr.contains("made with another secret key"), "{}", late.stderr);
        run(&["apply", "--yes", "--no-shipped", "keys.yaml", "--secret-key-file", "two.key"]).expect(0);
        let settled = ["plan", "--no-shipped", "--detailed-exitcode", "keys.yaml", "--secret-key-file", "two.key"];
        run(&settled).expect(0);
    }
}
