//! A disk that is full, and a database that may not be written: a clear word, and nothing is lost.

use std::process::Command;

use crate::support::sandbox::{Sandbox, finish};
use crate::support::{mode, run_as_nobody, skip};

fn group(name: &str, text: &str) -> String {
    format!(
        "version: 1\nentries:\n  - model: authentik_core.group\n    identifiers: {{name: {name}}}\n    \
         attrs: {{attributes: {{note: \"{text}\"}}}}\n"
    )
}

#[test]
fn a_file_that_may_not_grow_leaves_the_last_revision() {
    let sandbox = Sandbox::new();
    sandbox.write("small.yaml", &group("small", "x"));
    sandbox.write("large.yaml", &group("large", &"x".repeat(2_000_000)));
    sandbox.run(&["apply", "--no-shipped", "small.yaml"]).expect(0);
    // Blocks of 512 bytes: larger than the database is, smaller than it would be.
    let mut limited = Command::new("sh");
    let apply =
        format!("ulimit -f 2000; exec {} apply --no-shipped --yes large.yaml", env!("CARGO_BIN_EXE_gatewright"));
    let run = finish(limited.args(["-c", &apply]).current_dir(sandbox.path())).expect(1);
    assert!(run.stderr.contains("the disk is full, or the file of the database may not grow"), "{}", run.stderr);
    let history = sandbox.run(&["history", "--format", "json"]).expect(0).json();
    assert_eq!(history["revisions"].as_array().unwrap().len(), 1);
    sandbox.run(&["plan", "--no-shipped", "--detailed-exitcode", "small.yaml"]).expect(0);
    // With room it goes on.
    sandbox.run(&["apply", "--no-shipped", "large.yaml"]).expect(0);
}

#[test]
fn a_database_that_may_not_be_written_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("small.yaml", &group("small", "x"));
    sandbox.run(&["apply", "--no-shipped", "small.yaml"]).expect(0);
    sandbox.write("more.yaml", &group("more", "x"));
    let (database, key) = (sandbox.path().join("gatewright.db"), sandbox.path().join("gatewright.key"));
    mode(&database, 0o444);
    mode(&key, 0o444);
    let before = std::fs::read(&database).unwrap();
    mode(sandbox.path(), 0o555);
    let run = run_as_nobody(&sandbox, &["apply", "--no-shipped", "--yes", "more.yaml"]);
    mode(sandbox.path(), 0o755);
    let Some(run) = run else { return skip("a_database_that_may_not_be_written_says_so", "there is no setpriv") };
    let run = run.expect(1);
    assert!(run.stderr.contains("may be written to"), "{}", run.stderr);
    assert_eq!(std::fs::read(&database).unwrap(), before);
}
