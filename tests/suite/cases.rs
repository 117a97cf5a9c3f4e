//! Runs every folder of `tests/cases/`: its `cmd` holds command lines, its `output.snap` what they should say.
//!
//! A new case is a new folder. A command that fails must leave the database as it was, byte for byte.

use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::support::root;
use crate::support::sandbox::Sandbox;

#[test]
fn every_case_says_what_it_should() {
    let mut failed = Vec::new();
    for case in folders() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        if catch_unwind(AssertUnwindSafe(|| check(&case))).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "cases that say something else: {}", failed.join(", "));
}

#[test]
fn every_folder_is_a_case() {
    for case in folders() {
        assert!(case.join("cmd").is_file(), "{} has no `cmd`", case.display());
    }
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn check(case: &Path) {
    let sandbox = Sandbox::new();
    sandbox.copy(case);
    let commands = fs::read_to_string(case.join("cmd")).unwrap();
    let mut said = String::new();
    for line in commands.lines().filter(|line| !line.is_empty()) {
        let before = sandbox.database();
        let args: Vec<&str> = line.split_whitespace().collect();
        let run = sandbox.run(&args);
        let _ = writeln!(said, "$ gatewright {line}");
        said.push_str(&run.stdout);
        if !run.stderr.is_empty() {
            let _ = write!(said, "--- stderr\n{}", run.stderr);
        }
        let _ = writeln!(said, "--- exit {}\n", run.code);
        assert!(run.code == 0 || sandbox.database() == before, "`{line}` failed and changed the database");
    }
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(case);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("output", said.trim_end()));
}
