//! Findings for people, drawn by miette: the code, the message, the lines with the exact span marked, the advice.

use std::fmt::{self, Display};
use std::io::{self, Write};

use gatewright_compiler::diagnostic::{Diagnostic, Severity};
use gatewright_compiler::source::Span;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use textwrap::WordSeparator;

use super::excerpt::Excerpt;
use super::location::Index;
use super::{DIM, GREEN, RED, YELLOW, count};
use crate::pipeline::Report;

/// Draws every finding of a report, what could not be read first.
pub(super) fn draw(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let index = Index::new(&report.program.sources);
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles: ThemeStyles::ansi() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    // A tag is one word: `!Env` does not end a line with its mark.
    let handler = handler.with_word_separator(WordSeparator::AsciiSpace);
    for (diagnostic, _) in report.all() {
        for drawn in Drawn::all(diagnostic, &index) {
            let mut text = String::new();
            handler.render_report(&mut text, &drawn).map_err(io::Error::other)?;
            writeln!(out, "{}", text.trim_end_matches('\n'))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// How to learn more about what was found, where something was: the first code of the heaviest kind stands for all.
pub(super) fn more(report: &Report) -> Option<String> {
    let heaviest = report.all().map(|(found, _)| found.severity).max()?;
    let (first, _) = report.all().find(|(found, _)| found.severity == heaviest)?;
    Some(format!("{DIM}`gatewright explain {}` says more{DIM:#}", first.code.name()))
}

/// `checked 3 files, 40 entries: 1 error, 2 warnings; 3 look-ups are left to the database`
pub(super) fn summary(report: &Report) -> String {
    let summary = &report.summary;
    let what =
        format!("checked {}, {}", count(summary.files, "file", "files"), count(summary.entries, "entry", "entries"));
    let errors = count(summary.errors, "error", "errors");
    let warnings = count(summary.warnings, "warning", "warnings");
    let found = match (summary.errors, summary.warnings) {
        (0, 0) => format!("{GREEN}no mistakes{GREEN:#}"),
        (0, _) => format!("{GREEN}no mistakes{GREEN:#}, {YELLOW}{warnings}{YELLOW:#}"),
        (_, 0) => format!("{RED}{errors}{RED:#}"),
        (_, _) => format!("{RED}{errors}{RED:#}, {YELLOW}{warnings}{YELLOW:#}"),
    };
    let left = match summary.look_ups {
        0 => String::new(),
        left => format!("; {} left to the database", count(left, "look-up is", "look-ups are")),
    };
    format!("{what}: {found}{left}")
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
}

impl Drawn {
    /// The diagnostic, then each place in another file that belongs to it.
    fn all(diagnostic: &Diagnostic, index: &Index<'_>) -> Vec<Self> {
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            diagnostic.related.iter().partition(|(span, _)| Some(span.file) == diagnostic.span.map(|span| span.file));
        let mut drawn = vec![Self::new(diagnostic, &here, index)];
        drawn.extend(
            elsewhere.into_iter().map(|(span, label)| Self::elsewhere(*span, index.clean(label, diagnostic), index)),
        );
        drawn
    }

    fn new(diagnostic: &Diagnostic, here: &[&(Span, String)], index: &Index<'_>) -> Self {
        let severity = match diagnostic.severity {
            Severity::Info => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        };
        let message = index.clean(&diagnostic.message, diagnostic);
        let mut drawn = Self {
            severity,
            code: Some(format!("{}[{}]", word(diagnostic.severity), diagnostic.code.name())),
            message,
            help: index.help(diagnostic),
            labels: Vec::new(),
            source: None,
        };
        match (diagnostic.span, diagnostic.file) {
            (Some(span), _) => {
                let related = here.iter().map(|(span, label)| (*span, index.clean(label, diagnostic))).collect();
                drawn.show(span, related, index);
            }
            (None, Some(file)) => drawn.message = format!("{}: {}", index.path(file), drawn.message),
            (None, None) => {}
        }
        drawn
    }

    fn elsewhere(span: Span, label: String, index: &Index<'_>) -> Self {
        let mut drawn = Self {
            severity: miette::Severity::Advice,
            code: None,
            message: if label.starts_with("the ") { format!("{label} is here") } else { label },
            help: None,
            labels: Vec::new(),
            source: None,
        };
        drawn.show(span, Vec::new(), index);
        drawn
    }

    fn show(&mut self, span: Span, related: Vec<(Span, String)>, index: &Index<'_>) {
        let text = index.text(span.file);
        let spans: Vec<Span> = std::iter::once(span).chain(related.iter().map(|(span, _)| *span)).collect();
        let excerpt = Excerpt::new(span.file, &spans, index);
        self.labels.push(LabeledSpan::new_primary_with_span(None, excerpt.within(span, text)));
        for (span, label) in related {
            self.labels.push(LabeledSpan::new_with_span(Some(label), excerpt.within(span, text)));
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
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use gatewright_compiler::Summary;
    use gatewright_compiler::diagnostic::Code;
    use gatewright_compiler::source::{FileId, SourceFile};

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
            let at = |range| Span::new(*ids.first().unwrap(), range);
            vec![
                Diagnostic::at(Code::Shape, at(14..10_014), "not like this"),
                Diagnostic::at(Code::Shape, at(5_014..5_016), "nor like this"),
            ]
        });
        insta::assert_snapshot!(drawn(&report));
    }

    #[test]
    fn secrets_and_control_characters_are_not_shown() {
        let text = "attrs: {name: Sue, password: [hunter2]}\npassword: hüñter2\nname: \u{1b}[31m\n";
        let report = report(&[text], |ids| {
            let at = |range| Span::new(*ids.first().unwrap(), range);
            vec![
                Diagnostic::at(Code::InvalidValue, at(29..38), "`password` takes text, not `hunter2`"),
                Diagnostic::at(Code::Conflict, at(50..59), "this is `hüñter2`").related(at(14..17), "not hunter2"),
                Diagnostic::at(Code::Syntax, at(66..70), "a strange `\u{1b}[31m`"),
            ]
        });
        let shown = drawn(&report);
        assert!(!shown.contains("hunter2") && !shown.contains("ñ") && !shown.contains('\u{1b}'), "{shown}");
        let json = crate::render::json::check(&report).to_string();
        assert!(!json.contains("hunter2") && !json.contains("ñ"), "{json}");
        insta::assert_snapshot!(shown);
    }
}
