//! `authentik_stages_captcha.captchastage`: is it a person?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::models::{Concealed, Declared, yes};

/// Has the visitor's browser solve a captcha and asks the service whether it did. Any service with the interface of
/// reCAPTCHA can be used, such as hCaptcha or Turnstile.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CaptchaStage {
    /// Its name, by which other blueprints find it.
    pub name: String,
    /// The site key that the service handed out; the browser sees it.
    pub public_key: String,
    /// The secret key that the service handed out, kept sealed and never shown. Take it from the environment or a file, with
    /// `!Env` or `!File`.
    #[schemars(required, extend("x-secret" = "sealed"))]
    pub private_key: Option<Concealed>,
    /// The service's script, which the browser loads.
    #[serde(default = "script")]
    #[schemars(extend("format" = "address"))]
    pub js_url: String,
    /// The service's address for checking what the browser brought.
    #[serde(default = "verification")]
    #[schemars(extend("format" = "address"))]
    pub api_url: String,
    /// Show the captcha even where it could stay invisible: some services ask the visitor to do something.
    #[serde(default)]
    pub interactive: bool,
    /// The lowest score that passes, from 0 (surely a robot) to 1 (surely a person). -1 sets no lower bound.
    #[serde(default = "half")]
    pub score_min_threshold: f64,
    /// The highest score that passes. -1 sets no upper bound.
    #[serde(default = "whole")]
    pub score_max_threshold: f64,
    /// Stop the visitor when the score is out of bounds. When this is false, the flow goes on and its policies can look at
    /// the result in `context["captcha"]`.
    #[serde(default = "yes")]
    pub error_on_invalid_score: bool,
}

fn script() -> String {
    "https://www.recaptcha.net/recaptcha/api.js".to_owned()
}

fn verification() -> String {
    "https://www.recaptcha.net/recaptcha/api/siteverify".to_owned()
}

fn half() -> f64 {
    0.5
}

fn whole() -> f64 {
    1.0
}

impl Declared for CaptchaStage {
    const NAME: &'static str = "authentik_stages_captcha.captchastage";
    const TITLE: &'static str = "captcha stage";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];
    const KINDS: &'static [&'static str] = &["stage", "captchastage"];
}
