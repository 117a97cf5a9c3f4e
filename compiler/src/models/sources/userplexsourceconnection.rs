//! `authentik_sources_plex.userplexsourceconnection`: who a user is at a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, IntRef, Ref, kind};

/// Says who a user is at a Plex source, so that the source can log the user in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserPlexSourceConnection {
    /// The user.
    pub user: IntRef<kind::User>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// The number of the user at Plex.
    pub identifier: String,
    /// The token of the user at Plex, kept sealed.
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub plex_token: Option<Concealed>,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for UserPlexSourceConnection {
    const NAME: &'static str = "authentik_sources_plex.userplexsourceconnection";
    const TITLE: &'static str = "Plex user connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["user", "source"]];
    const KINDS: &'static [&'static str] = &["usersourceconnection", "userplexsourceconnection"];
}
