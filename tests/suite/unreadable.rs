//! A folder that may not be read. Root reads everything, so the command runs as somebody else.

use crate::support::sandbox::Sandbox;
use crate::support::{mode, run_as_nobody, skip};

const BLUEPRINT: &str = "version: 1\nmetadata: {name: x}\nentries: []\n";

#[test]
fn an_unreadable_folder_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("files/fine.yaml", BLUEPRINT);
    let closed = sandbox.write("files/closed/hidden.yaml", BLUEPRINT);
    let secret = sandbox.write("files/secret.yaml", BLUEPRINT);
    mode(closed.parent().unwrap(), 0o000);
    mode(&secret, 0o000);
    let run = run_as_nobody(&sandbox, &["check", "--no-shipped", "files"]);
    mode(closed.parent().unwrap(), 0o755);
    let Some(run) = run else { return skip("an_unreadable_folder_is_named", "there is no setpriv") };
    let run = run.expect(1);
    assert!(run.stdout.contains("`files/closed` cannot be read: permission denied"), "{}", run.stdout);
    assert!(run.stdout.contains("`files/secret.yaml` cannot be read: permission denied"), "{}", run.stdout);
    assert!(run.stdout.contains("2 errors"), "{}", run.stdout);
}
