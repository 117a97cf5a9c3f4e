//! The documents say what is true: generated pages are fresh, commands of the README exist, options are listed.

use std::fmt::Write as _;
use std::fs;

use gatewright_compiler::diagnostic::{Code, Severity};

use crate::support::root;
use crate::support::sandbox::Sandbox;

fn diagnostics_page() -> String {
    let mut page = String::from(
        "# Diagnostics\n\n<!-- Written by a test: UPDATE_DOCS=1 cargo test --test integration documents -->\n\n\
         Every finding has one of these codes, which never change their names. Only errors stop a plan; `--strict` \
         makes errors of the warnings that say so. What is said of a code below, `gatewright explain CODE` says on the \
         terminal; there it is also said where a code weighs more or less than the table says.\n\n| code | severity | what the rule says |\n| --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let strict = if code.strict() { ", error under `--strict`" } else { "" };
        let quiet = if code.quiet() { ", only when asked for" } else { "" };
        let (name, summary) = (code.name(), code.summary());
        let _ = writeln!(page, "| [`{name}`](#{name}) | {severity}{strict}{quiet} | {summary} |");
    }
    for code in Code::ALL {
        let _ = write!(page, "\n## {}\n\n{}", code.name(), code.explanation());
    }
    page
}

#[test]
fn the_page_of_diagnostics_is_fresh() {
    let path = root().join("docs/diagnostics.md");
    let page = diagnostics_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/diagnostics.md is stale: run UPDATE_DOCS=1 cargo test --test integration documents");
}

#[test]
fn codes_are_unique_and_kebab_case() {
    let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert!(
        names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'8'))
    );
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_option_is_documented() {
    let sandbox = Sandbox::new();
    let page = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let option = regex::Regex::new(r"--[a-z][a-z-]+").unwrap();
    for verb in ["check", "plan", "apply", "serve", "explain", "fmt", "graph"] {
        let help = sandbox.run(&[verb, "--help"]).expect(0).stdout;
        for found in option.find_iter(&help) {
            let known = page.contains(found.as_str()) || found.as_str() == "--help";
            assert!(known, "docs/cli.md does not know {} of {verb}", found.as_str());
        }
    }
}

#[test]
fn the_readme_tells_the_truth() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("cargo run --release -- serve") && readme.contains("cargo test --workspace"));
    let gate = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(gate.contains("cargo test --workspace"), "the gate runs the README's test command");
    for path in [
        "docs/cli.md",
        "docs/json.md",
        "docs/diagnostics.md",
        "docs/compatibility.md",
        "docs/editor.md",
        "scripts/figures",
    ] {
        assert!(readme.contains(path), "the README does not name {path}");
        assert!(root().join(path).is_file(), "{path} is missing");
    }
    let map =
        readme.split("```").find(|block| block.contains("src/pipeline.rs") || block.contains("compiler/src/lib.rs"));
    assert!(map.unwrap().lines().filter(|line| !line.is_empty()).count() <= 22, "the code map has 20 lines or so");
}

#[test]
fn the_blueprint_of_the_readme_works() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blueprint = readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("mine/login.yaml", blueprint);
    let run = sandbox.run(&["check", "--strict", "mine/"]).expect(0);
    assert!(run.stdout.contains("no mistakes") && !run.stdout.contains("warning"), "{}", run.stdout);
    let run = sandbox.run(&["plan", "mine/"]).expect(0);
    assert!(run.stdout.contains("over shipped/"), "{}", run.stdout);
    assert!(readme.contains("serve --blueprints mine/"), "the README says how to serve it");
}

#[test]
fn wrong_arguments_exit_with_1() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["chek"]).expect(1).stderr.contains("check"));
    sandbox.run(&["check", "--no-such-option"]).expect(1);
    sandbox.run(&["--version"]).expect(0);
}
