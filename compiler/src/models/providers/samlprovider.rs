//! `authentik_providers_saml.samlprovider`: applications that speak SAML.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::saml::{DigestAlgorithm, NameIdPolicy, SignatureAlgorithm};
use crate::models::{Declared, Offset, Ref, kind, yes};

/// Logs people in to an application that speaks SAML 2.0.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SamlProvider {
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
    /// The mappings that say what the application learns.
    #[serde(default)]
    pub property_mappings: Vec<Ref<kind::PropertyMapping>>,
    /// Where the answer is sent: the assertion consumer service of the application.
    #[schemars(extend("format" = "web-address"))]
    pub acs_url: String,
    /// Whom the answer is for, most often the entity id of the application.
    #[serde(default)]
    pub audience: String,
    /// What the answer calls its issuer.
    #[serde(default = "issuer")]
    pub issuer: String,
    /// From when on an answer is good, counted from now. A little before now helps clocks that run behind.
    #[serde(default = "five_minutes_ago")]
    pub assertion_valid_not_before: Offset,
    /// Until when an answer is good, counted from now.
    #[serde(default = "five_minutes")]
    pub assertion_valid_not_on_or_after: Offset,
    /// Until when the session of the application is good, counted from now.
    #[serde(default = "two_months")]
    pub session_valid_not_on_or_after: Offset,
    /// The mapping that gives the name of the user. Without it the format that was asked for decides.
    #[serde(default)]
    pub name_id_mapping: Option<Ref<kind::SamlPropertyMapping>>,
    /// The mapping that says how the user logged in. Without it the proofs of the login decide.
    #[serde(default)]
    pub authn_context_class_ref_mapping: Option<Ref<kind::SamlPropertyMapping>>,
    /// How what is signed is digested.
    #[serde(default)]
    pub digest_algorithm: DigestAlgorithm,
    /// How it is signed.
    #[serde(default)]
    pub signature_algorithm: SignatureAlgorithm,
    /// The key that signs answers. Without one they are not signed.
    #[serde(default)]
    pub signing_kp: Option<Ref<kind::CertificateKeyPair>>,
    /// The certificate that requests of the application must be signed with. Without one any request is taken.
    #[serde(default)]
    pub verification_kp: Option<Ref<kind::CertificateKeyPair>>,
    /// The certificate that answers are encrypted for. Without one they are not.
    #[serde(default)]
    pub encryption_kp: Option<Ref<kind::CertificateKeyPair>>,
    /// Sign the statement about the user.
    #[serde(default = "yes")]
    pub sign_assertion: bool,
    /// Sign the answer as a whole.
    #[serde(default)]
    pub sign_response: bool,
    /// How the answer reaches the application.
    #[serde(default)]
    pub sp_binding: ServiceProviderBinding,
    /// Where the application should lead people when it did not say so itself.
    #[serde(default)]
    pub default_relay_state: String,
    /// The format of the name where the application asks for none.
    #[serde(default = "unspecified")]
    pub default_name_id_policy: NameIdPolicy,
}

impl Declared for SamlProvider {
    const NAME: &'static str = "authentik_providers_saml.samlprovider";
    const TITLE: &'static str = "SAML provider";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["provider", "samlprovider"];
}

fn issuer() -> String {
    "authentik".to_owned()
}

fn five_minutes_ago() -> Offset {
    Offset::minutes(-5)
}

fn five_minutes() -> Offset {
    Offset::minutes(5)
}

fn two_months() -> Offset {
    Offset::minutes(86400)
}

fn unspecified() -> NameIdPolicy {
    NameIdPolicy::Unspecified
}

/// How an answer reaches an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceProviderBinding {
    /// In the address that the browser is sent to.
    #[default]
    Redirect,
    /// In a form that the browser sends.
    Post,
}
