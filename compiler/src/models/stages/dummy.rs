//! `authentik_stages_dummy.dummystage`: for trying flows out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::Declared;

/// Shows a page with a button, for trying flows out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DummyStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// Fail instead, to see what an error looks like.
    #[serde(default)]
    pub throw_error: bool,
}

impl Declared for DummyStage {
    const NAME: &'static str = "authentik_stages_dummy.dummystage";
    const TITLE: &'static str = "dummy stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "dummystage"];
}
