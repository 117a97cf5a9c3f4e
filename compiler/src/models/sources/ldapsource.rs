//! `authentik_sources_ldap.ldapsource`: users and groups of a directory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::UserMatchingMode;
use crate::models::policies::PolicyEngineMode;
use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Fetches users and groups from a directory that speaks LDAP, such as Active Directory, and checks passwords there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LdapSource {
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
    /// Where the directory answers: `ldaps://dc.example.org`, several with commas between them.
    #[schemars(extend("format" = "ldap-address"))]
    pub server_uri: String,
    /// The certificate authority that the directory's certificate must come from. Without it any certificate is
    /// taken.
    #[serde(default)]
    pub peer_certificate: Option<Ref<kind::CertificateKeyPair>>,
    /// The certificate, with its key, that the directory knows us by.
    #[serde(default)]
    pub client_certificate: Option<Ref<kind::CertificateKeyPair>>,
    /// Who the directory knows us as, such as `cn=reader,dc=example,dc=org`.
    #[serde(default)]
    pub bind_cn: String,
    /// The password of `bind_cn`, kept sealed. Take it from the environment or a file, with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub bind_password: Option<Concealed>,
    /// Begin without TLS and turn to it at once.
    #[serde(default)]
    pub start_tls: bool,
    /// Name the server while TLS is set up.
    #[serde(default)]
    pub sni: bool,
    /// Below which name everything is looked for.
    pub base_dn: String,
    /// Put before `base_dn` to look for users, such as `ou=people`.
    #[serde(default)]
    pub additional_user_dn: String,
    /// Put before `base_dn` to look for groups, such as `ou=groups`.
    #[serde(default)]
    pub additional_group_dn: String,
    /// What is a user.
    #[serde(default = "persons")]
    pub user_object_filter: String,
    /// What is a group.
    #[serde(default = "groups")]
    pub group_object_filter: String,
    /// The attribute that names the members of a group, or, with `lookup_groups_from_user`, the groups of a user.
    #[serde(default = "member")]
    pub group_membership_field: String,
    /// The attribute of a user that `group_membership_field` holds.
    #[serde(default = "distinguished_name")]
    pub user_membership_attribute: String,
    /// The attribute that tells two entries apart for ever, such as `entryUUID`.
    #[serde(default = "object_sid")]
    pub object_uniqueness_field: String,
    /// Keep the password here as well once it logged somebody in.
    #[serde(default)]
    pub password_login_update_internal_password: bool,
    /// Fetch the users.
    #[serde(default = "yes")]
    pub sync_users: bool,
    /// Set the password in the directory when a user changes it here.
    #[serde(default = "yes")]
    pub sync_users_password: bool,
    /// Fetch the groups.
    #[serde(default = "yes")]
    pub sync_groups: bool,
    /// The group that fetched groups are put below.
    #[serde(default)]
    pub sync_parent_group: Option<Ref<kind::Group>>,
    /// Read the membership at the user, not at the group.
    #[serde(default)]
    pub lookup_groups_from_user: bool,
    /// Delete here what is not in the directory any more.
    #[serde(default)]
    pub delete_not_found_objects: bool,
}

impl Declared for LdapSource {
    const NAME: &'static str = "authentik_sources_ldap.ldapsource";
    const TITLE: &'static str = "LDAP source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["source", "ldapsource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}

fn persons() -> String {
    "(objectClass=person)".to_owned()
}

fn groups() -> String {
    "(objectClass=group)".to_owned()
}

fn member() -> String {
    "member".to_owned()
}

fn distinguished_name() -> String {
    "distinguishedName".to_owned()
}

fn object_sid() -> String {
    "objectSid".to_owned()
}
