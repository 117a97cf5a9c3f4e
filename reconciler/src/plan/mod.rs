//! Plans: what has to change so that the database is what the files declare.
//!
//! A plan is a value, made by a pure function: ids are allotted here, so that apply has no choices left.
//! INVARIANT: `changes` are in the order in which they can be applied. `build` makes them, `checks` refuses some.

mod build;
pub(crate) mod checks;
mod grants;
mod identity;
mod names;
mod orphans;
mod rollback;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use gatewright_compiler::desired::{DesiredState, Origin};
use gatewright_compiler::diagnostic::Diagnostic;
use gatewright_compiler::models::{self, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::observed::{ObservedState, Owner};
use crate::undo::Undo;

pub(crate) use names::Names;

/// A plan with what is wrong with it. With errors among the diagnostics it must not be applied.
#[derive(Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What only the observed state could tell: required attributes that are missing, objects still referred to.
    pub diagnostics: Vec<Diagnostic>,
}

/// What has to change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this form.
    pub version: u32,
    /// The revision that it was made for.
    pub base_revision: u64,
    /// In the order of applying.
    pub changes: Vec<Change>,
    /// How many declared objects are as they should be.
    pub keep: usize,
    /// Of how many of those only what is declared about them changes: applying notes who declares which field, and as what.
    pub adopt: usize,
    /// What a blueprint declared once and none declares any more; it stays as it is.
    #[serde(default)]
    pub orphans: Vec<Orphan>,
    /// The highest integer keys that it was made for.
    #[serde(skip)]
    pub(crate) highest: BTreeMap<String, i64>,
    /// The installation that it was made for.
    #[serde(skip)]
    pub(crate) installation: Uuid,
    /// What it was made from: a digest of the files in hexadecimal digits, or the revision that it goes back to.
    #[serde(default)]
    pub inputs: String,
    /// What it cannot do, a sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Who declares what, where that is not known yet.
    #[serde(skip)]
    pub(crate) owners: Vec<(Uuid, String, Owner)>,
    /// Fields that nobody declares any more.
    #[serde(skip)]
    pub(crate) released: Vec<(Uuid, String)>,
    /// The versions of the users, groups and tokens that it hangs on.
    #[serde(skip)]
    pub(crate) read: BTreeMap<Uuid, i64>,
}

/// What the caller wants of a plan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Delete what blueprints declared once and none declares any more.
    pub prune: bool,
    /// A digest of the files, for the history.
    pub inputs: String,
}

/// An object that a blueprint declared once and none declares any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orphan {
    /// `authentik_flows.flow`
    pub model: String,
    /// The natural key.
    pub key: String,
    /// The blueprint that declared it last.
    pub file: String,
    /// What stays and refers to it, so that it cannot be deleted: the first few, in words.
    pub kept_by: Vec<String>,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// Some fields change.
    Update,
    /// It goes.
    Delete,
}

/// One object that changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// What happens.
    pub action: Action,
    /// `authentik_flows.flow`
    pub model: String,
    /// The natural key: `default-authentication-flow`, or `target=… stage=… order=10`.
    pub key: String,
    /// What changes, by field.
    pub fields: BTreeMap<String, FieldChange>,
    /// The entry that wants it.
    pub origin: Option<Arc<Origin>>,
    /// Fields for which an entry of a lower layer wanted something else, with that entry.
    pub overrides: Vec<(String, Arc<Origin>)>,
    /// Fields that change on an object which exists and no blueprint declares so far.
    pub takes_over: Vec<String>,
    /// Object permissions that it gives.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// Object permissions that it takes back: only a rollback does.
    #[serde(default)]
    pub revokes: Vec<Grant>,
    /// How it is written.
    #[serde(skip)]
    pub(crate) write: Write,
}

/// An object permission that somebody gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The codename, `view_flow`.
    pub permission: String,
    /// `authentik_core.user` or `authentik_rbac.role`
    pub model: String,
    /// The natural key of who gets it.
    pub to: String,
}

/// An object permission as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Permit {
    pub(crate) holder: Uuid,
    pub(crate) permission: String,
}

/// One field that changes. References are shown by natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// What it is; `None` for a new object, and for a secret.
    pub before: Option<Json>,
    /// What it will be; `None` for a deleted object, and for a secret.
    pub after: Option<Json>,
    /// It is a secret: only that it changes can be seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanSummary {
    /// Objects that are made.
    pub create: usize,
    /// Objects that change.
    pub update: usize,
    /// Objects that go.
    pub delete: usize,
    /// Objects that stay as they are.
    pub keep: usize,
}

/// What apply writes for one change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Write {
    pub(crate) id: Uuid,
    pub(crate) num: Option<i64>,
    /// Everything that is set afterwards, without secrets.
    pub(crate) attrs: Map<String, Json>,
    pub(crate) secrets: Vec<SecretChange>,
    /// What the fields that change were, without secrets: all of an object that goes.
    pub(crate) before: Map<String, Json>,
    pub(crate) grants: Vec<Permit>,
    pub(crate) revokes: Vec<Permit>,
}

/// A secret that is set, removed or made up.
#[derive(Clone, Debug)]
pub(crate) struct SecretChange {
    pub(crate) field: String,
    pub(crate) kind: Secret,
    pub(crate) value: SecretValue,
}

/// The new secret.
#[derive(Clone)]
pub(crate) enum SecretValue {
    Text(Zeroizing<String>),
    Removed,
    /// Made up by apply: the key of a token, a key pair.
    Generated,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::Removed => "Removed",
            Self::Generated => "Generated",
        })
    }
}

/// A digest of the files that a plan is made from: paths and texts, in their order.
#[must_use]
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in files.into_iter().flat_map(|(path, text)| [path, text]) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Plans the way back to a revision: `undo` are the changes since, the latest revision first. Pure, like [`plan`].
pub(crate) fn rollback(observed: &ObservedState, to: u64, undo: Vec<Undo>) -> Planned {
    rollback::rollback(observed, to, undo)
}

/// Plans. Pure: the same two states give the same plan, ids included.
#[must_use]
pub fn plan(desired: &DesiredState, observed: &ObservedState, options: &Options) -> Planned {
    build::build(desired, observed, options)
}

impl Plan {
    /// Whether applying it would write nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.adopt == 0
    }

    /// What a person should agree to before it is applied, a line each: what is deleted, what is taken over.
    #[must_use]
    pub fn needs_consent(&self) -> Vec<String> {
        self.changes.iter().filter_map(Change::consent).collect()
    }

    /// How many objects are made, changed, deleted and kept.
    #[must_use]
    pub fn summary(&self) -> PlanSummary {
        let count = |action| self.changes.iter().filter(|change| change.action == action).count();
        PlanSummary {
            create: count(Action::Create),
            update: count(Action::Update),
            delete: count(Action::Delete),
            keep: self.keep,
        }
    }
}

impl Change {
    /// Whether it changes a secret.
    pub(crate) fn is_secret(&self) -> bool {
        !self.write.secrets.is_empty()
    }

    fn consent(&self) -> Option<String> {
        let what =
            format!("{} `{}`", models::model(&self.model).map_or(self.model.as_str(), |model| model.title), self.key);
        if self.action == Action::Delete {
            return Some(format!("deletes {what}"));
        }
        if self.takes_over.is_empty() {
            return None;
        }
        let fields: Vec<String> = self.takes_over.iter().map(|field| format!("`{field}`")).collect();
        Some(format!("takes over {} of {what}, which no blueprint declares so far", fields.join(", ")))
    }
}
