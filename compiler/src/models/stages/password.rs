//! `authentik_stages_password.passwordstage`: is it really them?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Ref, kind};

/// Asks for the password of the pending user and checks it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PasswordStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Where passwords are checked, in this order; the first that knows the password wins.
    pub backends: Vec<Backend>,
    /// The flow by which users change their password; with it, their settings page offers it.
    #[serde(default)]
    pub configure_flow: Option<Ref<kind::Flow>>,
    /// After so many wrong passwords the flow ends.
    #[serde(default = "five")]
    pub failed_attempts_before_cancel: i32,
    /// Offer a button that shows what is typed in.
    #[serde(default)]
    pub allow_show_password: bool,
}

impl Declared for PasswordStage {
    const NAME: &'static str = "authentik_stages_password.passwordstage";
    const TITLE: &'static str = "password stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "passwordstage"];
}

fn five() -> i32 {
    5
}

/// Where a password is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Backend {
    /// The password that Gatewright keeps for the user.
    #[serde(rename = "authentik.core.auth.InbuiltBackend")]
    Inbuilt,
    /// One of the user's app passwords.
    #[serde(rename = "authentik.core.auth.TokenBackend")]
    Token,
    /// The LDAP directory that the user comes from.
    #[serde(rename = "authentik.sources.ldap.auth.LDAPBackend")]
    Ldap,
    /// The Kerberos realm that the user comes from.
    #[serde(rename = "authentik.sources.kerberos.auth.KerberosBackend")]
    Kerberos,
}
