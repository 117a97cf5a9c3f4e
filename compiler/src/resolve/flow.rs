//! What flowed into a value: the variables, files and written texts that it is made of, for those who must know whether a
//! secret is among them.
//!
//! Only single values carry that; a list or a map has its parts, so that beside a secret a name is still a name. What
//! only decides (a condition, a key, the name of a variable) does not flow. A value without a source carries nothing.

use std::rc::Rc;

use super::{Val, What};
use crate::source::Span;

/// So many sources of one value are followed.
const MOST: usize = 32;

/// Everything that flowed into a single value.
pub(crate) type Flow = Option<Rc<Vec<Read>>>;

/// Where a value can come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// `!Env NAME`
    Env(String),
    /// `!File PATH`
    File(String),
    /// A text of a blueprint, told from its equals by its place: context values, turns of loops and aliases repeat it.
    Written(Span),
    /// An object of this model that only a later look can find.
    Object(&'static str),
}

/// A source, and where it is read.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) source: Source,
    pub(crate) at: Span,
    /// The value is what is read there, not only made with it or given in its place.
    pub(crate) whole: bool,
}

/// What flows into a value that is one of these, or else is made of them. What is found in an object is not the object.
pub(super) fn gather<'v, 'a: 'v>(values: impl IntoIterator<Item = &'v Val<'a>>, whole: bool) -> Flow {
    let mut reads: Vec<Read> = Vec::new();
    for value in values {
        value.reads(&mut |read| {
            if matches!(read.source, Source::Object(_)) {
                return;
            }
            let whole = whole && read.whole;
            if let Some(known) = reads.iter_mut().find(|known| known.source == read.source) {
                known.whole |= whole;
            } else if reads.len() < MOST {
                reads.push(Read { whole, ..read.clone() });
            }
        });
    }
    (!reads.is_empty()).then(|| Rc::new(reads))
}

impl<'a> Val<'a> {
    /// Shows what flowed into it and its parts.
    pub(crate) fn reads(&self, show: &mut impl FnMut(&Read)) {
        self.any(&mut |part| {
            match (&part.flow, part.written()) {
                (Some(flow), _) => flow.iter().for_each(&mut *show),
                (None, Some(read)) => show(&read),
                (None, None) => {}
            }
            false
        });
    }

    /// The text that it is, where it stands.
    pub(super) fn written(&self) -> Option<Read> {
        let at = self.node?.span;
        let text = matches!(&self.what, What::Text(text) if !text.is_empty());
        text.then_some(Read { source: Source::Written(at), at, whole: true })
    }

    /// The same, with this for what flowed into it.
    pub(crate) fn of(mut self, flow: &Flow) -> Self {
        if flow.is_some() {
            self.each(&mut |part| part.flow.clone_from(flow));
        }
        self
    }

    /// The same, given in the place of something that is read there or would be.
    pub(super) fn instead_of(mut self, source: Source, at: Span) -> Self {
        let read = Read { source, at, whole: true };
        self.each(&mut |part| {
            let before = gather([&*part], false);
            let before = before.iter().flat_map(|reads| reads.iter().cloned());
            part.flow = Some(Rc::new(before.chain([read.clone()]).collect()));
        });
        self
    }

    /// Every single value in it.
    fn each(&mut self, change: &mut impl FnMut(&mut Self)) {
        match &mut self.what {
            What::List(items) => items.iter_mut().for_each(|item| item.each(change)),
            What::Map(pairs) => pairs.iter_mut().for_each(|(_, _, value)| value.each(change)),
            _ => change(self),
        }
    }

    /// Takes the form that a field wants; what it came from stays.
    pub(crate) fn recast(&mut self, json: &serde_json::Value) {
        let flow = gather([&*self], true);
        let new = Val::from_json(json, self.span).of(&flow);
        *self = Val { node: self.node, trail: self.trail.take(), ..new };
    }
}
