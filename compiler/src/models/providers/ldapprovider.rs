//! `authentik_providers_ldap.ldapprovider`: users and groups for LDAP clients.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind, yes};

/// Shows users and groups to programs that speak LDAP, and lets them log people in. An outpost of the type `ldap`
/// serves it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LdapProvider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow in which somebody logs in who opens the application and is not logged in yet. Without it the brand's
    /// flow is used.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow in which a bind is checked: it logs in with the name and the password that the client sent.
    pub authorization_flow: Ref<kind::Flow>,
    /// The flow that ends the session when somebody logs out of the application.
    pub invalidation_flow: Ref<kind::Flow>,
    /// Mappings that add attributes to what a search shows.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Below which name everything stands.
    #[serde(default = "base_dn")]
    pub base_dn: String,
    /// The certificate, with its key, for LDAP over TLS.
    #[serde(default)]
    pub certificate: Option<Ref<kind::CertificateKeyPair>>,
    /// The server name for which the certificate is used.
    #[serde(default)]
    pub tls_server_name: String,
    /// Added to the number of a user to make the `uidNumber`, so that it meets no user of the operating system.
    #[serde(default = "first_uid")]
    pub uid_start_number: i32,
    /// Added to a number that is made from the group to make the `gidNumber`.
    #[serde(default = "first_gid")]
    pub gid_start_number: i32,
    /// Whether a search asks the server.
    #[serde(default)]
    pub search_mode: ApiAccessMode,
    /// Whether a bind asks the server.
    #[serde(default)]
    pub bind_mode: ApiAccessMode,
    /// Take a code after the password: `hunter2;123456`.
    #[serde(default = "yes")]
    pub mfa_support: bool,
}

impl Declared for LdapProvider {
    const NAME: &'static str = "authentik_providers_ldap.ldapprovider";
    const TITLE: &'static str = "LDAP provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "ldapprovider"];
}

fn base_dn() -> String {
    "DC=ldap,DC=goauthentik,DC=io".to_owned()
}

fn first_uid() -> i32 {
    2000
}

fn first_gid() -> i32 {
    4000
}

/// How fresh an answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApiAccessMode {
    /// The server is asked every time.
    #[default]
    Direct,
    /// The outpost answers from what it knows: faster, and a change is seen some minutes later.
    Cached,
}
