//! Says which models of a program have no behaviour yet, once each.

use std::collections::BTreeMap;

use super::Linker;
use super::entry::Status;
use crate::desired::Presence;
use crate::diagnostic::{Code, Diagnostic};
use crate::models::Model;
use crate::source::Span;

/// The layer of what Gatewright ships: it is known there that some of it waits for a later version.
const SHIPPED: u32 = 0;

impl Linker<'_> {
    /// Warns at the first entry of each model.
    pub(super) fn without_behaviour(&mut self) {
        let mut seen: BTreeMap<&str, (&Model, Span, usize)> = BTreeMap::new();
        for work in &self.works {
            let counts = work.status == Status::Live && work.state != Presence::Absent && work.layer > SHIPPED;
            if let Some(model) = work.model.filter(|model| counts && !model.has_behaviour()) {
                seen.entry(model.name).or_insert((model, work.entry.span, 0)).2 += 1;
            }
        }
        let said = seen.into_values().map(|(model, span, entries)| {
            let more = if entries > 1 { format!(", here in {entries} entries") } else { String::new() };
            let message = format!("`{}` has no behaviour in this version{more}", model.name);
            Diagnostic::at(Code::NoBehaviour, span, message).help(effect(model))
        });
        self.diagnostics.extend(said);
    }
}

/// What that means for the user.
fn effect(model: &Model) -> &'static str {
    if model.kinds.contains(&"stage") {
        "it is stored; a flow that reaches such a stage denies"
    } else if model.kinds.contains(&"policy") {
        "it is stored; whatever such a policy is bound to denies"
    } else {
        "it is stored, and nothing uses it yet"
    }
}
