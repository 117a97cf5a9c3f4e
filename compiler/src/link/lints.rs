//! What the lints see of a linked program.

use super::Linker;
use super::entry::Status;
use super::layers::Stack;
use super::settle::object_of;
use crate::diagnostic::Code;
use crate::lint::{self, EntryView, ObjectView, View};
use crate::resolve::ObjectId;
use crate::source::Span;
use crate::yaml::{Kind, Node, Pairs};

impl<'a> Linker<'a> {
    /// Looks over what takes part.
    pub(super) fn lint(&mut self, stacks: &[(ObjectId, Stack<'a>)]) {
        let mut found = Vec::new();
        let entries = self.works.iter().filter(|work| work.status != Status::Broken).filter_map(|work| {
            Some(EntryView {
                file: work.file,
                model: work.model?,
                written: [pairs(work.entry.identifiers.as_ref()), pairs(work.entry.attrs.as_ref())],
                identifiers: &work.identifiers,
                attrs: &work.attributes.attrs,
                live: work.status == Status::Live,
            })
        });
        let objects = stacks.iter().filter_map(|(id, stack)| {
            let top = stack.works.last().and_then(|index| self.works.get(*index))?;
            Some(ObjectView {
                id: *id,
                model: stack.model,
                presence: stack.presence,
                span: top.entry.span,
                fields: stack.fields.iter().map(|(name, field)| (name.as_str(), &field.value)).collect(),
            })
        });
        let objects: Vec<ObjectView<'_, '_>> = objects.collect();
        let blueprints: Vec<_> = self.parts.iter().map(|part| part.blueprint).collect();
        let view = View {
            places: objects.iter().enumerate().map(|(at, object)| (object.id, at)).collect(),
            sources: self.sources,
            blueprints: &blueprints,
            entries: entries.collect(),
            objects,
            refers: &|value| object_of(self, value),
        };
        lint::lint(&view, &mut found);
        // What was looked up and does not come out was said by the look-up itself.
        let works = self.works.iter().flat_map(|work| &work.diagnostics);
        let said = works.filter(|found| found.code == Code::SecretLookUp).filter_map(|found| found.span);
        let said: Vec<Span> = said.collect();
        let around = |at: Span| said.iter().any(|it| it.file == at.file && at.start <= it.start && it.end <= at.end);
        found.retain(|found| found.code != Code::SecretExposed || !found.span.is_some_and(around));
        self.diagnostics.append(&mut found);
    }
}

/// What is written out in a map.
fn pairs<'n>(node: Option<&'n Node<'n>>) -> Option<&'n Pairs<'n>> {
    match &node?.kind {
        Kind::Map(pairs) => Some(pairs),
        _ => None,
    }
}
