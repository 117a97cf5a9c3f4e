//! Lines that are no part of the YAML: the markers of a merge, the statements of a template.
//!
//! They are blanked, each kind reported once, so that the rest can be read. Of two sides of a merge the first is.

use std::ops::Range;

use super::lines::Line;
use super::mend::opens_block;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The text with those lines blanked, and where they are. All places stay the same.
pub(super) fn blanked(
    file: FileId,
    text: &str,
    lines: &[Line],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<u8>, Vec<Span>) {
    let mut aside: Vec<Range<usize>> = Vec::new();
    let mut other_side = false;
    let (mut merge, mut template): (Option<Span>, Option<Span>) = (None, None);
    let mut block: Option<usize> = None;
    for line in lines {
        let (whole, content) = (line.start..line.end, line.content(text));
        let written = text.get(content.clone()).unwrap_or_default();
        let at = Span::new(file, content);
        let marks =
            |mark: &str| line.indent == 0 && written.strip_prefix(mark).is_some_and(|rest| !rest.starts_with('='));
        if marks("<<<<<<<") {
            merge.get_or_insert(at);
            aside.push(whole);
        } else if merge.is_some() && marks(">>>>>>>") {
            other_side = false;
            aside.push(whole);
        } else if other_side || (merge.is_some() && (marks("=======") || marks("|||||||"))) {
            other_side = true;
            aside.push(whole);
        } else if line.blank || block.is_some_and(|key| line.indent > key) {
        } else if is_statement(written) {
            template.get_or_insert(at);
            aside.push(whole);
        } else {
            block = opens_block(written).then_some(line.indent);
        }
    }
    diagnostics.extend(merge.map(|at| {
        Diagnostic::at(Code::Syntax, at, "a merge conflict that was not resolved begins here")
            .help("keep what should stay of both sides, and delete the lines with the markers")
    }));
    diagnostics.extend(template.map(|at| {
        Diagnostic::at(Code::Syntax, at, "this line belongs to a template, not to YAML")
            .help("let Helm, or what else fills the template in, make the file first, and check that")
    }));
    let mut work = text.as_bytes().to_vec();
    for range in &aside {
        work.get_mut(range.clone()).into_iter().flatten().for_each(|byte| *byte = b' ');
    }
    (work, aside.into_iter().map(|range| Span::new(file, range)).collect())
}

/// `{% if … %}`, `{{- end }}`: a line that is nothing else.
fn is_statement(line: &str) -> bool {
    let is = |open: &str, close: &str| line.starts_with(open) && line.ends_with(close);
    is("{%", "%}") || is("{{", "}}")
}
