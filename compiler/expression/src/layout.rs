//! Where the text of an expression goes: into the body of a function, as the peer does it, and then through edits.
//!
//! Knows nothing of Python but its line ends. Every position in what was made can be taken back to the text that was
//! given, so that messages point there. The edits come from `rewrite`.

use std::ops::Range;

/// The first line of the function around an expression.
pub(crate) const HEADER: &str = "def _gw_handler():\n";
const INDENT: &str = "    ";

/// An expression as the body of a function.
pub(crate) struct Wrapped {
    /// [`HEADER`] and the indented text.
    pub(crate) text: String,
    lines: Vec<Line>,
    original_len: usize,
}

struct Line {
    /// Where the line's own text begins in the wrapped text, behind the indentation.
    wrapped: usize,
    original: usize,
    len: usize,
}

impl Wrapped {
    /// Indents every line that is not blank, continuation lines of strings as well: so does the peer.
    pub(crate) fn new(source: &str) -> Self {
        let mut text = HEADER.to_owned();
        let mut lines = Vec::new();
        let mut original = 0;
        for line in source_lines(source) {
            if !line.trim().is_empty() {
                text.push_str(INDENT);
            }
            lines.push(Line { wrapped: text.len(), original, len: line.len() });
            text.push_str(line);
            original += line.len();
        }
        text.push('\n');
        Self { text, lines, original_len: source.len() }
    }

    /// A position in the wrapped text as one in the text that was given.
    pub(crate) fn original(&self, wrapped: usize) -> usize {
        let after = self.lines.partition_point(|line| line.wrapped <= wrapped);
        let Some(line) = after.checked_sub(1).and_then(|index| self.lines.get(index)) else {
            return 0;
        };
        // Behind the line there is only the next line's indentation, which belongs to no text.
        (line.original + (wrapped - line.wrapped).min(line.len)).min(self.original_len)
    }

    /// A range, as [`Self::original`] does it for positions.
    pub(crate) fn original_range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.original(range.start);
        start..self.original(range.end).max(start)
    }
}

/// Lines with their ends: `\n`, `\r\n` or `\r`.
fn source_lines(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['\n', '\r']).map_or(rest.len(), |at| {
            let pair = rest.get(at..).is_some_and(|tail| tail.starts_with("\r\n"));
            at + if pair { 2 } else { 1 }
        });
        let (line, tail) = rest.split_at(end);
        rest = tail;
        Some(line)
    })
}

/// Changes of a text, by byte range.
#[derive(Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
}

struct Edit {
    range: Range<usize>,
    text: String,
    /// What closes comes before what opens at the same place, and what opens before what replaces.
    rank: u8,
}

impl Edits {
    /// Puts `text` before what begins at `at`. Of two at one place the first given stays outside.
    pub(crate) fn open(&mut self, at: usize, text: impl Into<String>) {
        self.list.push(Edit { range: at..at, text: text.into(), rank: 1 });
    }

    /// Puts `text` behind what ends at `at`.
    pub(crate) fn close(&mut self, at: usize, text: impl Into<String>) {
        self.list.push(Edit { range: at..at, text: text.into(), rank: 0 });
    }

    /// Puts `text` in the place of `range`.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.list.push(Edit { range, text: text.into(), rank: 2 });
    }

    /// Applies all of them to `text` from `start` on; `None` when two of them overlap.
    pub(crate) fn apply(mut self, text: &str, start: usize) -> Option<Edited> {
        self.list.sort_by_key(|edit| (edit.range.start, edit.rank));
        let mut made = Edited { text: String::with_capacity(text.len() * 2), pieces: Vec::new() };
        let mut at = start;
        for edit in &self.list {
            made.copy(text, at..edit.range.start)?;
            made.pieces.push(Piece { edited: made.text.len(), wrapped: edit.range.start, verbatim: false });
            made.text.push_str(&edit.text);
            at = edit.range.end;
        }
        made.copy(text, at..text.len())?;
        Some(made)
    }
}

/// A text after its edits.
pub(crate) struct Edited {
    /// What came out.
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

struct Piece {
    edited: usize,
    wrapped: usize,
    verbatim: bool,
}

impl Edited {
    fn copy(&mut self, text: &str, range: Range<usize>) -> Option<()> {
        let piece = text.get(range.clone())?;
        self.pieces.push(Piece { edited: self.text.len(), wrapped: range.start, verbatim: true });
        self.text.push_str(piece);
        Some(())
    }

    /// A position in the edited text as one in the text before the edits.
    pub(crate) fn before(&self, edited: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.edited <= edited);
        let Some(piece) = after.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return 0;
        };
        if piece.verbatim { piece.wrapped + (edited - piece.edited) } else { piece.wrapped }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_position_comes_back() {
        let source = "a = 'ü'\r\n\r\n  b\rc \\\n  + d\n\n";
        let wrapped = Wrapped::new(source);
        for name in ["a", "ü", "b", "c", "d"] {
            let at = wrapped.text[HEADER.len()..].find(name).unwrap() + HEADER.len();
            let back = wrapped.original(at);
            assert!(source[back..].starts_with(name), "{name}: {back}");
        }
        assert_eq!(wrapped.original(wrapped.text.len()), source.len());
        assert_eq!(wrapped.original(0), 0);
    }

    #[test]
    fn edits_nest_and_map_back() {
        let text = "a or bool";
        let mut edits = Edits::default();
        edits.open(0, "t(");
        edits.open(0, "u(");
        edits.close(1, ")");
        edits.replace(5..9, "kind");
        edits.close(9, ")");
        let edited = edits.apply(text, 0).unwrap();
        assert_eq!(edited.text, "t(u(a) or kind)");
        assert_eq!(edited.before(4), 0);
        assert_eq!(edited.before(7), 2);
        assert_eq!(edited.before(12), 5);
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let mut edits = Edits::default();
        edits.replace(0..5, "x");
        edits.replace(3..6, "y");
        assert!(edits.apply("abcdefgh", 0).is_none());
    }
}
