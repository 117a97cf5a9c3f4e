//! `authentik_core.token`: a key by which a program acts for a user.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, IntRef, Storage, kind, yes};

/// A key by which a program acts for a user.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Token {
    /// Marks a token that the server looks after itself.
    #[serde(default)]
    pub managed: Option<String>,
    /// Its name, by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 255))]
    pub identifier: String,
    /// What it is good for.
    #[serde(default)]
    pub intent: TokenIntent,
    /// The user that it acts for.
    pub user: IntRef<kind::User>,
    /// What it is kept for.
    #[serde(default)]
    pub description: String,
    /// When it stops working, such as `2030-01-31T12:00:00Z`.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires: Option<Timestamp>,
    /// Whether it ever stops working.
    #[serde(default = "yes")]
    pub expiring: bool,
    /// The key itself; only a hash of it is kept. Without one a random key is made. Take it from the environment or a file,
    /// with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", extend("x-secret" = "hashed", "x-generated" = true))]
    pub key: Option<Concealed>,
}

impl Declared for Token {
    const NAME: &'static str = "authentik_core.token";
    const TITLE: &'static str = "token";
    const KEYS: &'static [&'static [&'static str]] = &[&["identifier"], &["managed"]];
    const KINDS: &'static [&'static str] = &["token"];
    const STORAGE: Storage = Storage::Token;
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenIntent {
    /// One step of a flow, such as a link in an e-mail.
    #[default]
    Verification,
    /// The API.
    Api,
    /// Getting back in once.
    Recovery,
    /// Logging in as the user with a program that knows nothing but passwords.
    AppPassword,
}
