//! From a place in a decoded scalar back to bytes of the file: expressions are written inside YAML texts.
//!
//! Exact for `|` blocks; for folded, plain and quoted texts the two texts are walked side by side, which is exact
//! wherever a character stands for itself or for a known escape.

use std::ops::Range;

use super::{Kind, Node, Style};
use crate::source::Span;

/// The bytes of `source` that the bytes `range` of the scalar's decoded text came from.
pub(crate) fn place(source: &str, node: &Node<'_>, range: Range<usize>) -> Span {
    let Kind::Scalar(scalar) = &node.kind else {
        return node.span;
    };
    let raw = source.get(node.span.range()).unwrap_or_default();
    let base = node.span.range().start;
    let end = range.end.max(range.start);
    let (start, end) = if scalar.style == Style::Literal {
        let line_start = source.get(..base).unwrap_or_default().rfind('\n').map_or(0, |at| at + 1);
        let block = source.get(line_start..node.span.range().end).unwrap_or_default();
        let find = |offset| literal(block, &scalar.text, offset).map(|at| line_start + at);
        (find(range.start), find(end))
    } else {
        let table = Walk::new(raw, &scalar.text, scalar.style);
        (Some(base + table.offset(range.start)), Some(base + table.offset(end)))
    };
    let limit = node.span.range().end;
    let start = start.unwrap_or(limit).min(limit);
    let end = end.unwrap_or(limit).clamp(start, limit);
    Span::new(node.span.file, visible(source, start, end))
}

/// An empty place grows to a character: the one that stands there, or at the end of the line the one before.
pub(super) fn visible(source: &str, start: usize, end: usize) -> Range<usize> {
    if start < end {
        return start..end;
    }
    let next = source.get(start..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_whitespace());
    let last = source.get(..start).and_then(|before| before.chars().next_back());
    match (next, last) {
        (Some(next), _) => start..start + next.len_utf8(),
        (None, Some(last)) => start - last.len_utf8()..start,
        (None, None) => start..end,
    }
}

/// `block` begins at the start of the line on which the content begins.
fn literal(block: &str, text: &str, offset: usize) -> Option<usize> {
    let blank = text.bytes().take_while(|byte| *byte == b'\n').count();
    let first = text.get(blank..)?.lines().next()?;
    let mut lines = block.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    });
    let begin = lines.clone().position(|(_, line)| !line.trim().is_empty())?;
    let (_, raw) = lines.clone().nth(begin)?;
    let indent = raw.len().checked_sub(first.len()).filter(|_| raw.ends_with(first))?;
    let before = text.get(..offset.min(text.len()))?;
    let line = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let (start, raw) = lines.nth((begin + line).checked_sub(blank)?)?;
    Some(start + indent.min(raw.len()) + column)
}

/// Decoded offset -> raw offset, one step for each decoded character.
struct Walk {
    steps: Vec<(usize, usize)>,
    end: usize,
}

impl Walk {
    fn new(raw: &str, text: &str, style: Style) -> Self {
        let quoted = matches!(style, Style::SingleQuoted | Style::DoubleQuoted);
        let mut at = usize::from(quoted);
        let mut steps = Vec::with_capacity(text.len());
        for (decoded, wanted) in text.char_indices() {
            let (from, next) = step(raw, at, wanted, style);
            steps.push((decoded, from));
            at = next;
        }
        Self { steps, end: at.min(raw.len()) }
    }

    fn offset(&self, decoded: usize) -> usize {
        let found = self.steps.partition_point(|(at, _)| *at < decoded);
        self.steps.get(found).map_or(self.end, |(_, raw)| *raw)
    }
}

/// Where the next decoded character begins in the raw text, and where the one after it is to be looked for.
fn step(raw: &str, from: usize, wanted: char, style: Style) -> (usize, usize) {
    let mut at = from;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = raw.get(at..).unwrap_or_default();
        if style == Style::DoubleQuoted && found == '\\' {
            if let Some(length) = escape(rest) {
                return (at, at + length);
            }
            at += 1; // an escaped line break stands for nothing
        } else if found == wanted {
            let doubled = style == Style::SingleQuoted && rest.starts_with("''");
            return (at, at + found.len_utf8() + usize::from(doubled));
        } else if found.is_whitespace() && wanted == ' ' {
            let run = rest.len() - rest.trim_start().len();
            return (at, at + run); // a folded line break
        } else if found.is_whitespace() {
            at += found.len_utf8();
        } else {
            return (at, at); // out of step: stay here
        }
    }
    (raw.len(), raw.len())
}

/// The length of an escape that stands for one character.
fn escape(rest: &str) -> Option<usize> {
    match rest.chars().nth(1)? {
        '\n' | '\r' => None,
        'x' => Some(4),
        'u' => Some(6),
        'U' => Some(10),
        other => Some(1 + other.len_utf8()),
    }
}
