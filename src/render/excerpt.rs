//! The lines of a file that a finding is about: long ones cut, secrets and control characters hidden.
//!
//! INVARIANT: line numbers are those of the file, so lines that nobody looks at are there, but empty. miette would
//! count the lines of the whole file for every label.

use std::collections::BTreeMap;
use std::ops::Range;

use gatewright_compiler::source::{FileId, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::location::{Index, floor};

/// Longer lines are cut: nobody reads a megabyte on one line.
const MAX_LINE: usize = 120;

/// How much of such a line is shown before the place.
const BEFORE: usize = 40;

/// What stands for a character of a secret.
const HIDDEN: char = '•';

/// What stands for a character that would steer the terminal.
const CONTROL: char = '\u{fffd}';

#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// The first line, from 0.
    line: usize,
    /// Where a place of the file is in the excerpt.
    pieces: Vec<Piece>,
    /// Characters that are missing at the begin of a line, by line of the excerpt.
    cut: BTreeMap<usize, usize>,
}

/// From here to the next piece, the file and the excerpt go along with each other.
#[derive(Debug)]
struct Piece {
    file: usize,
    excerpt: usize,
    /// Every character is replaced by one of this many bytes.
    replaced: Option<usize>,
}

impl Excerpt {
    /// The lines of some spans of a file, with one more on either side.
    pub(super) fn new(file: FileId, spans: &[Span], index: &Index<'_>) -> Self {
        let text = index.text(file);
        let lines = index.lines(file);
        let ranges: Vec<Range<usize>> =
            spans.iter().map(|span| floor(text, span.range().start)..floor(text, span.range().end)).collect();
        let wanted: Vec<(usize, usize)> = ranges
            .iter()
            .map(|range| (lines.of(range.start).saturating_sub(1), lines.of(range.end.max(range.start)) + 1))
            .collect();
        let first = wanted.iter().map(|(first, _)| *first).min().unwrap_or(0);
        let last = wanted.iter().map(|(_, last)| *last).max().unwrap_or(0);
        let mut excerpt = Self {
            name: index.path(file).to_owned(),
            text: String::new(),
            line: first,
            pieces: Vec::new(),
            cut: BTreeMap::new(),
        };
        let secrets = index.secrets(file);
        for line in first..=last {
            let range = lines.start(line, text)..lines.start(line + 1, text);
            let whole = text.get(range.clone()).unwrap_or_default();
            let content = whole.strip_suffix('\n').unwrap_or(whole);
            excerpt.piece(range.start, None);
            if wanted.iter().any(|(first, last)| (*first..=*last).contains(&line)) {
                let range = range.start..range.start + content.len();
                let place = ranges.iter().filter(|place| place.start <= range.end && place.end >= range.start);
                let place = place.map(|place| place.start.saturating_sub(range.start)).min();
                excerpt.push_line(content, range.start, place.unwrap_or(0), &secrets, line - first);
            }
            excerpt.piece(range.start + content.len(), None);
            if content.len() < whole.len() {
                excerpt.text.push('\n');
            }
        }
        excerpt.piece(text.len(), None);
        excerpt
    }

    /// A line that begins at `offset` of the file; `place` is what has to be seen of it.
    fn push_line(&mut self, content: &str, offset: usize, place: usize, secrets: &[Range<usize>], number: usize) {
        let is_long = content.chars().count() > MAX_LINE;
        let before = content.get(..place).map_or(0, |before| before.chars().count());
        let skipped = if is_long { before.saturating_sub(BEFORE) } else { 0 };
        if skipped > 0 {
            self.text.push('…');
            self.cut.insert(number, skipped - 1);
        }
        let mut secrets = secrets.iter().skip_while(|secret| secret.end <= offset).peekable();
        let mut kind = None;
        for (shown, (at, c)) in content.char_indices().skip(skipped).enumerate() {
            let at = offset + at;
            while secrets.next_if(|secret| secret.end <= at).is_some() {}
            let secret = secrets.peek().is_some_and(|secret| secret.contains(&at));
            let stands = match c {
                _ if secret => Some(HIDDEN),
                '\t' | '\r' => None,
                c if c.is_control() => Some(CONTROL),
                _ => None,
            };
            let width = stands.map(char::len_utf8);
            if shown == 0 || width != kind {
                self.piece(at, width);
                kind = width;
            }
            if is_long && shown == MAX_LINE {
                self.text.push('…');
                return;
            }
            self.text.push(stands.unwrap_or(c));
        }
    }

    fn piece(&mut self, file: usize, replaced: Option<usize>) {
        self.pieces.push(Piece { file, excerpt: self.text.len(), replaced });
    }

    /// A span of the file as one of the excerpt.
    pub(super) fn within(&self, span: Span, text: &str) -> SourceSpan {
        let end = self.place(floor(text, span.range().end), text);
        let start = self.place(floor(text, span.range().start), text).min(end);
        // A mark under a line end would point at nothing.
        let shown = self.text.get(start..end).unwrap_or_default();
        (start, shown.trim_end().len()).into()
    }

    fn place(&self, offset: usize, text: &str) -> usize {
        let next = self.pieces.partition_point(|piece| piece.file <= offset);
        let limit = self.pieces.get(next).map_or(self.text.len(), |piece| piece.excerpt);
        let Some(piece) = next.checked_sub(1).and_then(|last| self.pieces.get(last)) else { return 0 };
        let along = match piece.replaced {
            Some(width) => text.get(piece.file..offset).map_or(0, |text| text.chars().count() * width),
            None => offset - piece.file,
        };
        floor(&self.text, (piece.excerpt + along).min(limit))
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // miette counts bytes.
        let head = self.text.get(..contents.span().offset()).unwrap_or_default();
        let column = head.rsplit('\n').next().unwrap_or_default().chars().count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.line,
            column + self.cut.get(&contents.line()).copied().unwrap_or(0),
            // miette counts from the begin of the text, and would join places that are far from each other.
            contents.data().split_inclusive(|byte| *byte == b'\n').count(),
        )))
    }
}
