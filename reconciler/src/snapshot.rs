//! The declared configuration at one revision, as the runtime serves it.
//!
//! A snapshot is the *source* of a revision: plain objects, no secrets, no compiled state. It can be stored,
//! loaded by another process, and compiled again. Users, groups and tokens are not in it: they are read fresh.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// One declared object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its id.
    pub id: Uuid,
    /// The integer key that users, groups, providers and devices have besides.
    pub num: Option<i64>,
    /// `authentik_flows.flow`
    pub model: String,
    /// The attributes that are set; references are keys (ids as text, integers for users and providers).
    pub attrs: Map<String, Json>,
}

/// Every declared object at a revision, runtime rows (users, groups, tokens, devices) excepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The revision; 0 is the empty database.
    pub revision: u64,
    /// By id.
    pub objects: BTreeMap<Uuid, Object>,
}

impl Snapshot {
    /// The objects of a model, by id.
    pub fn of_model<'a>(&'a self, model: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects.values().filter(move |object| object.model == model)
    }
}
