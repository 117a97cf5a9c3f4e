//! Mistakes in the user's files, as values.
//!
//! Every one has a stable [`Code`], a span on the exact scalar where there is one, and advice.
//! Knows no terminal: `src/render.rs` of the command prints, miette draws. The table of codes is `codes.rs`, what is to
//! be said about each of them at length is in `explain/`.

mod codes;

use serde::Serialize;

pub use codes::Code;

use crate::source::{FileId, Span};

/// How much it matters. Only errors stop a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what was meant; an error under `--strict` where [`Code::strict`] says so.
    Warning,
    /// Nothing is planned while it stands.
    Error,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule it broke.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, user input in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The file, also where no span can be given (unreadable, too large, empty).
    pub file: Option<FileId>,
    /// The exact scalar, key or tag.
    pub span: Option<Span>,
    /// Other places that belong to it, each with a short label: the other edge of a cycle, the first use of a key.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding at a span, with the severity that its code has by default.
    #[must_use]
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { file: Some(span.file), span: Some(span), ..Self::plain(code, message) }
    }

    /// A finding about a whole file.
    #[must_use]
    pub fn file(code: Code, file: FileId, message: impl Into<String>) -> Self {
        Self { file: Some(file), ..Self::plain(code, message) }
    }

    /// A finding that belongs to no file: a directory that cannot be read, an empty command line.
    #[must_use]
    pub fn plain(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            file: None,
            span: None,
            related: Vec::new(),
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with advice where there is some.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The same with another place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
