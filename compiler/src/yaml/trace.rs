//! Finds in the raw text what a parser only notices later: the tab, the quote or the dash at which it went wrong.

use super::lines;

/// The lines of `text` up to the one that holds `offset`, the last first, each with its start.
fn lines_up(text: &str, offset: usize) -> impl Iterator<Item = (usize, &str)> {
    let end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at);
    let head = text.get(..end).unwrap_or(text);
    let mut rest = Some(head);
    std::iter::from_fn(move || {
        let all = rest?;
        let (before, line) = all.rsplit_once('\n').map_or((None, all), |(before, line)| (Some(before), line));
        rest = before;
        Some((all.len() - line.len(), line))
    })
}

/// The tab in the indentation of the line of `offset`, of the next one that has one, or of one just above.
pub(super) fn tab(text: &str, offset: usize) -> Option<usize> {
    let (start, _) = lines_up(text, offset).next()?;
    let below = text.get(start..)?.split_inclusive('\n').scan(start, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, line))
    });
    below.chain(lines_up(text, offset).take(3)).find_map(|(start, line)| {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(..indentation)?.find('\t').map(|at| start + at)
    })
}

/// The nearest quote above `offset` that begins a value and does not end in its line.
pub(super) fn open_quote(text: &str, offset: usize) -> Option<(usize, char)> {
    lines_up(text, offset).find_map(|(start, line)| lines::open_quote(line).map(|(at, quote)| (start + at, quote)))
}

/// A `-` that begins the line of `offset` or the one above, with a key right behind it.
pub(super) fn tight_dash(text: &str, offset: usize) -> Option<usize> {
    lines_up(text, offset).take(2).find_map(|(start, line)| {
        let rest = line.trim_start();
        let key = rest.strip_prefix('-')?;
        let tight = key.starts_with(|c: char| c.is_alphabetic()) && key.contains(':');
        tight.then_some(start + line.len() - rest.len())
    })
}
