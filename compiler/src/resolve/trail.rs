//! How a value came about, where its place alone does not show that: the loops and the context values on the way.
//!
//! The evaluator lays the trail, every value carries its own, and every finding about the value shows it.

use std::rc::Rc;

use super::{Val, What};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// So many steps of a way are shown.
const MOST: usize = 12;

/// The way so far, the innermost step first.
pub(crate) type Trail = Option<Rc<Step>>;

/// One step, and how it came to that.
#[derive(Debug)]
pub(crate) struct Step {
    kind: Kind,
    at: Span,
    before: Trail,
}

#[derive(Debug)]
enum Kind {
    /// A turn of a loop: what `!Index` or `!Value` is in it.
    Turn { index: bool, shown: String },
    /// A context value is used here; what follows stands in the context.
    Used(String),
    /// What is used stands here, in the context.
    Given(String),
}

/// One more step.
fn step(kind: Kind, at: Span, before: &Trail) -> Trail {
    Some(Rc::new(Step { kind, at, before: before.clone() }))
}

/// The step into a turn of a loop, at the place of what it is about. Only what is written in the files is shown.
pub(super) fn turn(key: &Val<'_>, value: &Val<'_>, before: &Trail) -> Trail {
    let scalar = !matches!(value.what, What::List(_) | What::Map(_));
    let written = |val: &Val<'_>| super::format::display(val).map(|text| shortened(&text));
    let (index, shown) = match written(value).filter(|_| scalar && value.node.is_some()) {
        Some(shown) => (false, shown),
        None => match written(key) {
            Some(shown) => (true, shown),
            None => return before.clone(),
        },
    };
    step(Kind::Turn { index, shown }, value.span, before)
}

/// The step into a context value that is used at a place.
pub(super) fn used(name: &str, at: Span, before: &Trail) -> Trail {
    step(Kind::Used(name.to_owned()), at, before)
}

/// The step to where a context value stands that is blamed where it is used.
pub(super) fn given(name: &str, at: Span, before: &Trail) -> Trail {
    step(Kind::Given(name.to_owned()), at, before)
}

fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST && line.len() == text.len() {
        return text.to_owned();
    }
    line.chars().take(MOST).chain(['…']).collect()
}

/// The finding with the way to it.
pub(crate) fn shown(mut diagnostic: Diagnostic, trail: &Trail) -> Diagnostic {
    let mut depth = 0;
    let mut at = trail.as_ref();
    let mut places = 0..MOST;
    while let Some(step) = at.filter(|_| places.next().is_some()) {
        let label = match &step.kind {
            Kind::Turn { index, shown } => {
                let tag = if *index { "!Index" } else { "!Value" };
                let label = format!("while `{tag} {depth}` is `{shown}`");
                depth += 1;
                label
            }
            Kind::Used(name) => {
                // Loops around the use count from there.
                depth = 0;
                format!("used here as `!Context {name}`")
            }
            Kind::Given(name) => format!("`{name}` of the context is given here"),
        };
        diagnostic = diagnostic.related(step.at, label);
        at = step.before.as_ref();
    }
    diagnostic
}
