//! `authentik_sources_oauth.oauthsource`: logins with another provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{GroupMatchingMode, UserMatchingMode};
use crate::models::policies::PolicyEngineMode;
use crate::models::{Concealed, Declared, Ref, kind, yes};

/// Lets people log in with an account elsewhere: at GitHub, at Google, at anything that speaks OAuth or OpenID
/// Connect.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OAuthSource {
    /// What people see on the button that leads to it.
    pub name: String,
    /// Its place in addresses, and the name by which other blueprints find it.
    #[schemars(extend("format" = "slug"), length(max = 50))]
    pub slug: String,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The flow that logs somebody in who is known here already.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow that makes an account for somebody who is not. Without it nobody new comes in.
    #[serde(default)]
    pub enrollment_flow: Option<Ref<kind::Flow>>,
    /// The mappings that make a user of what the source tells.
    #[serde(default)]
    pub user_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// The mappings that make groups of what the source tells.
    #[serde(default)]
    pub group_property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Whether all policies that are bound to it must pass, or any one of them.
    #[serde(default)]
    pub policy_engine_mode: PolicyEngineMode,
    /// How it is decided which user here is meant.
    #[serde(default)]
    pub user_matching_mode: UserMatchingMode,
    /// Where new users stand in the tree of users; `%(slug)s` stands for the slug of the source.
    #[serde(default = "path")]
    pub user_path_template: String,
    /// The picture on its button: an address or a path below `/static/`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub icon: Option<String>,
    /// How it is decided which group here is meant.
    #[serde(default)]
    pub group_matching_mode: GroupMatchingMode,
    /// Where the account is.
    pub provider_type: OAuthProviderType,
    /// Where OAuth 1 begins. Newer ones do not need it.
    #[serde(default)]
    #[schemars(length(max = 255))]
    pub request_token_url: Option<String>,
    /// Where people are sent to. Known kinds of providers need it only when they run on a machine of one's own.
    #[serde(default)]
    #[schemars(length(max = 255))]
    pub authorization_url: Option<String>,
    /// Where the code is exchanged for a token.
    #[serde(default)]
    #[schemars(length(max = 255))]
    pub access_token_url: Option<String>,
    /// Where the user's data is asked for.
    #[serde(default)]
    #[schemars(length(max = 255))]
    pub profile_url: Option<String>,
    /// The name that the provider gave us, its client id.
    pub consumer_key: String,
    /// The secret that it gave us, kept sealed. Take it from the environment or a file, with `!Env` or `!File`.
    #[schemars(with = "String", extend("x-secret" = "sealed"))]
    pub consumer_secret: Option<Concealed>,
    /// Scopes to ask for besides the usual ones, with spaces between them. A `*` before the first replaces the usual
    /// ones.
    #[serde(default)]
    pub additional_scopes: String,
    /// Where the provider describes itself; the addresses above are taken from there.
    #[serde(default)]
    pub oidc_well_known_url: String,
    /// Where the provider's keys are. They check the tokens of programs.
    #[serde(default)]
    pub oidc_jwks_url: String,
    /// The keys themselves, when they cannot be fetched.
    #[serde(default)]
    pub oidc_jwks: Map<String, Json>,
    /// How we prove ourselves when the code is exchanged.
    #[serde(default)]
    pub authorization_code_auth_method: AuthorizationCodeAuthMethod,
}

impl Declared for OAuthSource {
    const NAME: &'static str = "authentik_sources_oauth.oauthsource";
    const TITLE: &'static str = "OAuth source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["source", "oauthsource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}

/// Where an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OAuthProviderType {
    /// Apple.
    Apple,
    /// Anything that speaks OpenID Connect.
    #[serde(rename = "openidconnect")]
    OpenIdConnect,
    /// Microsoft Entra.
    #[serde(rename = "entraid")]
    EntraId,
    /// Microsoft Entra, by its older name.
    #[serde(rename = "azuread")]
    AzureAd,
    /// Discord.
    Discord,
    /// Facebook.
    Facebook,
    /// GitHub, or a GitHub Enterprise server.
    #[serde(rename = "github")]
    GitHub,
    /// GitLab.
    #[serde(rename = "gitlab")]
    GitLab,
    /// Google.
    Google,
    /// Mailcow.
    Mailcow,
    /// Okta.
    Okta,
    /// Patreon.
    Patreon,
    /// Reddit.
    Reddit,
    /// Twitch.
    Twitch,
    /// X, once Twitter.
    Twitter,
}

/// How one proves oneself to a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationCodeAuthMethod {
    /// In a header.
    #[default]
    BasicAuth,
    /// In the body of the request.
    PostBody,
}
