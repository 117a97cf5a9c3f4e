//! `authentik_sources_saml.usersamlsourceconnection`: who a user is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, IntRef, Ref, kind};

/// Says who a user is at a SAML source, so that the source can log the user in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserSamlSourceConnection {
    /// The user.
    pub user: IntRef<kind::User>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The name of the user at the identity provider.
    pub identifier: String,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for UserSamlSourceConnection {
    const NAME: &'static str = "authentik_sources_saml.usersamlsourceconnection";
    const TITLE: &'static str = "SAML user connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["user", "source"]];
    const KINDS: &'static [&'static str] = &["usersourceconnection", "usersamlsourceconnection"];
}
