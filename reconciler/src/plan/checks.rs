//! What the database would refuse, said before and better: references to nothing, unique keys that are taken,
//! deleted objects that something still refers to.

use std::collections::{HashMap, HashSet};

use gatewright_compiler::diagnostic::{Code, Diagnostic};
use gatewright_compiler::models::{self, Model, Storage};
use gatewright_compiler::source::Span;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::Action;
use super::build::Draft;
use super::names::Names;
use crate::observed::{ObservedState, key_values, reference_ids};

/// So many of those that refer to an object are named.
const NAMED: usize = 3;

pub(super) fn check(observed: &ObservedState, drafts: &[&Draft<'_>], names: &Names<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = dangling(observed, drafts, names);
    diagnostics.extend(taken(observed, drafts, names));
    diagnostics.extend(still_referenced(observed, drafts, names));
    diagnostics
}

/// Where a field is declared, else the entry; nowhere, where no blueprint asked for the change.
fn span(draft: &Draft<'_>, field: &str) -> Option<Span> {
    let object = draft.object?;
    Some(object.fields.get(field).map_or(object.span, |field| field.span))
}

fn finding(code: Code, span: Option<Span>, message: String) -> Diagnostic {
    match span {
        Some(span) => Diagnostic::at(code, span, message),
        None => Diagnostic::plain(code, message),
    }
}

fn dangling(observed: &ObservedState, drafts: &[&Draft<'_>], names: &Names<'_>) -> Vec<Diagnostic> {
    let planned: HashSet<Uuid> = drafts.iter().map(|draft| draft.identity.id).collect();
    let exists = |id: &Uuid| planned.contains(id) || observed.object(*id).is_some();
    let mut diagnostics = Vec::new();
    for draft in drafts.iter().filter(|draft| draft.action != Action::Delete) {
        for name in &draft.changed {
            let Some(field) = draft.identity.model.field(name) else {
                continue;
            };
            let (Some(reference), Some(value)) = (&field.reference, draft.attrs.get(name)) else {
                continue;
            };
            let by_num = |num| names.by_num(reference.kind, num);
            let missing = match reference_ids(field, value, &by_num) {
                Ok(ids) => ids.into_iter().find(|id| !exists(id)).map(|id| Json::String(id.to_string())),
                Err(key) => Some(key),
            };
            if missing == Some(Json::Null) {
                let message = format!("`{name}` holds an entry that refers to nothing");
                diagnostics.push(finding(Code::InvalidValue, span(draft, name), message));
            } else if let Some(missing) = missing {
                let missing = missing.as_str().map_or_else(|| missing.to_string(), str::to_owned);
                let message = format!("`{name}` refers to `{missing}`, and there is no such {}", reference.kind);
                let help = "refer to it by `!KeyOf` or `!Find`";
                diagnostics.push(finding(Code::InvalidValue, span(draft, name), message).help(help));
            }
        }
    }
    diagnostics
}

fn taken(observed: &ObservedState, drafts: &[&Draft<'_>], names: &Names<'_>) -> Vec<Diagnostic> {
    let changing: HashMap<Uuid, &Draft<'_>> = drafts.iter().map(|draft| (draft.identity.id, *draft)).collect();
    let mut holders: HashMap<String, (Uuid, Option<Span>)> = HashMap::new();
    let mut diagnostics = Vec::new();
    for draft in drafts.iter().filter(|draft| draft.action != Action::Delete) {
        let model = draft.identity.model;
        for key in key_values(model, &draft.attrs) {
            let index = key.index(model);
            let first = key.field.split(',').next().unwrap_or_default();
            let message = || {
                format!(
                    "another {} has the {} of `{}` already",
                    model.title,
                    key.field.replace(',', ", "),
                    names.key(model, &draft.attrs)
                )
            };
            if let Some((_, other)) = holders.insert(index.clone(), (draft.identity.id, span(draft, first))) {
                let diagnostic = finding(Code::Conflict, span(draft, first), message());
                diagnostics.push(match other {
                    Some(other) => diagnostic.related(other, "the other one"),
                    None => diagnostic,
                });
                continue;
            }
            let holder = observed.by_key(&index).filter(|holder| holder.id != draft.identity.id);
            if holder.is_some_and(|holder| !changing.contains_key(&holder.id)) {
                let help = "name it in `identifiers`, or choose another value";
                diagnostics.push(finding(Code::Conflict, span(draft, first), message()).help(help));
            }
        }
    }
    diagnostics
}

fn still_referenced(observed: &ObservedState, drafts: &[&Draft<'_>], names: &Names<'_>) -> Vec<Diagnostic> {
    let deleted: HashMap<Uuid, &Draft<'_>> =
        drafts.iter().filter(|draft| draft.action == Action::Delete).map(|draft| (draft.identity.id, *draft)).collect();
    if deleted.is_empty() {
        return Vec::new();
    }
    let mut referring: HashMap<Uuid, Vec<String>> = HashMap::new();
    let mut note = |model: &'static Model, attrs: &Map<String, Json>| {
        for id in references(model, attrs, names).into_iter().filter(|id| deleted.contains_key(id)) {
            referring.entry(id).or_default().push(format!("{} `{}`", model.title, names.key(model, attrs)));
        }
    };
    let changing: HashSet<Uuid> = drafts.iter().map(|draft| draft.identity.id).collect();
    for object in observed.objects().iter().filter(|object| !changing.contains(&object.id)) {
        if let Some(model) = models::model(&object.model) {
            note(model, &object.attrs);
        }
    }
    for draft in drafts.iter().filter(|draft| draft.action != Action::Delete) {
        note(draft.identity.model, &draft.attrs);
    }
    let mut diagnostics = Vec::new();
    for draft in drafts {
        let Some(by) = referring.get(&draft.identity.id).filter(|_| draft.action == Action::Delete) else {
            continue;
        };
        let model = draft.identity.model;
        let key = draft.observed.map(|found| names.key(model, &found.attrs)).unwrap_or_default();
        let mut named = by.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if by.len() > NAMED {
            named.push_str(&format!(" and {} more", by.len() - NAMED));
        }
        let refer = if by.len() == 1 { "refers" } else { "refer" };
        let message = format!("{} `{key}` cannot be deleted: {named} still {refer} to it", model.title);
        let help = "delete what refers to it as well, or point it elsewhere";
        diagnostics.push(finding(Code::StillReferenced, draft.object.map(|object| object.span), message).help(help));
    }
    diagnostics
}

/// What an object refers to. Memberships go with either end.
pub(super) fn references(model: &Model, attrs: &Map<String, Json>, names: &Names<'_>) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for field in &model.fields {
        let (Some(reference), Some(value)) = (&field.reference, attrs.get(&field.name)) else {
            continue;
        };
        if !is_membership(model.storage, &field.name) {
            ids.extend(reference_ids(field, value, &|num| names.by_num(reference.kind, num)).unwrap_or_default());
        }
    }
    ids
}

/// Whether a field is the membership of users in groups, which is kept in a table of its own.
pub(crate) fn is_membership(storage: Storage, field: &str) -> bool {
    matches!((storage, field), (Storage::User, "groups") | (Storage::Group, "users"))
}
