//! The names of attributes: known, renamed since, or of no version of the model.

use super::{Checker, Field, Subject};
use crate::blueprint::is_entry_key;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::{Model, Now, Storage, renamed};
use crate::resolve::{Val, What};
use crate::suggest::articled;

impl<'a> Checker<'a, '_> {
    /// Takes out what the model does not have; what only has another name today gets that.
    pub(super) fn names(&mut self, subject: &mut Subject<'a, '_>) {
        let model = subject.model;
        if model.storage == Storage::Meta {
            self.beside(subject);
        }
        self.names_of(model, true, subject.identifiers);
        self.names_of(model, false, subject.attrs);
    }

    /// A meta model has no object: what it means is an attribute of its own.
    fn beside(&mut self, subject: &mut Subject<'a, '_>) {
        let Some((_, key, _)) = subject.identifiers.first() else { return };
        let given = subject.attrs.iter().any(|(name, ..)| name == "identifiers");
        let message = "the `identifiers` of this entry do nothing: which blueprint is meant stands under `attrs`";
        let (severity, help) = match given {
            true => (Severity::Warning, "take them out"),
            false => (Severity::Error, "write them there: `attrs: {identifiers: {name: …}}`"),
        };
        self.diagnostics.push(Diagnostic::at(Code::UnknownAttribute, *key, message).severity(severity).help(help));
        subject.identifiers.clear();
    }

    fn names_of(&mut self, model: &Model, identifiers: bool, fields: &mut Vec<Field<'a>>) {
        let known = |name: &str| (identifiers && name == "pk") || model.field(name).is_some();
        if fields.iter().all(|(name, ..)| known(name)) {
            return;
        }
        let today: Vec<String> =
            fields.iter().filter(|(name, ..)| known(name)).map(|(name, ..)| name.to_string()).collect();
        fields.retain_mut(|field| known(&field.0) || self.unknown(model, identifiers, field, &today));
    }

    /// Reports a name that the model does not have. Whether the field stays, under another name.
    fn unknown(&mut self, model: &Model, identifiers: bool, field: &mut Field<'a>, others: &[String]) -> bool {
        let (name, key, value) = field;
        let title = articled(model.title);
        let nothing = format!("{title} has no attribute `{name}`: it does nothing");
        let (message, help) = match renamed(model, name).map(|old| old.now) {
            Some(Now::Called(now, _) | Now::Also(now)) if others.iter().any(|other| other == now) => {
                (format!("`{name}` and `{now}` are the same attribute: only `{now}` counts"), "take it out".to_owned())
            }
            Some(now @ (Now::Called(to, _) | Now::Also(to))) => {
                if let Now::Called(_, since) = now {
                    let message = format!("`{name}` of {title} is called `{to}` since {since}");
                    let found = value.shown(Diagnostic::at(Code::DeprecatedAttribute, *key, message));
                    self.diagnostics.push(found.help(format!("write `{to}`: it is taken for that")));
                }
                *name = to.into();
                shape(model, to, value);
                return true;
            }
            Some(Now::One(to, _)) if single(value) && !others.iter().any(|other| other == to) => {
                *name = to.into();
                if let What::List(items) = &mut value.what
                    && let Some(one) = items.pop()
                {
                    *value = one;
                }
                return true;
            }
            Some(Now::Gone(instead)) => {
                (format!("{title} has no `{name}` any more: it does nothing"), instead.to_owned())
            }
            Some(Now::Later(here) | Now::One(_, here)) => {
                (format!("{title} of this version has no `{name}` yet: it does nothing"), here.to_owned())
            }
            Some(Now::Meant(now)) => (nothing, format!("did you mean `{now}`?")),
            None if identifiers => (format!("{title} cannot be identified by `{name}`"), meant(model, name)),
            None => (nothing, meant(model, name)),
        };
        let found = value.shown(Diagnostic::at(Code::UnknownAttribute, *key, message)).help(help);
        // Without an identifier another object would be meant.
        self.diagnostics.push(if identifiers { found.severity(Severity::Error) } else { found });
        false
    }
}

fn single(value: &Val<'_>) -> bool {
    matches!(&value.what, What::List(items) if items.len() == 1)
}

fn meant(model: &Model, name: &str) -> String {
    if is_entry_key(name) {
        return format!("`{name}` is a key of the entry itself: it belongs in the column of `model`");
    }
    let found = model.suggest_field(name).map(|found| format!("did you mean `{found}`?"));
    found.unwrap_or_else(|| format!("{} has {}", articled(model.title), names(model)))
}

fn names(model: &Model) -> String {
    const MOST: usize = 12;
    let names: Vec<String> = model.fields.iter().map(|field| format!("`{}`", field.name)).collect();
    let more = names.len().saturating_sub(MOST);
    let shown = names.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// A value that was written for another name: one key becomes a list of one, and what can be converted is.
fn shape(model: &Model, name: &str, value: &mut Val<'_>) {
    let Some(field) = model.field(name) else { return };
    match (&field.reference, value.json()) {
        (Some(reference), _) if reference.many && !matches!(value.what, What::List(_) | What::Unknown) => {
            let one = value.clone();
            value.what = What::List(vec![one]);
        }
        (None, Some(json)) => {
            value.recast(&model.coerce(name, json));
        }
        _ => {}
    }
}
