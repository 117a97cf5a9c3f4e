//! The observed state: what the database holds, in memory, without secrets.
//!
//! Knows no SQL: `store/observe.rs` fills it. INVARIANT: `by_id` and `by_key` point into `objects`. Read `find` next.

mod find;
mod keys;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use gatewright_compiler::models::{self, Model, Storage};
use gatewright_compiler::world::ExistingKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::plan::Permit;

pub(crate) use keys::{effective, key_values, reference_ids, space_of_kind};

/// A keyed fingerprint of a secret: equal for equal text at the same place, and telling nothing else.
pub type Fingerprint = Arc<dyn Fn(Uuid, &str, &str) -> [u8; 32] + Send + Sync>;

/// One object as the database holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedObject {
    /// Its id.
    pub id: Uuid,
    /// Its integer key, where it has one.
    pub num: Option<i64>,
    /// `authentik_flows.flow`
    pub model: String,
    /// What is set, references as keys. Users, groups and tokens show their columns here.
    pub attrs: Map<String, Json>,
    /// The version of the row, of users, groups and tokens.
    pub version: Option<i64>,
}

/// Who changed a declared field while the server ran, for the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldAuthor {
    /// `flow`, `expression`.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// Which blueprint declares a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The file, as the user named it.
    pub file: String,
    /// Its layer.
    pub layer: u32,
    /// True: kept at the declared value. False: only given at creation.
    pub enforced: bool,
    /// The declared value as JSON, references as keys; `None` of a secret.
    pub value: Option<String>,
}

/// What an observed state is made of.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) revision: u64,
    pub(crate) installation: Uuid,
    pub(crate) objects: Vec<ObservedObject>,
    pub(crate) secrets: HashMap<(Uuid, String), Vec<u8>>,
    pub(crate) owners: HashMap<Uuid, BTreeMap<String, Owner>>,
    pub(crate) changed: HashMap<(Uuid, String), FieldAuthor>,
    pub(crate) permits: HashMap<Uuid, BTreeSet<Permit>>,
    pub(crate) highest: BTreeMap<String, i64>,
    pub(crate) fingerprint: Option<Fingerprint>,
}

/// Everything that a plan compares with.
pub struct ObservedState {
    parts: Parts,
    by_id: HashMap<Uuid, usize>,
    by_num: HashMap<(&'static str, i64), usize>,
    by_model: HashMap<String, Vec<usize>>,
    by_key: HashMap<String, usize>,
}

impl fmt::Debug for ObservedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservedState")
            .field("revision", &self.parts.revision)
            .field("objects", &self.parts.objects)
            .finish_non_exhaustive()
    }
}

impl ObservedState {
    /// A database that does not exist.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Parts::default())
    }

    pub(crate) fn new(parts: Parts) -> Self {
        let mut state = Self {
            parts: Parts::default(),
            by_id: HashMap::new(),
            by_num: HashMap::new(),
            by_model: HashMap::new(),
            by_key: HashMap::new(),
        };
        for (at, object) in parts.objects.iter().enumerate() {
            state.by_id.insert(object.id, at);
            state.by_model.entry(object.model.clone()).or_default().push(at);
            let Some(model) = models::model(&object.model) else {
                continue;
            };
            if let (Some(num), Some(space)) = (object.num, num_space(model)) {
                state.by_num.insert((space, num), at);
            }
            for key in key_values(model, &object.attrs) {
                state.by_key.entry(key.index(model)).or_insert(at);
            }
        }
        state.parts = parts;
        state
    }

    /// The revision that was observed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.parts.revision
    }

    /// The id of the installation; nil for a database that does not exist.
    #[must_use]
    pub fn installation(&self) -> Uuid {
        self.parts.installation
    }

    /// Every object.
    #[must_use]
    pub fn objects(&self) -> &[ObservedObject] {
        &self.parts.objects
    }

    /// An object by id.
    #[must_use]
    pub fn object(&self, id: Uuid) -> Option<&ObservedObject> {
        self.parts.objects.get(*self.by_id.get(&id)?)
    }

    /// The first object of a model that meets all conditions: `name`, `name__iexact`, `attributes__team`, `pk`.
    #[must_use]
    pub fn find(&self, model: &str, conditions: &[(String, Json)]) -> Option<ExistingKey> {
        if conditions.is_empty() {
            return self.find_many(model, conditions).into_iter().next();
        }
        let model = models::model(model)?;
        let found = self.find_all(model, conditions).next()?;
        Some(ExistingKey { id: found.id, model: found.model.clone(), key: key(model, found.id, found.num) })
    }

    /// Every object of a model that meets all conditions, or of all objects where there are none, in the order of
    /// their ids.
    #[must_use]
    pub fn find_many(&self, model: &str, conditions: &[(String, Json)]) -> Vec<ExistingKey> {
        let Some(model) = models::model(model) else { return Vec::new() };
        let mut found: Vec<&ObservedObject> = match conditions {
            [] => self.of_model(model.name).collect(),
            _ => self.find_all(model, conditions).collect(),
        };
        found.sort_by_key(|object| object.id);
        let key = |object: &ObservedObject| ExistingKey {
            id: object.id,
            model: object.model.clone(),
            key: key(model, object.id, object.num),
        };
        found.into_iter().map(key).collect()
    }

    /// What an object holds: every attribute, with its default where it is not set, and no secret.
    #[must_use]
    pub fn held(&self, id: Uuid) -> Option<Map<String, Json>> {
        let object = self.object(id)?;
        let model = models::model(&object.model)?;
        let fields = model.fields.iter().filter(|field| field.secret.is_none());
        Some(fields.map(|field| (field.name.clone(), effective(field, &object.attrs).clone())).collect())
    }

    /// Which blueprints declare the fields of an object.
    #[must_use]
    pub fn owners(&self, id: Uuid) -> Option<&BTreeMap<String, Owner>> {
        self.parts.owners.get(&id)
    }

    /// Who changed a declared field since it was applied.
    #[must_use]
    pub fn changed(&self, id: Uuid, field: &str) -> Option<&FieldAuthor> {
        self.parts.changed.get(&(id, field.to_owned()))
    }

    /// The object permissions on an object.
    pub(crate) fn permits(&self, id: Uuid) -> Option<&BTreeSet<Permit>> {
        self.parts.permits.get(&id)
    }

    pub(crate) fn by_num(&self, space: &'static str, num: i64) -> Option<&ObservedObject> {
        self.parts.objects.get(*self.by_num.get(&(space, num))?)
    }

    pub(crate) fn by_key(&self, index: &str) -> Option<&ObservedObject> {
        self.parts.objects.get(*self.by_key.get(index)?)
    }

    pub(crate) fn of_model(&self, model: &str) -> impl Iterator<Item = &ObservedObject> {
        self.by_model.get(model).into_iter().flatten().filter_map(|at| self.parts.objects.get(*at))
    }

    pub(crate) fn highest(&self) -> &BTreeMap<String, i64> {
        &self.parts.highest
    }

    /// Whether a secret is set at all.
    pub(crate) fn has_secret(&self, id: Uuid, field: &str) -> bool {
        self.parts.secrets.contains_key(&(id, field.to_owned()))
    }

    /// Whether a secret is this one.
    pub(crate) fn is_secret(&self, id: Uuid, field: &str, text: &str) -> bool {
        let known = self.parts.secrets.get(&(id, field.to_owned()));
        match (known, &self.parts.fingerprint) {
            (Some(known), Some(fingerprint)) => fingerprint(id, field, text).as_slice() == known.as_slice(),
            _ => false,
        }
    }
}

/// Which counter the integer keys of a model come from.
pub(crate) fn num_space(model: &Model) -> Option<&'static str> {
    match model.storage {
        Storage::User => Some("user"),
        Storage::Group => Some("group"),
        _ if model.kinds.contains(&"provider") => Some("provider"),
        _ => None,
    }
}

/// What the peer's API calls `pk`: groups have an integer besides, but are referred to by id.
pub(crate) fn key(model: &Model, id: Uuid, num: Option<i64>) -> Json {
    match num {
        Some(num) if model.storage != Storage::Group => Json::from(num),
        _ => Json::String(id.to_string()),
    }
}
