//! A text by its lines: how far each is indented and what it looks like. For texts that do not parse.

use std::ops::Range;

/// A line, without its line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where its content begins, counted in spaces.
    pub(super) indent: usize,
    /// Empty, or nothing but a comment.
    pub(super) blank: bool,
}

/// What the content of a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// `- …`
    Item,
    /// `-key: …`, which is meant to be an item.
    TightItem,
    /// `key: …`, with the offset of the colon.
    Key(usize),
    Other,
}

/// The lines of a text.
pub(super) fn of(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        lines.push(Line::new(text.get(start..end).unwrap_or_default(), start));
        start += line.len();
    }
    lines
}

impl Line {
    pub(super) fn new(content: &str, start: usize) -> Self {
        let indent = content.len() - content.trim_start_matches(' ').len();
        let rest = content.trim_start();
        Self { start, end: start + content.len(), indent, blank: rest.is_empty() || rest.starts_with('#') }
    }

    /// The bytes from its first to its last visible character.
    pub(super) fn content(&self, text: &str) -> Range<usize> {
        let begin = (self.start + self.indent).min(self.end);
        let length = text.get(begin..self.end).unwrap_or_default().trim_end().len();
        begin..begin + length
    }
}

impl Look {
    pub(super) fn is_item(self) -> bool {
        matches!(self, Self::Item | Self::TightItem)
    }
}

/// What a content, its indentation taken off, looks like.
pub(super) fn look(content: &str) -> Look {
    if content == "-" || content.starts_with("- ") {
        return Look::Item;
    }
    match colon(content) {
        Some(_) if content.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic)) => {
            Look::TightItem
        }
        Some(colon) => Look::Key(colon),
        None => Look::Other,
    }
}

/// Where the key of a `key: …` ends.
fn colon(content: &str) -> Option<usize> {
    let first = content.chars().next()?;
    let from = match first {
        '"' | '\'' => content.get(1..)?.find(first)? + 2,
        '[' | ']' | '{' | '}' | ',' | '#' | '|' | '>' | '@' | '`' | '%' => return None,
        _ => 0,
    };
    let ends = |at: &usize| content.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let end = content.find(" #").unwrap_or(content.len());
    content.match_indices(':').map(|(at, _)| at).find(|at| *at >= from && ends(at)).filter(|at| *at < end)
}

/// The quote that begins a value and does not end in the line.
pub(super) fn open_quote(line: &str) -> Option<(usize, char)> {
    let mut quote: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match quote {
            Some((_, '"')) if c == '\\' => {
                chars.next();
            }
            Some((_, '\'')) if c == '\'' && next == Some('\'') => {
                chars.next();
            }
            Some((_, open)) if c == open => quote = None,
            None if c == '#' && before == ' ' => break,
            None if matches!(c, '"' | '\'') && matches!(before, ' ' | '[' | '{' | '(' | ',') => {
                quote = Some((at, c));
            }
            _ => {}
        }
        before = c;
    }
    quote
}
