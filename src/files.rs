//! From the paths of the command line to texts: walks folders, bounds sizes, says what cannot be read.
//!
//! Knows no YAML. What goes wrong here is a [`Finding`]: a diagnostic with its own path, since a file that
//! could not be read has no place among the sources.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_compiler::diagnostic::{Code, Diagnostic, Severity};
use gatewright_compiler::foreign::is_json_blueprint;
use gatewright_compiler::source::SourceFile;
use globset::{Glob, GlobSet};
use walkdir::{DirEntry, WalkDir};

use crate::cli::ByteSize;

/// A diagnostic about a path that is no source file.
#[derive(Debug)]
pub(crate) struct Finding {
    /// The path as the user knows it, where it is about one.
    pub(crate) path: Option<String>,
    /// What about it.
    pub(crate) diagnostic: Diagnostic,
}

/// What all layers are read by.
pub(crate) struct Reader<'a> {
    /// Larger files are not read.
    pub(crate) max_file_size: ByteSize,
    /// `--include`.
    pub(crate) include: &'a GlobSet,
}

/// One layer as it was read.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// Its files, sorted by path.
    pub(crate) files: Vec<SourceFile>,
    /// What could not be read.
    pub(crate) findings: Vec<Finding>,
}

impl Reader<'_> {
    /// Reads one PATH of the command line: a file, or a folder with everything below it.
    pub(crate) fn layer(&self, path: &Path, number: u32) -> Layer {
        let mut layer = Layer::default();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, number, &mut layer),
            Ok(_) => {
                let relative = path.file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned());
                self.file(path, relative, number, true, &mut layer);
            }
            Err(error) => layer.findings.push(unreadable(path, &error)),
        }
        layer
    }

    fn folder(&self, root: &Path, number: u32, layer: &mut Layer) {
        let before = layer.findings.len();
        let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry)) {
            match entry {
                Ok(entry) if has_ending(entry.path()) && !entry.file_type().is_dir() => {
                    let path = entry.path();
                    let relative = shown(path.strip_prefix(root).unwrap_or(path));
                    self.file(path, relative, number, false, layer);
                }
                Ok(_) => {}
                // A link to a folder that contains it has been walked already.
                Err(error) if error.loop_ancestor().is_some() => {}
                // A link to nothing that would not be read anyway.
                Err(error) if is_missing(&error) && !error.path().is_some_and(has_ending) => {}
                Err(error) => layer.findings.push(walk_finding(root, &error)),
            }
        }
        if layer.files.is_empty() && layer.findings.len() == before {
            let diagnostic = Diagnostic::plain(Code::EmptyFile, format!("`{}` holds no blueprint", shown(root)))
                .severity(Severity::Warning)
                .help("files that end in .yaml, .yml or .json are read, in all folders below that are not hidden");
            layer.findings.push(Finding { path: Some(shown(root)), diagnostic });
        }
    }

    fn file(&self, path: &Path, relative: String, layer_number: u32, named: bool, layer: &mut Layer) {
        // JSON is used for much else: what lies in a folder is read only if it is a blueprint, perhaps with mistakes.
        let aside = !named && is_json(path);
        match self.text(path, named) {
            Ok(text) if aside && !is_json_blueprint(&relative, &text) => {}
            Ok(text) => layer.files.push(SourceFile {
                included: named || self.include.is_match(&relative) || self.include.is_match(path),
                path: shown(path),
                relative,
                layer: layer_number,
                named,
                text,
            }),
            Err(mut diagnostic) => {
                if aside {
                    diagnostic.severity = Severity::Warning;
                }
                layer.findings.push(Finding { path: Some(shown(path)), diagnostic });
            }
        }
    }

    fn text(&self, path: &Path, named: bool) -> Result<Arc<str>, Diagnostic> {
        let fail = |error: io::Error| unreadable(path, &error).diagnostic;
        let metadata = fs::metadata(path).map_err(fail)?;
        // A pipe that the user names is meant; one that lies in a folder would wait for ever.
        if !metadata.is_file() && !named {
            return Err(Diagnostic::plain(Code::Unreadable, format!("`{}` is not a regular file", shown(path))));
        }
        if metadata.len() > self.max_file_size.0 {
            return Err(self.too_large(path, Some(metadata.len())));
        }
        let mut bytes = Vec::new();
        let limit = self.max_file_size.0.saturating_add(1);
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(fail)?;
        if bytes.len() as u64 > self.max_file_size.0 {
            return Err(self.too_large(path, None));
        }
        String::from_utf8(bytes).map(Arc::from).map_err(|error| not_utf8(path, &error))
    }

    fn too_large(&self, path: &Path, size: Option<u64>) -> Diagnostic {
        let size = size.map_or(String::new(), |size| format!(" with its {size} bytes"));
        let limit = self.max_file_size.0;
        Diagnostic::plain(Code::FileTooLarge, format!("`{}`{size} is over the limit of {limit} bytes", shown(path)))
            .help("split the file, or raise the limit with --max-file-size")
    }
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> Diagnostic {
    if matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        let message = format!("`{}` is UTF-16, not UTF-8", shown(path));
        return Diagnostic::plain(Code::NotUtf8, message).help("save the file as UTF-8");
    }
    let valid = error.utf8_error().valid_up_to();
    let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
    Diagnostic::plain(Code::NotUtf8, format!("`{}` is not UTF-8: byte {valid}, on line {line}", shown(path)))
        .help("save the file as UTF-8")
}

fn unreadable(path: &Path, error: &io::Error) -> Finding {
    let shown_path = shown(path);
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("`{shown_path}` does not exist"),
        io::ErrorKind::PermissionDenied => format!("`{shown_path}` cannot be read: permission denied"),
        _ => format!("`{shown_path}` cannot be read: {error}"),
    };
    Finding { path: Some(shown_path), diagnostic: Diagnostic::plain(Code::Unreadable, message) }
}

fn walk_finding(root: &Path, error: &walkdir::Error) -> Finding {
    let path = error.path().unwrap_or(root);
    match error.io_error() {
        Some(error) => unreadable(path, error),
        None => unreadable(path, &io::Error::other("it cannot be walked")),
    }
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

fn has_ending(path: &Path) -> bool {
    let is = |extension: &OsStr| ["yaml", "yml", "json"].iter().any(|wanted| extension.eq_ignore_ascii_case(wanted));
    path.extension().is_some_and(is)
}

/// Whether a file is JSON by its name.
pub(crate) fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn is_missing(error: &walkdir::Error) -> bool {
    error.depth() > 0 && error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Takes out what a later layer has as well, so that each file is read once: where it counts most.
pub(crate) fn once(layers: &mut [Layer]) {
    if layers.len() < 2 {
        return;
    }
    let mut seen = HashSet::new();
    for layer in layers.iter_mut().rev() {
        layer.files.retain(|file| fs::canonicalize(&file.path).map_or(true, |path| seen.insert(path)));
    }
}

/// Says which `--include` takes nothing in.
pub(crate) fn idle(include: &[Glob], layers: &[Layer]) -> Vec<Finding> {
    let matches = |glob: &Glob| {
        let matcher = glob.compile_matcher();
        layers
            .iter()
            .flat_map(|layer| &layer.files)
            .any(|file| matcher.is_match(&file.relative) || matcher.is_match(&file.path))
    };
    let idle = include.iter().filter(|glob| !matches(glob));
    idle.map(|glob| {
        let diagnostic = Diagnostic::plain(Code::FindNothing, format!("`--include {glob}` matches no file"))
            .severity(Severity::Warning)
            .help(
                "it is compared with the path, and with the path below the folder that was given: `**/optional.yaml`",
            );
        Finding { path: None, diagnostic }
    })
    .collect()
}

/// Says that `--allow-files` allows nothing.
pub(crate) fn not_a_folder(path: &Path) -> Option<Finding> {
    if path.is_dir() {
        return None;
    }
    let diagnostic = Diagnostic::plain(Code::Unreadable, format!("`--allow-files {}` is no folder", shown(path)))
        .severity(Severity::Warning)
        .help("name the folder below which `!File` may read");
    Some(Finding { path: None, diagnostic })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The folder that a layer's `!File` may read: the folder itself, or the one that holds the named file.
pub(crate) fn root(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_owned();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn read(path: &Path, limit: u64) -> Layer {
        Reader { max_file_size: ByteSize(limit), include: &GlobSet::empty() }.layer(path, 1)
    }

    #[test]
    fn walks_sorted_without_hidden_and_out_of_loops() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/.git")).unwrap();
        for name in ["b/two.yml", "a.yaml", "c.YAML", ".hidden.yaml", "b/.git/x.yaml", "note.txt"] {
            fs::write(root.join(name), "version: 1\n").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("b/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("b/.#lock")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("b/old")).unwrap();
        let layer = read(root, 100);
        let names: Vec<&str> = layer.files.iter().map(|file| file.relative.as_str()).collect();
        assert_eq!(names, ["a.yaml", "b/two.yml", "c.YAML"]);
        assert!(layer.findings.is_empty(), "{:?}", layer.findings);
    }

    #[test]
    fn a_mounted_volume_is_read_through_its_links() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir(root.join("..2026")).unwrap();
        fs::write(root.join("..2026/x.yaml"), "version: 1\n").unwrap();
        std::os::unix::fs::symlink("..2026", root.join("..data")).unwrap();
        std::os::unix::fs::symlink("..data/x.yaml", root.join("x.yaml")).unwrap();
        let layer = read(root, 100);
        assert_eq!(layer.files.len(), 1);
        assert_eq!(layer.files[0].relative, "x.yaml");
    }

    #[test]
    fn a_file_of_two_layers_counts_in_the_higher_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.yaml");
        fs::write(&file, "version: 1\n").unwrap();
        fs::write(dir.path().join("b.yaml"), "version: 1\n").unwrap();
        let mut layers = [read(dir.path(), 100), read(&file, 100), read(&file, 100)];
        once(&mut layers);
        assert_eq!(layers.each_ref().map(|layer| layer.files.len()), [1, 0, 1]);
        let globs = ["a.yaml", "c*"].map(|glob| Glob::new(glob).unwrap());
        let findings = idle(&globs, &layers);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].diagnostic.message.contains("`--include c*`"));
    }

    #[test]
    fn says_what_is_wrong_with_a_path() {
        let dir = tempfile::tempdir().unwrap();
        let large = dir.path().join("large.yaml");
        fs::write(&large, "x".repeat(11)).unwrap();
        let latin = dir.path().join("latin.yaml");
        fs::write(&latin, b"a: 1\nb: \xe9\n").unwrap();
        let code = |path: &Path| read(path, 10).findings.remove(0).diagnostic.code;
        assert_eq!(code(&large), Code::FileTooLarge);
        assert_eq!(code(&latin), Code::NotUtf8);
        assert_eq!(code(&dir.path().join("missing")), Code::Unreadable);
        let empty = tempfile::tempdir().unwrap();
        let finding = read(empty.path(), 10).findings.remove(0);
        assert_eq!((finding.diagnostic.code, finding.diagnostic.severity), (Code::EmptyFile, Severity::Warning));
    }
}
