//! Findings about blueprints that are right as far as the language goes, and still are not what somebody wants to have.
//!
//! One lint a file. They look at a whole program after it was linked, through a [`View`]; what a file wants to live with
//! is taken out in `allow.rs`. Knows no layers: a view shows each object as all its entries together make it.

mod allow;
mod context;
mod display_name;
mod empty_flow;
mod login;
mod pk;
mod plain_secret;
mod secret;
mod unused_id;
mod walk;

use std::collections::HashMap;

use crate::blueprint::Blueprint;
use crate::check::Field;
use crate::desired::Presence;
use crate::diagnostic::Diagnostic;
use crate::models::Model;
use crate::resolve::{ObjectId, Val, What};
use crate::source::{Sources, Span};
use crate::yaml::Node;

pub(crate) use allow::apply as allow;

/// What lints see of a program.
pub(crate) struct View<'a, 'v> {
    pub(crate) sources: &'a Sources,
    pub(crate) blueprints: &'v [&'a Blueprint<'a>],
    /// Every entry of a known model, in the order of the files.
    pub(crate) entries: Vec<EntryView<'a, 'v>>,
    /// Every object that takes part.
    pub(crate) objects: Vec<ObjectView<'a, 'v>>,
    /// The object that a value refers to.
    pub(crate) refers: &'v dyn Fn(&Val<'_>) -> Option<ObjectId>,
    /// Where each object stands in `objects`.
    pub(crate) places: HashMap<ObjectId, usize>,
}

/// One entry.
pub(crate) struct EntryView<'a, 'v> {
    pub(crate) model: &'static Model,
    /// Its identifiers and attributes as they are written.
    pub(crate) written: [Option<&'a Node<'a>>; 2],
    pub(crate) identifiers: &'v [Field<'a>],
    pub(crate) attrs: &'v [Field<'a>],
    /// It takes part; else a condition is not met, or something that it needs is left out.
    pub(crate) live: bool,
}

/// One object, all its entries together.
pub(crate) struct ObjectView<'a, 'v> {
    pub(crate) id: ObjectId,
    pub(crate) model: &'static Model,
    pub(crate) presence: Presence,
    /// Its highest entry.
    pub(crate) span: Span,
    pub(crate) fields: Vec<(&'v str, &'v Val<'a>)>,
}

impl<'a> EntryView<'a, '_> {
    fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.identifiers.iter().chain(self.attrs)
    }

    fn field(&self, name: &str) -> Option<&Val<'a>> {
        self.fields().find(|(known, ..)| known == name).map(|(_, _, value)| value)
    }
}

impl<'a> ObjectView<'a, '_> {
    fn field(&self, name: &str) -> Option<&Val<'a>> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// A field that is text.
    fn text(&self, name: &str) -> Option<&str> {
        match &self.field(name)?.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.model.kinds.contains(&kind)
    }

    /// How messages call it: its name where it has one.
    fn title(&self) -> String {
        let name = ["slug", "name", "username"].iter().find_map(|field| self.text(field));
        match name {
            Some(name) => format!("the {} `{name}`", self.model.title),
            None => format!("this {}", self.model.title),
        }
    }
}

impl<'a> View<'a, '_> {
    /// The object that a field of an object refers to.
    fn reference(&self, object: &ObjectView<'a, '_>, field: &str) -> Option<ObjectId> {
        object.field(field).and_then(|value| (self.refers)(value))
    }

    fn object(&self, id: ObjectId) -> Option<&ObjectView<'a, '_>> {
        self.places.get(&id).and_then(|at| self.objects.get(*at))
    }

    /// The objects of a kind that are wanted.
    fn wanted(&self, kind: &'static str) -> impl Iterator<Item = &ObjectView<'a, '_>> {
        self.objects.iter().filter(move |object| object.is(kind) && object.presence != Presence::Absent)
    }
}

/// All lints.
pub(crate) fn lint(view: &View<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    for blueprint in view.blueprints {
        context::lint(view.sources, blueprint, diagnostics);
        unused_id::lint(blueprint, diagnostics);
        walk::tags(blueprint, &mut |node, name| {
            display_name::lint(node, name, diagnostics);
            pk::look_up(node, name, diagnostics);
        });
    }
    for entry in &view.entries {
        pk::lint(entry, diagnostics);
        plain_secret::lint(entry, diagnostics);
    }
    empty_flow::lint(view, diagnostics);
    login::lint(view, diagnostics);
    secret::lint(view, diagnostics);
}
