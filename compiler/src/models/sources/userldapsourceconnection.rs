//! `authentik_sources_ldap.userldapsourceconnection`: who a user is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, IntRef, Ref, kind};

/// Says who a user is at an LDAP source, so that the source can log the user in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserLdapSourceConnection {
    /// The user.
    pub user: IntRef<kind::User>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The value of the uniqueness attribute of the user.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for UserLdapSourceConnection {
    const NAME: &'static str = "authentik_sources_ldap.userldapsourceconnection";
    const TITLE: &'static str = "LDAP user connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["user", "source"]];
    const KINDS: &'static [&'static str] = &["usersourceconnection", "userldapsourceconnection"];
}
