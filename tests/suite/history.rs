//! What was applied and the way back: `history`, `show`, `rollback`, `drift`, plans for later, pruning.

use std::os::unix::fs::PermissionsExt as _;

use super::apply::GROUP;
use crate::support::sandbox::Sandbox;

const FLOW: &str = "  - model: authentik_flows.flow
    identifiers: {slug: tour}
    attrs: {name: Tour, title: Take the tour, designation: authentication}
";

/// A database with both, then files with a changed group only.
fn two_states() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("a.yaml", &format!("{GROUP}{FLOW}"));
    sandbox.run(&["apply", "--no-shipped", "a.yaml"]).expect(0);
    sandbox.write("a.yaml", &GROUP.replace("Beagle", "Victory"));
    sandbox
}

#[test]
fn what_left_the_files_is_said_and_pruned_on_request() {
    let sandbox = two_states();
    let plan = sandbox.run(&["plan", "--no-shipped", "a.yaml"]).expect(0);
    insta::assert_snapshot!(plan.stdout, @r#"
    authentik_core.group
      ~ crew  a.yaml:4
          attributes  {"ship":"Beagle"} → {"ship":"Victory"}

    orphaned: 1 object that no blueprint declares any more
      ? authentik_flows.flow tour  was in a.yaml
      --prune deletes those that nothing else uses

    plan: 0 to create, 1 to change, 0 to delete, 0 as declared
    "#);
    let json = sandbox.run(&["plan", "--no-shipped", "--format", "json", "a.yaml"]).expect(0).json();
    assert_eq!(json["orphans"][0]["key"], "tour");
    let refused = sandbox.run(&["apply", "--no-shipped", "--prune", "a.yaml"]).expect(1);
    assert!(refused.stderr.contains("deletes flow `tour`"), "{}", refused.stderr);
    sandbox.run(&["apply", "--no-shipped", "--prune", "--yes", "a.yaml"]).expect(0);
    let settled = sandbox.run(&["plan", "--no-shipped", "--prune", "--detailed-exitcode", "a.yaml"]).expect(0);
    assert_eq!(settled.stdout, "nothing to do: 1 as declared\n");
}

#[test]
fn revisions_are_listed_shown_and_taken_back() {
    let sandbox = two_states();
    sandbox.run(&["apply", "--no-shipped", "--prune", "--yes", "a.yaml"]).expect(0);
    let history = sandbox.run(&["history", "--format", "json"]).expect(0).json();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 2);
    assert_eq!((&history["revisions"][0]["delete"], &history["revisions"][1]["create"]), (&1.into(), &2.into()));
    let show = sandbox.run(&["show", "2"]).expect(0).stdout;
    assert!(show.contains("- tour") && show.contains("{\"ship\":\"Beagle\"} → {\"ship\":\"Victory\"}"), "{show}");
    let none = sandbox.run(&["show", "7"]).expect(1);
    assert!(none.stderr.contains("the history holds no revision 7"), "{}", none.stderr);
    let dry = sandbox.run(&["rollback", "1", "--dry-run"]).expect(0);
    let back = sandbox.run(&["rollback", "1"]).expect(0);
    assert!(back.stdout.starts_with(&dry.stdout), "{}", back.stdout);
    insta::assert_snapshot!(back.stdout, @r#"
    authentik_core.group
      ~ crew
          attributes  {"ship":"Victory"} → {"ship":"Beagle"}

    authentik_flows.flow
      + tour

    plan: 1 to create, 1 to change, 0 to delete, 0 as declared
    applied as revision 3: as it was at revision 1
    "#);
    sandbox.write("a.yaml", &format!("{GROUP}{FLOW}"));
    sandbox.run(&["plan", "--no-shipped", "--detailed-exitcode", "a.yaml"]).expect(0);
    let beyond = sandbox.run(&["rollback", "9"]).expect(1);
    assert!(beyond.stderr.contains("there is no revision 9: the latest is 3"), "{}", beyond.stderr);
}

#[test]
fn the_history_is_as_long_as_asked() {
    let sandbox = two_states();
    sandbox.run(&["apply", "--no-shipped", "--history", "1", "a.yaml"]).expect(0);
    let history = sandbox.run(&["history", "--format", "json"]).expect(0).json();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 1);
    let gone = sandbox.run(&["rollback", "0", "--yes"]).expect(1);
    assert!(gone.stderr.contains("revision 1 cannot be taken back"), "{}", gone.stderr);
    sandbox.run(&["rollback", "1", "--yes"]).expect(0);
}

#[test]
fn a_plan_for_later_is_applied_as_it_was_shown_or_not_at_all() {
    let sandbox = two_states();
    let made = sandbox.run(&["plan", "--no-shipped", "--prune", "--out", "later.plan", "a.yaml"]).expect(0);
    let mode = std::fs::metadata(sandbox.path().join("later.plan")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // What the files say meanwhile does not count.
    sandbox.write("a.yaml", GROUP);
    let asks = sandbox.run(&["apply", "--plan", "later.plan"]).expect(1);
    assert!(asks.stderr.contains("deletes flow `tour`"), "{}", asks.stderr);
    let applied = sandbox.run(&["apply", "--plan", "later.plan", "--yes"]).expect(0);
    assert_eq!(applied.stdout, format!("{}applied as revision 2\n", made.stdout));
    let again = sandbox.run(&["apply", "--plan", "later.plan", "--yes"]).expect(1);
    assert!(again.stderr.contains("the database has changed since this plan was made"), "{}", again.stderr);
    let both = sandbox.run(&["apply", "--plan", "later.plan", "a.yaml"]).expect(1);
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
    sandbox.write("later.plan", "{}");
    let broken = sandbox.run(&["apply", "--plan", "later.plan", "--yes"]).expect(1);
    assert!(broken.stderr.contains("this is no plan file"), "{}", broken.stderr);
}

#[test]
fn without_a_database_nothing_is_made() {
    let sandbox = Sandbox::new();
    sandbox.write("a.yaml", GROUP);
    assert_eq!(sandbox.run(&["history"]).expect(0).stdout, "nothing was applied yet\n");
    assert!(sandbox.run(&["drift"]).expect(0).stdout.starts_with("no drift"));
    sandbox.run(&["rollback", "0"]).expect(1);
    sandbox.run(&["plan", "--out", "later.plan", "a.yaml"]).expect(1);
    sandbox.run(&["show", "1"]).expect(1);
    assert_eq!(std::fs::read_dir(sandbox.path()).unwrap().count(), 1);
}
