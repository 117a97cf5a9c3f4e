//! An apply that ends between two statements: the database is what it was, or what it was to be, and the next apply goes on.
//!
//! Every statement in the full run, each seventh otherwise.

use crate::support::sandbox::Run;
use crate::support::site::Site;

/// Something of every kind: made, changed, deleted.
const BEFORE: &str = "\
version: 1
entries:
  - {model: authentik_core.group, identifiers: {name: crew}, id: crew, attrs: {attributes: {ship: Beagle}}}
  - {model: authentik_core.group, identifiers: {name: old}}
  - {model: authentik_core.user, identifiers: {username: ann}, id: ann, attrs: {name: Ann, password: first, groups: [!KeyOf crew]}}
  - {model: authentik_flows.flow, identifiers: {slug: tour}, id: tour, attrs: {name: Tour, title: A, designation: authentication}}
  - {model: authentik_stages_deny.denystage, identifiers: {name: stop}, id: stop}
  - {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf tour, stage: !KeyOf stop, order: 1}}
";
const AFTER: &str = "\
version: 1
entries:
  - {model: authentik_core.group, identifiers: {name: crew}, id: crew, attrs: {attributes: {ship: Victory}}}
  - {model: authentik_core.group, identifiers: {name: new}, id: new}
  - {model: authentik_core.user, identifiers: {username: ann}, id: ann, attrs: {name: Anna, password: second, groups: [!KeyOf new]}}
  - {model: authentik_core.token, identifiers: {identifier: key}, attrs: {user: !KeyOf ann, intent: api}}
  - model: authentik_flows.flow
    identifiers: {slug: tour}
    id: tour
    attrs: {name: Tour, title: B, designation: authentication}
    permissions: [{permission: view_flow, user: !KeyOf ann}]
  - {model: authentik_stages_dummy.dummystage, identifiers: {name: go}, id: go}
  - {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf tour, stage: !KeyOf go, order: 2}}
  - {model: authentik_crypto.certificatekeypair, identifiers: {name: pair}}
";

fn apply(site: &Site, file: &str, crash: Option<u64>) -> Run {
    let crash = crash.map(|number| number.to_string());
    let crash: Vec<(&str, &str)> = crash.iter().map(|number| ("GATEWRIGHT_TEST_CRASH", number.as_str())).collect();
    site.run(&["apply", "--no-shipped", "--prune", "--yes", file], &crash)
}

fn is(site: &Site, file: &str) -> bool {
    let plan = site.run(&["plan", "--no-shipped", "--prune", "--detailed-exitcode", file], &[]);
    assert!(matches!(plan.code, 0 | 2), "{}{}", plan.stdout, plan.stderr);
    plan.code == 0
}

/// Crashes before one statement after the other, until an apply comes to its end. Says how many it has.
fn crashes(site: &Site) -> u64 {
    site.sandbox.write("before.yaml", BEFORE);
    site.sandbox.write("after.yaml", AFTER);
    let step = if std::env::var_os("GATEWRIGHT_FULL").is_some() { 1 } else { 7 };
    for number in (1..).step_by(step) {
        apply(site, "before.yaml", None).expect(0);
        let run = apply(site, "after.yaml", Some(number));
        if run.code == 0 {
            return number;
        }
        let (before, after) = (is(site, "before.yaml"), is(site, "after.yaml"));
        assert!(before != after, "crash {number}: neither the old revision nor the new one\n{}", run.stderr);
        apply(site, "after.yaml", None).expect(0);
        assert!(is(site, "after.yaml"), "crash {number}: the next apply does not converge");
    }
    0
}

#[test]
fn a_crash_in_sqlite_leaves_the_old_revision_or_the_new_one() {
    let statements = crashes(&Site::sqlite());
    assert!(statements > 20, "an apply has more than {statements} statements");
}

#[test]
fn a_crash_in_postgresql_leaves_the_old_revision_or_the_new_one() {
    let Some(site) = Site::postgres() else { return };
    let statements = crashes(&site);
    assert!(statements > 20, "an apply has more than {statements} statements");
}
