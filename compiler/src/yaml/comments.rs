//! Where comments stand. They mean nothing to YAML, so `compose.rs` does without them.

use std::ops::Range;

use granit_parser::{Event, Parser};

/// The comments of a text that hold a word, each from its `#` to the end of its line.
pub(super) fn comments(text: &str, word: &str) -> Vec<Range<usize>> {
    // Comments that matter are rare, and finding out which `#` begins one takes a second look at the whole text.
    if !text.contains(word) {
        return Vec::new();
    }
    let mut options = granit_parser::options! { emit_comments: true, emit_unresolved_aliases: true };
    options.max_buffered_comment_events = usize::MAX;
    let mut found = Vec::new();
    let mut seen = 0;
    for item in Parser::new_from_str_with_options(text, options) {
        let Ok((event, span)) = item else {
            found.extend(guessed(text, seen, word));
            break;
        };
        let range = span.byte_range().unwrap_or(seen..seen);
        seen = seen.max(range.end);
        if matches!(event, Event::Comment(comment, _) if comment.contains(word)) {
            found.push(range);
        }
    }
    found
}

/// Where the text breaks off, a sign with a blank before it is as good as a comment.
fn guessed(text: &str, from: usize, word: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let sign = line.match_indices('#').find(|(sign, _)| {
            line.get(..*sign).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
        });
        if let Some((sign, _)) = sign.filter(|(sign, _)| line.get(*sign..).is_some_and(|rest| rest.contains(word))) {
            found.push(at + sign..at + line.trim_end().len());
        }
        at += line.len();
    }
    found
}
