//! What can be read of a text that is not YAML: one mistake hides neither the rest nor the other mistakes.
//!
//! The text is taken apart by its indentation: the document into its keys, a list into its items, an item into its keys
//! and so on, as deep as needed. A piece that parses is taken as it is. One that does not is mended if changing a single
//! line does it (`mend.rs`), else taken apart, and what is left is reported and becomes [`Kind::Broken`].
//! INVARIANT: every level reads a piece once, [`LEVELS`] bounds the levels and a budget the attempts to mend, so the work
//! stays linear in the text.

use std::ops::Range;

use super::compose::{self, Composed, Fault, Piece, Shared, broken};
use super::lines::{self, Line, Look};
use super::mend::{self, Mend};
use super::{Document, Kind, Node, Pair, aside, fault, map};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// How often a piece is taken apart.
const LEVELS: usize = 16;

/// The longest piece that is mended: beyond, it is taken apart first.
const MENDED: usize = 4096;

struct Recovery<'a, 't> {
    file: FileId,
    text: &'a str,
    /// The text, with the dashes blanked of items that were taken apart, and what is no YAML. All places stay the same.
    work: Vec<u8>,
    lines: Vec<Line>,
    shared: Shared<'t>,
    gaps: Vec<Span>,
    aliases: Vec<(Span, Span)>,
    /// How many bytes may still be parsed in attempts to mend something.
    budget: usize,
    style: mend::Style,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads as much as can be read.
pub(super) fn recover<'t>(file: FileId, text: &str, fault: &Fault, diagnostics: &mut Vec<Diagnostic>) -> Document<'t> {
    let before = diagnostics.len();
    let (work, gaps) = aside::blanked(file, text, &lines::of(text), diagnostics);
    let lines = lines::of(std::str::from_utf8(&work).unwrap_or(text));
    let mut recovery = Recovery {
        file,
        text,
        work,
        style: mend::style(text, &lines),
        lines,
        shared: Shared::default(),
        gaps,
        aliases: Vec::new(),
        budget: 512 * 1024 + 4 * text.len(),
        diagnostics,
    };
    let begin = recovery.body();
    let root = recovery.block(begin..recovery.lines.len(), 0);
    let (mut gaps, aliases) = (recovery.gaps, recovery.aliases);
    if !diagnostics.iter().skip(before).any(|found| matches!(found.code, Code::Syntax | Code::TooComplex)) {
        // Every piece is fine, so the pieces do not fit together.
        diagnostics.push(fault::diagnose(file, text, fault));
        gaps.push(Span::new(file, 0..text.len()));
    }
    // The anchor may stand where nothing can be read.
    let hides = |found: &Diagnostic| {
        let alias = found.span.and_then(|span| text.get(span.range())).and_then(|alias| alias.strip_prefix('*'));
        let anchor = alias.map(|name| format!("&{name}"));
        let gap =
            |gap: &Span| text.get(gap.range()).is_some_and(|gap| anchor.as_ref().is_some_and(|it| gap.contains(it)));
        found.code == Code::UnknownAnchor && gaps.iter().any(gap)
    };
    let mut at = 0;
    diagnostics.retain(|found| {
        at += 1;
        at <= before || !hides(found)
    });
    Document { root: Some(root), gaps, aliases }
}

impl<'t> Recovery<'_, 't> {
    /// The first line that belongs to the document: markers and directives stand before it.
    fn body(&self) -> usize {
        let marks = |line: &Line| {
            let content = self.text.get(line.start..line.end).unwrap_or_default().trim_start_matches('\u{feff}');
            line.blank || content.starts_with('%') || content.trim_end() == "---"
        };
        self.lines.iter().take_while(|line| marks(line)).count()
    }

    fn line(&self, at: usize) -> Line {
        self.lines.get(at).copied().unwrap_or(Line {
            start: self.text.len(),
            end: self.text.len(),
            indent: 0,
            blank: true,
        })
    }

    /// The bytes of some lines.
    fn bytes(&self, lines: &Range<usize>) -> Range<usize> {
        let start = self.line(lines.start).start;
        start..self.line(lines.end).start.max(start)
    }

    fn slice(&self, bytes: Range<usize>) -> &str {
        // Only whole characters were replaced, by spaces.
        self.work.get(bytes).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn look(&self, line: &Line) -> Look {
        lines::look(self.slice(line.content(self.text)))
    }

    fn gap(&mut self, lines: &Range<usize>) -> Span {
        let bytes = self.bytes(lines);
        let length = self.text.get(bytes.clone()).unwrap_or_default().trim_end().len();
        let span = Span::new(self.file, bytes.start..bytes.start + length);
        self.gaps.push(span);
        span
    }

    /// Reads lines that hold one node.
    fn block(&mut self, lines: Range<usize>, depth: usize) -> Node<'t> {
        let fault = match self.read(&lines, depth) {
            Ok(node) => return node,
            Err(fault) => fault,
        };
        let first = lines.clone().find(|at| !self.line(*at).blank);
        let look = first.map(|at| self.look(&self.line(at)));
        match (first, look) {
            (Some(first), Some(Look::Item | Look::TightItem)) if depth < LEVELS => {
                self.sequence(first..lines.end, depth)
            }
            (Some(first), Some(Look::Key(_))) if depth < LEVELS => self.mapping(first..lines.end, depth),
            _ => {
                self.diagnostics.push(fault::diagnose(self.file, self.text, &fault));
                broken(self.gap(&lines))
            }
        }
    }

    fn read(&mut self, lines: &Range<usize>, depth: usize) -> Result<Node<'t>, Fault> {
        let bytes = self.bytes(lines);
        self.parse(bytes, depth)
    }

    /// Parses a part of the text. What was found in it counts only if it parses.
    fn parse(&mut self, bytes: Range<usize>, depth: usize) -> Result<Node<'t>, Fault> {
        let before = self.diagnostics.len();
        let input = self.work.get(bytes.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let piece = Piece { file: self.file, text: self.text, input, start: bytes.start, depth, edit: None };
        match compose::compose(piece, compose::copied, &mut self.shared, self.diagnostics) {
            Ok(composed) => Ok(self.taken(composed, bytes)),
            Err(mut fault) => {
                self.diagnostics.truncate(before);
                // The end of a piece is not the beginning of the next.
                let end = bytes.start + self.slice(bytes).trim_end().len();
                fault.offset = Some(fault.offset.map_or(end, |offset| offset.min(end)));
                Err(fault)
            }
        }
    }

    fn taken(&mut self, composed: Composed<'t>, bytes: Range<usize>) -> Node<'t> {
        let span = Span::new(self.file, bytes);
        self.gaps.extend(composed.holes);
        self.aliases.extend(composed.aliases);
        if let Some(second) = composed.second {
            self.gaps.push(Span { end: span.end, ..second });
        }
        if composed.complex {
            self.gaps.push(span);
        }
        composed.root.unwrap_or_else(|| broken(span))
    }

    /// Where the parts of a list or map begin: with the first line, and with those of its look that are no deeper than
    /// the column in which parts begin.
    fn parts(&self, lines: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.line(lines.start);
        let wanted = self.look(&first).is_item();
        let alike = |at: &usize| {
            let line = self.line(*at);
            let look = self.look(&line);
            !line.blank && look.is_item() == wanted && look != Look::Other
        };
        let indents = || lines.clone().filter(alike).map(|at| self.line(at).indent);
        let count = |indent: usize| indents().filter(|other| *other == indent).count();
        // A single line further left is out of place; several are where the parts begin, and the first line is not.
        let least = indents().min().unwrap_or(first.indent);
        let column = if count(least) == 1 && count(first.indent) > 1 { first.indent } else { least };
        let begins = |at: &usize| *at == lines.start || (alike(at) && self.line(*at).indent <= column);
        let starts: Vec<usize> = lines.clone().filter(begins).collect();
        let ends = starts.iter().skip(1).copied().chain([lines.end]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// How far most parts are indented; of as many, the later ones count.
    fn usual(&self, parts: &[Range<usize>]) -> usize {
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for indent in parts.iter().map(|part| self.line(part.start).indent) {
            match counts.iter_mut().find(|(known, _)| *known == indent) {
                Some((_, count)) => *count += 1,
                None => counts.push((indent, 1)),
            }
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(indent, _)| indent)
    }

    fn sequence(&mut self, lines: Range<usize>, depth: usize) -> Node<'t> {
        let mut items = Vec::new();
        let parts = self.parts(&lines);
        let usual = self.usual(&parts);
        let mut last: Option<(Range<usize>, Mark, usize)> = None;
        for part in parts {
            let (mark, length) = (self.mark(), items.len());
            if self.look(&self.line(part.start)) == Look::TightItem {
                let dash = self.line(part.start).content(self.text).start;
                self.diagnostics.push(mend::tight(self.file, dash));
                self.undash(part.start);
                items.push(self.block(part.clone(), depth + 1));
                continue;
            }
            match self.read(&part, depth + 1) {
                Ok(node) => {
                    self.compare(&part, usual);
                    items.extend(into_items(node));
                }
                Err(fault) => {
                    match self.mended(last.as_ref().map(|(last, mark, _)| (last, *mark)), &part, usual, &fault, depth) {
                        Some((node, with_last)) => {
                            items.truncate(last.filter(|_| with_last).map_or(length, |(_, _, length)| length));
                            items.extend(into_items(node));
                        }
                        None => {
                            self.undash(part.start);
                            items.push(self.block(part.clone(), depth + 1));
                        }
                    }
                }
            }
            last = Some((part, mark, length));
        }
        Node::new(Kind::Seq(items.into()), self.span(&lines))
    }

    fn mapping(&mut self, lines: Range<usize>, depth: usize) -> Node<'t> {
        let mut pairs: Vec<Pair<'t>> = Vec::new();
        let mut merged: Vec<Pair<'t>> = Vec::new();
        let parts = self.parts(&lines);
        let usual = self.usual(&parts);
        let mut last: Option<(Range<usize>, Mark, usize)> = None;
        for part in parts {
            let (mark, length) = (self.mark(), pairs.len());
            match self.read(&part, depth + 1) {
                Ok(node) => {
                    self.compare(&part, usual);
                    let merge = self.slice(self.line(part.start).content(self.text)).starts_with("<<:");
                    if merge { &mut merged } else { &mut pairs }.extend(into_pairs(node));
                }
                Err(fault) => {
                    match self.mended(last.as_ref().map(|(last, mark, _)| (last, *mark)), &part, usual, &fault, depth) {
                        Some((node, with_last)) => {
                            pairs.truncate(last.filter(|_| with_last).map_or(length, |(_, _, length)| length));
                            pairs.extend(into_pairs(node));
                        }
                        None => {
                            let pair = self.pair(&part, &fault, depth);
                            self.account(mark, &part, usual, &fault);
                            pairs.extend(pair);
                        }
                    }
                }
            }
            last = Some((part, mark, length));
        }
        let pairs = map::with_merged(self.text, pairs, merged, self.diagnostics);
        Node::new(Kind::Map(pairs), self.span(&lines))
    }

    /// A pair that does not parse: its value may, or parts of it.
    fn pair(&mut self, lines: &Range<usize>, fault: &Fault, depth: usize) -> Vec<Pair<'t>> {
        let line = self.line(lines.start);
        let content = line.content(self.text);
        let Look::Key(colon) = self.look(&line) else {
            self.diagnostics.push(fault::diagnose(self.file, self.text, fault));
            let span = self.gap(lines);
            return vec![map::broken(span)];
        };
        let key = self.parse(content.start..content.start + colon, depth);
        let key = key.unwrap_or_else(|_| broken(Span::new(self.file, content.start..content.start + colon)));
        let rest = self.slice(content.start + colon + 1..content.end).trim();
        let below = (lines.start + 1..lines.end).any(|at| !self.line(at).blank);
        if below && (rest.is_empty() || rest.starts_with('#')) {
            let value = self.block(lines.start + 1..lines.end, depth + 1);
            return map::pair(key, value, self.diagnostics).into_iter().collect();
        }
        self.diagnostics.push(fault::diagnose(self.file, self.text, fault));
        if below && let Ok(node) = self.read(&(lines.start..lines.start + 1), depth) {
            let span = self.gap(&(lines.start + 1..lines.end));
            let mut pairs = into_pairs(node);
            pairs.push(map::broken(span));
            return pairs;
        }
        let span = self.gap(lines);
        map::pair(key, broken(span), self.diagnostics).into_iter().collect()
    }

    /// Takes the dash from an item, so that its content is a piece of its own.
    fn undash(&mut self, at: usize) {
        let Some(line) = self.lines.get_mut(at) else { return };
        if let Some(byte) = self.work.get_mut(line.start + line.indent) {
            *byte = b' ';
        }
        let content = self.work.get(line.start..line.end).and_then(|bytes| std::str::from_utf8(bytes).ok());
        *line = Line::new(content.unwrap_or_default(), line.start);
    }

    /// A part that does not parse although everything in it does: it is its place that is wrong.
    fn account(&mut self, mark: Mark, part: &Range<usize>, usual: usize, fault: &Fault) {
        if mark.diagnostics == self.diagnostics.len() {
            self.compare(part, usual);
        }
        if mark.diagnostics == self.diagnostics.len() {
            self.diagnostics.push(fault::diagnose(self.file, self.text, fault));
        }
    }

    /// A part that is fine by itself, but not where its neighbours are.
    fn compare(&mut self, part: &Range<usize>, usual: usize) {
        let line = self.line(part.start);
        if line.indent != usual {
            self.diagnostics.push(mend::misplaced(self.file, self.text, &line, usual));
        }
    }

    fn span(&self, lines: &Range<usize>) -> Span {
        let bytes = self.bytes(lines);
        let start = self.line(lines.start).content(self.text).start;
        let length = self.text.get(start..bytes.end).unwrap_or_default().trim_end().len();
        Span::new(self.file, start..start + length)
    }

    fn mark(&self) -> Mark {
        Mark { diagnostics: self.diagnostics.len(), gaps: self.gaps.len() }
    }

    /// The node of a part in which one line was changed so that it parses, alone or with the part before it.
    fn mended(
        &mut self,
        last: Option<(&Range<usize>, Mark)>,
        part: &Range<usize>,
        usual: usize,
        fault: &Fault,
        depth: usize,
    ) -> Option<(Node<'t>, bool)> {
        let before = last.filter(|(last, mark)| {
            let size = self.bytes(&(last.start..part.end)).len();
            size <= MENDED && *mark == Mark { gaps: self.gaps.len(), ..*mark }
        });
        let lines = before.map_or(part.start, |(last, _)| last.start)..part.end;
        let bytes = self.bytes(&lines);
        if bytes.len() > MENDED {
            return None;
        }
        let own = self.lines.get(lines.clone()).unwrap_or_default().to_vec();
        let input = self.slice(bytes.clone()).to_owned();
        let place = mend::Place {
            file: self.file,
            text: self.text,
            input: &input,
            start: bytes.start,
            style: self.style,
            usual,
        };
        let is_item = self.look(&self.line(part.start)).is_item();
        let mark = before.map_or(self.mark(), |(_, mark)| mark);
        for Mend { input, edit, diagnostic } in mend::candidates(place, &own, fault) {
            self.budget = self.budget.checked_sub(input.len())?;
            let begin = lines::of(&input).into_iter().find(|line| !line.blank).map(|line| line.indent);
            if begin != Some(usual) {
                continue;
            }
            let mut found = Vec::new();
            let mut shared = self.shared.clone();
            let piece = Piece {
                file: self.file,
                text: self.text,
                input: &input,
                start: bytes.start,
                depth: depth + 1,
                edit: Some(edit),
            };
            let Ok(composed) = compose::compose(piece, compose::copied, &mut shared, &mut found) else { continue };
            let Some(node) = composed.root.filter(|_| composed.second.is_none()) else { continue };
            if matches!(node.kind, Kind::Seq(_)) != is_item || matches!(node.kind, Kind::Scalar(_)) {
                continue;
            }
            self.shared = shared;
            self.gaps.extend(composed.holes);
            self.aliases.extend(composed.aliases);
            self.diagnostics.truncate(mark.diagnostics);
            self.diagnostics.push(diagnostic);
            self.diagnostics.append(&mut found);
            return Some((node, before.is_some()));
        }
        None
    }
}

/// How much had been found.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    diagnostics: usize,
    gaps: usize,
}

fn into_items(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind {
        Kind::Seq(items) if node.tag.is_none() => items.into(),
        _ => vec![node],
    }
}

fn into_pairs(node: Node<'_>) -> Vec<Pair<'_>> {
    match node.kind {
        Kind::Map(pairs) if node.tag.is_none() => pairs.into(),
        _ => vec![map::broken(node.span)],
    }
}
