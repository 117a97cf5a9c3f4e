//! The canonical layout of a blueprint file, which `docs/fmt.md` describes. Pure: text in, text out.
//!
//! Nothing is lost: [`format`] compares what it wrote with what it read, step by step and comment by comment, before
//! it hands it out. `tree.rs` is the text with a place for every indicator, `print.rs` the layout. Knows nothing of
//! blueprints; the parser is `yaml/`.

mod check;
mod flow;
mod print;
mod scalar;
mod source;
mod tree;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{FileId, Span};
use crate::yaml;

/// Why a text was not formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is not one document of YAML.
    Mistakes(Vec<Diagnostic>),
    /// The formatter would have changed more than the layout: a bug of its own. Says what.
    Bug(&'static str),
}

/// The same text in the canonical layout.
///
/// # Errors
///
/// Where the text has mistakes in its YAML, or the formatter one of its own.
pub fn format(file: FileId, text: &str) -> Result<String, Failure> {
    let clean = clean(text);
    let Some(concrete) = yaml::concrete::concrete(&clean).filter(|concrete| concrete.documents() < 2) else {
        return Err(mistakes(file, text));
    };
    if let Some(comment) = check::swallowed(&concrete) {
        let found = Diagnostic::at(Code::Syntax, Span::new(file, comment), "a comment stands in the middle of a text")
            .help("put quotes around the text, or move the comment");
        return Err(Failure::Mistakes(vec![found]));
    }
    let document = tree::build(&clean, &concrete).ok_or(Failure::Bug("it could not follow the text"))?;
    let result = print::print(&clean, &concrete.comments, document.as_ref());
    check::same(text, &result).map_err(Failure::Bug)?;
    Ok(result)
}

/// Only what keeps the text from being read counts here: a file that means nonsense still has a layout.
fn mistakes(file: FileId, text: &str) -> Failure {
    let mut found = Vec::new();
    let _ = yaml::parse(file, text, &mut found);
    found.retain(|diagnostic| diagnostic.severity == Severity::Error);
    if found.is_empty() { Failure::Bug("it could not read the text") } else { Failure::Mistakes(found) }
}

/// With one kind of line end, and without the byte order marks that may stand before a document.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut clean = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref() {
        let line = line.trim_start_matches('\u{feff}');
        clean.push_str(line);
        let before = line.trim_start_matches([' ', '\t', '\n']);
        if !(before.is_empty() || before.starts_with(['#', '%']) || source::ends_document(line)) {
            break;
        }
    }
    clean.extend(lines);
    clean
}

#[cfg(test)]
mod tests;
