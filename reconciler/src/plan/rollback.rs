//! The way back to an earlier revision, as a plan like any other.
//!
//! Every change since is taken back in thought, the latest first; what then differs from the database is the plan. Users
//! who changed something meanwhile keep it, except for the fields that the revisions themselves changed.

use std::collections::{BTreeMap, HashMap};

use gatewright_compiler::models::{self, Model, Secret, Storage};
use serde_json::{Map, Value as Json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::build::{Builder, Draft, deletion, json_text};
use super::values::Identity;
use super::{Action, Options, Permit, Planned, SecretChange, SecretValue};
use crate::diff::differs;
use crate::observed::{ObservedObject, ObservedState, Owner, num_space};
use crate::undo::Undo;

/// What an object was at the revision, as far as the changes since tell.
struct Former {
    num: Option<i64>,
    model: &'static Model,
    exists: bool,
    /// Fields that were something else; `None` was not set.
    fields: BTreeMap<String, Option<Json>>,
    secrets: BTreeMap<String, Option<String>>,
    owners: BTreeMap<String, Owner>,
    /// Object permissions, and whether they were given.
    permits: BTreeMap<Permit, bool>,
}

pub(super) fn rollback(observed: &ObservedState, to: u64, undo: Vec<Undo>) -> Planned {
    let (order, formers) = formers(undo);
    let mut builder = Builder::new(observed);
    for (id, former) in order.iter().filter_map(|id| Some((*id, formers.get(id)?))) {
        let found = observed.object(id);
        if let Some(version) = found.and_then(|found| found.version) {
            builder.read.insert(id, version);
        }
        match (former.exists, found) {
            (false, Some(found)) => builder.deletes.push(deletion(None, former.model, found)),
            (false, None) => {}
            (true, Some(found)) => builder.take_back(found, former),
            (true, None) => builder.bring_back(id, former),
        }
    }
    builder.finish(Vec::new(), &Options { prune: false, inputs: format!("revision {to}") })
}

/// Every object that changed since, in the order in which they can be made again.
fn formers(undo: Vec<Undo>) -> (Vec<Uuid>, HashMap<Uuid, Former>) {
    let mut order = Vec::new();
    let mut formers: HashMap<Uuid, Former> = HashMap::new();
    for one in undo {
        let Some(model) = models::model(&one.model) else { continue };
        let former = formers.entry(one.id).or_insert_with(|| {
            order.push(one.id);
            Former::new(one.num, model)
        });
        let permits = |permits: Vec<Permit>, given| permits.into_iter().map(move |permit| (permit, given));
        former.permits.extend(permits(one.granted, false).chain(permits(one.revoked, true)));
        match one.action {
            Action::Create => former.exists = false,
            Action::Update => {
                let before = |name: &String| (name.clone(), one.before.get(name).cloned());
                former.fields.extend(one.fields.iter().map(before));
                former.secrets.extend(one.secrets);
            }
            Action::Delete => {
                former.exists = true;
                former.fields = one.before.into_iter().map(|(name, value)| (name, Some(value))).collect();
                (former.secrets, former.owners) = (one.secrets, one.owners);
            }
        }
    }
    (order, formers)
}

impl Former {
    fn new(num: Option<i64>, model: &'static Model) -> Self {
        Self {
            num,
            model,
            exists: true,
            fields: BTreeMap::new(),
            secrets: BTreeMap::new(),
            owners: BTreeMap::new(),
            permits: BTreeMap::new(),
        }
    }
}

impl<'a> Builder<'a> {
    fn take_back(&mut self, found: &'a ObservedObject, former: &Former) {
        let id = found.id;
        let mut draft = Draft::of(found, None, former.model);
        for (name, value) in &former.fields {
            let Some(field) = former.model.field(name) else { continue };
            let wanted = value.as_ref().or(field.default.as_ref()).unwrap_or(&Json::Null);
            if !differs(field, &found.attrs, wanted) {
                continue;
            }
            draft.changed.push(name.clone());
            match value {
                Some(value) => draft.attrs.insert(name.clone(), value.clone()),
                None => draft.attrs.remove(name),
            };
            if let Some(owner) = self.observed.owners(id).and_then(|owners| owners.get(name)) {
                let owner = Owner { value: Some(json_text(wanted.clone())), ..owner.clone() };
                self.owners.push((id, name.clone(), owner));
            }
        }
        self.secrets(&mut draft, former);
        let has = |permit: &Permit| self.observed.permits(id).is_some_and(|permits| permits.contains(permit));
        let differ = former.permits.iter().filter(|(permit, given)| has(permit) != **given);
        for (permit, given) in differ {
            if *given { draft.grants.push(permit.clone()) } else { draft.revokes.push(permit.clone()) }
        }
        if !draft.is_empty() {
            self.drafts.push(draft);
        }
    }

    fn bring_back(&mut self, id: Uuid, former: &Former) {
        let identity = Identity { id, num: former.num, model: former.model };
        let mut draft = Draft::new(Action::Create, None, identity);
        let set = former.fields.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        draft.attrs = set.collect::<Map<_, _>>();
        draft.changed = draft.attrs.keys().cloned().collect();
        if let (Some(space), Some(num)) = (num_space(former.model), former.num) {
            self.allotter.numbers.insert((space, num), id);
        }
        self.secrets(&mut draft, former);
        if former.model.storage == Storage::Token {
            // There is no token without a key, and the old one is not known.
            let value = SecretValue::Generated;
            draft.secrets.push(SecretChange { field: "key".to_owned(), kind: Secret::Hashed, value });
        }
        draft.grants = former.permits.iter().filter(|(_, given)| **given).map(|(permit, _)| permit.clone()).collect();
        self.owners.extend(former.owners.iter().map(|(name, owner)| (id, name.clone(), owner.clone())));
        self.drafts.push(draft);
    }

    /// What was sealed comes back; what is only a hash does not.
    fn secrets(&mut self, draft: &mut Draft<'_>, former: &Former) {
        for (name, text) in &former.secrets {
            let Some(kind) = former.model.field(name).and_then(|field| field.secret) else { continue };
            if kind == Secret::Hashed {
                self.lost.push((draft.identity, name.clone()));
                continue;
            }
            let text = text.clone().map(Zeroizing::new);
            draft.secrets.extend(self.secret_change(draft.identity.id, name, kind, text));
        }
    }
}
