//! The texts that are kept, each through everything that has to hold for a text.
#![expect(clippy::disallowed_methods, clippy::print_stderr, clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use super::*;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Says which file it was when one of them panics.
struct Named<'p>(&'p Path);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with {}", self.0.display());
        }
    }
}

fn all(paths: &[PathBuf]) {
    for path in paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let named = Named(path);
        document(&text);
        layout(&text);
        expression(&text);
        program(&text);
        drop(named);
    }
}

#[test]
fn what_fuzzing_found() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for folder in ["corpus", "regressions"] {
        let mut paths = Vec::new();
        files(&fuzz.join(folder), &mut paths);
        assert!(!paths.is_empty(), "{folder} is empty");
        assert!(paths.len() <= 300, "{folder} has more files than a test should take");
        all(&paths);
    }
}

#[test]
fn what_people_wrote() {
    let Some(shared) = std::env::var_os("GATEWRIGHT_SHARED").map(PathBuf::from) else {
        eprintln!("skipped the corpora: GATEWRIGHT_SHARED is not set");
        return;
    };
    let mut paths = Vec::new();
    files(&shared.join("corpus"), &mut paths);
    assert!(paths.len() > 400);
    all(&paths);
}
