//! Questions about lines and columns of the text that is being formatted. Each looks at one line or two.

/// The text with one kind of line end.
#[derive(Clone, Copy)]
pub(super) struct Source<'a>(pub(super) &'a str);

impl<'a> Source<'a> {
    pub(super) fn slice(self, range: std::ops::Range<usize>) -> &'a str {
        self.0.get(range).unwrap_or_default()
    }

    /// What stands from `at` on.
    pub(super) fn rest(self, at: usize) -> &'a str {
        self.0.get(at..).unwrap_or_default()
    }

    /// What stands before `at` on its line.
    pub(super) fn before(self, at: usize) -> &'a str {
        let text = self.slice(0..at);
        text.rsplit_once('\n').map_or(text, |(_, line)| line)
    }

    /// The column of `at`, in characters from 0.
    pub(super) fn column(self, at: usize) -> usize {
        self.before(at).chars().count()
    }

    /// Whether `at` is the first thing on its line.
    pub(super) fn begins_line(self, at: usize) -> bool {
        is_blank(self.before(at))
    }

    /// Whether a blank line stands above the line that begins with `at`.
    pub(super) fn below_blank(self, at: usize) -> bool {
        let before = self.before(at);
        let start = at - before.len();
        is_blank(before) && start > 0 && is_blank(self.before(start - 1))
    }
}

/// Whether there is nothing but spaces and tabs.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Without spaces and tabs at the end.
pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end_matches([' ', '\t'])
}

/// Whether this means something else in the first column.
pub(super) fn is_marker(text: &str) -> bool {
    text.starts_with("---") || text.starts_with("...") || text.starts_with('%')
}

/// Whether a line that begins here is an end marker.
pub(super) fn ends_document(text: &str) -> bool {
    text.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}
