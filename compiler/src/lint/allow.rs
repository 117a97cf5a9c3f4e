//! `# gatewright: allow(code)`: findings that a file wants to live with.
//!
//! Behind something, a comment stands for its line. On a line of its own it stands for what begins on the next one, with
//! everything that is indented below it: an entry, an attribute, a value. Above the first line of a file it stands for
//! the file. Errors cannot be allowed, and a comment that silences nothing is a finding itself.

use std::ops::Range;

use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};
use crate::suggest::closest;
use crate::yaml;

/// How such a comment begins.
const MARK: &str = "gatewright:";

/// Findings that hang on more than the files: that one is not there today says nothing.
const ELSEWHERE: &[Code] = &[Code::FindNothing, Code::UnreadableFile, Code::UnsetEnv];

/// One code of one comment.
struct Allowed {
    code: Code,
    /// The code in the comment.
    at: Span,
    /// The bytes of the file that it stands for; none: all of it.
    scope: Option<Range<usize>>,
    used: bool,
}

impl Allowed {
    fn covers(&self, found: &Diagnostic) -> bool {
        let within = |scope: &Range<usize>| found.span.is_some_and(|span| scope.contains(&span.range().start));
        found.code == self.code && found.file == Some(self.at.file) && self.scope.as_ref().is_none_or(within)
    }
}

/// Takes out what comments allow, and reports comments that do nothing.
pub(crate) fn apply(sources: &Sources, purpose: Purpose, diagnostics: &mut Vec<Diagnostic>) {
    let mut reports = Vec::new();
    let mut allowed = Vec::new();
    for (file, source) in sources.iter() {
        for comment in yaml::comments(&source.text, MARK) {
            allowed.extend(read(file, &source.text, comment, &mut reports));
        }
    }
    if allowed.is_empty() && reports.is_empty() {
        return;
    }
    diagnostics.retain(|found| {
        if found.severity == Severity::Error {
            return true;
        }
        let mut kept = true;
        for allowed in allowed.iter_mut().filter(|allowed| allowed.covers(found)) {
            allowed.used = true;
            kept = false;
        }
        kept
    });
    for idle in allowed.iter().filter(|allowed| !allowed.used) {
        reports.extend(useless(idle, diagnostics));
    }
    // A plan leaves out what only `check` looks for.
    if purpose == Purpose::Check {
        diagnostics.append(&mut reports);
    }
}

/// The codes of a comment.
fn read(file: FileId, text: &str, comment: Range<usize>, reports: &mut Vec<Diagnostic>) -> Vec<Allowed> {
    let said = text.get(comment.clone()).unwrap_or_default();
    let Some(mark) = said.find(MARK).filter(|at| said.get(1..*at).is_some_and(|before| before.trim().is_empty()))
    else {
        return Vec::new();
    };
    let span = |range: Range<usize>| Span::new(file, comment.start + range.start..comment.start + range.end);
    let begin = mark + MARK.len();
    let rest = said.get(begin..).unwrap_or_default();
    let codes = rest.trim_start().strip_prefix("allow").map(str::trim_start);
    let codes = codes.and_then(|rest| rest.strip_prefix('(')).and_then(|rest| Some((rest, rest.split_once(')')?.0)));
    let Some((after, codes)) = codes else {
        let end = said.trim_end().len();
        reports.push(
            Diagnostic::at(
                Code::UselessAllow,
                span(mark..end.max(mark)),
                "this comment is not understood: it does nothing",
            )
            .help("write `# gatewright: allow(code)`, with the code of the finding"),
        );
        return Vec::new();
    };
    let scope = scope(text, &comment);
    let mut at = said.len() - after.len();
    let mut found = Vec::new();
    for part in codes.split(',') {
        let name = part.trim();
        let start = at + part.len() - part.trim_start().len();
        let place = span(start..start + name.len());
        at += part.len() + 1;
        match Code::named(name) {
            Some(code) => found.push(Allowed { code, at: place, scope: scope.clone(), used: false }),
            None => reports.push(unknown(name, place)),
        }
    }
    found
}

fn unknown(name: &str, at: Span) -> Diagnostic {
    let help = match closest(name, Code::ALL.iter().map(|code| code.name())) {
        Some(found) => format!("did you mean `{found}`?"),
        None => "`gatewright explain` lists all codes".to_owned(),
    };
    Diagnostic::at(Code::UselessAllow, at, format!("there is no code `{name}`: this allows nothing")).help(help)
}

/// Why a code of a comment does nothing.
fn useless(idle: &Allowed, diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    let name = idle.code.name();
    let covered = diagnostics.iter().find(|found| idle.covers(found));
    if idle.code.severity() == Severity::Error || covered.is_some() {
        let message = format!("`{name}` is an error here, and errors cannot be allowed");
        let diagnostic = Diagnostic::at(Code::UselessAllow, idle.at, message).help("mend what it is about");
        return Some(match covered.and_then(|found| found.span) {
            Some(span) => diagnostic.related(span, "the error"),
            None => diagnostic,
        });
    }
    // Of a broken file not everything is looked at.
    let broken = diagnostics.iter().any(|found| found.severity == Severity::Error && found.file == Some(idle.at.file));
    if broken || ELSEWHERE.contains(&idle.code) {
        return None;
    }
    let message = format!("nothing here gives `{name}`: this allows nothing");
    Some(Diagnostic::at(Code::UselessAllow, idle.at, message).help("take it out"))
}

/// What a comment stands for; none: the whole file.
fn scope(text: &str, comment: &Range<usize>) -> Option<Range<usize>> {
    let begin = text.get(..comment.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(begin..comment.start).unwrap_or_default();
    if !before.trim().is_empty() {
        return Some(begin..comment.end);
    }
    let blank = |line: &str| matches!(line.trim_start().chars().next(), None | Some('#')) || line.starts_with("---");
    if text.get(..begin).is_some_and(|above| above.lines().all(blank)) {
        return None;
    }
    let mut lines = lines_from(text, comment.end);
    let Some((start, first)) = lines.by_ref().skip(1).find(|(_, line)| !blank(line)) else {
        return Some(text.len()..text.len());
    };
    let depth = indentation(first);
    // The items of a list may stand as far to the left as the key that they belong to.
    let item = first.trim_start().starts_with("- ");
    let beside = |line: &str| !item && indentation(line) == depth && line.trim_start().starts_with("- ");
    let end = lines.find(|(_, line)| !blank(line) && indentation(line) <= depth && !beside(line));
    Some(start..end.map_or(text.len(), |(at, _)| at))
}

/// The lines of a text from an offset on, each with its begin; the first is the rest of a line.
fn lines_from(text: &str, offset: usize) -> impl Iterator<Item = (usize, &str)> {
    let rest = text.get(offset..).unwrap_or_default();
    rest.split_inclusive('\n').scan(offset, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, line))
    })
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
