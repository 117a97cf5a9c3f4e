//! `authentik_sources_kerberos.userkerberossourceconnection`: who a user is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, IntRef, Ref, kind};

/// Says who a user is at a Kerberos source, so that the source can log the user in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserKerberosSourceConnection {
    /// The user.
    pub user: IntRef<kind::User>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The principal of the user.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for UserKerberosSourceConnection {
    const NAME: &'static str = "authentik_sources_kerberos.userkerberossourceconnection";
    const TITLE: &'static str = "Kerberos user connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["user", "source"]];
    const KINDS: &'static [&'static str] = &["usersourceconnection", "userkerberossourceconnection"];
}
