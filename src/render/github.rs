//! Findings as workflow commands of GitHub Actions, which become annotations beside the lines of a change.

use std::io::{self, Write};

use gatewright_compiler::diagnostic::{Diagnostic, Severity};

use super::location::{Index, relative};
use crate::error::CliError;
use crate::pipeline::Report;

/// One command a finding.
pub(super) fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let index = Index::new(&report.program.sources);
    for (found, path) in report.all() {
        writeln!(out, "{}", command(found, path, &index))?;
    }
    out.flush()
}

/// What ended a run that has no report.
pub(super) fn error(out: &mut dyn Write, error: &CliError) -> io::Result<()> {
    let text = std::iter::once(error.to_string()).chain(error.hints().iter().cloned()).collect::<Vec<_>>().join("\n");
    writeln!(out, "::error title=gatewright::{}", data(&text))?;
    out.flush()
}

fn command(found: &Diagnostic, path: Option<&str>, index: &Index<'_>) -> String {
    let mut properties = Vec::new();
    if let Some(path) = path.or_else(|| found.file.map(|file| index.path(file))) {
        properties.push(format!("file={}", property(&relative(path))));
    }
    if let Some((start, end)) = found.span.map(|span| index.place(span)) {
        // Columns are refused where a place spans lines.
        properties.push(match start.line == end.line {
            true => format!("line={},col={},endLine={},endColumn={}", start.line, start.column, end.line, end.column),
            false => format!("line={},endLine={}", start.line, end.line),
        });
    }
    properties.push(format!("title={}", property(found.code.name())));
    let mut text = index.clean(&found.message, found);
    if let Some(help) = index.help(found) {
        text.push('\n');
        text.push_str(&help);
    }
    for (span, label) in &found.related {
        let (start, _) = index.place(*span);
        let label = index.clean(label, found);
        text.push_str(&format!("\n{}:{}:{}: {label}", index.path(span.file), start.line, start.column));
    }
    format!("::{} {}::{}", level(found.severity), properties.join(","), data(&text))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50 % of\r\nall: a, b"), "50 %25 of%0D%0Aall: a, b");
        assert_eq!(property("C:\\a,b%.yaml"), "C%3A\\a%2Cb%25.yaml");
    }
}
