//! What stands around a node: the file that it belongs to, and the loops.
//!
//! Knows no tag. `mod.rs` evaluates inside of it.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::trail::{self, Trail};
use super::{Context, EntryIndex, Val};
use crate::Purpose;
use crate::blueprint::Entry;
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};
use crate::suggest::Names;
use crate::world::World;

/// What all entries of a file share.
pub(crate) struct Scope<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) world: &'a dyn World,
    pub(crate) purpose: Purpose,
    pub(crate) context: Context<'a>,
    pub(crate) ids: Ids<'a>,
}

/// A loop around a node: its key and value in this turn, or nothing while its iterable is evaluated.
pub(super) type Frame<'a> = Option<Rc<(Val<'a>, Val<'a>)>>;

/// Where an entry stands: what is left of the loops and choices around it once they were gone through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around<'a> {
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) trail: Trail,
    /// The turns by number, the outermost first: entries of one turn call each other by their ids.
    pub(crate) turns: Vec<usize>,
    /// Whether it takes part at all hangs on a value that is not known.
    pub(crate) unsure: bool,
}

impl<'a> Around<'a> {
    /// The same inside a turn of a loop around it.
    pub(crate) fn turn(&self, number: usize, key: Val<'a>, value: Val<'a>) -> Self {
        let mut inner = self.clone();
        inner.trail = trail::turn(&key, &value, &self.trail);
        inner.frames.push(Some(Rc::new((key, value))));
        inner.turns.push(number);
        inner
    }

    /// The same where it is not known whether it will be.
    pub(crate) fn unsure(&self) -> Self {
        Self { unsure: true, ..self.clone() }
    }

    /// A finding about the entry, with the way to it.
    pub(crate) fn shown(&self, diagnostic: Diagnostic) -> Diagnostic {
        trail::shown(diagnostic, &self.trail)
    }
}

/// An entry that has an id, where it stands, the place of the id, and what is written.
type Holder<'a> = (EntryIndex, Rc<Around<'a>>, Span, &'a Entry<'a>);

/// The ids of a file.
#[derive(Debug, Default)]
pub(crate) struct Ids<'a> {
    /// The first entry that has an id, and the others.
    entries: HashMap<Cow<'a, str>, (Holder<'a>, Vec<Holder<'a>>)>,
    /// The same, for those who look for what was meant.
    names: OnceCell<Names<'a>>,
    /// Which entries somebody referred to.
    used: RefCell<HashSet<EntryIndex>>,
    /// An id is not known yet: one that is not there may be that one.
    pub(crate) open: bool,
}

/// What an id names.
pub(super) enum Named {
    Entry(EntryIndex),
    /// Several turns of a loop have it, and none of them is around.
    Several(usize),
    Nothing,
}

impl<'a> Ids<'a> {
    pub(crate) fn add(
        &mut self,
        id: Cow<'a, str>,
        entry: EntryIndex,
        written: &'a Entry<'a>,
        around: &Rc<Around<'a>>,
        at: Span,
    ) {
        let holder = (entry, Rc::clone(around), at, written);
        match self.entries.entry(id) {
            Slot::Occupied(mut known) => known.get_mut().1.push(holder),
            Slot::Vacant(free) => {
                free.insert((holder, Vec::new()));
            }
        }
    }

    /// The entry that an id names for somebody inside these turns: the nearest one, and of several the first.
    pub(super) fn get(&self, id: &str, turns: &[usize]) -> Named {
        let Some((first, more)) = self.entries.get(id) else {
            return Named::Nothing;
        };
        let visible = std::iter::once(first).chain(more).filter(|(_, around, ..)| turns.starts_with(&around.turns));
        // Of equals, `min_by_key` takes the first.
        let found = match visible.min_by_key(|(_, around, ..)| Reverse(around.turns.len())) {
            Some((entry, ..)) => *entry,
            None if more.is_empty() => first.0,
            None => return Named::Several(more.len() + 1),
        };
        self.used.borrow_mut().insert(found);
        Named::Entry(found)
    }

    /// The id that was probably meant, and its place. All ids are there by then.
    pub(super) fn closest(&self, id: &str) -> Option<(&str, Span)> {
        let names = self.names.get_or_init(|| Names::new(self.entries.keys().cloned()));
        let near = names.closest(id)?;
        self.entries.get(near).map(|((_, _, at, _), _)| (near, *at))
    }

    /// What is written of the first entry with this id, and where its id stands.
    pub(super) fn written(&self, id: &str) -> Option<(&'a Entry<'a>, Span)> {
        self.entries.get(id).map(|((_, _, at, entry), _)| (*entry, *at))
    }

    /// Whether somebody referred to the entry by its id.
    pub(crate) fn is_used(&self, entry: EntryIndex) -> bool {
        self.used.borrow().contains(&entry)
    }
}
