//! What is known of the texts beyond their trees: what could not be read, and what stands behind the aliases.
//!
//! Knows only which rules rest on something being absent. `yaml/` fills it, `program.rs` asks it at the end.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};
use crate::yaml::Document;

/// What reading all files left behind.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// What a finding misses may stand here.
    gaps: Vec<Span>,
    aliases: HashMap<Span, Span>,
    /// How many files are no blueprints.
    pub(crate) foreign: usize,
}

impl Reading {
    pub(crate) fn add(&mut self, document: &Document) {
        self.gaps.extend(&document.gaps);
        self.aliases.extend(document.aliases.iter().copied());
    }

    /// Drops the findings that may only be there because something cannot be read, and shows what an alias stands for.
    pub(crate) fn refine(&self, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain(|found| !self.excuse(sources, found));
        for found in diagnostics {
            let anchored = found.span.and_then(|span| self.aliases.get(&span));
            found.related.extend(anchored.map(|anchored| (*anchored, "what the alias stands for".to_owned())));
        }
    }

    fn excuse(&self, sources: &Sources, found: &Diagnostic) -> bool {
        match found.code {
            _ if self.gaps.is_empty() => false,
            // A name of the same file: it is not missed if it is written where nothing can be read.
            Code::UnknownId | Code::UnknownContext => {
                let text = found.span.map(|span| sources.text(span)).unwrap_or_default();
                let words = text.split(|c: char| c.is_whitespace() || "[],'\"".contains(c));
                let names: Vec<&str> = words.filter(|word| word.len() > 1 && !word.starts_with('!')).collect();
                let mut gaps = self.gaps.iter().filter(|gap| Some(gap.file) == found.file);
                gaps.any(|gap| names.iter().any(|name| sources.text(*gap).contains(name)))
            }
            // An object of any file.
            Code::FindNothing | Code::MissingBlueprint | Code::NotKnown => true,
            _ => false,
        }
    }
}
