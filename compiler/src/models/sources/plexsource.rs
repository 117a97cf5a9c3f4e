//! `authentik_sources_plex.plexsource`: users of Plex servers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupMatchingMode, UserMatchingMode};
use crate::models::policies::PolicyEngineMode;
use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Lets people log in with their account at Plex.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlexSource {
    /// What people see on the button that leads to it.
    pub name: String,
    /// Its place in addresses, and the name by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub slug: String,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The flow that logs somebody in who is known here already.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow that makes an account for somebody who is not. Without it nobody new comes in.
    #[serde(default)]
    pub enrollment_flow: Option<Ref<kind::Flow>>,
    /// The mappings that make a user of what the source tells.
    #[serde(default)]
    pub user_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that make groups of what the source tells.
    #[serde(default)]
    pub group_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Whether all policies that are bound to it must pass, or any one of them.
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// How it is decided which user here is meant.
    #[serde(default)]
    pub user_matching_mode: UserMatchingMode,
    /// Where new users stand in the tree of users; `%(slug)s` stands for the slug of the source.
    #[serde(default = "path")]
    pub user_path_template: String,
    /// The picture on its button: an address or a path below `/static/`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
    /// How it is decided which group here is meant.
    #[serde(default)]
    pub group_matching_mode: GroupMatchingMode,
    /// What Plex knows this installation by. Without one a random name is made.
    #[serde(default)]
    #[schemars(with = "String", extend("x-generated" = true))]
    pub client_id: Option<String>,
    /// The servers, by their machine identifier, that somebody must have access to.
    #[serde(default)]
    pub allowed_servers: Vec<String>,
    /// Let in those, too, who only share something with the owner of the token.
    #[serde(default = "yes")]
    pub allow_friends: bool,
    /// The token of the owner, with which the servers are asked for, kept sealed. Take it from the environment or a
    /// file, with `!Env` or `!File`.
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub plex_token: Option<Concealed>,
}

impl Declared for PlexSource {
    const NAME: &'static str = "authentik_sources_plex.plexsource";
    const TITLE: &'static str = "Plex source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["source", "plexsource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}
