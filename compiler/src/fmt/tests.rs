//! The layout by example (`cases/`), and what holds for every text: nothing is lost, and a second time changes nothing.
#![expect(clippy::disallowed_methods, clippy::print_stderr, clippy::unwrap_used, reason = "tests")]

mod random;

use std::path::{Path, PathBuf};

use super::*;
use crate::fuzz::formatted;

#[test]
fn layouts() {
    insta::glob!("cases/*.yaml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(formatted(&text).unwrap());
        });
    });
}

fn blueprints(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            blueprints(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn every_blueprint_keeps_its_meaning() {
    let mut files = Vec::new();
    blueprints(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../blueprints"), &mut files);
    let shipped = files.len();
    match std::env::var_os("GATEWRIGHT_SHARED").map(PathBuf::from) {
        Some(shared) => {
            blueprints(&shared.join("corpus/peer"), &mut files);
            blueprints(&shared.join("corpus/public"), &mut files);
            assert!(files.len() - shipped > 90);
        }
        None => eprintln!("skipped the corpora: GATEWRIGHT_SHARED is not set"),
    }
    assert!(shipped > 15);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(formatted(&text).is_ok(), "{}", path.display());
    }
}

#[test]
fn mistakes_are_shown_and_nothing_is_formatted() {
    for text in ["a: [1", "a: 'x", "a:\n\tb: 1", "a: 1\n---\nb: 1\n", "a: 1\n b: 2\n", "a: b\n\t # c\n d\n"] {
        assert!(matches!(format(FileId(0), text), Err(Failure::Mistakes(found)) if !found.is_empty()), "{text}");
    }
    // What can be read has a layout, even if it means nothing.
    assert_eq!(format(FileId(0), "a:   =\na:   *b\n").unwrap(), "a: =\na: *b\n");
}

#[test]
fn a_lost_comment_or_another_value_is_noticed() {
    assert!(check::same("a: 1 # x\n", "a: 1 # x\n").is_ok());
    assert!(check::same("a: 1 # x\n", "a: 1\n").is_err());
    assert!(check::same("# x\na: 1\n", "a: 1\n# x\n").is_err());
    assert!(check::same("a: 1\n", "a: '1'\n").is_err());
    assert!(check::same("a: !X 1\n", "a: !Y 1\n").is_err());
    assert!(check::same("a: &x 1\n", "a: &y 1\n").is_err());
    assert!(check::same("a: [1]\n", "a:\n  - 1\n").is_err());
    assert!(check::same("a: 1\n", "a: 1\nb: 2\n").is_err());
    assert!(check::same("a: 1\n", "a: [\n").is_err());
}

#[test]
fn long_files_take_linear_time() {
    // A quadratic step would take minutes here.
    let entry = "-   model: x # c\n    # d\n    attrs:\n        a: [1,\n          2]\n        b: |\n            x\n\n";
    let text = format!("entries:\n{}", entry.repeat(20_000));
    let result = format(FileId(0), &text).unwrap();
    assert_eq!(result.matches("  - model: x # c\n    # d\n").count(), 20_000);
    let line = format!("a: [{}]\n", "[b, c], ".repeat(50_000));
    assert_eq!(format(FileId(0), &line).unwrap(), line);
}
