//! `authentik_blueprints.metaapplyblueprint`: another blueprint is needed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value as Json};

use crate::models::{Declared, Storage, yes};

/// Says that another blueprint is needed. All files are one program, so it decides nothing about order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MetaApplyBlueprint {
    /// What names the other blueprint: its `name`, its `path` or one of its labels.
    #[serde(default)]
    pub identifiers: Map<String, Json>,
    /// Values for the context of the other blueprint. They win over its own.
    #[serde(default)]
    pub context: Map<String, Json>,
    /// It is a mistake when the other blueprint is not there.
    #[serde(default = "yes")]
    pub required: bool,
}

impl Declared for MetaApplyBlueprint {
    const NAME: &'static str = "authentik_blueprints.metaapplyblueprint";
    const TITLE: &'static str = "blueprint that is needed";
    const KEYS: &'static [&'static [&'static str]] = &[];
    const KINDS: &'static [&'static str] = &[];
    const STORAGE: Storage = Storage::Meta;
}
