//! A folder that may not be read. Root reads everything, so the command runs as somebody else.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::skip;

const BLUEPRINT: &str = "version: 1\nmetadata: {name: x}\nentries: []\n";

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// Runs the command as a user that is not root.
fn run_as_nobody(sandbox: &Sandbox, args: &[&str]) -> Option<Run> {
    if !is_root() {
        return Some(sandbox.run(args));
    }
    // The checkout may lie where nobody else may look.
    let binary = sandbox.path().join("gatewright");
    std::fs::copy(env!("CARGO_BIN_EXE_gatewright"), &binary).unwrap();
    mode(&binary, 0o755);
    mode(sandbox.path(), 0o755);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(binary).args(args);
    command.current_dir(sandbox.path());
    Command::new("setpriv").arg("--version").output().ok()?;
    Some(finish(&mut command))
}

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
