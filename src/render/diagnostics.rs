//! Findings for people, drawn by miette: the code, the message, the lines with the exact span marked, the advice.

use std::fmt::{self, Display};
use std::io::{self, Write};

use gatewright_compiler::diagnostic::{Diagnostic, Severity};
use gatewright_compiler::source::{FileId, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::location::{Index, floor};
use super::{GREEN, RED, YELLOW, count};
use crate::pipeline::Report;

/// Longer lines are not shown whole: nobody reads a megabyte on one line.
const MAX_LINE: usize = 240;

/// How much of such a line is shown before and after the place.
const AROUND: usize = 60;

/// Draws every finding of a report, what could not be read first.
pub(super) fn draw(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let index = Index::new(&report.program.sources);
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles: ThemeStyles::ansi() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let read = report.program.findings.iter().map(|finding| &finding.diagnostic);
    for diagnostic in read.chain(&report.diagnostics) {
        let drawn = Drawn::new(diagnostic, &index);
        let mut text = String::new();
        handler.render_report(&mut text, &drawn).map_err(io::Error::other)?;
        writeln!(out, "{}", text.trim_end_matches('\n'))?;
        writeln!(out)?;
    }
    out.flush()
}

/// `checked 3 files, 40 entries: 1 error, 2 warnings`
pub(super) fn summary(report: &Report) -> String {
    let summary = &report.summary;
    let what =
        format!("checked {}, {}", count(summary.files, "file", "files"), count(summary.entries, "entry", "entries"));
    let errors = count(summary.errors, "error", "errors");
    let warnings = count(summary.warnings, "warning", "warnings");
    match (summary.errors, summary.warnings) {
        (0, 0) => format!("{what}: {GREEN}no mistakes{GREEN:#}"),
        (0, _) => format!("{what}: {GREEN}no mistakes{GREEN:#}, {YELLOW}{warnings}{YELLOW:#}"),
        (_, 0) => format!("{what}: {RED}{errors}{RED:#}"),
        (_, _) => format!("{what}: {RED}{errors}{RED:#}, {YELLOW}{warnings}{YELLOW:#}"),
    }
}

/// A diagnostic as miette wants it.
#[derive(Debug)]
struct Drawn {
    severity: miette::Severity,
    code: Option<String>,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Option<Excerpt>,
    elsewhere: Vec<Drawn>,
}

impl Drawn {
    fn new(diagnostic: &Diagnostic, index: &Index<'_>) -> Self {
        let severity = match diagnostic.severity {
            Severity::Info => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            diagnostic.related.iter().partition(|(span, _)| Some(span.file) == diagnostic.span.map(|span| span.file));
        let mut drawn = Self {
            severity,
            code: Some(format!("{}[{}]", word(diagnostic.severity), diagnostic.code.name())),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            labels: Vec::new(),
            source: None,
            elsewhere: elsewhere.into_iter().map(|(span, label)| Self::elsewhere(*span, label, index)).collect(),
        };
        match (diagnostic.span, diagnostic.file) {
            (Some(span), _) => drawn.show(span, &here, index),
            (None, Some(file)) => drawn.message = format!("{}: {}", index.path(file), diagnostic.message),
            (None, None) => {}
        }
        drawn
    }

    /// A place in another file that belongs to it.
    fn elsewhere(span: Span, label: &str, index: &Index<'_>) -> Self {
        let mut drawn = Self {
            severity: miette::Severity::Advice,
            code: None,
            message: label.to_owned(),
            help: None,
            labels: Vec::new(),
            source: None,
            elsewhere: Vec::new(),
        };
        drawn.show(span, &[], index);
        drawn
    }

    fn show(&mut self, span: Span, related: &[&(Span, String)], index: &Index<'_>) {
        let text = index.text(span.file);
        let all = || std::iter::once(span).chain(related.iter().map(|(span, _)| *span));
        let first = all().map(|span| floor(text, span.range().start)).min().unwrap_or(0);
        let last = all().map(|span| floor(text, span.range().end)).max().unwrap_or(0);
        let excerpt = Excerpt::lines(span.file, first, last, index).unwrap_or_else(|| Excerpt::clip(span, index));
        self.labels.push(LabeledSpan::new_primary_with_span(None, excerpt.within(span, text)));
        for (span, label) in related {
            self.labels.push(LabeledSpan::new_with_span(Some(label.clone()), excerpt.within(*span, text)));
        }
        self.source = Some(excerpt);
    }
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

impl Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl miette::Diagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let related = self.elsewhere.iter().map(|drawn| drawn as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(related) as Box<dyn Iterator<Item = _>>)
    }
}

/// The lines of a file that a diagnostic is about, with one more on either side. miette would count the lines of the
/// whole file for every label.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// Where the excerpt begins in the file.
    offset: usize,
    /// Its first line, from 0.
    line: usize,
    /// Characters of that line before it.
    column: usize,
}

impl Excerpt {
    /// Whole lines, unless one of them is too long.
    fn lines(file: FileId, first: usize, last: usize, index: &Index<'_>) -> Option<Self> {
        let text = index.text(file);
        let lines = index.lines(file);
        let line = lines.of(first).saturating_sub(1);
        let offset = lines.start(line, text);
        let end = lines.start(lines.of(last) + 2, text);
        let excerpt = text.get(offset..end).filter(|excerpt| excerpt.lines().all(|line| line.len() <= MAX_LINE))?;
        Some(Self { name: index.path(file).to_owned(), text: excerpt.to_owned(), offset, line, column: 0 })
    }

    /// A piece of the line on which a span begins.
    fn clip(span: Span, index: &Index<'_>) -> Self {
        let text = index.text(span.file);
        let lines = index.lines(span.file);
        let start = floor(text, span.range().start);
        let line = lines.of(start);
        let line_start = lines.start(line, text);
        let offset = floor(text, start.saturating_sub(AROUND)).max(line_start);
        let end = floor(text, (start + 2 * AROUND).min(lines.start(line + 1, text)));
        Self {
            name: index.path(span.file).to_owned(),
            text: text.get(offset..end).unwrap_or_default().to_owned(),
            offset,
            line,
            column: text.get(line_start..offset).map_or(0, |before| before.chars().count()),
        }
    }

    /// A span of the file as one of the excerpt.
    fn within(&self, span: Span, text: &str) -> SourceSpan {
        let start = floor(text, span.range().start).saturating_sub(self.offset);
        let end = floor(text, span.range().end).saturating_sub(self.offset).min(self.text.len());
        let start = start.min(end);
        // A mark under a line end would point at nothing.
        let shown = self.text.get(start..end).unwrap_or_default();
        (start, shown.trim_end().len()).into()
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
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.line,
            contents.column() + if contents.line() == 0 { self.column } else { 0 },
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use gatewright_compiler::Summary;
    use gatewright_compiler::diagnostic::Code;
    use gatewright_compiler::source::SourceFile;

    use super::*;
    use crate::program::Program;

    fn report(texts: &[&str], diagnostics: impl FnOnce(&[FileId]) -> Vec<Diagnostic>) -> Report {
        let mut program = Program::default();
        let ids: Vec<FileId> = texts
            .iter()
            .zip(1..)
            .map(|(text, number)| {
                program.sources.add(SourceFile {
                    path: format!("files/{number}.yaml"),
                    relative: format!("{number}.yaml"),
                    layer: number,
                    named: false,
                    included: false,
                    text: (*text).into(),
                })
            })
            .collect();
        Report { program, diagnostics: diagnostics(&ids), summary: Summary::default() }
    }

    fn drawn(report: &Report) -> String {
        let mut out = Vec::new();
        draw(&mut out, report).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn the_exact_span_is_marked() {
        let text = "version: 1\nentries:\n  - model: authentik_flows.flwo\n    identifiers: {slug: a}\n";
        let other = "version: 1\n# élan\nentries: &all []\n";
        let report = report(&[text, other], |ids| {
            let at = |file: usize, range| Span::new(*ids.get(file).unwrap(), range);
            vec![
                Diagnostic::at(Code::UnknownModel, at(0, 31..51), "there is no model `authentik_flows.flwo`")
                    .help("did you mean `authentik_flows.flow`?"),
                Diagnostic::at(Code::Conflict, at(0, 11..18), "declared twice")
                    .related(at(0, 0..7), "first")
                    .related(at(1, 19..26), "and here"),
                Diagnostic::file(Code::EmptyFile, *ids.get(1).unwrap(), "the file holds no blueprint"),
                Diagnostic::at(Code::Syntax, at(1, 36..36), "something is missing at the end"),
            ]
        });
        insta::assert_snapshot!(drawn(&report));
    }

    #[test]
    fn of_a_very_long_line_only_a_piece_is_shown() {
        let text = format!("version: 1\nx: {}\n", "y".repeat(10_000));
        let report = report(&[&text], |ids| {
            vec![Diagnostic::at(Code::Shape, Span::new(*ids.first().unwrap(), 14..10_014), "not like this")]
        });
        insta::assert_snapshot!(drawn(&report));
    }
}
