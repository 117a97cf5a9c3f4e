//! An entry against its model: attributes that exist, values of the right form, references of the right kind.
//!
//! Positions that are not known yet, and references, are spared the schema. Knows no layers and no order.

mod attribute;
mod expression;
mod members;
mod reference;

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::rbac::suggest_permission;
use crate::models::{KeyType, Model, Reference};
use crate::resolve::{EntryIndex, Lookup, ObjectId, Val, What};
use crate::source::{Sources, Span};

pub(crate) use expression::Expressions;
pub(crate) use reference::noun;

/// A field: its name, the place of its key, its value.
pub(crate) type Field<'a> = (Cow<'a, str>, Span, Val<'a>);

/// What checking must ask of the other entries.
pub(crate) trait Declared<'a> {
    /// The model of an entry that `!KeyOf` names.
    fn entry_model(&self, entry: EntryIndex) -> Option<&'static Model>;
    /// The model of a declared object.
    fn object_model(&self, object: ObjectId) -> Option<&'static Model>;
    /// An object of a kind by its written key.
    fn by_pk(&self, kind: &str, value: &Val<'a>) -> Lookup;
}

/// Checks entries.
pub(crate) struct Checker<'a, 'b> {
    pub(crate) sources: &'a Sources,
    pub(crate) declared: &'b dyn Declared<'a>,
    pub(crate) purpose: Purpose,
    pub(crate) expressions: &'b mut Expressions,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The parts of an entry that are checked; fields that the model does not have are taken out.
pub(crate) struct Subject<'a, 'c> {
    pub(crate) model: &'static Model,
    pub(crate) span: Span,
    pub(crate) identifiers: &'c mut Vec<Field<'a>>,
    pub(crate) attrs: &'c mut Vec<Field<'a>>,
    /// Object permissions: the codename, and to whom it is given.
    pub(crate) permissions: Vec<(&'c Val<'a>, [Option<&'c mut Val<'a>>; 2])>,
}

impl<'a> Checker<'a, '_> {
    /// Reports what is wrong with an entry.
    pub(crate) fn entry(&mut self, mut subject: Subject<'a, '_>) {
        self.names(&mut subject);
        let model = subject.model;
        for (name, _, value) in subject.identifiers.iter_mut().chain(subject.attrs.iter_mut()) {
            self.nothing_found(model, name, value);
            self.codenames(model, name, value);
            if let Some(field) = model.field(name)
                && let Some(reference) = &field.reference
            {
                self.reference(field, reference, value);
            }
        }
        self.permissions(std::mem::take(&mut subject.permissions));
        self.schema(&subject);
        self.expressions(&subject);
    }

    fn permissions(&mut self, permissions: Vec<(&Val<'a>, [Option<&mut Val<'a>>; 2])>) {
        for (permission, to) in permissions {
            if !matches!(permission.what, What::Text(_) | What::Unknown) {
                let message = format!("a permission is named by a text, not by {}", permission.describe());
                self.diagnostics.push(permission.finding(Code::InvalidValue, message).help("for instance `view_flow`"));
            }
            self.codename(permission);
            for (value, (kind, key)) in to.into_iter().zip([("user", KeyType::Integer), ("role", KeyType::Uuid)]) {
                if let Some(value) = value {
                    self.one(kind, &Reference { kind, many: false, key }, value);
                }
            }
        }
    }

    /// A permission that is nearly one that there is.
    fn codename(&mut self, permission: &Val<'a>) {
        let What::Text(text) = &permission.what else { return };
        if let Some(meant) = suggest_permission(text) {
            let finding = permission.finding(Code::InvalidValue, format!("there is no permission `{text}`"));
            self.diagnostics.push(finding.severity(Severity::Warning).help(format!("did you mean `{meant}`?")));
        }
    }

    /// The permissions that a role gives.
    fn codenames(&mut self, model: &Model, name: &str, value: &Val<'a>) {
        let format = model.property(name).and_then(|property| property.get("items")?.get("format"));
        if let What::List(items) = &value.what
            && format.is_some_and(|format| format == "permission")
        {
            items.iter().for_each(|item| self.codename(item));
        }
    }

    /// A `!Find` without a match is null: fine where null is, else a mistake.
    fn nothing_found(&mut self, model: &Model, name: &str, value: &Val<'a>) {
        let field = model.field(name);
        let refused = field.is_some_and(|field| field.reference.as_ref().is_some_and(|it| it.many || !field.nullable));
        let severity = if refused { Severity::Error } else { Severity::Warning };
        let mut found = Vec::new();
        value.any(&mut |part| {
            match part.what {
                What::Nothing => found.push(
                    part.finding(Code::FindNothing, "this look-up finds nothing: the value is null")
                        .severity(severity)
                        .help("declare the object that is looked for, or correct the conditions"),
                ),
                What::Secret => found.push(
                    part.finding(Code::SecretLookUp, "this holds a secret of the object that was found")
                        .help("take what is needed out of it, one by one, with `!AtIndex`"),
                ),
                _ => {}
            }
            false
        });
        self.diagnostics.append(&mut found);
    }

    fn schema(&mut self, subject: &Subject<'a, '_>) {
        let mut attrs = Map::new();
        let mut gaps = Vec::new();
        for (name, _, value) in subject.attrs.iter().chain(subject.identifiers.iter()) {
            let is_reference = subject.model.field(name).is_none_or(|field| field.reference.is_some());
            if !is_reference && !matches!(value.what, What::Unknown | What::Nothing) {
                let mut json = known(value, &format!("/{}", escaped(name)), &mut gaps);
                if let Some(property) = subject.model.property(name) {
                    members::unknown(name, property, value, &mut json, &mut self.diagnostics);
                }
                attrs.insert(name.to_string(), json);
            }
        }
        for error in subject.model.validate(&attrs) {
            let inside = |gap: &String| under(gap, &error.pointer) || under(&error.pointer, gap);
            if gaps.iter().any(inside) && !error.pointer.is_empty() {
                continue;
            }
            let value = self.locate(subject, &error.pointer);
            if value.is_some_and(|value| self.is_placeholder(value)) {
                continue;
            }
            let diagnostic = match value {
                Some(value) => value.finding(Code::InvalidValue, error.message),
                None => Diagnostic::at(Code::InvalidValue, subject.span, error.message),
            };
            let help = value.and_then(|value| self.switch(value)).or(error.help);
            self.diagnostics.push(diagnostic.maybe_help(help));
        }
    }

    /// The help for a word that YAML 1.1 takes for a truth value.
    fn switch(&self, value: &Val<'_>) -> Option<String> {
        let What::Bool(truth) = value.what else { return None };
        let written = self.sources.get(value.span.file)?.text.get(value.span.range())?;
        let is_word = ["yes", "no", "on", "off"].iter().any(|word| written.eq_ignore_ascii_case(word));
        is_word.then(|| format!("YAML 1.1 reads `{written}` as `{truth}`: put it in quotes if it is a text"))
    }

    /// A text such as `${NAME}` or `{{ .Values.name }}` is filled in before anybody plans with it: `check` sees the file as
    /// it is in the repository.
    fn is_placeholder(&self, value: &Val<'_>) -> bool {
        let holds =
            |text: &str, open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
        let What::Text(text) = &value.what else { return false };
        self.purpose == Purpose::Check && (holds(text, "${", "}") || holds(text, "{{", "}}"))
    }

    /// The value of a JSON pointer, or the nearest one around it.
    fn locate<'c>(&self, subject: &'c Subject<'a, '_>, pointer: &str) -> Option<&'c Val<'a>> {
        let mut steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        let name = steps.next()?;
        let mut fields = subject.identifiers.iter().chain(subject.attrs.iter());
        let mut value = fields.find(|(known, ..)| *known == name).map(|(_, _, value)| value)?;
        for step in steps {
            let next = match &value.what {
                What::Map(pairs) => pairs.iter().find(|(known, ..)| *known == step).map(|(_, _, value)| value),
                What::List(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        Some(value)
    }
}

/// JSON with null at the places that are not known.
fn known(value: &Val<'_>, pointer: &str, gaps: &mut Vec<String>) -> Json {
    match &value.what {
        What::List(items) => Json::Array(
            items.iter().enumerate().map(|(at, item)| known(item, &format!("{pointer}/{at}"), gaps)).collect(),
        ),
        What::Map(pairs) => Json::Object(
            pairs
                .iter()
                .map(|(name, _, value)| (name.to_string(), known(value, &format!("{pointer}/{}", escaped(name)), gaps)))
                .collect(),
        ),
        _ => value.json().unwrap_or_else(|| {
            gaps.push(pointer.to_owned());
            Json::Null
        }),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Whether `pointer` is `top` or inside of it.
fn under(pointer: &str, top: &str) -> bool {
    pointer.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
