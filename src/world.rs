//! The world as blueprints see it: environment, files below their layer's folder, objects of the database.
//!
//! One type for both looks: `check` does not know the database nor what is not set yet, the plan does.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;

use gatewright_compiler::source::SourceFile;
use gatewright_compiler::world::{Answer, ExistingKey, FileAnswer, World};
use gatewright_reconciler::observed::ObservedState;
use serde_json::{Map, Value as Json};

/// The largest file that `!File` takes in.
const MAX_FILE: u64 = 1 << 20;

/// What can be looked at.
pub(crate) struct RealWorld<'a> {
    /// By layer, the folder below which `!File` may read.
    pub(crate) roots: &'a [Option<PathBuf>],
    /// Other folders below which it may.
    pub(crate) allowed: &'a [PathBuf],
    /// The database; `None` while checking.
    pub(crate) observed: Option<&'a ObservedState>,
}

impl RealWorld<'_> {
    /// What is not there now may be there when it is planned.
    fn not_there<T>(&self) -> Answer<T> {
        if self.observed.is_some() { Answer::Missing } else { Answer::Unknown }
    }

    /// Links are resolved before the look at where a file lies, so that none leads outside.
    fn read(&self, from: &SourceFile, path: &str) -> io::Result<FileAnswer> {
        let root = self.roots.get(from.layer as usize).and_then(Option::as_ref);
        let file = root.map_or_else(|| PathBuf::from(path), |root| root.join(path));
        if root.is_none() && file.is_relative() {
            return Ok(FileAnswer::Missing("what is shipped has no folder".to_owned()));
        }
        let file = fs::canonicalize(file)?;
        let below = |folder: &PathBuf| fs::canonicalize(folder).is_ok_and(|folder| file.starts_with(folder));
        if !root.into_iter().chain(self.allowed).any(below) {
            return Ok(FileAnswer::Outside);
        }
        if !file.is_file() {
            return Ok(FileAnswer::Broken("it is not a regular file".to_owned()));
        }
        let mut bytes = Vec::new();
        File::open(file)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE {
            return Ok(FileAnswer::Broken("it is larger than 1 MiB".to_owned()));
        }
        let text = String::from_utf8(bytes).map(FileAnswer::Text);
        Ok(text.unwrap_or_else(|_| FileAnswer::Broken("it is not UTF-8".to_owned())))
    }
}

impl World for RealWorld<'_> {
    fn env(&self, name: &str) -> Answer<String> {
        std::env::var(name).map_or_else(|_| self.not_there(), Answer::Found)
    }

    fn file(&self, from: &SourceFile, path: &str) -> FileAnswer {
        self.read(from, path).unwrap_or_else(|error| {
            FileAnswer::Missing(match error.kind() {
                io::ErrorKind::NotFound => "it does not exist".to_owned(),
                io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                _ => error.to_string(),
            })
        })
    }

    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey> {
        let Some(observed) = self.observed else { return Answer::Unknown };
        observed.find(model, conditions).map_or(Answer::Missing, Answer::Found)
    }

    fn find_all(&self, model: &str, conditions: &[(String, Json)]) -> Option<Vec<ExistingKey>> {
        self.observed.map(|observed| observed.find_many(model, conditions))
    }

    fn object(&self, key: &ExistingKey) -> Option<Map<String, Json>> {
        self.observed?.held(key.id)
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
    fn files_are_read_below_the_folder_and_allowed_ones() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "no").unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("text"), "yes").unwrap();
        fs::write(dir.path().join("latin"), b"\xe9").unwrap();
        fs::write(dir.path().join("large"), "x".repeat(1 << 21)).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
        let roots = [None, Some(dir.path().to_owned())];
        let world = RealWorld { roots: &roots, allowed: &[], observed: None };
        assert_eq!(world.file(&source(), "text"), FileAnswer::Text("yes".to_owned()));
        let absolute = outside.path().join("secret").display().to_string();
        for path in ["link", "/etc/passwd", absolute.as_str()] {
            assert_eq!(world.file(&source(), path), FileAnswer::Outside, "{path}");
        }
        assert!(matches!(world.file(&source(), "missing"), FileAnswer::Missing(_)));
        for path in [".", "latin", "large"] {
            assert!(matches!(world.file(&source(), path), FileAnswer::Broken(_)), "{path}");
        }
        let shipped = SourceFile { layer: 0, ..source() };
        assert!(matches!(world.file(&shipped, "text"), FileAnswer::Missing(_)));
        let allowed = [outside.path().to_owned()];
        let world = RealWorld { allowed: &allowed, ..world };
        for (file, path) in [(&source(), "link"), (&source(), absolute.as_str()), (&shipped, absolute.as_str())] {
            assert_eq!(world.file(file, path), FileAnswer::Text("no".to_owned()), "{path}");
        }
        assert_eq!(world.file(&source(), "/etc/passwd"), FileAnswer::Outside);
    }
}
