//! A challenge as a page: one template for each component.

use askama::Template;

use super::frame::Frame;
use super::pages::{ErrorPage, RedirectPage};
use super::prompt;
use super::step::{Form, Step, field_errors};
use crate::flow::challenge::{Body, Challenge, ConsentPermission, UserInfo};

#[derive(Template)]
#[template(path = "challenge/identification.html")]
struct Identification<'a> {
    frame: &'a Frame,
    step: Step<'a>,
    asks: bool,
    label: String,
    input_type: &'static str,
    typed: &'a str,
    password: bool,
    focus_password: bool,
    action: &'a str,
    application: Option<&'a str>,
    enroll: Option<&'a str>,
    recovery: Option<&'a str>,
    passwordless: Option<&'a str>,
    uid_errors: Vec<&'a str>,
    password_errors: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "challenge/password.html")]
struct Password<'a> {
    frame: &'a Frame,
    step: Step<'a>,
    recovery: Option<&'a str>,
    errors: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "challenge/consent.html")]
struct Consent<'a> {
    frame: &'a Frame,
    step: Step<'a>,
    header: Option<&'a str>,
    permissions: &'a [ConsentPermission],
    additional: &'a [ConsentPermission],
    token: &'a str,
}

#[derive(Template)]
#[template(path = "challenge/user_login.html")]
struct UserLogin<'a> {
    frame: &'a Frame,
    step: Step<'a>,
}

#[derive(Template)]
#[template(path = "challenge/dummy.html")]
struct Dummy<'a> {
    frame: &'a Frame,
    step: Step<'a>,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "challenge/access_denied.html")]
struct AccessDenied<'a> {
    frame: &'a Frame,
    user: Option<&'a UserInfo>,
    lines: Vec<&'a str>,
    again: &'a str,
}

#[derive(Template)]
#[template(path = "challenge/authenticator_validate.html")]
struct AuthenticatorValidate<'a> {
    frame: &'a Frame,
    user: Option<&'a UserInfo>,
    again: &'a str,
}

/// The page of a challenge.
pub(crate) fn challenge(frame: &Frame, challenge: &Challenge, form: Form<'_>) -> Result<String, askama::Error> {
    match &challenge.body {
        Body::Identification { .. } => identification(frame, challenge, form),
        Body::Password { recovery_url, .. } => Password {
            frame,
            step: Step::new(challenge, form, "ak-stage-password", &["password"]),
            recovery: recovery_url.as_deref(),
            errors: field_errors(challenge, "password"),
        }
        .render(),
        Body::Prompt { fields } => prompt::page(frame, challenge, fields, form),
        Body::Consent { header_text, permissions, additional_permissions, token } => Consent {
            frame,
            step: Step::new(challenge, form, "ak-stage-consent", &[]),
            header: header_text.as_deref(),
            permissions,
            additional: additional_permissions,
            token,
        }
        .render(),
        Body::UserLogin {} => {
            UserLogin { frame, step: Step::new(challenge, form, "ak-stage-user-login", &[]) }.render()
        }
        Body::Dummy { name } => Dummy { frame, step: Step::new(challenge, form, "ak-stage-dummy", &[]), name }.render(),
        Body::AuthenticatorValidate { .. } => {
            AuthenticatorValidate { frame, user: challenge.user.as_ref(), again: form.action }.render()
        }
        Body::AccessDenied { error_message } => {
            let message = error_message.as_deref().unwrap_or("Unknown error");
            AccessDenied { frame, user: challenge.user.as_ref(), lines: message.lines().collect(), again: form.action }
                .render()
        }
        Body::FlowError { request_id, error } => ErrorPage {
            frame,
            title: "Something went wrong",
            text: error.as_deref().unwrap_or("This is our fault, not yours. Nothing was changed."),
            request_id: Some(request_id),
            again: Some(form.action),
        }
        .render(),
        Body::Redirect { to } => RedirectPage { frame, to, host: to }.render(),
    }
}

fn identification(frame: &Frame, challenge: &Challenge, form: Form<'_>) -> Result<String, askama::Error> {
    let Body::Identification {
        user_fields,
        password_fields,
        application_pre,
        enroll_url,
        recovery_url,
        passwordless_url,
        primary_action,
        ..
    } = &challenge.body
    else {
        return Err(askama::Error::Fmt);
    };
    let fields = user_fields.as_deref().unwrap_or_default();
    let typed = form.typed.get("uid_field").map(String::as_str).unwrap_or_default();
    let uid_errors = field_errors(challenge, "uid_field");
    Identification {
        frame,
        step: Step::new(challenge, form, "ak-stage-identification", &["uid_field", "password"]),
        asks: !fields.is_empty(),
        label: identifier_label(fields),
        input_type: if matches!(fields, [only] if only == "email") { "email" } else { "text" },
        typed,
        password: *password_fields,
        focus_password: *password_fields && !typed.is_empty() && uid_errors.is_empty(),
        action: primary_action,
        application: application_pre.as_deref(),
        enroll: enroll_url.as_deref(),
        recovery: recovery_url.as_deref(),
        passwordless: passwordless_url.as_deref(),
        uid_errors,
        password_errors: field_errors(challenge, "password"),
    }
    .render()
}

/// `E-mail or user name`, for what may be typed.
fn identifier_label(fields: &[String]) -> String {
    let name = |field: &String| match field.as_str() {
        "email" => "E-mail address",
        "username" => "User name",
        "upn" => "User principal name",
        _ => "Identifier",
    };
    let mut names: Vec<&str> = fields.iter().map(name).collect();
    names.sort_unstable_by_key(|name| std::cmp::Reverse(name.starts_with("User name")));
    match names.split_first() {
        None => String::new(),
        Some((first, rest)) => {
            rest.iter().fold((*first).to_owned(), |label, name| format!("{label} or {}", lower_first(name)))
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
