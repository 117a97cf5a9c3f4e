//! `authentik_sources_saml.groupsamlsourceconnection`: what a group is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Says what a group is at a SAML source, so that the source can say who is in it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GroupSamlSourceConnection {
    /// The group.
    pub group: Ref<kind::Group>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The name of the group at the identity provider.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for GroupSamlSourceConnection {
    const NAME: &'static str = "authentik_sources_saml.groupsamlsourceconnection";
    const TITLE: &'static str = "SAML group connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["group", "source"]];
    const KINDS: &'static [&'static str] = &["groupsourceconnection", "groupsamlsourceconnection"];
}
