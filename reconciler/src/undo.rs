//! What takes a revision back: for every object that it changed, what was there before.
//!
//! Written by `apply` beside the revision and read by `plan::rollback`. It holds secrets that were sealed, so it is
//! sealed as a whole; what is only kept as a hash is not in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::observed::Owner;
use crate::plan::{Action, Permit};

/// One change, seen from afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Undo {
    pub(crate) id: Uuid,
    pub(crate) num: Option<i64>,
    pub(crate) model: String,
    /// What was done.
    pub(crate) action: Action,
    /// The fields that it changed, secrets left out.
    pub(crate) fields: Vec<String>,
    /// What those were; a field that is missing was not set. Of a deleted object all of them.
    pub(crate) before: Map<String, Json>,
    /// The secrets that it changed or deleted: `None` where only a hash was kept.
    pub(crate) secrets: BTreeMap<String, Option<String>>,
    /// Who declared a deleted object.
    pub(crate) owners: BTreeMap<String, Owner>,
    /// The object permissions that it gave.
    pub(crate) granted: Vec<Permit>,
    /// Those that it took back, or that went with a deleted object.
    pub(crate) revoked: Vec<Permit>,
}
