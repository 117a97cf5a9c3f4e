//! What could not be read, and what is not said because of it: what a finding misses may stand there.
//!
//! Knows only which rules rest on something being absent. `yaml/recover.rs` finds the gaps, `program.rs` asks.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// The parts of all files that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Gaps(Vec<Span>);

impl Gaps {
    pub(crate) fn extend(&mut self, spans: Vec<Span>) {
        self.0.extend(spans);
    }

    /// Whether a finding may only be there because something cannot be read.
    pub(crate) fn excuse(&self, sources: &Sources, found: &Diagnostic) -> bool {
        if self.0.is_empty() {
            return false;
        }
        match found.code {
            // A name of the same file: it is missed only if it is written nowhere else.
            Code::UnknownId | Code::UnknownContext => {
                let text = found.span.map(|span| sources.text(span)).unwrap_or_default();
                let names =
                    || text.split(|c: char| c.is_whitespace() || "[],'\"".contains(c)).filter(|name| name.len() > 1);
                let has =
                    |gap: &&Span| names().any(|name| !name.starts_with('!') && sources.text(**gap).contains(name));
                self.0.iter().filter(|gap| Some(gap.file) == found.file).any(|gap| has(&gap))
            }
            // An object of any file.
            Code::FindNothing | Code::MissingBlueprint | Code::NotKnown => true,
            _ => false,
        }
    }
}
