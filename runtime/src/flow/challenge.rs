//! Challenges: what a flow asks of the person next. One value, two renderers (JSON in `http/`, HTML in `ui/`).
//!
//! Field names are the wire names; absent optional members are left out, not null (facts/flow-runtime 2).

use std::collections::BTreeMap;

use serde::Serialize;

/// A challenge with everything common to all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Challenge {
    /// About the flow; left out by `ak-stage-flow-error` and `xak-flow-redirect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_info: Option<FlowInfo>,
    /// What is asked, tagged by `component`.
    #[serde(flatten)]
    pub body: Body,
    /// After an invalid answer: field (or `non_field_errors`) to errors.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub response_errors: BTreeMap<String, Vec<FieldError>>,
    /// Who is logging in, for the challenges that show it.
    #[serde(flatten)]
    pub user: Option<UserInfo>,
}

/// About the flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlowInfo {
    /// Title, placeholders filled.
    pub title: String,
    /// URL of the background picture.
    pub background: String,
    /// `/flows/-/cancel/`
    pub cancel_url: String,
    /// stacked, content_left, …
    pub layout: String,
}

/// An error of one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    /// Text for the person.
    pub string: String,
    /// Stable code: required, blank, invalid, …
    pub code: String,
}

/// Who is logging in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UserInfo {
    /// User name, or what was typed.
    pub pending_user: String,
    /// `data:image/svg+xml;base64,…` with initials.
    pub pending_user_avatar: String,
}

/// One prompt as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PromptField {
    /// Key of the answer.
    pub field_key: String,
    /// Label.
    pub label: String,
    /// text, username, email, password, checkbox, hidden, static, ak-locale, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it must be filled.
    pub required: bool,
    /// Shown in the empty input.
    pub placeholder: String,
    /// Value at first, as text.
    pub initial_value: String,
    /// Position.
    pub order: i64,
    /// Small print.
    pub sub_text: String,
    /// Of the choice types; null for the others.
    pub choices: Option<Vec<String>>,
}

/// A permission of a consent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConsentPermission {
    /// Text.
    pub name: String,
    /// Scope.
    pub id: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "component")]
pub enum Body {
    /// Who are you?
    #[serde(rename = "ak-stage-identification")]
    Identification {
        /// email, username, upn; null when none.
        user_fields: Option<Vec<String>>,
        /// Whether the password is asked here too.
        password_fields: bool,
        /// Whether it can be made visible.
        allow_show_password: bool,
        /// Name of the application that is being opened.
        #[serde(skip_serializing_if = "Option::is_none")]
        application_pre: Option<String>,
        /// Designation of the flow.
        flow_designation: String,
        /// Always null until captchas come.
        captcha_stage: Option<serde_json::Value>,
        /// Links.
        #[serde(skip_serializing_if = "Option::is_none")]
        enroll_url: Option<String>,
        /// Links.
        #[serde(skip_serializing_if = "Option::is_none")]
        recovery_url: Option<String>,
        /// Links.
        #[serde(skip_serializing_if = "Option::is_none")]
        passwordless_url: Option<String>,
        /// `Log in` or `Continue`.
        primary_action: String,
        /// Outside sources.
        sources: Vec<serde_json::Value>,
        /// Whether they are labelled.
        show_source_labels: bool,
        /// Whether the browser may remember the identifier.
        enable_remember_me: bool,
    },
    /// The password.
    #[serde(rename = "ak-stage-password")]
    Password {
        /// Link.
        #[serde(skip_serializing_if = "Option::is_none")]
        recovery_url: Option<String>,
        /// Whether it can be made visible.
        allow_show_password: bool,
    },
    /// Prompts.
    #[serde(rename = "ak-stage-prompt")]
    Prompt {
        /// In their order.
        fields: Vec<PromptField>,
    },
    /// Agreement; also the one-click step of links.
    #[serde(rename = "ak-stage-consent")]
    Consent {
        /// Text above.
        #[serde(skip_serializing_if = "Option::is_none")]
        header_text: Option<String>,
        /// Asked for.
        permissions: Vec<ConsentPermission>,
        /// Asked for besides what was agreed to before.
        additional_permissions: Vec<ConsentPermission>,
        /// To be sent back.
        token: String,
    },
    /// Stay signed in?
    #[serde(rename = "ak-stage-user-login")]
    UserLogin {},
    /// For tests of flows.
    #[serde(rename = "ak-stage-dummy")]
    Dummy {
        /// Name of the stage.
        name: String,
    },
    /// The second factor (its answers come with the devices).
    #[serde(rename = "ak-stage-authenticator-validate")]
    AuthenticatorValidate {
        /// Devices.
        device_challenges: Vec<serde_json::Value>,
        /// Stages that set one up.
        configuration_stages: Vec<serde_json::Value>,
    },
    /// No.
    #[serde(rename = "ak-stage-access-denied")]
    AccessDenied {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        error_message: Option<String>,
    },
    /// Something broke; the log has the id.
    #[serde(rename = "ak-stage-flow-error")]
    FlowError {
        /// For the log.
        request_id: String,
        /// For those who may see it.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// Go there.
    #[serde(rename = "xak-flow-redirect")]
    Redirect {
        /// Where.
        to: String,
    },
}
