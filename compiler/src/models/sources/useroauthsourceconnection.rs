//! `authentik_sources_oauth.useroauthsourceconnection`: who a user is at a source.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, IntRef, Ref, kind};

/// Says who a user is at an OAuth source, so that the source can log the user in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserOauthSourceConnection {
    /// The user.
    pub user: IntRef<kind::User>,
    /// The source.
    pub source: Ref<kind::Source>,
    /// What the provider knows the user by.
    pub identifier: String,
    /// The token that the provider gave out for the user, kept sealed.
    #[serde(default)]
    #[schemars(extend("x-secret" = "sealed"))]
    pub access_token: Option<Concealed>,
    /// Until when that token is good, such as `2030-01-31T12:00:00Z`. Without it, until now.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub expires: Option<Timestamp>,
    /// The picture of the source, which the server shows; writing it changes nothing.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
}

impl Declared for UserOauthSourceConnection {
    const NAME: &'static str = "authentik_sources_oauth.useroauthsourceconnection";
    const TITLE: &'static str = "OAuth user connection";
    const KEYS: &'static [&'static [&'static str]] = &[&["user", "source"]];
    const KINDS: &'static [&'static str] = &["usersourceconnection", "useroauthsourceconnection"];
}
