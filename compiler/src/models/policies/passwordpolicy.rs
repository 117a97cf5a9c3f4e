//! `authentik_policies_password.passwordpolicy`: is the new password good enough?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, yes};

/// Passes for passwords that are good enough. Up to three tests are made, in this order: fixed rules, a list of stolen
/// passwords, an estimate of how hard the password is to guess.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PasswordPolicy {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Write every evaluation to the log, not only those that end with an error.
    #[serde(default)]
    pub execution_logging: bool,
    /// The `field_key` of the prompt that holds the password.
    #[serde(default = "password")]
    pub password_field: String,
    /// At least so many digits.
    #[serde(default)]
    pub amount_digits: u32,
    /// At least so many capital letters, A to Z.
    #[serde(default)]
    pub amount_uppercase: u32,
    /// At least so many small letters, a to z.
    #[serde(default)]
    pub amount_lowercase: u32,
    /// At least so many characters of `symbol_charset`.
    #[serde(default)]
    pub amount_symbols: u32,
    /// At least so many characters in all.
    #[serde(default)]
    pub length_min: u32,
    /// What counts as a symbol.
    #[serde(default = "symbols")]
    pub symbol_charset: String,
    /// What the visitor reads when a fixed rule is broken.
    #[serde(default)]
    pub error_message: String,
    /// Apply the fixed rules above.
    #[serde(default = "yes")]
    pub check_static_rules: bool,
    /// Look the password up among those that were stolen elsewhere. Only the first five characters of its hash leave the
    /// server.
    #[serde(default)]
    pub check_have_i_been_pwned: bool,
    /// Estimate how hard the password is to guess.
    #[serde(default)]
    pub check_zxcvbn: bool,
    /// How often a password may be among the stolen ones.
    #[serde(default)]
    pub hibp_allowed_count: u32,
    /// The estimate, from 0 to 4, has to be above this.
    #[serde(default = "two")]
    pub zxcvbn_score_threshold: u32,
}

fn password() -> String {
    "password".to_owned()
}

fn symbols() -> String {
    r##"!\"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ "##.to_owned()
}

fn two() -> u32 {
    2
}

impl Declared for PasswordPolicy {
    const NAME: &'static str = "authentik_policies_password.passwordpolicy";
    const TITLE: &'static str = "password policy";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["policy", "passwordpolicy"];
}
