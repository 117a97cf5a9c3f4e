//! `authentik_core.application`: what people open after they have logged in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::policies::PolicyEngineMode;
use crate::models::{Declared, IntRef, kind};

/// Something that people log in to through Gatewright. It stands on their start page, and the policies that are bound
/// to it decide who may open it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Application {
    /// What people see on their start page.
    pub name: String,
    /// Its place in addresses, such as those of its provider, and the name by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub slug: String,
    /// How it logs people in. One provider serves one application at most; without one the application is a mere
    /// link.
    #[serde(default)]
    pub provider: Option<IntRef<kind::Provider>>,
    /// Further providers that work behind it without anybody seeing them, such as SCIM and LDAP.
    #[serde(default)]
    pub backchannel_providers: Vec<IntRef<kind::Provider>>,
    /// Open it in a new tab of the browser.
    #[serde(default)]
    pub open_in_new_tab: bool,
    /// Where a click leads. Without it the provider says. It may hold parts of the user, such as `%(username)s`;
    /// `blank://blank` hides the application from the start page.
    #[serde(default)]
    #[schemars(extend("format" = "launch-address"))]
    pub meta_launch_url: String,
    /// What it is, in a sentence.
    #[serde(default)]
    pub meta_description: String,
    /// Who makes it.
    #[serde(default)]
    pub meta_publisher: String,
    /// Whether all of its policy bindings must pass, or any one of them.
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// The heading below which it stands, together with all others that give the same one.
    #[serde(default)]
    pub group: String,
    /// Its picture: an address, a path below `/static/`, or an icon such as `fa://fa-book`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for Application {
    const NAME: &'static str = "authentik_core.application";
    const TITLE: &'static str = "application";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["application", "policybindingmodel"];
}
