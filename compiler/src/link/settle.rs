//! Who takes part in the end: what refers to something that takes no part cannot take part itself.

use foldhash::HashMap;

use super::Linker;
use super::entry::Status;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{EntryIndex, ObjectId, Val, What};
use crate::source::Span;

/// What a value refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Needed {
    Entry(usize),
    Object(usize),
}

impl<'a> Linker<'a> {
    /// Spreads from everything that takes no part to what needs it.
    pub(super) fn settle(&mut self) {
        let mut needing: HashMap<Needed, Vec<(usize, Span)>> = HashMap::default();
        let mut alive = vec![0_usize; self.objects.len()];
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.objects.len()];
        let mut queue = Vec::new();
        for index in 0..self.works.len() {
            for (needed, span) in self.needs(index) {
                needing.entry(needed).or_default().push((index, span));
            }
            let Some(work) = self.works.get(index) else {
                continue;
            };
            let object = self.objects.of(EntryIndex(index));
            if let Some(members) = object.and_then(|object| members.get_mut(object.0)) {
                members.push(index);
            }
            match (&work.status, object) {
                (Status::Live, Some(object)) => {
                    if let Some(count) = alive.get_mut(object.0) {
                        *count += 1;
                    }
                }
                (Status::Live, None) => {}
                _ => queue.push(index),
            }
        }
        // An object that somebody else still declares is there, whoever else is left out.
        queue.retain(|index| self.objects.of(EntryIndex(*index)).is_none_or(|object| alive.get(object.0) == Some(&0)));
        while let Some(index) = queue.pop() {
            let object = self.objects.of(EntryIndex(index));
            let mut dead = vec![Needed::Entry(index)];
            if let Some(object) = object {
                dead.push(Needed::Object(object.0));
                dead.extend(members.get(object.0).into_iter().flatten().map(|member| Needed::Entry(*member)));
            }
            let why = self.why(index);
            for (dependent, span) in dead.into_iter().filter_map(|needed| needing.remove(&needed)).flatten() {
                if !self.leave_out(dependent, span, &why) {
                    continue;
                }
                let Some(count) = self.objects.of(EntryIndex(dependent)).and_then(|object| alive.get_mut(object.0))
                else {
                    queue.push(dependent);
                    continue;
                };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    queue.push(dependent);
                }
            }
        }
    }

    fn needs(&self, index: usize) -> Vec<(Needed, Span)> {
        let Some(work) = self.works.get(index) else {
            return Vec::new();
        };
        let mut needs = Vec::new();
        let mut look = |value: &Val<'a>| {
            value.any(&mut |part| {
                match &part.what {
                    What::Entry(entry) => needs.push((Needed::Entry(entry.0), part.span)),
                    What::Object(object) => needs.push((Needed::Object(self.objects.root(*object).0), part.span)),
                    _ => {}
                }
                false
            });
        };
        work.identifiers.iter().chain(&work.attributes.attrs).for_each(|(_, _, value)| look(value));
        for permission in &work.attributes.permissions {
            permission.user.iter().chain(&permission.role).for_each(&mut look);
        }
        needs
    }

    fn why(&self, index: usize) -> Why {
        match self.works.get(index).map(|work| (&work.status, work)) {
            Some((Status::Skipped, work)) => Why::Skipped(work.title()),
            Some((Status::Unsupported, _)) => Why::Unsupported,
            Some((Status::Meta, _)) => Why::Meta,
            _ => Why::Broken,
        }
    }

    /// Whether the entry took part until now.
    fn leave_out(&mut self, index: usize, span: Span, why: &Why) -> bool {
        let Some(work) = self.works.get_mut(index).filter(|work| work.status == Status::Live) else {
            return false;
        };
        let title = work.title();
        match why {
            Why::Unsupported => {
                let message =
                    format!("{title} refers to an entry whose model is not supported: there is no such object");
                work.report(
                    Diagnostic::at(Code::LeftOut, span, message).help("take the reference out, or both entries"),
                );
                work.status = Status::Broken;
            }
            Why::Skipped(target) => {
                let message =
                    format!("{target} takes no part, because its conditions are not met, and {title} refers to it");
                work.report(Diagnostic::at(Code::LeftOut, span, message).help("give both entries the same conditions"));
                work.status = Status::Broken;
            }
            Why::Meta => {
                let message = "a `metaapplyblueprint` is an instruction: there is no object to refer to";
                work.report(Diagnostic::at(Code::WrongKind, span, message));
                work.status = Status::Broken;
            }
            // What is wrong there was said there.
            Why::Broken => work.status = Status::Broken,
        }
        true
    }
}

enum Why {
    Unsupported,
    Skipped(String),
    Meta,
    Broken,
}

/// The object that a reference means.
pub(super) fn object_of(linker: &Linker<'_>, value: &Val<'_>) -> Option<ObjectId> {
    match &value.what {
        What::Entry(entry) => linker.objects.of(*entry),
        What::Object(object) => Some(linker.objects.root(*object)),
        _ => None,
    }
}
