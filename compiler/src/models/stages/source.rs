//! `authentik_stages_source.sourcestage`: to a source and back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Duration, Ref, kind};

/// Sends the visitor through the login of a source in the middle of a flow, which goes on when they come back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SourceStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The source. It has to be one that visitors are sent to, such as OAuth or SAML.
    pub source: Ref<kind::Source>,
    /// How long the visitor may take before the flow has to begin again, such as `minutes=10`.
    #[serde(default = "ten_minutes")]
    pub resume_timeout: Duration,
}

fn ten_minutes() -> Duration {
    Duration::minutes(10)
}

impl Declared for SourceStage {
    const NAME: &'static str = "authentik_stages_source.sourcestage";
    const TITLE: &'static str = "source stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "sourcestage"];
}
