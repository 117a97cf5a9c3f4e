//! Text to a tree that remembers where everything stood.
//!
//! The only module that knows the YAML crate (granit-parser, in `compose.rs`, `concrete.rs` and `fault.rs`). Knows nothing of
//! blueprints: a tag is a name here. Read `compose.rs` for the way from events to nodes, `scalar.rs` for YAML 1.1,
//! `place.rs` for the way back from a decoded text to bytes of the file.

mod compose;
pub(crate) mod concrete;
mod fault;
mod map;
mod place;
mod scalar;
mod trace;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

pub(crate) use map::key_text;
pub(crate) use place::place;
pub(crate) use scalar::Plain;

/// How deep nodes may nest, aliases included. Every later pass recurses, so this bounds their stacks too.
pub(crate) const MAX_DEPTH: usize = 128;

/// How many nodes aliases and merges may add to a file.
pub(crate) const ALIAS_BUDGET: usize = 250_000;

/// A node of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Where it is written; for a node that an alias stands for, where the anchor is.
    pub(crate) span: Span,
    pub(crate) tag: Option<Box<Tag>>,
    /// The alias through which it came here.
    pub(crate) alias: Option<Span>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Scalar(Scalar),
    Seq(Vec<Node>),
    /// Merged and free of duplicates; in the order of the file.
    Map(Vec<(Node, Node)>),
}

/// A scalar as it was decoded, not yet typed: under a custom tag it stays text.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: Box<str>,
    pub(crate) style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// A tag that is not one of YAML's own.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// With its `!`.
    pub(crate) name: String,
    pub(crate) span: Span,
}

impl Node {
    /// Where a message about this node should point: the place of use, not that of the anchor.
    pub(crate) fn at(&self) -> Span {
        self.alias.unwrap_or(self.span)
    }

    /// The span with the tag in front.
    pub(crate) fn whole(&self) -> Span {
        let start = self.tag.as_ref().map_or(self.span.start, |tag| tag.span.start.min(self.span.start));
        Span { start, ..self.span }
    }

    /// The typed value of an untagged scalar.
    pub(crate) fn plain(&self) -> Option<Plain> {
        match &self.kind {
            Kind::Scalar(scalar) if scalar.style == Style::Plain => Some(scalar::resolve(&scalar.text)),
            Kind::Scalar(scalar) => Some(Plain::Text(scalar.text.to_string())),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }

    /// Why an untagged scalar is a number that no value can hold.
    pub(crate) fn beyond(&self) -> Option<(&str, &'static str)> {
        match &self.kind {
            Kind::Scalar(scalar) if scalar.style == Style::Plain => Some((&scalar.text, scalar::beyond(&scalar.text)?)),
            _ => None,
        }
    }

    /// What it is called in messages.
    pub(crate) fn describe(&self) -> String {
        if let Some(tag) = &self.tag {
            return format!("the tag `{}`", tag.name);
        }
        match (&self.kind, self.plain()) {
            (Kind::Seq(_), _) => "a list".to_owned(),
            (Kind::Map(_), _) => "a map".to_owned(),
            // As it is written: `1.0` is not what somebody finds who looks for `1`.
            (Kind::Scalar(scalar), Some(Plain::Int(_) | Plain::Float(_))) => format!("the number `{}`", scalar.text),
            (_, Some(plain)) => plain.describe(),
            (Kind::Scalar(_), None) => "text".to_owned(),
        }
    }
}

/// Parses one file. The tree is there when the text is YAML with exactly one document.
pub(crate) fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    compose::compose(file, text, diagnostics)
}

#[cfg(test)]
pub(crate) mod tests;
