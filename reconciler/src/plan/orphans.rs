//! What blueprints declared once and no blueprint declares any more: found, and deleted on request.

use std::collections::{HashMap, HashSet};

use gatewright_compiler::models::{self, Model, Storage};
use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::Orphan;
use super::build::Draft;
use super::checks::references;
use super::names::Names;
use crate::observed::{ObservedObject, ObservedState};

/// So many of those that keep an object are named.
const NAMED: usize = 3;

/// An observed object that nobody declares any more.
pub(super) struct Orphaned<'a> {
    pub(super) object: &'a ObservedObject,
    pub(super) model: &'static Model,
    /// The blueprint that declared it.
    file: String,
    /// What stays and still refers to it: it is not deleted then.
    kept_by: Vec<String>,
}

/// Every orphan. `claimed` are the ids that some entry declares.
pub(super) fn find<'a>(observed: &'a ObservedState, claimed: &HashSet<Uuid>) -> Vec<Orphaned<'a>> {
    let owner = |object: &ObservedObject| observed.owners(object.id).and_then(|owners| owners.values().next());
    let unclaimed = observed.objects().iter().filter(|object| !claimed.contains(&object.id));
    let orphaned = unclaimed.filter_map(|object| {
        let (owner, model) = (owner(object)?, models::model(&object.model)?);
        Some(Orphaned { object, model, file: owner.file.clone(), kept_by: Vec::new() })
    });
    orphaned.collect()
}

/// Says what keeps each orphan: whatever stays and refers to it, other orphans that are kept included.
pub(super) fn keep(
    orphans: &mut [Orphaned<'_>],
    observed: &ObservedState,
    written: &[Draft<'_>],
    deletes: &[Draft<'_>],
    names: &Names<'_>,
) {
    let going: HashMap<Uuid, usize> = orphans.iter().enumerate().map(|(at, it)| (it.object.id, at)).collect();
    let drafted: HashSet<Uuid> = written.iter().chain(deletes).map(|draft| draft.identity.id).collect();
    let mut staying: Vec<(&'static Model, &Map<String, Json>)> = Vec::new();
    for object in observed.objects().iter().filter(|it| !drafted.contains(&it.id) && !going.contains_key(&it.id)) {
        staying.extend(models::model(&object.model).map(|model| (model, &object.attrs)));
    }
    staying.extend(written.iter().map(|draft| (draft.identity.model, &draft.attrs)));
    while let Some((model, attrs)) = staying.pop() {
        for id in held(model, attrs, names) {
            let Some(orphan) = going.get(&id).and_then(|at| orphans.get_mut(*at)) else { continue };
            orphan.kept_by.push(format!("{} `{}`", model.title, names.key(model, attrs)));
            if let [_] = orphan.kept_by.as_slice() {
                staying.push((orphan.model, &orphan.object.attrs));
            }
        }
    }
}

/// What an object refers to; a member holds its group.
fn held(model: &Model, attrs: &Map<String, Json>, names: &Names<'_>) -> Vec<Uuid> {
    let mut ids = references(model, attrs, names);
    if model.storage == Storage::User {
        let groups = attrs.get("groups").and_then(Json::as_array).into_iter().flatten();
        ids.extend(groups.filter_map(Json::as_str).filter_map(|id| Uuid::parse_str(id).ok()));
    }
    ids
}

impl Orphaned<'_> {
    /// Whether it can be deleted.
    pub(super) fn is_free(&self) -> bool {
        self.kept_by.is_empty()
    }

    /// In words.
    pub(super) fn said(&self, names: &Names<'_>) -> Orphan {
        let mut kept_by: Vec<String> = self.kept_by.iter().take(NAMED).cloned().collect();
        if self.kept_by.len() > NAMED {
            kept_by.push(format!("{} more", self.kept_by.len() - NAMED));
        }
        Orphan {
            model: self.model.name.to_owned(),
            key: names.key(self.model, &self.object.attrs),
            file: self.file.clone(),
            kept_by,
        }
    }
}

/// What refers goes before what it refers to. Objects in a circle stay as they were.
pub(super) fn in_order_of_deletion<'a>(deletes: Vec<Draft<'a>>, names: &Names<'_>) -> Vec<Draft<'a>> {
    let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
    let places: HashMap<Uuid, usize> = deletes.iter().enumerate().map(|(at, it)| (it.identity.id, at)).collect();
    for (at, draft) in deletes.iter().enumerate() {
        graph.add_node(at);
        let attrs = draft.observed.map(|found| &found.attrs);
        for id in attrs.map(|attrs| references(draft.identity.model, attrs, names)).unwrap_or_default() {
            if let Some(to) = places.get(&id) {
                graph.add_edge(at, *to, ());
            }
        }
    }
    // Components come with what is referred to first.
    let order: Vec<usize> = kosaraju_scc(&graph).into_iter().rev().flatten().collect();
    let mut deletes: Vec<Option<Draft<'a>>> = deletes.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| deletes.get_mut(at).and_then(Option::take)).collect()
}
