//! `authentik_policies_unique_password.uniquepasswordpolicy`: was the new password used before?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Fails for a new password that its user had before.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UniquePasswordPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// The `field_key` of the prompt that holds the new password.
    #[serde(default = "password")]
    pub password_field: String,
    /// How many former passwords are remembered and compared.
    #[serde(default = "one")]
    pub num_historical_passwords: u32,
}

fn password() -> String {
    "password".to_owned()
}

fn one() -> u32 {
    1
}

impl Declared for UniquePasswordPolicy {
    const NAME: &'static str = "authentik_policies_unique_password.uniquepasswordpolicy";
    const TITLE: &'static str = "unique password policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "uniquepasswordpolicy"];
}
