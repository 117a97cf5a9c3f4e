//! Values that are keys of other objects.

use super::Checker;
use crate::Purpose;
use crate::diagnostic::Code;
use crate::models::{Field, KeyType, Model, Reference};
use crate::resolve::{Lookup, Val, What};
use crate::suggest::articled;

impl<'a> Checker<'a, '_> {
    /// Checks the value of a field that refers to objects, and links written keys.
    pub(super) fn reference(&mut self, field: &Field, reference: &Reference, value: &mut Val<'a>) {
        if reference.many {
            if let What::List(items) = &mut value.what {
                for item in items {
                    self.one(&field.name, reference, item);
                }
            } else if !matches!(value.what, What::Unknown | What::Nothing) {
                let message =
                    format!("`{}` is a list of {}s, not {}", field.name, noun(reference.kind), value.describe());
                self.diagnostics
                    .push(value.finding(Code::InvalidValue, message).help("write a list, also around a single one"));
            }
            return;
        }
        match value.what {
            What::Null if field.nullable => {}
            What::Null => {
                let message = format!("`{}` cannot be empty", field.name);
                self.diagnostics.push(value.finding(Code::InvalidValue, message).help(how(reference)));
            }
            _ => self.one(&field.name, reference, value),
        }
    }

    /// Checks one key, of the field of this name.
    pub(super) fn one(&mut self, name: &str, reference: &Reference, value: &mut Val<'a>) {
        match &value.what {
            What::Entry(entry) => {
                if let Some(model) = self.declared.entry_model(*entry) {
                    self.kind(reference, model, value);
                }
            }
            What::Object(object) => {
                if let Some(model) = self.declared.object_model(*object) {
                    self.kind(reference, model, value);
                }
            }
            What::Existing(key) => {
                if let Some(model) = crate::models::model(&key.model) {
                    self.kind(reference, model, value);
                }
            }
            What::Nothing | What::Unknown => {}
            _ if self.is_placeholder(value) => value.what = What::Unknown,
            What::Text(_) | What::Int(_) => self.written_key(name, reference, value),
            _ => self.no_key(name, reference, value),
        }
    }

    fn kind(&mut self, reference: &Reference, model: &Model, value: &Val<'a>) {
        if !model.kinds.contains(&reference.kind) {
            let message =
                format!("{} is wanted here, and this is {}", articled(noun(reference.kind)), articled(model.title));
            self.diagnostics.push(value.finding(Code::WrongKind, message).help(how(reference)));
        }
    }

    fn no_key(&mut self, name: &str, reference: &Reference, value: &Val<'a>) {
        let message = format!("`{name}` takes the key of {}, not {}", articled(noun(reference.kind)), value.describe());
        let help = tag_as_text(value).unwrap_or_else(|| how(reference));
        self.diagnostics.push(value.finding(Code::InvalidValue, message).help(help));
    }

    /// A key that somebody copied from a running server: it must be known there.
    fn written_key(&mut self, name: &str, reference: &Reference, value: &mut Val<'a>) {
        let fits = match (&value.what, reference.key) {
            (What::Text(text), KeyType::Uuid) => uuid::Uuid::parse_str(text).is_ok(),
            (What::Text(text), KeyType::Integer) => text.parse::<i64>().is_ok(),
            (What::Int(number), KeyType::Integer) => *number > 0,
            _ => false,
        };
        if !fits {
            return self.no_key(name, reference, value);
        }
        match self.declared.by_pk(reference.kind, value) {
            Lookup::Declared(object) => value.what = What::Object(object),
            Lookup::Existing(key) => value.what = What::Existing(Box::new(key)),
            Lookup::Unknown if self.purpose == Purpose::Check => value.what = What::Unknown,
            Lookup::Unknown | Lookup::Nothing => {
                let message = format!("there is no {} with this key", noun(reference.kind));
                self.diagnostics.push(value.finding(Code::InvalidValue, message).help(how(reference)));
            }
        }
    }
}

/// The help for `"!KeyOf id"` in quotes, and for `! KeyOf id`.
fn tag_as_text(value: &Val<'_>) -> Option<String> {
    let What::Text(text) = &value.what else { return None };
    let name = text.trim_start_matches('!');
    let tag = ["KeyOf", "Find", "Context", "Env"]
        .into_iter()
        .find(|tag| name.strip_prefix(tag).is_some_and(|rest| rest.starts_with(' ')))?;
    Some(if text.starts_with('!') {
        format!("take the quotes away: in quotes, `!{tag}` is a part of the text and no tag")
    } else {
        format!("write `!{tag}` without a space, and without quotes, if it is meant as the tag")
    })
}

fn how(reference: &Reference) -> String {
    format!(
        "refer to {} with `!KeyOf id` when this file declares it, else with `!Find [model, [field, value]]`",
        articled(noun(reference.kind))
    )
}

/// How messages call what is referred to.
pub(crate) fn noun(kind: &str) -> &str {
    match kind {
        "policybindingmodel" => "flow, stage binding or other target of policies",
        "propertymapping" => "property mapping",
        "certificatekeypair" => "certificate",
        "notificationtransport" => "notification transport",
        other => other,
    }
}
