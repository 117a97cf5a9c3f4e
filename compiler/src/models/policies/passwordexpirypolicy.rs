//! `authentik_policies_expiry.passwordexpirypolicy`: is the password too old?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Fails for users who have kept their password for too long.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PasswordExpiryPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// How many days after it was set a password is too old.
    pub days: i32,
    /// Only fail. When this is false, a password that is too old is also made unusable, so that its user has to go through
    /// recovery.
    #[serde(default)]
    pub deny_only: bool,
}

impl Declared for PasswordExpiryPolicy {
    const NAME: &'static str = "authentik_policies_expiry.passwordexpirypolicy";
    const TITLE: &'static str = "password expiry policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "passwordexpirypolicy"];
}
