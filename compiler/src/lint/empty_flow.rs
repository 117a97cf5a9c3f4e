//! Flows to which no stage is bound: they end as soon as they begin.

use std::collections::HashSet;

use super::View;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{ObjectId, What};

/// What a flow is for that does nothing without stages of its own. Into others the server puts stages.
const DOING: &[&str] = &["authentication", "enrollment", "recovery", "unenrollment"];

/// Who goes through a flow that changes something about an account; before a source, strangers go through an empty one.
const KNOWN: &[&str] = &["require_authenticated", "require_superuser"];

/// What an entry says that declares a flow, and does not only change one that is there.
const WHOLE: &[&str] = &["name", "title", "designation"];

pub(super) fn lint(view: &View<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut filled: HashSet<ObjectId> = HashSet::new();
    for entry in view.entries.iter().filter(|entry| entry.model.kinds.contains(&"flowstagebinding")) {
        let Some(target) = entry.field("target") else { continue };
        // Nobody knows yet which flow this is.
        if entry.live && matches!(target.what, What::Unknown) {
            return;
        }
        filled.extend((view.refers)(target));
    }
    for flow in view.wanted("flow") {
        let whole = WHOLE.iter().all(|field| flow.field(field).is_some());
        let one_of = |field: &str, values: &[&str]| flow.text(field).is_some_and(|value| values.contains(&value));
        let expected = one_of("designation", DOING)
            || (one_of("designation", &["stage_configuration"]) && one_of("authentication", KNOWN));
        if whole && expected && !filled.contains(&flow.id) {
            let message = format!("{} has no stages: it ends as soon as it begins", flow.title());
            diagnostics.push(
                Diagnostic::at(Code::FlowWithoutStages, flow.span, message)
                    .help("bind stages to it with `authentik_flows.flowstagebinding`"),
            );
        }
    }
}
