//! The blueprints that Gatewright ships, embedded in the binary: layer 0 of every program.

use gatewright_compiler::source::SourceFile;
use include_dir::{Dir, include_dir};

static BLUEPRINTS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/blueprints");

/// The shipped files, sorted by path.
pub(crate) fn files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(&BLUEPRINTS, &mut files);
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in dir.files() {
        let relative = file.path().to_string_lossy().replace('\\', "/");
        let is_blueprint = relative.ends_with(".yaml") || relative.ends_with(".yml");
        if let (true, Some(text)) = (is_blueprint, file.contents_utf8()) {
            files.push(SourceFile {
                path: format!("shipped/{relative}"),
                relative,
                layer: 0,
                named: false,
                included: false,
                text: text.into(),
            });
        }
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}
