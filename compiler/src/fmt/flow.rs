//! Lists and maps in brackets. On one line their spacing is made even; over several lines they keep it, and their
//! lines move together.

use super::scalar::trimmed;
use super::source::{Source, is_blank, is_marker};
use super::tree::{Leaf, LeafKind};

/// A piece of a collection on one line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Comma,
    Colon,
    Question,
    Leaf(LeafKind),
}

/// A collection on one line, evenly spaced.
pub(super) fn line(source: Source<'_>, range: std::ops::Range<usize>, leaves: &[Leaf]) -> String {
    let mut line = Line { out: String::new(), last: None, padded: Vec::new(), space: false };
    let mut at = range.start;
    for leaf in leaves {
        line.gap(source.slice(at..leaf.range.start));
        line.token(Token::Leaf(leaf.kind), source.slice(leaf.range.clone()));
        at = leaf.range.end;
    }
    line.gap(source.slice(at..range.end));
    line.out
}

struct Line {
    out: String,
    last: Option<Token>,
    /// Whether each open bracket has a space inside.
    padded: Vec<bool>,
    /// Whether white space was seen since the last token.
    space: bool,
}

impl Line {
    fn gap(&mut self, gap: &str) {
        for (at, c) in gap.char_indices() {
            let token = match c {
                '[' | '{' => Token::Open,
                ']' | '}' => Token::Close,
                ',' => Token::Comma,
                ':' => Token::Colon,
                '?' => Token::Question,
                _ => {
                    self.space = true;
                    continue;
                }
            };
            self.token(token, gap.get(at..at + c.len_utf8()).unwrap_or_default());
        }
    }

    fn token(&mut self, token: Token, text: &str) {
        if self.last == Some(Token::Open) {
            self.padded.push(self.space && token != Token::Close);
        }
        if self.spaced(token) {
            self.out.push(' ');
        }
        if token == Token::Close {
            self.padded.pop();
        }
        self.out.push_str(text);
        self.last = Some(token);
        self.space = false;
    }

    /// Whether a space stands between the last token and this one.
    fn spaced(&self, token: Token) -> bool {
        use LeafKind as L;
        use Token as T;
        match (self.last, token) {
            (None, _) => false,
            (Some(T::Open), _) => self.padded.last().copied().unwrap_or_default(),
            // A reader of YAML 1.1 takes a bracket or a comma right behind a tag for a part of it.
            (Some(T::Leaf(L::Property)), _) => self.space || matches!(token, T::Leaf(_) | T::Colon | T::Open),
            (Some(T::Leaf(L::Alias)), T::Colon) => true,
            (Some(T::Colon), T::Comma | T::Close) => self.space,
            (Some(T::Question | T::Comma), T::Comma | T::Colon) => self.space,
            (Some(T::Comma), T::Close) => self.space,
            (_, T::Close) => self.padded.last().copied().unwrap_or_default(),
            (_, T::Comma | T::Colon) => false,
            _ => true,
        }
    }
}

/// How the lines of a collection move.
pub(super) struct Move {
    /// The column of what it hangs on, before and after.
    pub(super) from: usize,
    pub(super) to: usize,
    /// No line begins left of this column.
    pub(super) least: usize,
}

/// A collection over several lines.
pub(super) fn lines(source: Source<'_>, range: std::ops::Range<usize>, leaves: &[Leaf], by: &Move) -> String {
    let mut out = String::new();
    let mut at = range.start;
    let mut next = leaves.iter().peekable();
    let mut blank = false;
    for line in source.slice(range).split_inclusive('\n') {
        let first = out.is_empty();
        let (begin, end) = (at, at + line.trim_end_matches('\n').len());
        at += line.len();
        let text = source.slice(begin..end);
        while next.next_if(|leaf| leaf.range.end <= begin).is_some() {}
        let begins_inside = next.peek().is_some_and(|leaf| leaf.range.start < begin);
        while next.next_if(|leaf| leaf.range.end <= end).is_some() {}
        let inside =
            next.peek().filter(|leaf| leaf.range.start < end).is_some_and(|leaf| leaf.kind == LeafKind::DoubleQuoted);
        if is_blank(text) && !first {
            // In a text it is a line end; elsewhere one is enough.
            if begins_inside {
                out.push('\n');
            } else {
                blank = true;
            }
            continue;
        }
        if !first {
            out.push_str(if blank { "\n\n" } else { "\n" });
            blank = false;
            let column = text.chars().take_while(|c| matches!(c, ' ' | '\t')).count();
            let column = (column + by.to).saturating_sub(by.from).max(by.least);
            let column = column.max(usize::from(is_marker(text.trim_start_matches([' ', '\t']))));
            out.extend(std::iter::repeat_n(' ', column));
        }
        let text = if first { text } else { text.trim_start_matches([' ', '\t']) };
        out.push_str(trimmed(text, inside));
    }
    out
}
