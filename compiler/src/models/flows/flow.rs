//! `authentik_flows.flow`: an ordered series of stages with a slug.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::policies::PolicyEngineMode;
use crate::models::{Declared, Storage};

/// A series of steps that a visitor goes through: a login, a logout, a change of password. Its stages are bound to it by
/// `authentik_flows.flowstagebinding`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Flow {
    /// What administrators call it. Visitors see `title`.
    pub name: String,
    /// Its place in the address, `/if/flow/<slug>/`, and the name by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub slug: String,
    /// The heading that visitors see.
    pub title: String,
    /// What it is for. Only a flow of the fitting designation can be chosen for a purpose elsewhere.
    pub designation: Designation,
    /// Picture behind the flow: an address, or a path below `/static/`. Without it the brand's picture is shown.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "address"))]
    pub background: Option<String>,
    /// Whether all of the flow's own policy bindings must pass, or any one of them.
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// Ask for plainer pages, for password managers that do not cope with the usual ones. Gatewright's pages need no script
    /// and are plain already, so it changes nothing here.
    #[serde(default)]
    pub compatibility_mode: bool,
    /// Where the form stands on the page.
    #[serde(default)]
    pub layout: Layout,
    /// What happens to a visitor whom the flow's policies or its authentication requirement turn away.
    #[serde(default)]
    pub denied_action: DeniedAction,
    /// Who may go through it.
    #[serde(default)]
    pub authentication: Authentication,
}

impl Declared for Flow {
    const NAME: &'static str = "authentik_flows.flow";
    const TITLE: &'static str = "flow";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["flow", "policybindingmodel"];
    const STORAGE: Storage = Storage::Object;
}

/// What a flow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Designation {
    /// Logging in.
    Authentication,
    /// Letting an application know who somebody is.
    Authorization,
    /// Logging out.
    Invalidation,
    /// Making an account of one's own.
    Enrollment,
    /// Giving an account up.
    Unenrollment,
    /// Getting back in after a password was forgotten.
    Recovery,
    /// Changing something about one's own account: the password, a device, the settings.
    StageConfiguration,
}

/// Where a flow's form stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// In the middle.
    #[default]
    Stacked,
    /// In the middle of the left half.
    ContentLeft,
    /// In the middle of the right half.
    ContentRight,
    /// In a column along the left edge.
    SidebarLeft,
    /// In a column along the right edge.
    SidebarRight,
}

/// What happens to a visitor who may not go through a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeniedAction {
    /// On to where the visitor wanted to go, if that is known, else a message.
    #[default]
    MessageContinue,
    /// A message.
    Message,
    /// On to where the visitor wanted to go, else to the start page.
    Continue,
}

/// Who may go through a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// Everybody.
    #[default]
    None,
    /// Only who is logged in.
    RequireAuthenticated,
    /// Only who is not logged in.
    RequireUnauthenticated,
    /// Only who is logged in and in a group of administrators.
    RequireSuperuser,
    /// Only who was sent here by another flow.
    RequireRedirect,
    /// Only requests that an outpost makes for somebody.
    RequireOutpost,
}
