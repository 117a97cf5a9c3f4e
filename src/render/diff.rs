//! What a new layout changes, as the differences that `diff -u` would show. Values of secret fields are hidden.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::{BOLD, GREEN, RED, printable, secrets};

/// How many lines around a change are shown.
const AROUND: usize = 3;

/// Draws the differences between two texts of a file.
pub(super) fn draw(out: &mut dyn Write, name: &str, before: &str, after: &str) -> io::Result<()> {
    let (before, after) = (concealed(before), concealed(after));
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let name = printable(name);
    writeln!(out, "{BOLD}--- {name}{BOLD:#}\n{BOLD}+++ {name}, formatted{BOLD:#}")?;
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        writeln!(out, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            let line = printable(change.value().trim_end_matches('\n'));
            match change.tag() {
                ChangeTag::Equal => writeln!(out, " {line}")?,
                ChangeTag::Delete => writeln!(out, "{RED}-{line}{RED:#}")?,
                ChangeTag::Insert => writeln!(out, "{GREEN}+{line}{GREEN:#}")?,
            }
            if change.missing_newline() {
                writeln!(out, "\\ no line end at the end of the file")?;
            }
        }
    }
    out.flush()
}

fn concealed(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets::find(text) {
        shown.push_str(text.get(at..secret.start).unwrap_or_default());
        shown.push_str("•••");
        // A value that is hidden to the end of its line keeps the line.
        let hidden = text.get(secret.clone()).unwrap_or_default();
        shown.push_str(hidden.get(hidden.trim_end().len()..).unwrap_or_default());
        at = secret.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}
