//! The layout: two columns a level, lists below their key, comments where they stood.
//!
//! Walks the tree once and copies every piece of the text as it is written; only white space is its own. A piece that
//! begins a line first lets out the comments before it ([`Printer::line`]).

use std::ops::Range;

use super::source::{Source, is_blank, is_marker, trim_end};
use super::tree::{Body, Document, Item, Node, Pair};
use super::{flow, scalar};

/// How many columns a level is indented by.
const STEP: usize = 2;

/// A collection that is open: the column in which its items began, and that in which they begin now.
#[derive(Clone, Copy)]
struct Level {
    old: usize,
    new: usize,
}

/// What a node stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// The start of the file.
    Nothing,
    /// `---`
    Marker,
    /// `key:`
    Key,
    /// `-`, `?` or the `:` of a key behind `?`: a collection may begin on the same line.
    Indicator,
}

struct Printer<'a> {
    source: Source<'a>,
    out: String,
    comments: std::iter::Peekable<std::slice::Iter<'a, Range<usize>>>,
    levels: Vec<Level>,
    /// Where the root has ended.
    end: usize,
    /// After a block text: its column. A comment there would become text.
    guard: Option<usize>,
    /// After a block text that keeps its blank lines: those in the source are its own.
    kept: bool,
}

/// Lays out a document, or the comments of a file that has none.
pub(super) fn print(text: &str, comments: &[Range<usize>], document: Option<&Document>) -> String {
    let mut printer = Printer {
        source: Source(text),
        out: String::with_capacity(text.len() + text.len() / 8),
        comments: comments.iter().peekable(),
        levels: Vec::new(),
        end: text.len(),
        guard: None,
        kept: false,
    };
    if let Some(document) = document {
        printer.document(document);
    }
    printer.comments_before(text.len());
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

impl Printer<'_> {
    fn document(&mut self, document: &Document) {
        let until = document.end.as_ref().map_or(self.end, |end| end.start);
        self.end = until;
        if let Some(marker) = &document.marker {
            self.prologue(marker.start);
            self.out.push_str("---");
        }
        let behind = document.marker.as_ref().map_or(0, |marker| marker.end);
        let after = if document.marker.is_some() { Behind::Marker } else { Behind::Nothing };
        self.value(&document.root, behind, after, until);
        self.trailing(until);
        if let Some(end) = &document.end {
            self.line(0, end.start);
            self.out.push_str("...");
        }
    }

    /// Directives and comments in front of `---`, line by line.
    fn prologue(&mut self, end: usize) {
        while self.comments.next_if(|comment| comment.start < end).is_some() {}
        let mut blank = false;
        for line in self.source.slice(0..end).lines().map(|line| line.trim_matches([' ', '\t'])) {
            if !line.is_empty() {
                if blank && !self.out.is_empty() {
                    self.out.push('\n');
                }
                self.out.push_str(line);
                self.out.push('\n');
            }
            blank = line.is_empty();
        }
        if blank && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// The column in which the items around a node begin.
    fn outer(&self) -> Level {
        self.levels.last().copied().unwrap_or(Level { old: 0, new: 0 })
    }

    /// A node, with what separates it from the indicator that ends at `behind`. It has ended before `until`.
    fn value(&mut self, node: &Node, behind: usize, after: Behind, until: usize) {
        let outer = self.outer();
        let (inner, text) = match after {
            Behind::Nothing | Behind::Marker => (self.root_column(node), STEP),
            Behind::Key | Behind::Indicator => (outer.new + STEP, outer.new + STEP),
        };
        let is_collection = matches!(node.body, Body::Seq(_) | Body::Map(_));
        let mut at = behind;
        let mut first = after == Behind::Nothing;
        for property in &node.props {
            let joins = match after {
                Behind::Nothing | Behind::Marker => false,
                Behind::Indicator => true,
                Behind::Key => is_collection || at != behind,
            };
            self.gap(at, property.start, inner, joins, std::mem::take(&mut first));
            self.out.push_str(self.source.slice(property.clone()));
            at = property.end;
        }
        match &node.body {
            Body::Empty => self.below_empty(outer, inner, until),
            Body::Scalar { range, double_quoted } => {
                let joins = after == Behind::Indicator && node.props.is_empty();
                self.gap(at, range.start, inner, joins, first);
                self.scalar(range.clone(), *double_quoted, text);
            }
            Body::Block(block) => {
                self.gap(at, block.header.start, inner, after != Behind::Nothing || !node.props.is_empty(), first);
                self.block(block, text);
            }
            Body::Flow { range, leaves } => {
                let joins = after == Behind::Indicator && node.props.is_empty();
                self.gap(at, range.start, inner, joins, first);
                self.flow(range.clone(), leaves, outer);
            }
            Body::Seq(_) | Body::Map(_) => {
                let inline = after == Behind::Indicator && node.props.is_empty();
                self.collection(node, inner, inline, until);
            }
        }
    }

    /// The first column, unless a piece of the root would be taken for a marker or a directive there.
    fn root_column(&self, root: &Node) -> usize {
        let mut starts = vec![root.start];
        match &root.body {
            Body::Map(pairs) => starts.extend(pairs.iter().map(Pair::start)),
            Body::Scalar { range, .. } => starts.push(range.start),
            _ => {}
        }
        if starts.into_iter().any(|at| is_marker(self.source.rest(at))) { STEP } else { 0 }
    }

    /// What separates two pieces: a space, or a line break where there was one, unless it `joins` them. `first` says
    /// that nothing stands before the piece.
    fn gap(&mut self, from: usize, to: usize, column: usize, joins: bool, first: bool) {
        let breaks = !joins && self.source.slice(from..to).contains('\n');
        if first || breaks || self.has_comment(to) {
            self.line(column, to);
        } else {
            self.out.push(' ');
        }
    }

    fn has_comment(&mut self, before: usize) -> bool {
        self.comments.peek().is_some_and(|comment| comment.start < before)
    }

    /// Comments below a key without a value are indented as its value would be.
    fn below_empty(&mut self, outer: Level, inner: usize, until: usize) {
        self.trailing(until);
        let Some(comment) = self.comments.peek().filter(|comment| comment.start < until) else {
            return;
        };
        let old = self.source.column(comment.start);
        if old > outer.old && !self.levels.is_empty() {
            self.levels.push(Level { old, new: inner });
            self.close(outer, until);
        }
    }

    fn collection(&mut self, node: &Node, column: usize, inline: bool, until: usize) {
        let start = match &node.body {
            Body::Seq(items) => items.first().map(|item| item.dash),
            Body::Map(pairs) => pairs.first().map(Pair::start),
            _ => None,
        };
        let start = start.unwrap_or(node.start);
        let outer = self.outer();
        self.levels.push(Level { old: self.source.column(start), new: column });
        if inline && !self.has_comment(start) {
            self.out.push(' ');
        } else {
            self.line(column, start);
        }
        match &node.body {
            Body::Seq(items) => self.items(items, column, until),
            Body::Map(pairs) => self.pairs(pairs, column, until),
            _ => {}
        }
        self.close(outer, until);
    }

    fn items(&mut self, items: &[Item], column: usize, until: usize) {
        let ends = items.iter().skip(1).map(|item| item.dash).chain([until]);
        for (n, (item, end)) in items.iter().zip(ends).enumerate() {
            if n > 0 {
                self.line(column, item.dash);
            }
            self.out.push('-');
            self.value(&item.node, item.dash + 1, Behind::Indicator, end);
        }
    }

    fn pairs(&mut self, pairs: &[Pair], column: usize, until: usize) {
        let ends = pairs.iter().skip(1).map(Pair::start).chain([until]);
        for (n, (pair, end)) in pairs.iter().zip(ends).enumerate() {
            if n > 0 {
                self.line(column, pair.start());
            }
            self.pair(pair, column, end);
        }
    }

    fn pair(&mut self, pair: &Pair, column: usize, until: usize) {
        if let Some(question) = pair.question {
            self.out.push('?');
            self.value(&pair.key, question + 1, Behind::Indicator, pair.colon.unwrap_or(until));
            if let Some(colon) = pair.colon {
                self.line(column, colon);
                self.out.push(':');
                self.value(&pair.value, colon + 1, Behind::Indicator, until);
            }
            return;
        }
        self.key(&pair.key);
        self.out.push(':');
        self.value(&pair.value, pair.colon.map_or(pair.key.end, |colon| colon + 1), Behind::Key, until);
    }

    /// A key on one line. A colon would become a part of an alias, an anchor or a tag that it touches.
    fn key(&mut self, key: &Node) {
        for property in &key.props {
            self.out.push_str(self.source.slice(property.clone()));
            self.out.push(' ');
        }
        match &key.body {
            Body::Flow { range, leaves } => self.flow(range.clone(), leaves, self.outer()),
            Body::Scalar { range, .. } => {
                let text = self.source.slice(range.clone());
                self.out.push_str(text);
                if text.starts_with('*') {
                    self.out.push(' ');
                }
            }
            _ => {}
        }
    }

    fn scalar(&mut self, range: Range<usize>, double_quoted: bool, column: usize) {
        let mut lines = self.source.slice(range).split('\n').peekable();
        let mut first = true;
        while let Some(line) = lines.next() {
            let line = if first { line } else { line.trim_start_matches([' ', '\t']) };
            let line = if lines.peek().is_some() { scalar::trimmed(line, double_quoted) } else { line };
            if !first {
                self.out.push('\n');
                self.indent(if line.is_empty() { 0 } else { column });
            }
            self.out.push_str(line);
            first = false;
        }
        self.guard = None;
    }

    fn block(&mut self, block: &super::tree::Block, column: usize) {
        while self.comments.next_if(|comment| comment.start < block.header.end).is_some() {}
        let header = self.source.slice(block.header.clone());
        // Below an empty text that is the whole document, a comment would become its first line.
        let names = block.hollow.is_some() && self.levels.is_empty() && self.has_comment(self.end);
        self.out.push_str(&scalar::header(header, names));
        for line in scalar::block_lines(header, self.source.slice(block.lines.clone()), block) {
            self.out.push('\n');
            self.indent(if line.is_empty() { 0 } else { column });
            self.out.push_str(line);
        }
        self.guard = Some(column);
        self.kept = scalar::keeps(header);
    }

    fn flow(&mut self, range: Range<usize>, leaves: &[super::tree::Leaf], outer: Level) {
        while self.comments.next_if(|comment| comment.start < range.end).is_some() {}
        if !self.source.slice(range.clone()).contains('\n') {
            self.out.push_str(&flow::line(self.source, range, leaves));
            return;
        }
        let here = self.out.rsplit('\n').next().map_or(0, |line| line.chars().count());
        let opens = self.source.column(range.start);
        let below =
            self.source.slice(range.clone()).split('\n').skip(1).find(|line| !is_blank(line)).unwrap_or_default();
        let right = below.chars().take_while(|c| matches!(c, ' ' | '\t')).count() > opens;
        let with_bracket = right || self.source.begins_line(range.start);
        let (from, to) = if with_bracket { (opens, here) } else { (outer.old, outer.new) };
        let by = flow::Move { from, to, least: outer.new };
        self.out.push_str(&flow::lines(self.source, range, leaves, &by));
    }

    fn indent(&mut self, column: usize) {
        self.out.extend(std::iter::repeat_n(' ', column));
    }

    /// Ends the line and begins one for the piece at `next` in `column`, with the comments in between.
    fn line(&mut self, column: usize, next: usize) {
        self.comments_before(next);
        self.break_line(next);
        self.indent(column);
        self.guard = None;
    }

    fn break_line(&mut self, next: usize) {
        if self.out.is_empty() {
            return;
        }
        self.out.push('\n');
        if !std::mem::take(&mut self.kept) && self.source.below_blank(next) {
            self.out.push('\n');
        }
    }

    /// The comment that ends the line that was just written.
    fn trailing(&mut self, until: usize) {
        let source = self.source;
        let belongs = |comment: &&Range<usize>| comment.start < until && !source.begins_line(comment.start);
        let Some(comment) = self.comments.next_if(belongs) else {
            return;
        };
        let before = self.source.before(comment.start);
        let space = before.get(trim_end(before).len()..).unwrap_or_default();
        let width = if space.contains('\t') { 1 } else { space.len() };
        // What it stood behind may be gone: an end marker in front of everything.
        self.indent(if self.out.is_empty() { 0 } else { width });
        self.out.push_str(trim_end(self.source.slice(comment.clone())));
    }

    /// All comments before a place.
    fn comments_before(&mut self, until: usize) {
        self.trailing(until);
        while let Some(comment) = self.comments.next_if(|comment| comment.start < until) {
            self.comment(comment.clone());
        }
    }

    /// The comments at the end of a collection that are indented like it, and the end of its level.
    fn close(&mut self, outer: Level, until: usize) {
        self.trailing(until);
        let source = self.source;
        let least = match self.levels.as_slice() {
            // In the column of the collection around it, a comment belongs to what comes next there.
            [.., _, level] if until < self.end => level.old.max(outer.old + 1),
            [.., level] => level.old,
            [] => 0,
        };
        let inside = |comment: &&Range<usize>| comment.start < until && source.column(comment.start) >= least;
        while let Some(comment) = self.comments.next_if(inside) {
            self.comment(comment.clone());
        }
        self.levels.pop();
    }

    /// A comment on a line of its own: it moves with the deepest level that it is not left of.
    fn comment(&mut self, range: Range<usize>) {
        let old = self.source.column(range.start);
        let level = self.levels.iter().rev().find(|level| level.old <= old);
        let column = level.map_or(0, |level| level.new + old - level.old);
        let column = match self.guard.take() {
            Some(limit) if column >= limit => limit - STEP,
            _ => column,
        };
        self.break_line(range.start);
        self.indent(column);
        self.out.push_str(trim_end(self.source.slice(range)));
    }
}
