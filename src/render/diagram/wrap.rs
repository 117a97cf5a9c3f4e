//! Long texts on several lines.

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, wrap};

/// More lines than these of one text are cut.
const LINES: usize = 8;

/// A text on lines of at most so many characters: broken at spaces and behind signs that join words, else anywhere.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let options =
        Options::new(most).word_separator(WordSeparator::Custom(words)).word_splitter(WordSplitter::NoHyphenation);
    let mut lines: Vec<String> = wrap(text, &options).into_iter().map(std::borrow::Cow::into_owned).collect();
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines.last_mut().into_iter().for_each(|last| last.push('…'));
    }
    lines
}

fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    Box::new(line.split_inclusive([' ', '-', '_', '.', '/', ':', ',', '·', '@']).map(Word::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrapped("one two three", 40), ["one two three"]);
        assert_eq!(wrapped("one two three", 9), ["one two", "three"]);
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("default-authentication-flow", 20), ["default-", "authentication-flow"]);
        assert_eq!(wrapped("a/folder/with/a/file.yaml:17", 18), ["a/folder/with/a/", "file.yaml:17"]);
        assert_eq!(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("größe 数字数字", 5), ["größe", "数字", "数字"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn what_has_no_end_is_cut() {
        let lines = wrapped(&"x".repeat(10_000), 10);
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines.last().map(String::as_str), Some("xxxxxxxxxx…"));
    }
}
