//! The only printer. Everything that the command says to people or programs leaves through here.
//!
//! Text is always styled; the stream drops the colours when it is no terminal or `NO_COLOR` is set.
//! Diagnostics are drawn in [`diagnostics`], plans in [`plan`]; [`json`] has both for programs, [`sarif`]
//! and [`github`] have the findings for services that show them beside the code.

use std::io::{self, Write};
use std::path::Path;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use gatewright_compiler::diagnostic::Code;
use gatewright_reconciler::drift::Drift;
use gatewright_reconciler::plan::Plan;
use gatewright_reconciler::store::history::Revision;

use crate::cli::Format;
use crate::commands::fmt::Tally;
use crate::diagram::Diagram;
use crate::error::{CliError, Context as _};
use crate::pipeline::Report;

mod diagnostics;
mod diagram;
mod diff;
mod excerpt;
mod explain;
mod github;
mod history;
mod json;
mod location;
mod plan;
mod sarif;
mod secrets;

pub(crate) use diagram::Format as DrawingFormat;

pub(crate) const RED: Style = AnsiColor::Red.on_default();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// Which stream a report goes to: standard output where it is the result, standard error where it stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Result,
    Beside,
}

/// Writes to both streams. A reader that went away is no failure: what could not be written is dropped.
pub(crate) struct Printer {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
}

impl Printer {
    pub(crate) fn new() -> Self {
        Self { out: AutoStream::auto(io::stdout()), err: AutoStream::auto(io::stderr()) }
    }

    /// A line of the result.
    pub(crate) fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
    }

    /// A text as it is, without a line end of our own.
    pub(crate) fn text(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    /// What a new layout of a file changes.
    pub(crate) fn diff(&mut self, name: &str, before: &str, after: &str) {
        let _ = diff::draw(&mut self.out, name, before, after);
    }

    /// The last line of `fmt`.
    pub(crate) fn fmt_summary(&mut self, tally: Tally, wrote: bool) {
        let changed = count(tally.changed, "file", "files");
        let changed = format!("{changed} {}", if wrote { "formatted" } else { "would be formatted" });
        let mut line = format!("{changed}, {} fine already", tally.fine);
        if tally.broken > 0 {
            line.push_str(&format!(", {RED}{} left alone with mistakes{RED:#}", tally.broken));
        }
        if tally.failed > 0 {
            line.push_str(&format!(", {RED}{} not written{RED:#}", tally.failed));
        }
        self.line(&line);
    }

    /// A line beside the result.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}");
    }

    /// Something that is worth a look, where there is something.
    pub(crate) fn warning(&mut self, text: Option<String>) {
        let yellow = YELLOW.bold();
        if let Some(text) = text {
            let _ = writeln!(self.err, "{yellow}warning{yellow:#}{BOLD}: {}{BOLD:#}", printable(&text));
        }
    }

    /// What somebody has to agree to.
    pub(crate) fn reasons(&mut self, reasons: &[String]) {
        for reason in reasons {
            self.note(&format!("  {}", printable(reason)));
        }
    }

    /// A question, without a line end.
    pub(crate) fn ask(&mut self, text: &str) {
        let _ = write!(self.err, "{BOLD}{text}{BOLD:#} ").and_then(|()| self.err.flush());
    }

    /// What ended the run.
    pub(crate) fn error(&mut self, error: &CliError) {
        let red = RED.bold();
        let _ = writeln!(self.err, "{red}error{red:#}{BOLD}: {}{BOLD:#}", printable(&error.to_string()));
        for hint in error.hints() {
            let _ = writeln!(self.err, "  {DIM}help:{DIM:#} {}", printable(hint));
        }
    }

    /// The same for programs, where the report would have been for one.
    pub(crate) fn error_report(&mut self, error: &CliError, format: Format) {
        match format {
            Format::Human => {}
            Format::Json => self.json(&json::error(error)),
            Format::Sarif => self.json(&sarif::error(error)),
            Format::Github => drop(github::error(&mut self.out, error)),
        }
    }

    /// Every finding of a report. What is not for people is the result.
    pub(crate) fn findings(&mut self, report: &Report, format: Format, place: Place) {
        match format {
            Format::Human => self.diagnostics(report, place),
            Format::Json => self.json(&json::check(report)),
            Format::Sarif => self.json(&sarif::report(report)),
            Format::Github => drop(github::write(&mut self.out, report)),
        }
    }

    /// The findings of a run that would have planned, and how it ends.
    pub(crate) fn mistakes(&mut self, report: &Report, format: Format) {
        self.findings(report, format, Place::Beside);
        if matches!(format, Format::Human | Format::Github) {
            self.mistakes_summary(report);
        }
    }

    /// The findings for people.
    pub(crate) fn diagnostics(&mut self, report: &Report, place: Place) {
        match place {
            Place::Result => drop(diagnostics::draw(&mut self.out, report)),
            Place::Beside => drop(diagnostics::draw(&mut self.err, report)),
        }
    }

    /// The last line of `check`.
    pub(crate) fn check_summary(&mut self, report: &Report) {
        let line = diagnostics::summary(report);
        self.line(&line);
        if let Some(more) = diagnostics::more(report) {
            self.line(&more);
        }
    }

    /// How a run with mistakes ends that would have planned.
    pub(crate) fn mistakes_summary(&mut self, report: &Report) {
        let line = diagnostics::summary(report);
        self.note(&line);
        if let Some(more) = diagnostics::more(report) {
            self.note(&more);
        }
    }

    /// A plan for people; `details` shows the fields of new objects too.
    pub(crate) fn plan(&mut self, plan: &Plan, details: bool) {
        let _ = plan::draw(&mut self.out, plan, details);
        let _ = self.out.flush();
    }

    /// A plan with its diagnostics as JSON.
    pub(crate) fn plan_json(&mut self, plan: &Plan, report: &Report, revision: Option<u64>) {
        self.json(&json::plan(plan, report, revision));
    }

    /// The revisions of a database.
    pub(crate) fn history(&mut self, revisions: &[Revision], format: Format) {
        match format {
            Format::Json => self.json(&json::history(revisions)),
            _ => drop(history::list(&mut self.out, revisions).and_then(|()| self.out.flush())),
        }
    }

    /// One revision with what it did.
    pub(crate) fn revision(&mut self, revision: &Revision, details: bool, format: Format) {
        match format {
            Format::Json => self.json(&json::revision(revision)),
            _ => drop(history::one(&mut self.out, revision, details).and_then(|()| self.out.flush())),
        }
    }

    /// What is no longer as it was applied.
    pub(crate) fn drift(&mut self, drifted: &[Drift], format: Format) {
        match format {
            Format::Json => self.json(&json::drift(drifted)),
            _ => drop(history::drift(&mut self.out, drifted).and_then(|()| self.out.flush())),
        }
    }

    /// A list of codes.
    pub(crate) fn codes(&mut self, codes: &[Code]) {
        let _ = explain::list(&mut self.out, codes);
    }

    /// What a code means.
    pub(crate) fn explanation(&mut self, code: Code) {
        let _ = explain::one(&mut self.out, code);
    }

    /// Codes and what they mean as JSON.
    pub(crate) fn codes_json(&mut self, codes: &[Code]) {
        self.json(&explain::json(codes));
    }

    /// A drawing, to a file where one is named.
    pub(crate) fn diagram(
        &mut self,
        diagram: &Diagram,
        format: DrawingFormat,
        output: Option<&Path>,
    ) -> Result<(), CliError> {
        let text = diagram::text(diagram, format);
        match output {
            Some(path) => std::fs::write(path, text).context(format!("`{}` cannot be written", path.display()))?,
            None => drop(self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush())),
        }
        Ok(())
    }

    fn json(&mut self, value: &serde_json::Value) {
        let _ = writeln!(self.out, "{value:#}").and_then(|()| self.out.flush());
    }
}

/// A text with every control character written out, so that none of them steers the terminal.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
