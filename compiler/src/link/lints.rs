//! What the lints see of a linked program.

use super::Linker;
use super::entry::Status;
use super::layers::Stack;
use super::settle::object_of;
use crate::lint::{self, EntryView, ObjectView, View};
use crate::resolve::ObjectId;

impl<'a> Linker<'a> {
    /// Looks over what takes part.
    pub(super) fn lint(&mut self, stacks: &[(ObjectId, Stack<'a>)]) {
        let mut found = Vec::new();
        let entries = self.works.iter().filter(|work| work.status != Status::Broken).filter_map(|work| {
            Some(EntryView {
                model: work.model?,
                written: [work.entry.identifiers.as_ref(), work.entry.attrs.as_ref()],
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
                fields: stack.fields.iter().map(|(name, field)| (name, &field.value)).collect(),
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
        self.diagnostics.append(&mut found);
    }
}
