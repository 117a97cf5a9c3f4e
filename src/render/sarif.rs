//! Findings as a SARIF 2.1.0 log, which code-scanning services read.
//!
//! One run; a rule for each code that was found, with its explanation as help. Addresses of files are relative to the
//! folder in which the command runs, columns count Unicode characters, ends are just past the last character.

use gatewright_compiler::diagnostic::{Code, Diagnostic, Severity};
use gatewright_compiler::source::Span;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::location::{Index, relative};
use crate::error::CliError;
use crate::pipeline::Report;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What stays as it is in the path of an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The log of a report.
pub(super) fn report(report: &Report) -> Json {
    let index = Index::new(&report.program.sources);
    let mut codes: Vec<Code> = report.all().map(|(found, _)| found.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<Json> = report.all().map(|(found, path)| result(found, path, &codes, &index)).collect();
    log(&codes, results, json!({ "executionSuccessful": true }))
}

/// The log of a run that ended without a report.
pub(super) fn error(error: &CliError) -> Json {
    let text = std::iter::once(error.to_string()).chain(error.hints().iter().cloned()).collect::<Vec<_>>().join("\n");
    let notification = json!({ "level": "error", "message": { "text": text } });
    log(&[], Vec::new(), json!({ "executionSuccessful": false, "toolExecutionNotifications": [notification] }))
}

fn log(codes: &[Code], results: Vec<Json>, invocation: Json) -> Json {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gatewright",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Json {
    let text = code.explanation();
    let begin = text.split("\n\n").next().unwrap_or(text).replace('\n', " ");
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.summary() },
        "fullDescription": { "text": begin.trim() },
        "help": { "text": text, "markdown": text },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn result(found: &Diagnostic, path: Option<&str>, codes: &[Code], index: &Index<'_>) -> Json {
    let mut text = index.clean(&found.message, found);
    if let Some(help) = index.help(found) {
        text.push('\n');
        text.push_str(&help);
    }
    let place = match (found.span, path.or_else(|| found.file.map(|file| index.path(file)))) {
        (Some(span), _) => Some(physical(span, index)),
        (None, Some(path)) => Some(json!({ "artifactLocation": { "uri": uri(path) } })),
        (None, None) => None,
    };
    let related = found.related.iter().zip(1..).map(|((span, label), id)| {
        let text = index.clean(label, found);
        json!({ "id": id, "physicalLocation": physical(*span, index), "message": { "text": text } })
    });
    let mut value = json!({
        "ruleId": found.code.name(),
        "ruleIndex": codes.binary_search(&found.code).unwrap_or_default(),
        "level": level(found.severity),
        "message": { "text": text },
        "locations": place.map(|place| json!({ "physicalLocation": place })).into_iter().collect::<Vec<_>>(),
    });
    if let (false, Some(object)) = (found.related.is_empty(), value.as_object_mut()) {
        object.insert("relatedLocations".to_owned(), related.collect());
    }
    value
}

fn physical(span: Span, index: &Index<'_>) -> Json {
    let (start, end) = index.place(span);
    json!({
        "artifactLocation": { "uri": uri(index.path(span.file)) },
        "region": {
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        },
    })
}

/// The address of a file: relative where it lies below the folder in which the command runs.
fn uri(path: &str) -> String {
    let path = relative(path);
    match url::Url::from_file_path(&path) {
        Ok(absolute) => absolute.into(),
        Err(()) => utf8_percent_encode(&path, PATH).to_string(),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
