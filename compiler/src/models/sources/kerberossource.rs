//! `authentik_sources_kerberos.kerberossource`: users of a Kerberos realm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupMatchingMode, UserMatchingMode};
use crate::models::policies::PolicyEngineMode;
use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Lets people in who have an account in a Kerberos realm: with a ticket that their browser has, or with the
/// password.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KerberosSource {
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
    /// The realm, such as `EXAMPLE.ORG`.
    pub realm: String,
    /// The configuration of Kerberos for this realm, in the form of `krb5.conf`. Without it that of the machine
    /// counts.
    #[serde(default)]
    pub krb5_conf: String,
    /// What kind of administration server the realm has.
    #[serde(default)]
    pub kadmin_type: KadminType,
    /// Fetch the users of the realm.
    #[serde(default)]
    pub sync_users: bool,
    /// Set the password in the realm when a user changes it here.
    #[serde(default = "yes")]
    pub sync_users_password: bool,
    /// Who the administration server knows us as.
    #[serde(default)]
    pub sync_principal: String,
    /// The password of `sync_principal`, kept sealed. Take it from the environment or a file, with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub sync_password: Option<Concealed>,
    /// A keytab for `sync_principal`, in base64 or as `TYPE:residual`, kept sealed.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub sync_keytab: Option<Concealed>,
    /// A credential cache for `sync_principal`, as `TYPE:residual`, kept sealed.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub sync_ccache: Option<Concealed>,
    /// The service name for logins with a ticket, such as `HTTP@login.example.org`.
    #[serde(default)]
    pub spnego_server_name: String,
    /// A keytab for that service, in base64 or as `TYPE:residual`, kept sealed.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub spnego_keytab: Option<Concealed>,
    /// A credential cache for that service, as `TYPE:residual`, kept sealed.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub spnego_ccache: Option<Concealed>,
    /// Keep the password here as well once it logged somebody in.
    #[serde(default)]
    pub password_login_update_internal_password: bool,
}

impl Declared for KerberosSource {
    const NAME: &'static str = "authentik_sources_kerberos.kerberossource";
    const TITLE: &'static str = "Kerberos source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"], &["realm"]];
    const KINDS: &'static [&'static str] = &["source", "kerberossource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}

/// What kind of administration server a realm has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum KadminType {
    /// MIT Kerberos.
    #[serde(rename = "MIT")]
    Mit,
    /// Heimdal.
    #[serde(rename = "Heimdal")]
    Heimdal,
    /// Another one, or none.
    #[default]
    #[serde(rename = "other")]
    Other,
}
