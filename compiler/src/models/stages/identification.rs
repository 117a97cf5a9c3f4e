//! `authentik_stages_identification.identificationstage`: who is there?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::models::{Declared, Ref, SchemaError, kind, yes};

/// Asks who the visitor is, and offers the ways to log in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct IdentificationStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// What a visitor may type in. With an empty list only sources are offered.
    #[serde(default)]
    pub user_fields: Vec<UserField>,
    /// A password stage whose field is shown on the same page; the flow then needs no page of its own for it.
    #[serde(default)]
    pub password_stage: Option<Ref<kind::PasswordStage>>,
    /// A captcha stage that is shown on the same page.
    #[serde(default)]
    pub captcha_stage: Option<Ref<kind::CaptchaStage>>,
    /// Take `Ada` and `ada` for the same user.
    #[serde(default = "yes")]
    pub case_insensitive_matching: bool,
    /// Show the name and the picture of the user who was found. Otherwise the next pages repeat what was typed in.
    #[serde(default = "yes")]
    pub show_matched_user: bool,
    /// The flow behind the link for those without an account.
    #[serde(default)]
    pub enrollment_flow: Option<Ref<kind::Flow>>,
    /// The flow behind the link for those who forgot their password.
    #[serde(default)]
    pub recovery_flow: Option<Ref<kind::Flow>>,
    /// The flow behind the link for logging in with a security key alone.
    #[serde(default)]
    pub passwordless_flow: Option<Ref<kind::Flow>>,
    /// The sources that are offered, in this order.
    #[serde(default)]
    pub sources: Vec<Ref<kind::Source>>,
    /// Show the name of each source beside its picture.
    #[serde(default)]
    pub show_source_labels: bool,
    /// Go on with a user that does not exist, so that nobody can find out who has an account.
    #[serde(default = "yes")]
    pub pretend_user_exists: bool,
    /// Offer to keep what was typed in for the next time, in the browser.
    #[serde(default)]
    pub enable_remember_me: bool,
}

impl Declared for IdentificationStage {
    const NAME: &'static str = "authentik_stages_identification.identificationstage";
    const TITLE: &'static str = "identification stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "identificationstage"];

    fn check(attrs: &Map<String, Json>) -> Vec<SchemaError> {
        let empty = |name: &str| attrs.get(name).and_then(Json::as_array).is_some_and(Vec::is_empty);
        if empty("user_fields") && empty("sources") {
            return vec![SchemaError {
                pointer: "/user_fields".to_owned(),
                message: "nobody could identify themselves: there is no field and no source".to_owned(),
                help: Some("add `username` to `user_fields`, or a source to `sources`".to_owned()),
            }];
        }
        Vec::new()
    }
}

/// What a visitor can be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserField {
    /// The e-mail address.
    Email,
    /// The user name.
    Username,
    /// The user principal name, kept in the attribute `upn`.
    Upn,
}
