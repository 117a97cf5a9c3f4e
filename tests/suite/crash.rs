//! An apply that ends between two statements: the database is what it was, or what it was to be, and the next apply goes on.
//!
//! Every statement in the full run, each seventh otherwise.

use gatewright_testing::postgres;

use crate::support::sandbox::{Run, Sandbox, finish};

const KEY: &str = "a key of tests, long enough: 32.";

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

struct Site {
    sandbox: Sandbox,
    env: Vec<(&'static str, String)>,
}

impl Site {
    fn new(url: Option<String>) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("before.yaml", BEFORE);
        sandbox.write("after.yaml", AFTER);
        let url = url.map(|url| ("GATEWRIGHT_DATABASE", url));
        Self { sandbox, env: url.into_iter().chain([("GATEWRIGHT_SECRET_KEY", KEY.to_owned())]).collect() }
    }

    fn run(&self, args: &[&str], crash: Option<u64>) -> Run {
        let mut command = self.sandbox.command();
        command.args(args).envs(self.env.iter().map(|(name, value)| (name, value)));
        finish(command.envs(crash.map(|number| ("GATEWRIGHT_TEST_CRASH", number.to_string()))))
    }

    fn apply(&self, file: &str, crash: Option<u64>) -> Run {
        self.run(&["apply", "--no-shipped", "--prune", "--yes", file], crash)
    }

    fn is(&self, file: &str) -> bool {
        let plan = self.run(&["plan", "--no-shipped", "--prune", "--detailed-exitcode", file], None);
        assert!(matches!(plan.code, 0 | 2), "{}{}", plan.stdout, plan.stderr);
        plan.code == 0
    }
}

/// Crashes before one statement after the other, until an apply comes to its end. Says how many it has.
fn crashes(site: &Site) -> u64 {
    let step = if std::env::var_os("GATEWRIGHT_FULL").is_some() { 1 } else { 7 };
    for number in (1..).step_by(step) {
        site.apply("before.yaml", None).expect(0);
        let run = site.apply("after.yaml", Some(number));
        if run.code == 0 {
            return number;
        }
        let (before, after) = (site.is("before.yaml"), site.is("after.yaml"));
        assert!(before != after, "crash {number}: neither the old revision nor the new one\n{}", run.stderr);
        site.apply("after.yaml", None).expect(0);
        assert!(site.is("after.yaml"), "crash {number}: the next apply does not converge");
    }
    0
}

#[test]
fn a_crash_in_sqlite_leaves_the_old_revision_or_the_new_one() {
    let statements = crashes(&Site::new(None));
    assert!(statements > 20, "an apply has more than {statements} statements");
}

#[test]
fn a_crash_in_postgresql_leaves_the_old_revision_or_the_new_one() {
    let Some(database) = postgres::Database::new() else { return };
    let statements = crashes(&Site::new(Some(database.url())));
    assert!(statements > 20, "an apply has more than {statements} statements");
}
