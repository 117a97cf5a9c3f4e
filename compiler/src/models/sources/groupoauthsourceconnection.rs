//! `authentik_sources_oauth.groupoauthsourceconnection`: what a group is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Says what a group is at an OAuth source, so that the source can say who is in it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GroupOauthSourceConnection {
    /// The group.
    pub group: Ref<kind::Group>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// What the provider knows the group by.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for GroupOauthSourceConnection {
    const NAME: &'static str = "authentik_sources_oauth.groupoauthsourceconnection";
    const TITLE: &'static str = "OAuth group connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["group", "source"]];
    const KINDS: &'static [&'static str] = &["groupsourceconnection", "groupoauthsourceconnection"];
}
