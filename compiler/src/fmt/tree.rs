//! The steps of the parser as a tree in which every indicator has its place: dashes, question marks, colons, headers.
//!
//! Knows no layout; `print.rs` decides that. Between two neighbours of this tree stand only white space and comments.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use super::source::{Source, ends_document};
use crate::yaml::Style;
use crate::yaml::concrete::{Concrete, Event, EventKind};

/// A node as it is written.
#[derive(Debug)]
pub(super) struct Node {
    /// Tag and anchor, in their order.
    pub(super) props: Vec<Range<usize>>,
    pub(super) body: Body,
    /// Where it begins, its properties included; an empty node begins where it would stand.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Body {
    /// Nothing is written.
    Empty,
    /// A plain or quoted text, or an alias.
    Scalar { range: Range<usize>, double_quoted: bool },
    /// A text below a `|` or `>`.
    Block(Block),
    /// Something in brackets.
    Flow { range: Range<usize>, leaves: Vec<Leaf> },
    /// Items behind dashes.
    Seq(Vec<Item>),
    /// Keys and values.
    Map(Vec<Pair>),
}

/// A text below a `|` or `>`.
#[derive(Debug)]
pub(super) struct Block {
    /// From the indicator to the end of its line.
    pub(super) header: Range<usize>,
    /// The lines below it that belong to it, with blank ones at their end.
    pub(super) lines: Range<usize>,
    /// How many columns of each line are no content.
    pub(super) indent: usize,
    /// Of a text that holds nothing but line ends, how many.
    pub(super) hollow: Option<usize>,
}

/// A piece inside brackets that is no indicator.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) range: Range<usize>,
    pub(super) kind: LeafKind,
}

/// What a piece inside brackets is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeafKind {
    /// A tag or an anchor.
    Property,
    Alias,
    Plain,
    SingleQuoted,
    DoubleQuoted,
}

/// An item of a list.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) dash: usize,
    pub(super) node: Node,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Pair {
    /// The `?` of a key that needs one.
    pub(super) question: Option<usize>,
    pub(super) key: Node,
    /// Its `:`; a key behind `?` may have none.
    pub(super) colon: Option<usize>,
    pub(super) value: Node,
}

impl Pair {
    pub(super) fn start(&self) -> usize {
        self.question.unwrap_or(self.key.start)
    }
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// Its `---`.
    pub(super) marker: Option<Range<usize>>,
    pub(super) root: Node,
    /// Its `...`.
    pub(super) end: Option<Range<usize>>,
}

/// The only document of a text; none where there are only comments. `None` outside: this is no tree.
pub(super) fn build(text: &str, concrete: &Concrete<'_>) -> Option<Option<Document>> {
    let mut builder = Builder { text, events: concrete.events.iter().peekable() };
    let Some(start) = builder.events.next() else {
        return Some(None);
    };
    let marker = match start.kind {
        EventKind::DocumentStart { explicit } => explicit.then(|| start.range.clone()),
        _ => return None,
    };
    let root = builder.node(marker.as_ref().map_or_else(|| builder.begin(), |marker| marker.end))?;
    let end = builder.events.next()?;
    let done = end.kind == EventKind::DocumentEnd && builder.events.next().is_none();
    let end = (end.range.start < end.range.end).then(|| end.range.clone());
    done.then_some(Some(Document { marker, root, end }))
}

struct Builder<'a> {
    text: &'a str,
    events: Peekable<Iter<'a, Event<'a>>>,
}

impl Builder<'_> {
    /// The next place that is neither white space nor a comment.
    fn skip(&self, mut at: usize) -> usize {
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n']);
            at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return at;
            }
            at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// Where the document without a `---` begins: an end marker may stand in front of it.
    fn begin(&self) -> usize {
        let mut at = self.skip(0);
        while let Some(line) = self.text.get(at..).filter(|rest| ends_document(rest)) {
            at = self.skip(at + line.find('\n').unwrap_or(line.len()));
        }
        at
    }

    /// Whether an indicator stands here: the character, and white space behind it.
    fn indicator(&self, at: usize, wanted: char) -> bool {
        let Some(rest) = self.text.get(at..).and_then(|rest| rest.strip_prefix(wanted)) else {
            return false;
        };
        rest.is_empty() || rest.starts_with([' ', '\t', '\n'])
    }

    /// The node that begins behind `at`.
    fn node(&mut self, at: usize) -> Option<Node> {
        let event = self.events.next()?;
        let mut props: Vec<Range<usize>> =
            [&event.tag, &event.anchor].into_iter().flatten().map(|property| property.range.clone()).collect();
        props.sort_by_key(|range| range.start);
        let behind = props.last().map_or(at, |last| last.end);
        let (body, begin, end) = self.body(event, behind)?;
        let start = props.first().map_or(begin, |first| first.start);
        Some(Node { props, body, start, end })
    }

    fn body(&mut self, event: &Event<'_>, behind: usize) -> Option<(Body, usize, usize)> {
        let range = event.range.clone();
        match &event.kind {
            EventKind::Scalar { text, style: Style::Literal | Style::Folded } => {
                let header = self.skip(behind);
                let block = self.block(header, range.end, text);
                Some((Body::Block(block), header, range.end.max(header)))
            }
            EventKind::Scalar { .. } if range.is_empty() => Some((Body::Empty, behind, behind)),
            EventKind::Scalar { style, .. } => {
                let double_quoted = *style == Style::DoubleQuoted;
                Some((Body::Scalar { range: range.clone(), double_quoted }, range.start, range.end))
            }
            EventKind::Alias { .. } => {
                Some((Body::Scalar { range: range.clone(), double_quoted: false }, range.start, range.end))
            }
            EventKind::Seq { flow: true } | EventKind::Map { flow: true } => {
                let (leaves, end) = self.flow()?;
                Some((Body::Flow { range: range.start..end, leaves }, range.start, end))
            }
            EventKind::Seq { flow: false } => self.seq(behind),
            EventKind::Map { flow: false } => self.map(behind),
            EventKind::DocumentStart { .. } | EventKind::DocumentEnd | EventKind::End => None,
        }
    }

    fn block(&self, header: usize, end: usize, decoded: &str) -> Block {
        let rest = self.text.get(header..).unwrap_or_default();
        let header = header..header + rest.find('\n').unwrap_or(rest.len());
        let first = (header.end + 1).min(self.text.len());
        let end = end.max(first);
        // The parser may have read into the indentation of what comes next.
        let covered = self.text.get(first..end).unwrap_or_default();
        let tail = covered.rfind('\n').map_or(covered, |at| covered.get(at + 1..).unwrap_or_default());
        let into_next = tail.bytes().all(|byte| matches!(byte, b' ' | b'\t')) && end < self.text.len();
        let lines = first..if into_next { end - tail.len() } else { end };
        let indent = indent(self.text.get(lines.clone()).unwrap_or_default(), decoded);
        let hollow = decoded.bytes().all(|byte| byte == b'\n').then_some(decoded.len());
        Block { header, lines, indent, hollow }
    }

    fn flow(&mut self) -> Option<(Vec<Leaf>, usize)> {
        let mut leaves = Vec::new();
        let mut depth = 1_usize;
        loop {
            let event = self.events.next()?;
            for property in [&event.tag, &event.anchor].into_iter().flatten() {
                leaves.push(Leaf { range: property.range.clone(), kind: LeafKind::Property });
            }
            let kind = match &event.kind {
                EventKind::Seq { .. } | EventKind::Map { .. } => {
                    depth += 1;
                    continue;
                }
                EventKind::End => {
                    depth -= 1;
                    if depth == 0 {
                        leaves.sort_by_key(|leaf: &Leaf| leaf.range.start);
                        return Some((leaves, event.range.end));
                    }
                    continue;
                }
                EventKind::Alias { .. } => LeafKind::Alias,
                EventKind::Scalar { style: Style::SingleQuoted, .. } => LeafKind::SingleQuoted,
                EventKind::Scalar { style: Style::DoubleQuoted, .. } => LeafKind::DoubleQuoted,
                EventKind::Scalar { .. } => LeafKind::Plain,
                EventKind::DocumentStart { .. } | EventKind::DocumentEnd => return None,
            };
            if !event.range.is_empty() {
                leaves.push(Leaf { range: event.range.clone(), kind });
            }
        }
    }

    fn ended(&mut self) -> bool {
        self.events.next_if(|event| event.kind == EventKind::End).is_some()
    }

    fn seq(&mut self, behind: usize) -> Option<(Body, usize, usize)> {
        let mut items: Vec<Item> = Vec::new();
        let mut at = behind;
        while !self.ended() {
            let dash = self.skip(at);
            if !self.indicator(dash, '-') {
                return None;
            }
            let node = self.node(dash + 1)?;
            at = node.end;
            items.push(Item { dash, node });
        }
        let start = items.first()?.dash;
        Some((Body::Seq(items), start, at))
    }

    fn map(&mut self, behind: usize) -> Option<(Body, usize, usize)> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut at = behind;
        while !self.ended() {
            let start = self.skip(at);
            let question = self.indicator(start, '?').then_some(start);
            let mut key = self.node(question.map_or(start, |at| at + 1))?;
            if question.is_none() && matches!(key.body, Body::Empty) && key.props.is_empty() {
                (key.start, key.end) = (start, start);
            }
            let colon = self.skip(key.end);
            let colon = match question {
                // Left of the question mark it would belong to the map around this one.
                Some(question) => {
                    let same = Source(self.text).column(colon) == Source(self.text).column(question);
                    (same && self.indicator(colon, ':')).then_some(colon)
                }
                None => Some(colon).filter(|at| self.text.get(*at..).is_some_and(|rest| rest.starts_with(':'))),
            };
            if question.is_none() && colon.is_none() {
                return None;
            }
            let value = self.node(colon.map_or(key.end, |at| at + 1))?;
            at = value.end;
            pairs.push(Pair { question, key, colon, value });
        }
        let start = pairs.first()?.start();
        Some((Body::Map(pairs), start, at))
    }
}

/// How far the lines of a block are indented, by the first line that shows it.
fn indent(lines: &str, decoded: &str) -> usize {
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_blank = |line: &&str| line.trim_matches([' ', '\t']).is_empty();
    let shown = |line: &&str| !line.is_empty();
    let first = |text: &str| text.split('\n').find(|line| !is_blank(line)).map(spaces);
    if let (Some(raw), Some(read)) = (first(lines), first(decoded)) {
        return raw.saturating_sub(read);
    }
    // Only blank lines: one that is content has kept some of its spaces.
    let content = decoded.split('\n').zip(lines.split('\n')).find(|(read, _)| shown(read));
    content.map_or(usize::MAX, |(read, raw)| raw.len().saturating_sub(read.len()))
}
