//! What was guarded by something that is left out: it must not stand open, so it carries why and denies.
//!
//! Three things guard: a policy bound to a flow or to a stage binding, a stage bound to a flow, and what an entry says
//! about a stage that other entries declare as well. Runs after `settle.rs`, on the stacks of what takes part.

use std::collections::{BTreeMap, HashMap};

use super::Linker;
use super::entry::{Status, Work};
use super::layers::{Layered, Stack};
use super::settle::object_of;
use crate::desired::Presence;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::{EntryIndex, ObjectId, Val, What};

/// The internal field that carries the reasons.
const FIELD: &str = "incomplete";

/// Why an object is incomplete, and the entry that is missing.
type Reasons = BTreeMap<ObjectId, Vec<(String, usize)>>;

impl<'a> Linker<'a> {
    /// Marks what lost a guard, and says so.
    pub(super) fn incomplete(&mut self, stacks: &mut [(ObjectId, Stack<'a>)]) {
        let left: Vec<usize> = (0..self.works.len()).filter(|index| self.lost(*index).is_some()).collect();
        if left.is_empty() {
            return;
        }
        let places: HashMap<ObjectId, usize> =
            stacks.iter().enumerate().map(|(at, (object, _))| (*object, at)).collect();
        let mut members: HashMap<ObjectId, Vec<usize>> = HashMap::new();
        for index in 0..self.works.len() {
            if let Some(object) = self.objects.of(EntryIndex(index)) {
                members.entry(object).or_default().push(index);
            }
        }
        let mut reasons = Reasons::new();
        let mut open = Vec::new();
        for index in left {
            let object = self.objects.of(EntryIndex(index));
            let own = object.and_then(|object| members.get(&object)).map_or(&[] as &[usize], Vec::as_slice);
            open.extend(self.unguarded(index, own, object.filter(|it| places.contains_key(it)), stacks, &mut reasons));
        }
        self.diagnostics.append(&mut open);
        for (object, reasons) in reasons {
            if let Some((_, stack)) = places.get(&object).and_then(|at| stacks.get_mut(*at)) {
                self.mark(stack, &reasons);
            }
        }
    }

    /// Why an entry that would say something is left out.
    fn lost(&self, index: usize) -> Option<&str> {
        match self.works.get(index) {
            Some(Work { status: Status::Left(why), state, .. }) if *state != Presence::Absent => Some(why),
            _ => None,
        }
    }

    /// Finds what a left-out entry leaves open. `own` are all entries of its object, `there` is the object where others still declare it.
    fn unguarded(
        &self,
        index: usize,
        own: &[usize],
        there: Option<ObjectId>,
        stacks: &[(ObjectId, Stack<'a>)],
        reasons: &mut Reasons,
    ) -> Option<Diagnostic> {
        let (work, why) = (self.works.get(index)?, self.lost(index)?);
        let model = work.model?;
        let is = |kind| model.kinds.contains(&kind);
        let mut add = |object, reason: String| reasons.entry(object).or_default().push((reason, index));
        if is("policybinding") || (is("flowstagebinding") && there.is_none()) {
            if self.attribute("enabled", own).is_some_and(|value| value.truth() == Some(false)) {
                return None;
            }
            let target = self.attribute("target", own)?;
            if let What::Existing(key) = &target.what
                && crate::models::model(&key.model).is_some_and(|model| model.field(FIELD).is_some())
            {
                let message = "what is left out here guards something that no file declares: it would stand open";
                return Some(
                    Diagnostic::at(Code::LeftOut, target.span, message)
                        .severity(Severity::Error)
                        .help("declare the target in a file too, or take this entry out"),
                );
            }
            add(object_of(self, target)?, format!("{} is left out: {why}", self.guard(own)));
        } else if let Some(object) = there {
            if is("stage") {
                let refers = |stack: &Stack<'a>| {
                    let stage = stack.fields.get("stage").and_then(|field| object_of(self, &field.value));
                    stack.model.field(FIELD).is_some() && stage == Some(object)
                };
                for (binding, _) in stacks.iter().filter(|(_, stack)| refers(stack)) {
                    add(*binding, format!("a change to the stage{} is left out: {why}", self.called(own)));
                }
            } else if model.field(FIELD).is_some() {
                add(object, format!("a change to it is left out: {why}"));
            }
        }
        None
    }

    /// The value that the highest of some entries gives.
    fn attribute(&self, name: &str, works: &[usize]) -> Option<&Val<'a>> {
        works.iter().rev().filter_map(|index| self.works.get(*index)).find_map(|work| {
            let mut fields = work.identifiers.iter().chain(&work.attributes.attrs);
            fields.find(|(known, ..)| known == name).map(|(_, _, value)| value)
        })
    }

    /// `the stage `captcha` at order 20`.
    fn guard(&self, works: &[usize]) -> String {
        let kinds = ["stage", "policy", "group", "user"];
        let set = |kind: &&&str| self.attribute(kind, works).is_some_and(|value| !matches!(value.what, What::Null));
        let kind = kinds.iter().find(set).copied().unwrap_or("condition");
        let name = match self.attribute(kind, works).map(|value| &value.what) {
            Some(What::Entry(entry)) => match self.objects.of(*entry) {
                Some(object) => self.called(&self.entries_of(object)),
                None => self.called(&[entry.0]),
            },
            Some(What::Object(object)) => self.called(&self.entries_of(*object)),
            _ => String::new(),
        };
        format!("the {kind}{name}{}", self.order_of(works))
    }

    fn order_of(&self, works: &[usize]) -> String {
        match self.attribute("order", works).map(|value| &value.what) {
            Some(What::Int(order)) => format!(" at order {order}"),
            _ => String::new(),
        }
    }

    fn entries_of(&self, object: ObjectId) -> Vec<usize> {
        let object = self.objects.root(object);
        (0..self.works.len()).filter(|index| self.objects.of(EntryIndex(*index)) == Some(object)).collect()
    }

    /// The name that entries give, with a space before it.
    fn called(&self, works: &[usize]) -> String {
        let name = ["slug", "name", "username"].iter().find_map(|name| self.attribute(name, works));
        match name.map(|value| &value.what) {
            Some(What::Text(name)) => format!(" `{name}`"),
            _ => String::new(),
        }
    }

    fn mark(&mut self, stack: &mut Stack<'a>, reasons: &[(String, usize)]) {
        let Some(top) = stack.works.last().and_then(|index| self.works.get(*index)) else { return };
        let first = reasons.first().and_then(|(_, index)| Some((*index, self.works.get(*index)?)));
        let Some((work, first)) = first.filter(|_| stack.presence != Presence::Absent) else { return };
        let mut texts: Vec<&str> = reasons.iter().map(|(text, _)| text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        let what = format!("the {}{}{}", stack.model.title, self.called(&stack.works), self.order_of(&stack.works));
        let mut diagnostic = Diagnostic::at(
            Code::LeftOut,
            top.entry.span,
            format!("{what} will deny: {}", texts.join("; ")),
        )
        .help("it must not let anybody past a guard that is not there: take the reference out, or bind something else");
        for (_, index) in reasons {
            if let Some(work) = self.works.get(*index) {
                diagnostic = diagnostic.related(work.entry.span, "left out here");
            }
        }
        let span = first.entry.span;
        let text = |text: &&str| Val::text((*text).to_owned(), span);
        let value = Val::new(What::List(texts.iter().map(text).collect()), span);
        stack.fields.insert(FIELD.to_owned(), Layered { value, work, enforced: true, overrides: None });
        self.diagnostics.push(diagnostic);
    }
}
