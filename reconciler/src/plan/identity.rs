//! Which observed object a declared one is, and the ids of new ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use gatewright_compiler::desired::DesiredObject;
use gatewright_compiler::models::Model;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::values::{Identities, Identity};
use crate::observed::{ObservedObject, ObservedState, key_values, num_space};

/// Matches and allots, once each.
pub(super) struct Allotter<'a> {
    observed: &'a ObservedState,
    claimed: HashSet<Uuid>,
    highest: BTreeMap<String, i64>,
    /// New objects by their integer keys.
    pub(super) numbers: HashMap<(&'static str, i64), Uuid>,
}

impl<'a> Allotter<'a> {
    pub(super) fn new(observed: &'a ObservedState) -> Self {
        Self { observed, claimed: HashSet::new(), highest: observed.highest().clone(), numbers: HashMap::new() }
    }

    /// The observed object that a declared one is: the identifiers of one of its entries match, or a unique key does.
    /// An observed object is never two declared ones.
    pub(super) fn matched(
        &mut self,
        object: &DesiredObject,
        model: &'static Model,
        fields: &BTreeMap<String, Json>,
        identities: &Identities,
    ) -> Option<&'a ObservedObject> {
        let observed = self.observed;
        let by_identifiers = object.identifiers.iter().find_map(|identifiers| {
            let conditions = identities.conditions(model, identifiers);
            let id =
                observed.find_all(model, &conditions).map(|found| found.id).find(|id| !self.claimed.contains(id))?;
            observed.object(id)
        });
        let found = by_identifiers.or_else(|| {
            let attrs: Map<String, Json> = fields.clone().into_iter().collect();
            let keys = key_values(model, &attrs).into_iter();
            // A field that is not declared has its default only if the object is new.
            let mut declared = keys.filter(|key| key.field.split(',').all(|field| attrs.contains_key(field)));
            let found = declared.find_map(|key| observed.by_key(&key.index(model)))?;
            Some(found).filter(|found| !self.claimed.contains(&found.id))
        })?;
        self.claimed.insert(found.id);
        Some(found)
    }

    /// Notes that an entry is this object.
    pub(super) fn claim(&mut self, id: Uuid) {
        self.claimed.insert(id);
    }

    /// The ids that some entry is or will be.
    pub(super) fn claimed(&self) -> &HashSet<Uuid> {
        &self.claimed
    }

    /// Who a new object is. `pk` among the identifiers is taken for its id, so that an export can be read back.
    pub(super) fn allot(&mut self, object: &DesiredObject, model: &'static Model, identities: &Identities) -> Identity {
        let conditions: Vec<(String, Json)> =
            object.identifiers.first().map(|first| identities.conditions(model, first)).unwrap_or_default();
        let pk = conditions.iter().find(|(name, _)| name == "pk").map(|(_, value)| value);
        let wanted = pk.and_then(Json::as_str).and_then(|text| Uuid::parse_str(text).ok());
        let id = match wanted.filter(|id| self.is_free(*id)) {
            Some(id) => id,
            None => self.derive(model, &conditions),
        };
        self.claimed.insert(id);
        let num = num_space(model).map(|space| {
            let num = self.number(space, pk.and_then(Json::as_i64));
            self.numbers.insert((space, num), id);
            num
        });
        Identity { id, num, model }
    }

    fn derive(&self, model: &Model, conditions: &[(String, Json)]) -> Uuid {
        let identifiers: BTreeMap<&str, &Json> =
            conditions.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let identifiers = serde_json::to_string(&identifiers).unwrap_or_default();
        let mut name = format!("{}\n{identifiers}\n{}", model.name, self.observed.revision() + 1);
        loop {
            let id = Uuid::new_v5(&self.observed.installation(), name.as_bytes());
            if self.is_free(id) {
                return id;
            }
            name.push('+');
        }
    }

    fn is_free(&self, id: Uuid) -> bool {
        !self.claimed.contains(&id) && self.observed.object(id).is_none()
    }

    /// Above the highest ever used; a wanted one is given where it is above, too.
    fn number(&mut self, space: &'static str, wanted: Option<i64>) -> i64 {
        let highest = self.highest.entry(space.to_owned()).or_insert(0);
        let next = wanted.filter(|wanted| *wanted > *highest).unwrap_or(*highest + 1);
        *highest = next;
        next
    }
}
