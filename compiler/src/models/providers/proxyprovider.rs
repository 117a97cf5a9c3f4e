//! `authentik_providers_proxy.proxyprovider`: applications that know nothing of logins.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Declared, Duration, IntRef, Ref, kind, yes};

/// Puts a login in front of an application that has none. An outpost of the type `proxy` serves it, or a web server
/// that asks the outpost.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProxyProvider {
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
    /// The scopes whose claims the application learns as headers.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Where the application answers, for the mode `proxy`, such as `http://app:8080`.
    #[serde(default)]
    #[schemars(extend("format" = "web-address"))]
    pub internal_host: String,
    /// Where people open it. In the mode `forward_domain` it is the address of the login itself.
    #[schemars(extend("format" = "web-address"))]
    pub external_host: String,
    /// Refuse `internal_host` when its certificate is not trusted.
    #[serde(default = "yes")]
    pub internal_host_ssl_validation: bool,
    /// The certificate, with its key, for `external_host`.
    #[serde(default)]
    pub certificate: Option<Ref<kind::CertificateKeyPair>>,
    /// Paths that are open to everybody: regular expressions, one a line.
    #[serde(default)]
    pub skip_path_regex: String,
    /// Log in to the application itself with a name and a password from the user's attributes.
    #[serde(default)]
    pub basic_auth_enabled: bool,
    /// The attribute that holds that password.
    #[serde(default)]
    pub basic_auth_password_attribute: String,
    /// The attribute that holds that name. Without it the e-mail address is sent.
    #[serde(default)]
    pub basic_auth_user_attribute: String,
    /// What stands between people and the application.
    #[serde(default)]
    pub mode: ProxyMode,
    /// Let programs in that send a token in the header `Authorization`, instead of handing that on.
    #[serde(default = "yes")]
    pub intercept_header_auth: bool,
    /// The domain whose applications share one login, in the mode `forward_domain`.
    #[serde(default)]
    pub cookie_domain: String,
    /// Sources whose tokens programs may exchange for one of this provider. `jwks_sources` is an older name of it.
    #[serde(default)]
    pub jwt_federation_sources: Vec<Ref<kind::OAuthSource>>,
    /// Providers whose tokens programs may exchange for one of this provider.
    #[serde(default)]
    pub jwt_federation_providers: Vec<IntRef<kind::OAuth2Provider>>,
    /// How long an access token is good for, such as `minutes=10`.
    #[serde(default = "an_hour")]
    pub access_token_validity: Duration,
    /// How long a refresh token is good for. Using it gives a new one with the full time.
    #[serde(default = "a_month")]
    pub refresh_token_validity: Duration,
}

impl Declared for ProxyProvider {
    const NAME: &'static str = "authentik_providers_proxy.proxyprovider";
    const TITLE: &'static str = "proxy provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "oauth2provider", "proxyprovider"];
}

fn an_hour() -> Duration {
    Duration::hours(1)
}

fn a_month() -> Duration {
    Duration::days(30)
}

/// What stands between people and an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProxyMode {
    /// The outpost itself, which hands requests on to `internal_host`.
    #[default]
    Proxy,
    /// A web server that asks the outpost for each request to this application.
    ForwardSingle,
    /// A web server that asks the outpost for each request to any application of `cookie_domain`.
    ForwardDomain,
}
