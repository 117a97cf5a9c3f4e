//! The harness: a folder of its own for each test, the real binary, a running server, HTTP and browser clients.

pub(crate) mod browser;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod drawing;
pub(crate) mod editor;
pub(crate) mod process;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod site;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sandbox::{Run, Sandbox, finish};

pub(crate) use gatewright_testing::{missing, skip};

/// The checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The blueprints of other people, where they are; says so where they are not.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("GATEWRIGHT_SHARED").map(PathBuf::from);
    if shared.is_none() {
        skip(test, "GATEWRIGHT_SHARED is not set");
    }
    shared
}

/// Changes who may do what with a file or folder.
pub(crate) fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// Runs the command as a user that is not root, whom permissions bind; `None` where that cannot be done.
pub(crate) fn run_as_nobody(sandbox: &Sandbox, args: &[&str]) -> Option<Run> {
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
