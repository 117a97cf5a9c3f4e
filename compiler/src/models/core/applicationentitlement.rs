//! `authentik_core.applicationentitlement`: a right inside one application.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, Ref, kind};

/// A right inside one application, such as being an editor there. It is given to users and groups by policy bindings,
/// and the application learns of it when somebody logs in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationEntitlement {
    /// Its name, as the application learns it.
    pub name: String,
    /// The application that it belongs to.
    pub app: Ref<kind::Application>,
    /// Whatever else the mappings of the provider need to know about it.
    #[serde(default)]
    pub attributes: Map<String, Json>,
}

impl Declared for ApplicationEntitlement {
    const NAME: &'static str = "authentik_core.applicationentitlement";
    const TITLE: &'static str = "application entitlement";
    const KEYS: &'static [&'static [&'static str]] = &[&["app", "name"]];
    const KINDS: &'static [&'static str] = &["applicationentitlement", "policybindingmodel"];
}
