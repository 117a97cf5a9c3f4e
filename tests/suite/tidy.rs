//! The rules of the house that a compiler does not know: lengths of files, opening comments, forbidden arrows.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatewright_compiler::models::{Storage, models};

use crate::support::root;

/// Our own files with an ending, the built ones left out.
fn files(ending: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(root()).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || (name != "target" && !name.starts_with('.'))
    });
    let paths = walk.map(|entry| entry.unwrap().into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == ending)).collect()
}

/// Lines up to the tests at the end of a file.
fn code_lines(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap();
    text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count()
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, PathBuf)> = files("rs").into_iter().map(|path| (code_lines(&path), path)).collect();
    lengths.sort();
    let (longest, path) = lengths.last().unwrap();
    assert!(*longest <= 800, "{} has {longest} lines", path.display());
    let median = lengths[lengths.len() / 2].0;
    assert!(median <= 200, "half of the files have more than {median} lines");
    let long: Vec<_> = lengths.iter().filter(|(length, _)| *length > 500).collect();
    assert!(long.len() * 10 <= lengths.len(), "more than one file in ten is over 500 lines: {long:?}");
}

#[test]
fn files_say_what_they_are() {
    for path in files("rs") {
        assert!(fs::read_to_string(&path).unwrap().starts_with("//! "), "{} does not open with //!", path.display());
    }
}

#[test]
fn nothing_is_left_to_do() {
    let marks = ["TODO", "FIXME", "XXX"];
    for path in files("rs").into_iter().filter(|path| !path.ends_with("tests/suite/tidy.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!marks.iter().any(|mark| text.contains(mark)), "{} has a mark", path.display());
    }
}

/// The crates that a package is built from.
fn tree(package: &str) -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--package", package])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn assert_absent(package: &str, forbidden: &[&str]) {
    let tree = tree(package);
    for name in forbidden {
        assert!(!tree.iter().any(|found| found == name), "{package} reaches {name}");
    }
}

#[test]
fn forbidden_arrows_do_not_exist() {
    assert_absent("gatewright-compiler", &["axum", "hyper", "sqlx", "notify", "gatewright-reconciler", "clap"]);
    assert_absent("gatewright-expression", &["gatewright-compiler", "sqlx", "axum", "hyper"]);
    assert_absent("gatewright-reconciler", &["axum", "hyper", "askama", "gatewright-runtime", "clap"]);
    assert_absent("gatewright-runtime", &["clap", "indicatif"]);
}

/// The files below a folder hold none of these words.
fn assert_silent(folder: &str, words: &[&str]) {
    let is_test = |path: &PathBuf| path.ends_with("tests.rs") || path.iter().any(|part| part == "tests");
    let here = |path: &PathBuf| path.starts_with(root().join(folder)) && !is_test(path);
    for path in files("rs").into_iter().filter(here) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        let code = code.filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for word in words {
                assert!(!line.contains(word), "{} names {word}: {line}", path.display());
            }
        }
    }
}

#[test]
fn parts_do_not_know_what_they_should_not() {
    assert_silent("compiler/src", &["std::fs", "std::env::", "SystemTime", "Timestamp::now", "getrandom", "tokio::"]);
    assert_silent("runtime/src", &["gatewright_reconciler::plan", "gatewright_reconciler::apply", "clap::"]);
    assert_silent("runtime/src/flow", &["axum", "sqlx"]);
    assert_silent("runtime/src/stages", &["axum", "sqlx"]);
    assert_silent("reconciler/src/plan", &["sqlx"]);
    assert_silent("reconciler/src/diff", &["sqlx"]);
    for file in ["reconciler/src/plan.rs", "reconciler/src/diff.rs"] {
        let text = fs::read_to_string(root().join(file)).unwrap_or_default();
        assert!(!text.contains("sqlx"), "{file} names sqlx");
    }
}

#[test]
fn only_the_printer_prints() {
    for path in files("rs").into_iter().filter(|path| path.starts_with(root().join("src"))) {
        let text = fs::read_to_string(&path).unwrap();
        let prints = text.contains("io::stdout()") || text.contains("io::stderr()).") || text.contains("println!");
        assert!(!prints || path.ends_with("src/render.rs"), "{} prints", path.display());
    }
}

#[test]
fn no_test_file_is_forgotten() {
    for folder in ["suite", "support"] {
        let folder = root().join("tests").join(folder);
        let list = fs::read_to_string(folder.join("mod.rs")).unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().replace(".rs", "");
            assert!(name == "mod" || list.contains(&format!("mod {name};")), "{name} is in no list of {folder:?}");
        }
    }
}

/// A model without behaviour is one whose objects no code of the runtime takes in, and the other way round. Stages and
/// policies are all taken in: what they do is held to the same table by `runtime/src/flow/tests/behaviour.rs`.
#[test]
fn models_without_behaviour_are_those_that_the_runtime_does_not_read() {
    let mut imported = HashSet::new();
    for path in files("rs").into_iter().filter(|path| path.starts_with(root().join("runtime/src"))) {
        let text = fs::read_to_string(path).unwrap();
        let statements = ["use gatewright_compiler::models::", "use gatewright_reconciler::store::"];
        for statement in statements.iter().flat_map(|begin| text.split(begin).skip(1)) {
            let names = statement.split(';').next().unwrap_or_default();
            imported.extend(names.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase));
        }
    }
    for model in models() {
        let among = |kinds: &[&str]| kinds.iter().any(|kind| model.kinds.contains(kind));
        // Blueprints about blueprints are the compiler's.
        if !among(&["stage", "policy"]) && model.storage != Storage::Meta {
            let read = imported.contains(model.name.rsplit('.').next().unwrap());
            assert_eq!(read, model.has_behaviour(), "{}: correct `models/behaviour.rs` of the compiler", model.name);
        }
    }
}
