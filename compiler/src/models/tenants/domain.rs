//! `authentik_tenants.domain`: a host name of a tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::models::Declared;

/// A host name under which one of the peer's tenants is reached. Gatewright has one tenant, so these are only kept; which
/// names it answers to is decided by its brands.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Domain {
    /// The host name, such as `id.example.com`.
    #[schemars(length(min = 1, max = 253))]
    pub domain: String,
    /// The name that is used in links of this tenant when no request says which.
    #[serde(default)]
    pub is_primary: bool,
    /// The tenant, by its key in the peer's database.
    pub tenant: Uuid,
}

impl Declared for Domain {
    const NAME: &'static str = "authentik_tenants.domain";
    const TITLE: &'static str = "tenant domain";
    const KEYS: &'static [&'static [&'static str]] = &[&["domain"]];
    const KINDS: &'static [&'static str] = &["domain"];
}
