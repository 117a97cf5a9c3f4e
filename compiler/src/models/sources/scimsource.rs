//! `authentik_sources_scim.scimsource`: users and groups that another directory sends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind, yes};

/// Takes users and groups that another directory sends and keeps in step, by SCIM.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScimSource {
    /// What people see on the button that leads to it.
    pub name: String,
    /// Its place in addresses, and the name by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub slug: String,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The mappings that make a user of what the source tells.
    #[serde(default)]
    pub user_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that make groups of what the source tells.
    #[serde(default)]
    pub group_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Where new users stand in the tree of users; `%(slug)s` stands for the slug of the source.
    #[serde(default = "path")]
    pub user_path_template: String,
    /// The picture on its button: an address or a path below `/static/`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for ScimSource {
    const NAME: &'static str = "authentik_sources_scim.scimsource";
    const TITLE: &'static str = "SCIM source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["source", "scimsource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}
