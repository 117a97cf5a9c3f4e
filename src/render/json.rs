//! Reports for programs; docs/json.md is the promise.

use gatewright_compiler::diagnostic::Diagnostic;
use gatewright_reconciler::drift::Drift;
use gatewright_reconciler::plan::{Change, FieldChange, Plan};
use gatewright_reconciler::store::history::Revision;
use serde_json::{Map, Value as Json, json};

use super::location::Index;
use super::plan::action_name;
use crate::error::CliError;
use crate::pipeline::Report;

/// What ended a run that has no report.
pub(super) fn error(error: &CliError) -> Json {
    let help = error.hints().join("\n");
    let help = (!help.is_empty()).then_some(help);
    json!({ "version": 1, "error": { "message": error.to_string(), "help": help } })
}

/// `check --format json`
pub(super) fn check(report: &Report) -> Json {
    let summary = &report.summary;
    json!({
        "version": 1,
        "diagnostics": diagnostics(report),
        "summary": {
            "files": summary.files,
            "entries": summary.entries,
            "look_ups": summary.look_ups,
            "errors": summary.errors,
            "warnings": summary.warnings,
        },
    })
}

/// `plan --format json`, and `apply --format json` with the revision that it made.
pub(super) fn plan(plan: &Plan, report: &Report, revision: Option<u64>) -> Json {
    let summary = plan.summary();
    let mut value = json!({
        "version": 1,
        "base_revision": plan.base_revision,
        "changes": plan.changes.iter().map(change).collect::<Vec<_>>(),
        "summary": {
            "create": summary.create,
            "update": summary.update,
            "delete": summary.delete,
            "keep": summary.keep,
            "adopt": plan.adopt,
        },
        "orphans": plan.orphans,
        "notes": plan.notes,
        "diagnostics": diagnostics(report),
    });
    if let (Some(revision), Some(object)) = (revision, value.as_object_mut()) {
        object.insert("revision".to_owned(), json!(revision));
    }
    value
}

/// `history --format json`
pub(super) fn history(revisions: &[Revision]) -> Json {
    let line = |revision: &Revision| {
        let summary = revision.plan.summary();
        json!({
            "id": revision.id,
            "at": revision.at,
            "author": revision.author,
            "inputs": revision.plan.inputs,
            "create": summary.create,
            "update": summary.update,
            "delete": summary.delete,
            "reversible": revision.reversible,
        })
    };
    json!({ "version": 1, "revisions": revisions.iter().map(line).collect::<Vec<_>>() })
}

/// `show --format json`
pub(super) fn revision(revision: &Revision) -> Json {
    let plan = &revision.plan;
    json!({
        "version": 1,
        "id": revision.id,
        "at": revision.at,
        "author": revision.author,
        "inputs": plan.inputs,
        "changes": plan.changes.iter().map(change).collect::<Vec<_>>(),
        "notes": plan.notes,
        "reversible": revision.reversible,
    })
}

/// `drift --format json`
pub(super) fn drift(drifted: &[Drift]) -> Json {
    json!({ "version": 1, "drift": drifted })
}

fn diagnostics(report: &Report) -> Vec<Json> {
    let index = Index::new(&report.program.sources);
    report.all().map(|(found, path)| diagnostic(found, path, &index)).collect()
}

fn diagnostic(diagnostic: &Diagnostic, path: Option<&str>, index: &Index<'_>) -> Json {
    let file = path.or_else(|| diagnostic.file.map(|file| index.path(file)));
    let place = diagnostic.span.map(|span| index.place(span));
    let mut value = json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity,
        "message": index.clean(&diagnostic.message, diagnostic),
        "help": index.help(diagnostic),
        "file": file,
        "line": place.map(|(start, _)| start.line),
        "column": place.map(|(start, _)| start.column),
        "end_line": place.map(|(_, end)| end.line),
        "end_column": place.map(|(_, end)| end.column),
    });
    if let (false, Some(object)) = (diagnostic.related.is_empty(), value.as_object_mut()) {
        let related = diagnostic.related.iter().map(|(span, label)| {
            let (start, _) = index.place(*span);
            let label = index.clean(label, diagnostic);
            json!({ "file": index.path(span.file), "line": start.line, "column": start.column, "label": label })
        });
        object.insert("related".to_owned(), related.collect());
    }
    value
}

fn change(change: &Change) -> Json {
    let fields: Map<String, Json> = change.fields.iter().map(|(name, change)| (name.clone(), field(change))).collect();
    let overrides = change
        .overrides
        .iter()
        .map(|(field, origin)| json!({ "field": field, "file": origin.file, "line": origin.line }));
    json!({
        "action": action_name(&change.action),
        "model": change.model,
        "key": change.key,
        "fields": fields,
        "file": change.origin.as_ref().map(|origin| &origin.file),
        "line": change.origin.as_ref().map(|origin| origin.line),
        "overrides": overrides.collect::<Vec<_>>(),
        "takes_over": change.takes_over,
        "grants": change.grants,
        "revokes": change.revokes,
    })
}

fn field(change: &FieldChange) -> Json {
    let mut value = json!({ "before": change.before, "after": change.after });
    if let (true, Some(object)) = (change.secret, value.as_object_mut()) {
        object.insert("secret".to_owned(), Json::Bool(true));
    }
    value
}
