//! `authentik_sources_kerberos.groupkerberossourceconnection`: what a group is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Says what a group is at a Kerberos source, so that the source can say who is in it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GroupKerberosSourceConnection {
    /// The group.
    pub group: Ref<kind::Group>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The name of the group in the realm.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for GroupKerberosSourceConnection {
    const NAME: &'static str = "authentik_sources_kerberos.groupkerberossourceconnection";
    const TITLE: &'static str = "Kerberos group connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["group", "source"]];
    const KINDS: &'static [&'static str] = &["groupsourceconnection", "groupkerberossourceconnection"];
}
