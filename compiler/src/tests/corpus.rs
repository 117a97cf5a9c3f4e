//! Real files, where the shared folder is there: `GATEWRIGHT_SHARED`.

use std::path::{Path, PathBuf};

use super::*;
use crate::diagnostic::{Code, Diagnostic, Severity};

fn shared() -> Option<PathBuf> {
    std::env::var_os("GATEWRIGHT_SHARED").map(|path| Path::new(&path).join("corpus"))
}

pub(super) fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub(super) fn layer(folder: &Path, layer: u32) -> Vec<SourceFile> {
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(folder).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).ok()?;
        Some(SourceFile { layer, included: layer > 0, ..file(&relative, &text) })
    };
    yaml_files(folder).into_iter().filter_map(read).collect()
}

fn errors(files: Vec<SourceFile>) -> String {
    let sources = sources(files);
    let mut compilation = compile(&sources, &UnknownWorld, &CHECK);
    compilation.diagnostics.retain(|found| found.severity == Severity::Error);
    findings(&sources, &compilation)
}

#[test]
fn the_defaults_of_the_peer() {
    let Some(corpus) = shared() else { return };
    assert_eq!(errors(layer(&corpus.join("peer/default"), 0)), "");
}

#[test]
fn the_system_files_of_the_peer() {
    let Some(corpus) = shared() else { return };
    let mut files = layer(&corpus.join("peer/default"), 0);
    files.extend(layer(&corpus.join("peer/system"), 0));
    files.extend(layer(&corpus.join("peer/migrations"), 0));
    assert_eq!(errors(files), "");
}

#[test]
fn each_example_of_the_peer() {
    let Some(corpus) = shared() else { return };
    for example in layer(&corpus.join("peer/example"), 1) {
        let mut files = layer(&corpus.join("peer/default"), 0);
        files.push(example);
        assert_eq!(errors(files), "");
    }
}

/// Their mistakes are their own: what counts is that every one of them gets an answer.
#[test]
fn public_files_are_survived() {
    let Some(corpus) = shared() else { return };
    for path in yaml_files(&corpus.join("public")) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let mut files = layer(&corpus.join("peer/default"), 0);
        files.push(SourceFile { layer: 1, included: true, ..file(&path.display().to_string(), &text) });
        let sources = sources(files);
        let compilation = compile(&sources, &UnknownWorld, &CHECK);
        assert_eq!(compilation.summary.files, sources.len());
    }
}

/// What is shipped compiles by itself, for a check and for a plan of an empty database.
#[test]
fn the_shipped_set() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints");
    if !folder.is_dir() {
        return;
    }
    let sources = sources(layer(&folder, 0));
    let compilation = compile(&sources, &UnknownWorld, &CHECK);
    assert_eq!(findings_with_lints(&sources, &compilation), "", "lints included");
    let mut compilation = compile(&sources, &TestWorld::default(), &PLAN);
    compilation.diagnostics.retain(|found| found.severity == Severity::Error);
    assert_eq!(findings(&sources, &compilation), "");
}

/// Lints leave the peer's own files alone: nobody who begins with them is told off for what others wrote.
#[test]
fn no_lint_finds_fault_with_the_peer() {
    let Some(corpus) = shared() else { return };
    for part in ["system", "migrations", "example", "testing"] {
        let mut files = layer(&corpus.join("peer/default"), 0);
        let folder = corpus.join("peer").join(part);
        files.extend(if folder.is_dir() { layer(&folder, 0) } else { Vec::new() });
        let sources = sources(files);
        let compilation = compile(&sources, &UnknownWorld, &CHECK);
        // Its example of a captcha holds the private key of a test account in plain text, and so it is said.
        let key = |found: &&Diagnostic| found.code == Code::PlainSecret && found.message.contains("`private_key`");
        let found =
            compilation.diagnostics.iter().filter(|found| found.code.lint() && !found.code.quiet() && !key(found));
        assert_eq!(show_findings(&sources, found), "");
    }
}

/// The peer's files make a plan on an empty database, too.
#[test]
fn the_defaults_of_the_peer_in_a_plan() {
    let Some(corpus) = shared() else { return };
    let sources = sources(layer(&corpus.join("peer/default"), 0));
    let mut compilation = compile(&sources, &TestWorld::default(), &PLAN);
    compilation.diagnostics.retain(|found| found.severity == Severity::Error);
    assert_eq!(findings(&sources, &compilation), "");
    assert!(compilation.desired.objects.len() > 50);
}

/// As the command sees them: the shipped set below, the peer's defaults above, each example on top.
#[test]
fn the_peer_on_top_of_the_shipped_set() {
    let Some(corpus) = shared() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints");
    if !folder.is_dir() {
        return;
    }
    let base = || {
        let mut files = layer(&folder, 0);
        files.extend(layer(&corpus.join("peer/default"), 1));
        files
    };
    assert_eq!(errors(base()), "");
    for example in layer(&corpus.join("peer/example"), 2) {
        let mut files = base();
        files.push(SourceFile { named: true, ..example });
        assert_eq!(errors(files), "");
    }
    let sources = sources(base());
    let mut compilation = compile(&sources, &TestWorld::default(), &PLAN);
    compilation.diagnostics.retain(|found| found.severity == Severity::Error);
    assert_eq!(findings(&sources, &compilation), "");
}
