//! `plan` and `apply` against a database: what is written, what is not, who has to agree.

use serde_json::json;

use crate::support::database::Database;
use crate::support::sandbox::Sandbox;

pub(super) const GROUP: &str = "\
version: 1
metadata: {name: groups}
entries:
  - model: authentik_core.group
    identifiers: {name: crew}
    attrs: {attributes: {ship: Beagle}}
";

const FLOW: &str = "\
version: 1
metadata: {name: flows}
entries:
  - model: authentik_flows.flow
    identifiers: {slug: tour}
    attrs: {name: Tour, title: Take the tour, designation: authentication}
";

fn no_shipped<'a>(verb: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&[verb, "--no-shipped"], rest].concat()
}

#[test]
fn planning_without_a_database_makes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.yaml", FLOW);
    let run = sandbox.run(&no_shipped("plan", &["--detailed-exitcode", "flow.yaml"])).expect(2);
    assert!(run.stdout.contains("tour"), "{}", run.stdout);
    let names: Vec<_> = std::fs::read_dir(sandbox.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["flow.yaml"]);
}

#[tokio::test]
async fn applying_twice_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("files/flow.yaml", FLOW);
    sandbox.write("files/group.yaml", GROUP);
    sandbox.run(&no_shipped("apply", &["files"])).expect(0);
    let before = Database::open(&sandbox).await.contents().await;
    sandbox.run(&no_shipped("plan", &["--detailed-exitcode", "files"])).expect(0);
    let run = sandbox.run(&no_shipped("apply", &["files"])).expect(0);
    assert!(run.stdout.contains("nothing to do"), "{}", run.stdout);
    assert_eq!(Database::open(&sandbox).await.contents().await, before);
}

#[test]
fn json_has_the_documented_shape() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.yaml", FLOW);
    let plan = sandbox.run(&no_shipped("plan", &["--format", "json", "flow.yaml"])).expect(0).json();
    assert_eq!(plan["version"], 1);
    assert_eq!(plan["base_revision"], 0);
    assert_eq!(plan["summary"], json!({ "create": 1, "update": 0, "delete": 0, "keep": 0, "adopt": 0 }));
    let change = &plan["changes"][0];
    assert_eq!(change["action"], "create");
    assert_eq!(change["model"], "authentik_flows.flow");
    assert_eq!(change["key"], "tour");
    assert_eq!((&change["file"], &change["line"]), (&json!("flow.yaml"), &json!(4)));
    assert_eq!(change["fields"]["title"], json!({ "before": null, "after": "Take the tour" }));

    let applied = sandbox.run(&no_shipped("apply", &["--format", "json", "flow.yaml"])).expect(0).json();
    assert_eq!(applied["revision"], 1);
    sandbox.write("flow.yaml", &FLOW.replace("Take the tour", "Look around"));
    let plan = sandbox.run(&no_shipped("plan", &["--format", "json", "flow.yaml"])).expect(0).json();
    assert_eq!(plan["base_revision"], 1);
    assert_eq!(plan["changes"][0]["action"], "update");
    assert_eq!(plan["changes"][0]["fields"], json!({ "title": { "before": "Take the tour", "after": "Look around" } }));

    sandbox.write("flow.yaml", &FLOW.replace("authentik_flows.flow", "authentik_flows.flo"));
    let check = sandbox.run(&no_shipped("check", &["--format", "json", "flow.yaml"])).expect(1).json();
    assert_eq!(check["summary"], json!({ "files": 1, "entries": 1, "look_ups": 0, "errors": 1, "warnings": 0 }));
    let found = &check["diagnostics"][0];
    assert_eq!(found["code"], "unknown-model");
    assert_eq!(found["severity"], "error");
    assert_eq!(found["file"], "flow.yaml");
    assert_eq!(["line", "column", "end_line", "end_column"].map(|name| found[name].as_u64().unwrap()), [4, 12, 4, 31]);
}

#[test]
fn deletions_need_consent() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.yaml", FLOW);
    sandbox.run(&no_shipped("apply", &["flow.yaml"])).expect(0);
    sandbox.write("flow.yaml", &FLOW.replace("    identifiers", "    state: absent\n    identifiers"));
    let before = sandbox.database();
    let run = sandbox.run(&no_shipped("apply", &["flow.yaml"])).expect(1);
    assert!(run.stderr.contains("--yes") && run.stderr.contains("tour"), "{}", run.stderr);
    assert_eq!(sandbox.database(), before);
    let run = sandbox.run(&no_shipped("apply", &["--yes", "flow.yaml"])).expect(0);
    assert!(run.stdout.contains("1 to delete"), "{}", run.stdout);
    sandbox.run(&no_shipped("plan", &["--detailed-exitcode", "flow.yaml"])).expect(0);
}

#[test]
fn secrets_are_only_said_to_have_changed() {
    let sandbox = Sandbox::new();
    let user = "\
version: 1
metadata: {name: users}
entries:
  - model: authentik_core.user
    identifiers: {username: anna}
    attrs: {name: Anna, password: first-Secret-1}
";
    sandbox.write("user.yaml", user);
    let args = ["--details", "user.yaml"];
    let shown = sandbox.run(&no_shipped("plan", &args)).expect(0).stdout;
    let applied = sandbox.run(&no_shipped("apply", &args)).expect(0).stdout;
    sandbox.write("user.yaml", &user.replace("first-Secret-1", "second-Secret-2"));
    let changed = sandbox.run(&no_shipped("plan", &args)).expect(0).stdout;
    assert!(changed.contains("password") && changed.contains("changed"), "{changed}");
    let json = sandbox.run(&no_shipped("plan", &["--format", "json", "user.yaml"])).expect(0).stdout;
    for text in [shown, applied, changed, json] {
        assert!(!text.contains("-Secret-"), "{text}");
    }
    for (name, bytes) in sandbox.database() {
        let holds = bytes.windows(8).any(|window| window == b"-Secret-");
        assert!(!holds, "{name} holds the password");
    }
}

#[test]
fn a_database_of_another_key_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.yaml", FLOW);
    sandbox.run(&no_shipped("apply", &["flow.yaml"])).expect(0);
    let other = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    sandbox.write("other.key", other);
    let run = sandbox.run(&no_shipped("plan", &["--secret-key-file", "other.key", "flow.yaml"])).expect(1);
    assert!(run.stderr.contains("key"), "{}", run.stderr);
    std::fs::remove_file(sandbox.path().join("gatewright.key")).unwrap();
    let run = sandbox.run(&no_shipped("plan", &["flow.yaml"])).expect(1);
    assert!(run.stderr.contains("gatewright.key"), "{}", run.stderr);
    assert!(!sandbox.path().join("gatewright.key").exists());
}

/// The brand that is the default, and a place in a flow: identifiers that are no unique key mean the shipped objects.
#[test]
fn what_is_identified_by_other_fields_is_changed_and_not_made_again() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "files/house.yaml",
        "version: 1
metadata: {name: house}
entries:
  - model: authentik_brands.brand
    identifiers: {default: true}
    attrs: {branding_title: Example}
  - model: authentik_flows.flowstagebinding
    identifiers: {target: !Find [authentik_flows.flow, [slug, default-authentication-flow]], order: 100}
    attrs: {evaluate_on_plan: true}
",
    );
    sandbox.run(&["apply", "--yes"]).expect(0);
    let plan = sandbox.run(&["plan", "--format", "json", "files"]).expect(0).json();
    assert_eq!(plan["summary"]["create"], 0, "{plan:#}");
    assert_eq!(plan["summary"]["update"], 2, "{plan:#}");
    sandbox.run(&["apply", "--yes", "files"]).expect(0);
    sandbox.run(&["plan", "--detailed-exitcode", "files"]).expect(0);
}
