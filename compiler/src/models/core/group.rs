//! `authentik_core.group`: users with something in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value as Json};

use crate::models::{Declared, IntRef, Ref, Storage, kind};

/// Users with something in common. Who is in a group is in the groups above it, too.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Its members are administrators, who may do everything.
    #[serde(default)]
    pub is_superuser: bool,
    /// The group above it.
    #[serde(default)]
    pub parent: Option<Ref<kind::Group>>,
    /// Its members. The list replaces the one that was there.
    #[serde(default)]
    pub users: Vec<IntRef<kind::User>>,
    /// Settings of its members, which expressions see as `group_attributes`.
    #[serde(default)]
    pub attributes: Map<String, Json>,
    /// Roles that its members have.
    #[serde(default)]
    pub roles: Vec<Ref<kind::Role>>,
    /// The groups below it.
    #[serde(default)]
    pub children: Vec<Ref<kind::Group>>,
}

impl Declared for Group {
    const NAME: &'static str = "authentik_core.group";
    const TITLE: &'static str = "group";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["group"];
    const STORAGE: Storage = Storage::Group;
}
