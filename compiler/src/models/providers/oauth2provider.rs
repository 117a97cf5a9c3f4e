//! `authentik_providers_oauth2.oauth2provider`: applications that speak OpenID Connect.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, Duration, IntRef, Ref, kind, yes};

/// Logs people in to an application that speaks OpenID Connect or OAuth 2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OAuth2Provider {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The flow in which somebody logs in who opens the application and is not logged in yet. Without it the brand's
    /// flow is used.
    #[serde(default)]
    pub authentication_flow: Option<Ref<kind::Flow>>,
    /// The flow that everybody goes through on the way to the application, such as one that asks for consent.
    pub authorization_flow: Ref<kind::Flow>,
    /// The flow that ends the session when somebody logs out of the application.
    pub invalidation_flow: Ref<kind::Flow>,
    /// The scopes that the application may ask for, as scope mappings. One that is not in the list gives nothing.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Whether the application can keep a secret.
    #[serde(default)]
    pub client_type: ClientType,
    /// The name of the application in the protocol. Without one a random name is made.
    #[serde(default)]
    #[schemars(with = "String", length(max = 255), extend("x-generated" = true))]
    pub client_id: Option<String>,
    /// The secret that a confidential application proves itself with, kept sealed. Without one a random secret is
    /// made. Take it from the environment or a file, with `!Env` or `!File`.
    #[serde(default)]
    #[schemars(with = "String", length(max = 255), extend("x-secret" = "sealed", "x-generated" = true))]
    pub client_secret: Option<Concealed>,
    /// How long the code is good for that the application exchanges for tokens.
    #[serde(default = "a_minute")]
    pub access_code_validity: Duration,
    /// How long an access token is good for, such as `minutes=10`.
    #[serde(default = "an_hour")]
    pub access_token_validity: Duration,
    /// How long a refresh token is good for. Using it gives a new one with the full time.
    #[serde(default = "a_month")]
    pub refresh_token_validity: Duration,
    /// Put what the scopes give into the id token too, for applications that do not ask for the user's data.
    #[serde(default = "yes")]
    pub include_claims_in_id_token: bool,
    /// The key that signs tokens. Without one they are signed with the client secret.
    #[serde(default)]
    pub signing_key: Option<Ref<kind::CertificateKeyPair>>,
    /// The key that encrypts tokens. Without one they are signed only.
    #[serde(default)]
    pub encryption_key: Option<Ref<kind::CertificateKeyPair>>,
    /// Where people may be sent back to. An empty list takes the first address that is used, for good.
    #[schemars(extend("x-form" = "write a list: `- {matching_mode: strict, url: https://app.example.org/callback}` (a text was the form before 2024.12)"))]
    pub redirect_uris: Vec<RedirectUri>,
    /// Where the application is told that a session ended.
    #[serde(default)]
    pub backchannel_logout_uri: String,
    /// What the application knows a user by, the claim `sub`. Changing it makes everybody a stranger there.
    #[serde(default)]
    pub sub_mode: SubMode,
    /// What tokens call their issuer.
    #[serde(default)]
    pub issuer_mode: IssuerMode,
    /// Sources whose tokens programs may exchange for one of this provider. `jwks_sources` is an older name of it.
    #[serde(default)]
    pub jwt_federation_sources: Vec<Ref<kind::OAuthSource>>,
    /// Providers whose tokens programs may exchange for one of this provider.
    #[serde(default)]
    pub jwt_federation_providers: Vec<IntRef<kind::OAuth2Provider>>,
}

impl Declared for OAuth2Provider {
    const NAME: &'static str = "authentik_providers_oauth2.oauth2provider";
    const TITLE: &'static str = "OAuth2 provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"], &["client_id"]];
    const KINDS: &'static [&'static str] = &["provider", "oauth2provider"];
}

fn a_minute() -> Duration {
    Duration::minutes(1)
}

fn an_hour() -> Duration {
    Duration::hours(1)
}

fn a_month() -> Duration {
    Duration::days(30)
}

/// An address that people may be sent back to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RedirectUri {
    /// How `url` is compared.
    pub matching_mode: MatchingMode,
    /// The address, or the expression that it must match.
    pub url: String,
}

/// How an address is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchingMode {
    /// It must be the same, letter by letter.
    Strict,
    /// It must match a regular expression, as a whole.
    Regex,
}

/// Whether an application can keep a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientType {
    /// It can: it runs on a server.
    #[default]
    Confidential,
    /// It cannot: it runs in a browser or on a device.
    Public,
}

/// What an application knows a user by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubMode {
    /// A digest of the user's number, which tells nothing.
    #[default]
    HashedUserId,
    /// The user's number.
    UserId,
    /// The user's UUID.
    UserUuid,
    /// The user name. It may change, and then the application takes the user for another one.
    UserUsername,
    /// The e-mail address. It may change as well, and two users may have the same.
    UserEmail,
    /// The user principal name, from the attribute `upn`.
    UserUpn,
}

/// What tokens call their issuer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IssuerMode {
    /// The same for all providers.
    Global,
    /// One name for each provider, with the slug of its application.
    #[default]
    PerProvider,
}
