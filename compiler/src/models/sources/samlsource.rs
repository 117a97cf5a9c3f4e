//! `authentik_sources_saml.samlsource`: logins with a SAML identity provider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupMatchingMode, UserMatchingMode};
use crate::models::policies::PolicyEngineMode;
use crate::models::saml::{DigestAlgorithm, NameIdPolicy, SignatureAlgorithm};
use crate::models::{Declared, Duration, Ref, kind, yes};

/// Lets people log in with an identity provider that speaks SAML 2.0.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SamlSource {
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
    /// The flow before people are sent away, such as one that shows where they go.
    pub pre_authentication_flow: Ref<kind::Flow>,
    /// What we call ourselves there, our entity id. Without it the address of the metadata.
    #[serde(default)]
    #[schemars(with = "String")]
    pub issuer: Option<String>,
    /// Where people are sent to log in.
    #[schemars(extend("format" = "web-address"))]
    pub sso_url: String,
    /// Where people are sent to log out.
    #[serde(default)]
    #[schemars(extend("format" = "web-address"))]
    pub slo_url: Option<String>,
    /// Take a login that nobody here asked for. Somebody may be logged in as another one by that.
    #[serde(default)]
    pub allow_idp_initiated: bool,
    /// The format in which the name of the user is asked for.
    #[serde(default = "persistent")]
    pub name_id_policy: NameIdPolicy,
    /// How the request reaches the identity provider.
    #[serde(default)]
    pub binding_type: SamlBindingType,
    /// The certificate that its answers must be signed with. Without one unsigned answers are taken.
    #[serde(default)]
    pub verification_kp: Option<Ref<kind::CertificateKeyPair>>,
    /// The key that signs our requests. Without one they are not signed.
    #[serde(default)]
    pub signing_kp: Option<Ref<kind::CertificateKeyPair>>,
    /// How what is signed is digested.
    #[serde(default)]
    pub digest_algorithm: DigestAlgorithm,
    /// How it is signed.
    #[serde(default)]
    pub signature_algorithm: SignatureAlgorithm,
    /// When users are deleted that were made for a transient name, unless they log out before.
    #[serde(default = "a_day")]
    pub temporary_user_delete_after: Duration,
    /// The key that opens answers which are encrypted for us.
    #[serde(default)]
    pub encryption_kp: Option<Ref<kind::CertificateKeyPair>>,
}

impl Declared for SamlSource {
    const NAME: &'static str = "authentik_sources_saml.samlsource";
    const TITLE: &'static str = "SAML source";
    const KEYS: &'static [&'static [&'static str]] = &[&["slug"]];
    const KINDS: &'static [&'static str] = &["source", "samlsource", "policybindingmodel"];
}

fn path() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}

fn persistent() -> NameIdPolicy {
    NameIdPolicy::Persistent
}

fn a_day() -> Duration {
    Duration::days(1)
}

/// How a request reaches an identity provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SamlBindingType {
    /// In the address that the browser is sent to.
    #[default]
    Redirect,
    /// In a form that somebody sends with a click.
    Post,
    /// In a form that sends itself.
    PostAuto,
}
