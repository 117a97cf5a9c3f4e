//! Text to a tree that remembers where everything stood.
//!
//! The only module that knows the YAML crate (granit-parser, in `compose.rs`, `concrete.rs` and `fault.rs`). Knows nothing of
//! blueprints: a tag is a name here. Read `compose.rs` for the way from events to nodes, `scalar.rs` for YAML 1.1,
//! `recover.rs` for texts that do not parse, `place.rs` for the way back from a decoded text to bytes of the file.

mod aside;
mod comments;
mod compose;
pub(crate) mod concrete;
mod fault;
mod lines;
mod map;
mod mend;
mod place;
mod recover;
mod scalar;
mod tabs;
mod trace;

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

pub(crate) use map::is_broken;
pub(crate) use place::place;
pub(crate) use scalar::Plain;

/// How deep nodes may nest, aliases included. Every later pass recurses, so this bounds their stacks too.
pub(crate) const MAX_DEPTH: usize = 128;

/// How many nodes aliases and merges may add to a file.
pub(crate) const ALIAS_BUDGET: usize = 250_000;

/// A node of the tree. Scalars that stand in the text as they are, are borrowed from it.
#[derive(Clone, Debug)]
pub(crate) struct Node<'t> {
    pub(crate) kind: Kind<'t>,
    /// Where it is written; for a node that an alias stands for, where the anchor is.
    pub(crate) span: Span,
    pub(crate) tag: Option<Box<Tag>>,
    /// The alias through which it came here.
    pub(crate) alias: Option<Box<Span>>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Kind<'t> {
    Scalar(Scalar<'t>),
    Seq(Box<[Node<'t>]>),
    Map(Pairs<'t>),
    /// It cannot be read, which was said: nothing more is to be said about it.
    Broken,
}

/// The pairs of a map, merged and free of duplicates, in the order of the file. One whose key cannot be read has an
/// empty name and a value that is [`Kind::Broken`].
pub(crate) type Pairs<'t> = Box<[Pair<'t>]>;

/// A key as JSON would call it, its place, and its value.
pub(crate) type Pair<'t> = (Cow<'t, str>, Span, Node<'t>);

/// A scalar as it was decoded, not yet typed: under a custom tag it stays text.
#[derive(Clone, Debug)]
pub(crate) struct Scalar<'t> {
    pub(crate) text: Cow<'t, str>,
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

impl<'t> Node<'t> {
    fn new(kind: Kind<'t>, span: Span) -> Self {
        Self { kind, span, tag: None, alias: None }
    }

    /// Where a message about this node should point: the place of use, not that of the anchor.
    pub(crate) fn at(&self) -> Span {
        self.alias.as_ref().map_or(self.span, |alias| **alias)
    }

    /// The span with the tag in front.
    pub(crate) fn whole(&self) -> Span {
        let start = self.tag.as_ref().map_or(self.span.start, |tag| tag.span.start.min(self.span.start));
        Span { start, ..self.span }
    }

    /// The typed value of an untagged scalar.
    pub(crate) fn plain(&self) -> Option<Plain<'_>> {
        match &self.kind {
            Kind::Scalar(scalar) if scalar.style == Style::Plain => Some(scalar::resolve(&scalar.text)),
            Kind::Scalar(scalar) => Some(Plain::Text(&scalar.text)),
            Kind::Seq(_) | Kind::Map(_) | Kind::Broken => None,
        }
    }

    /// Whether it or something in it cannot be read.
    pub(crate) fn has_gap(&self) -> bool {
        match &self.kind {
            Kind::Scalar(_) => false,
            Kind::Seq(items) => items.iter().any(Self::has_gap),
            Kind::Map(pairs) => pairs.iter().any(|(.., value)| value.has_gap()),
            Kind::Broken => true,
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
            (Kind::Scalar(_) | Kind::Broken, None) => "text".to_owned(),
        }
    }
}

/// How the text of a scalar is kept: borrowed from the input, or copied where the input will not last.
type Keep<'i, 't> = fn(Cow<'i, str>) -> Cow<'t, str>;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// None when there is nothing that could be a blueprint, which was said.
    pub(crate) root: Option<Node<'t>>,
    /// What could not be read: something may be written there that is missed elsewhere.
    pub(crate) gaps: Vec<Span>,
    /// Aliases, each with the node that it stands for.
    pub(crate) aliases: Vec<(Span, Span)>,
}

/// Reads one file: exactly one document. Of a text that is not YAML, as much as can be read.
pub(crate) fn parse<'t>(file: FileId, text: &'t str, diagnostics: &mut Vec<Diagnostic>) -> Document<'t> {
    read(file, text, compose::borrowed, diagnostics)
}

fn read<'i, 't>(file: FileId, text: &'i str, keep: Keep<'i, 't>, diagnostics: &mut Vec<Diagnostic>) -> Document<'t> {
    let whole = Span::new(file, 0..text.len());
    let before = diagnostics.len();
    let piece = compose::Piece { file, text, input: text, start: 0, depth: 0, edit: None };
    let composed = match compose::compose(piece, keep, &mut compose::Shared::default(), diagnostics) {
        Ok(composed) => composed,
        Err(fault) => {
            diagnostics.truncate(before);
            return match tabs::expanded(file, text, diagnostics) {
                Some(document) => document,
                None => recover::recover(file, text, &fault, diagnostics),
            };
        }
    };
    let nothing = composed.root.as_ref().is_none_or(|root| {
        root.tag.is_none() && root.span.start == root.span.end && matches!(root.kind, Kind::Scalar(_))
    });
    if nothing && !composed.complex {
        diagnostics.push(
            Diagnostic::file(Code::EmptyFile, file, "the file holds no blueprint")
                .help("a blueprint begins with `version: 1` and lists its `entries`"),
        );
        return Document { root: None, gaps: Vec::new(), aliases: Vec::new() };
    }
    let mut gaps = composed.holes;
    gaps.extend(composed.second.map(|second| Span { end: whole.end, ..second }));
    gaps.extend(Some(whole).filter(|_| composed.complex));
    Document { root: composed.root, gaps, aliases: composed.aliases }
}

/// The comments of a text that hold a word, each from its `#` to the end of its line.
pub(crate) fn comments(text: &str, word: &str) -> Vec<std::ops::Range<usize>> {
    comments::comments(text, word)
}

#[cfg(test)]
mod tests;
