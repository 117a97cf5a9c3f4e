//! Entries put on top of each other: one object, field by field, the highest layer last.

use std::borrow::Cow;
use std::sync::Arc;

use super::entry::{Field, Work};
use super::{Linker, settle};
use crate::Purpose;
use crate::desired::{Origin, Presence};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::models::Model;
use crate::resolve::{Val, What};
use crate::source::{Sources, Span};

/// A field with its history.
pub(super) struct Layered<'a> {
    pub(super) value: Val<'a>,
    pub(super) work: usize,
    pub(super) enforced: bool,
    pub(super) overrides: Option<Arc<Origin>>,
}

/// An object with the entries that declare it, lowest layer first.
pub(super) struct Stack<'a> {
    pub(super) model: &'static Model,
    pub(super) works: Vec<usize>,
    pub(super) presence: Presence,
    /// The entry that says so.
    pub(super) decided: usize,
    pub(super) fields: Fields<'a>,
}

/// Fields in the order of their names: so few that a list is smaller than a tree, and quicker.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Layered<'a>)>);

impl<'a> Fields<'a> {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by_key(&name, |(known, _)| known)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Layered<'a>> {
        self.0.get(self.place(name).ok()?).map(|(_, field)| field)
    }

    fn insert(&mut self, name: Cow<'a, str>, field: Layered<'a>) {
        match self.place(&name) {
            Ok(at) => {
                if let Some((_, slot)) = self.0.get_mut(at) {
                    *slot = field;
                }
            }
            Err(at) => self.0.insert(at, (name, field)),
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Layered<'a>)> {
        self.0.iter().map(|(name, field)| (&**name, field))
    }
}

impl<'a> Linker<'a> {
    /// Stacks entries, which are in the order of the documents and so of their layers.
    pub(super) fn stack(&mut self, model: &'static Model, works: Vec<usize>) -> Stack<'a> {
        let mut stack =
            Stack { model, works: Vec::new(), presence: Presence::Present, decided: 0, fields: Fields::default() };
        for index in works {
            self.presence(&mut stack, index);
            if self.taken_for_another(&stack, index) {
                continue;
            }
            stack.works.push(index);
            let fields = self.together(index);
            if stack.fields.0.is_empty() {
                stack.fields.0.reserve_exact(fields.len());
            }
            for (name, span, value) in fields {
                self.field(&mut stack, index, name, span, value);
            }
        }
        if stack.presence == Presence::Absent {
            self.only_identifiers(&mut stack);
        }
        self.missing(&stack);
        self.exactly_one(&stack);
        stack
    }

    /// The state of the whole: the highest layer says whether it exists, the strictest how.
    fn presence(&mut self, stack: &mut Stack<'a>, index: usize) {
        let Some(work) = self.works.get(index) else {
            return;
        };
        let Some(below) = stack.works.last().and_then(|below| self.works.get(*below)) else {
            (stack.presence, stack.decided) = (work.state, index);
            return;
        };
        let absent = (stack.presence == Presence::Absent, work.state == Presence::Absent);
        if absent.0 != absent.1 {
            if below.layer == work.layer && !below.unsure && !work.unsure {
                let (span, other) = (work.entry.span, below.entry.span);
                let message = "this object is `absent` in one entry and wanted by another";
                let diagnostic = work.around.shown(Diagnostic::at(Code::Conflict, span, message));
                self.diagnostics.push(diagnostic.help("keep one of them").related(other, "the other entry"));
            }
            if absent.0 {
                stack.fields.0.clear();
            }
            (stack.presence, stack.decided) = (work.state, index);
            return;
        }
        let strictness = |state| match state {
            Presence::MustCreated => 2,
            Presence::Present => 1,
            Presence::Created | Presence::Absent => 0,
        };
        if strictness(work.state) >= strictness(stack.presence) {
            (stack.presence, stack.decided) = (work.state, index);
        }
    }

    /// Whether an entry of the same layer is identified otherwise, and the same only because a unique key agrees: a copy in
    /// which the key was forgotten, not a second part of the object.
    fn taken_for_another(&mut self, stack: &Stack<'a>, index: usize) -> bool {
        let Some(work) = self.works.get(index) else { return false };
        let layers = stack.works.iter().filter_map(|below| self.works.get(*below));
        let found = layers
            .filter(|below| below.layer == work.layer && !below.unsure && !work.unsure)
            .find_map(|below| self.copied_key(below, work));
        let copied = found.is_some();
        self.diagnostics.extend(found);
        copied
    }

    fn copied_key(&self, below: &Work<'a>, work: &Work<'a>) -> Option<Diagnostic> {
        let value = |work: &'_ Work<'a>, name: &str| {
            let mut fields = work.identifiers.iter().chain(&work.attributes.attrs);
            fields.find(|(known, ..)| known == name).map(|(_, _, value)| (value.span, self.objects.canonical(value)))
        };
        let differs = |(name, _, one): &&Field<'a>| {
            let other = value(below, name).and_then(|(_, other)| other);
            matches!((self.objects.canonical(one), other), (Some(one), Some(other)) if one != other)
        };
        let (other, ..) = work.identifiers.iter().find(differs)?;
        let agrees = |key: &&&[&str]| {
            key.iter().all(|name| matches!((value(below, name), value(work, name)), (Some((_, Some(one))), Some((_, Some(other)))) if one == other))
        };
        let key = work.model?.keys.iter().find(agrees)?;
        let ((at, _), (first, _)) = key.first().and_then(|name| Some((value(work, name)?, value(below, name)?)))?;
        let names = key.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let title = crate::suggest::articled(work.model?.title);
        let message = format!("another entry has the same {names} and another `{other}`: {title} is known by either");
        let found = work.around.shown(Diagnostic::at(Code::Conflict, at, message));
        Some(found.help(format!("give one of them another {names}")).related(first, "the other entry"))
    }

    /// Attributes and identifiers of one entry.
    fn together(&mut self, index: usize) -> Vec<Field<'a>> {
        let Some(work) = self.works.get(index) else {
            return Vec::new();
        };
        self.diagnostics.extend(self.overruled(work));
        self.objects.together(work.attributes.attrs.clone(), &work.identifiers)
    }

    /// Attributes that another value among the identifiers makes void.
    fn overruled(&self, work: &Work<'a>) -> Vec<Diagnostic> {
        let simple = |value: &Val<'_>| !matches!(value.what, What::Map(_) | What::List(_));
        let differ = |one: &Val<'a>, other: &Val<'a>| {
            let (one, other) = (self.objects.canonical(one), self.objects.canonical(other));
            one.is_some() && other.is_some() && one != other
        };
        let mut found = Vec::new();
        for (name, _, attr) in &work.attributes.attrs {
            let identifier = work.identifiers.iter().find(|(known, ..)| known == name).map(|(_, _, value)| value);
            let Some(identifier) = identifier.filter(|value| (simple(value) || simple(attr)) && differ(value, attr))
            else {
                continue;
            };
            let message = format!("`{name}` is an identifier too, with another value, which wins");
            found.push(
                attr.finding(Code::IdentifierWins, message)
                    .help("to change it, identify the object by something else; else take it out of `attrs`")
                    .related(identifier.span, "the value that wins"),
            );
        }
        found
    }

    fn field(&mut self, stack: &mut Stack<'a>, index: usize, name: Cow<'a, str>, key: Span, value: Val<'a>) {
        let Some(work) = self.works.get(index) else {
            return;
        };
        let enforced = work.state == Presence::Present;
        let Some(below) = stack.fields.get(&name) else {
            stack.fields.insert(name, Layered { value, work: index, enforced, overrides: None });
            return;
        };
        let Some(lower) = self.works.get(below.work) else {
            return;
        };
        let (same_layer, both_named) = (lower.layer == work.layer, lower.named && work.named);
        let agree = match (self.objects.canonical(&below.value), self.objects.canonical(&value)) {
            (Some(left), Some(right)) => left == right,
            _ => true,
        };
        if agree {
            let enforced = enforced || below.enforced;
            let overrides = below.overrides.clone();
            stack.fields.insert(name, Layered { value, work: index, enforced, overrides });
            return;
        }
        if same_layer {
            // Of two that may exclude each other, both stand here.
            if !work.unsure && !lower.unsure {
                let message = format!("another entry gives `{name}` of the same object another value");
                self.diagnostics.push(
                    value
                        .finding(Code::Conflict, message)
                        .help("entries of one layer must agree: keep one of them, or move one to a folder that is given later")
                        .related(below.value.span, "the other value"),
                );
            }
            return;
        }
        if both_named {
            self.diagnostics.push(
                Diagnostic::at(Code::OverridesSibling, key, format!("this `{name}` wins over that of another file of the command line"))
                    .help("files that are named one by one are layers: the later wins; name their folder to have them compared")
                    .related(below.value.span, "the value that loses"),
            );
        }
        let overrides = self.origins.get(below.work).cloned();
        stack.fields.insert(name, Layered { value, work: index, enforced, overrides });
    }

    fn only_identifiers(&self, stack: &mut Stack<'a>) {
        let works: Vec<&Work<'a>> = stack.works.iter().filter_map(|index| self.works.get(*index)).collect();
        stack
            .fields
            .0
            .retain(|(name, _)| works.iter().any(|work| work.identifiers.iter().any(|(known, ..)| known == name)));
    }

    /// Required attributes that no entry of any layer gives. `must_created` and `created` say that the object may have to
    /// be made: certain to be wrong. `present` may as well mean an object that only the database has, which the plan knows.
    fn missing(&mut self, stack: &Stack<'a>) {
        let certain = matches!(stack.presence, Presence::MustCreated | Presence::Created);
        if stack.presence == Presence::Absent || (!certain && self.options.purpose == Purpose::Plan) {
            return;
        }
        let works = || stack.works.iter().filter_map(|index| self.works.get(*index));
        let Some(top) = works().next_back().filter(|_| works().all(|work| !work.attributes.open && !work.unidentified))
        else {
            return;
        };
        let missing: Vec<String> = stack
            .model
            .fields
            .iter()
            .filter(|field| {
                field.required && stack.fields.get(&field.name).is_none() && !self.misspelt(stack, &field.name)
            })
            .map(|field| format!("`{}`", field.name))
            .collect();
        if missing.is_empty() {
            return;
        }
        let message = format!("a new {} needs {}", stack.model.title, missing.join(", "));
        let them = if missing.len() == 1 { "it" } else { "them" };
        let unless = if certain { "" } else { ", unless the object is there already" };
        let help = format!("add {them} under `attrs`{unless}");
        let severity = if certain { Severity::Error } else { Severity::Warning };
        let mut diagnostic =
            Diagnostic::at(Code::MissingAttribute, top.entry.span, message).severity(severity).help(help);
        let attrs = stack.works.iter().rev().find_map(|index| self.works.get(*index)?.entry.attrs_at);
        diagnostic.related.extend(attrs.map(|attrs| (attrs, "the attributes".to_owned())));
        self.diagnostics.push(top.around.shown(diagnostic));
    }

    /// Whether an entry has an attribute of which it was said that this one is meant.
    fn misspelt(&self, stack: &Stack<'a>, name: &str) -> bool {
        let works = || stack.works.iter().filter_map(|index| self.works.get(*index));
        let inside = |work: &Work<'a>| work.entry.names().any(|name| name == "attrs");
        if works().any(|work| work.entry.attrs_misspelt || inside(work)) {
            return true;
        }
        let mut written = works().flat_map(|work| work.entry.names());
        let is = |known: &str| stack.model.field(known).is_none() && stack.model.suggest_field(known) == Some(name);
        written.any(is)
    }

    /// Fields of which one has to be set, and one alone. What is not known yet counts as set.
    fn exactly_one(&mut self, stack: &Stack<'a>) {
        let choices = stack.model.one_of;
        let top = stack.works.last().and_then(|index| self.works.get(*index));
        let Some(top) =
            top.filter(|top| !choices.is_empty() && stack.presence != Presence::Absent && !top.attributes.open)
        else {
            return;
        };
        let unset = |value: &Val<'_>| matches!(value.what, What::Null | What::Nothing);
        let set: Vec<(&str, Span)> = choices
            .iter()
            .filter_map(|name| Some((*name, &stack.fields.get(name)?.value)))
            .filter(|(_, value)| !unset(value))
            .map(|(name, value)| (name, value.span))
            .collect();
        let title = stack.model.title;
        let diagnostic = match set.as_slice() {
            [_] => return,
            [] => {
                // An object that is named by its key alone has its condition already.
                if top.identifiers.iter().any(|(name, ..)| name == "pk") {
                    return;
                }
                let names: Vec<String> = choices.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("this {title} sets none of {}", names.join(", "));
                Diagnostic::at(Code::MissingAttribute, top.entry.span, message).severity(Severity::Error)
            }
            [(first, one), .., (second, other)] => {
                let message = format!(
                    "{} takes one condition, here both `{first}` and `{second}` are set",
                    crate::suggest::articled(title)
                );
                Diagnostic::at(Code::InvalidValue, *other, message).related(*one, "the other one")
            }
        };
        let help =
            if set.is_empty() { "set exactly one of them" } else { "use one for each, or set one of them to null" };
        self.diagnostics.push(top.around.shown(diagnostic).help(help));
    }

    /// Everything that a stack refers to, with the places.
    pub(super) fn references(&self, stack: &Stack<'a>) -> Vec<(crate::resolve::ObjectId, Span)> {
        let mut found = Vec::new();
        let mut look = |value: &Val<'a>| {
            value.any(&mut |part| {
                found.extend(settle::object_of(self, part).map(|object| (object, part.span)));
                false
            });
        };
        stack.fields.iter().for_each(|(_, field)| look(&field.value));
        for work in stack.works.iter().filter_map(|index| self.works.get(*index)) {
            work.identifiers.iter().for_each(|(_, _, value)| look(value));
            for permission in &work.attributes.permissions {
                permission.user.iter().chain(&permission.role).for_each(&mut look);
            }
        }
        let mut seen = foldhash::HashSet::default();
        found.retain(|place| seen.insert(*place));
        found
    }
}

/// Where an entry stands.
pub(super) fn origin(sources: &Sources, work: &Work<'_>) -> Origin {
    let position = sources.position(work.file, work.entry.span.start);
    let file = sources.get(work.file).map_or(String::new(), |file| file.path.clone());
    Origin { file, line: position.line, column: position.column, layer: work.layer }
}
