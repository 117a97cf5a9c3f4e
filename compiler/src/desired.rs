//! What the files mean together: the end of the compiler and the start of the reconciler.
//!
//! Knows no YAML and no database. INVARIANT: `objects` is in dependency order, so a [`Value::Declared`]
//! always points to a smaller index than the object that holds it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::source::Span;

/// Where a declaration stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The path as the user should see it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The layer of the file, 0 = shipped.
    pub layer: u32,
}

/// Index into [`DesiredState::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectIndex(pub usize);

/// A resolved value: JSON, plus what JSON cannot say.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// null
    Null,
    /// a truth value
    Bool(bool),
    /// an integer
    Int(i64),
    /// a number with a fraction
    Float(f64),
    /// text
    String(String),
    /// a list
    List(Vec<Value>),
    /// a map; the order of the file is kept
    Map(Vec<(String, Value)>),
    /// the key of an object of this desired state, known once ids are allotted
    Declared(ObjectIndex),
    /// the key of an object that the database holds
    Existing(Box<crate::world::ExistingKey>),
    /// known only later; never in a desired state that is planned
    Unknown,
}

/// What belongs to names of attributes, in the order of the names.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(Box<[(&'static str, T)]>);

impl<T> Named<T> {
    /// What belongs to a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        let at = self.0.binary_search_by_key(&name, |(known, _)| known).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &T)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

/// Of two with the same name the later one counts.
impl<T> FromIterator<(&'static str, T)> for Named<T> {
    fn from_iter<I: IntoIterator<Item = (&'static str, T)>>(items: I) -> Self {
        let mut list: Vec<(&'static str, T)> = items.into_iter().collect();
        list.sort_by_key(|(name, _)| *name);
        list.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        Self(list.into())
    }
}

/// One field of an object, after the layers were put on top of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct DesiredField {
    /// The value.
    pub value: Value,
    /// The entry that won.
    pub origin: Arc<Origin>,
    /// The exact place of the value, for diagnostics of the plan.
    pub span: Span,
    /// True: kept at this value (`present`). False: only given at creation (`created`, `must_created`).
    pub enforced: bool,
    /// The entry of a lower layer whose different value lost.
    pub overrides: Option<Arc<Origin>>,
}

/// What should be with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It exists, with these fields.
    Present,
    /// It is created when missing, else left alone.
    Created,
    /// It is created; that it exists already is an error (`must-created`).
    MustCreated,
    /// It does not exist.
    Absent,
}

/// An object permission of an entry: additive, never revoked.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// Codename, with or without the app label.
    pub permission: String,
    /// Key of the user that gets it.
    pub user: Option<Value>,
    /// Key of the role that gets it.
    pub role: Option<Value>,
}

/// One object that the files declare, from however many entries.
#[derive(Clone, Debug, PartialEq)]
pub struct DesiredObject {
    /// The model's full name, `authentik_flows.flow`.
    pub model: &'static str,
    /// The identifiers of each entry that declares it; an observed object is the same one when it matches any of them
    /// (all pairs of one map), or one of the model's unique keys.
    pub identifiers: Vec<Named<Value>>,
    /// attrs and identifiers together, identifiers winning.
    pub fields: Named<DesiredField>,
    /// What should be.
    pub presence: Presence,
    /// The entries, lowest layer first. Never empty.
    pub origins: Vec<Arc<Origin>>,
    /// The `state` of the entry that decided about `presence`, else its model: for diagnostics of the plan.
    pub span: Span,
    /// Object permissions.
    pub permissions: Vec<Permission>,
}

/// Everything that the files declare.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DesiredState {
    /// In dependency order.
    pub objects: Vec<DesiredObject>,
    /// Objects that only entries with a false condition declare: not planned, but still owned, never orphaned.
    pub dormant: Vec<DesiredObject>,
}

/// The id of an object that the database holds.
pub type ObjectId = Uuid;
