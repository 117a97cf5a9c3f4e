//! Texts over several lines: below a `|` or `>`, quoted, and plain.

use super::source::{is_blank, trim_end};
use super::tree::Block;

/// What stands below the header of a block, each line without its indentation; line ends at its end belong to the
/// text only where the header says so.
pub(super) fn block_lines<'a>(header: &str, lines: &'a str, block: &Block) -> Vec<&'a str> {
    if let Some(count) = block.hollow {
        return vec![""; count];
    }
    let mut result: Vec<&str> = lines.split('\n').collect();
    // What follows the last line end is another line only where the file ends in it.
    if result.last().is_some_and(|last| last.len() <= block.indent && is_blank(last)) {
        result.pop();
    }
    let content = |line: &'a str| line.get(block.indent..).filter(|_| line.len() > block.indent).unwrap_or_default();
    result.iter_mut().for_each(|line| *line = content(line));
    if !keeps(header) {
        while result.last().is_some_and(|last| last.is_empty()) {
            result.pop();
        }
    }
    result
}

/// Whether the blank lines below the text belong to it.
pub(super) fn keeps(header: &str) -> bool {
    indicators(header).contains('+')
}

/// `|2+`: the indicator and what is glued to it.
fn indicators(header: &str) -> &str {
    header.split([' ', '\t']).next().unwrap_or_default()
}

/// The header, with the indentation that the text will have where it names one, or where `names` says that it must.
pub(super) fn header(header: &str, names: bool) -> String {
    let glued = indicators(header);
    let rest = header.get(glued.len()..).unwrap_or_default();
    let has_number = glued.contains(|c: char| c.is_ascii_digit());
    let mut glued: String = glued.chars().map(|c| if c.is_ascii_digit() { '2' } else { c }).collect();
    if names && !has_number {
        glued.push('2');
    }
    format!("{glued}{}", trim_end(rest))
}

/// A line of a quoted or plain text that goes on: the spaces at its end mean nothing, but an escaped one does.
pub(super) fn trimmed(line: &str, double_quoted: bool) -> &str {
    let short = trim_end(line);
    let backslashes = short.len() - short.trim_end_matches('\\').len();
    if double_quoted && backslashes % 2 == 1 { line.get(..=short.len()).unwrap_or(short) } else { short }
}
