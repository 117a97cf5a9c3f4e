//! The world as blueprints see it: environment, files below their layer's folder, objects of the database.
//!
//! One type for both looks: `check` does not know the database nor what is not set yet, the plan does.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;

use gatewright_compiler::source::SourceFile;
use gatewright_compiler::world::{Answer, ExistingKey, World};
use gatewright_reconciler::observed::ObservedState;
use serde_json::Value as Json;

/// The largest file that `!File` takes in.
const MAX_FILE: u64 = 1 << 20;

/// What can be looked at.
pub(crate) struct RealWorld<'a> {
    /// By layer, the folder below which `!File` may read.
    pub(crate) roots: &'a [Option<PathBuf>],
    /// The database; `None` while checking.
    pub(crate) observed: Option<&'a ObservedState>,
}

impl RealWorld<'_> {
    /// What is not there now may be there when it is planned.
    fn not_there<T>(&self) -> Answer<T> {
        if self.observed.is_some() { Answer::Missing } else { Answer::Unknown }
    }

    fn read(&self, from: &SourceFile, path: &str) -> Option<String> {
        let root = self.roots.get(from.layer as usize)?.as_ref()?;
        // Links are resolved before the look at where the file lies, so that none leads outside.
        let root = fs::canonicalize(root).ok()?;
        let file = fs::canonicalize(root.join(path)).ok()?;
        if !file.starts_with(&root) || !file.is_file() {
            return None;
        }
        let mut text = String::new();
        let length = File::open(file).ok()?.take(MAX_FILE + 1).read_to_string(&mut text).ok()?;
        (length as u64 <= MAX_FILE).then_some(text)
    }
}

impl World for RealWorld<'_> {
    fn env(&self, name: &str) -> Answer<String> {
        std::env::var(name).map_or_else(|_| self.not_there(), Answer::Found)
    }

    fn file(&self, from: &SourceFile, path: &str) -> Answer<String> {
        self.read(from, path).map_or_else(|| self.not_there(), Answer::Found)
    }

    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey> {
        let Some(observed) = self.observed else { return Answer::Unknown };
        observed.find(model, conditions).map_or(Answer::Missing, Answer::Found)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn source() -> SourceFile {
        SourceFile {
            path: "a.yaml".to_owned(),
            relative: "a.yaml".to_owned(),
            layer: 1,
            named: false,
            included: false,
            text: "".into(),
        }
    }

    #[test]
    fn files_are_read_below_the_folder_only() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "no").unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("text"), "yes").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
        let roots = [None, Some(dir.path().to_owned())];
        let observed = ObservedState::empty();
        let world = RealWorld { roots: &roots, observed: Some(&observed) };
        assert_eq!(world.file(&source(), "text"), Answer::Found("yes".to_owned()));
        let absolute = outside.path().join("secret").display().to_string();
        for path in ["link", "../secret", "/etc/passwd", absolute.as_str(), "missing", "."] {
            assert_eq!(world.file(&source(), path), Answer::Missing, "{path}");
        }
        let shipped = SourceFile { layer: 0, ..source() };
        assert_eq!(world.file(&shipped, "text"), Answer::Missing);
        assert_eq!(RealWorld { roots: &roots, observed: None }.file(&source(), "missing"), Answer::Unknown);
    }
}
