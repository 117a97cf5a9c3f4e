//! `authentik_enterprise.license`: a licence of the peer's enterprise edition.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// A licence of the peer's enterprise edition. Gatewright has no such edition: it is taken so that files which hold
/// one compile, and it unlocks nothing.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct License {
    /// The licence itself, a signed text.
    pub key: String,
}

impl Declared for License {
    const NAME: &'static str = "authentik_enterprise.license";
    const TITLE: &'static str = "license";
    const KEYS: &'static [&'static [&'static str]] = &[&["key"]];
    const KINDS: &'static [&'static str] = &["license"];
}
