//! Every page, rendered and compared with its snapshot. `GATEWRIGHT_PAGES=dir` writes them out for a browser.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use askama::Template as _;

use super::{BrandLook, ErrorPage, Form, Frame, RedirectPage, SignedInPage, challenge};
use crate::flow::challenge::{Body, Challenge, ConsentPermission, FieldError, FlowInfo, PromptField, UserInfo};

const AVATAR: &str = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA2NCA2NCI+PHJlY3Qgd2lkdGg9IjY0IiBoZWlnaHQ9IjY0IiBmaWxsPSIjN2E0YTJhIi8+PHRleHQgeD0iMzIiIHk9IjQxIiBmb250LXNpemU9IjI2IiB0ZXh0LWFuY2hvcj0ibWlkZGxlIiBmaWxsPSIjZmZmIiBmb250LWZhbWlseT0ic2Fucy1zZXJpZiI+QUw8L3RleHQ+PC9zdmc+";

fn frame() -> Frame {
    let look = BrandLook { title: "Gatewright".into(), ..BrandLook::default() };
    Frame { stylesheet: "/static/gatewright.css", ..Frame::new(&look, None, None) }
}

fn of(title: &str, body: Body) -> Challenge {
    let flow_info = FlowInfo {
        title: title.into(),
        background: String::new(),
        cancel_url: "/flows/-/cancel/".into(),
        layout: "stacked".into(),
    };
    Challenge { flow_info: Some(flow_info), body, response_errors: BTreeMap::new(), user: None }
}

fn with_user(challenge: Challenge) -> Challenge {
    let user = UserInfo { pending_user: "ada.lovelace".into(), pending_user_avatar: AVATAR.into() };
    Challenge { user: Some(user), ..challenge }
}

fn with_error(mut challenge: Challenge, field: &str, text: &str) -> Challenge {
    let error = FieldError { string: text.into(), code: "invalid".into() };
    challenge.response_errors.entry(field.into()).or_default().push(error);
    challenge
}

fn show(name: &str, page: &Challenge, typed: &[(&str, &str)]) -> String {
    let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let form = Form { action: "/if/flow/a-flow/?next=%2F", csrf: "c5f0", typed: &typed };
    keep(name, challenge(&frame(), page, form).unwrap())
}

/// Writes a page where someone wants to look at it, with the assets' paths made relative.
fn keep(name: &str, page: String) -> String {
    if let Some(folder) = std::env::var_os("GATEWRIGHT_PAGES") {
        let local = page.replace("/static/", "assets/");
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), local).unwrap();
    }
    page
}

fn identification(password: bool) -> Challenge {
    of(
        "Welcome to Gatewright!",
        Body::Identification {
            user_fields: Some(vec!["email".into(), "username".into()]),
            password_fields: password,
            allow_show_password: false,
            application_pre: password.then(|| "Wiki <b>".into()),
            flow_designation: "authentication".into(),
            captcha_stage: None,
            enroll_url: password.then(|| "/if/flow/enrol/".into()),
            recovery_url: Some("/if/flow/recovery/".into()),
            passwordless_url: None,
            primary_action: "Log in".into(),
            sources: Vec::new(),
            show_source_labels: false,
            enable_remember_me: false,
        },
    )
}

fn prompt(kind: &str, key: &str, label: &str) -> PromptField {
    PromptField {
        field_key: key.into(),
        label: label.into(),
        kind: kind.into(),
        required: true,
        placeholder: String::new(),
        initial_value: String::new(),
        order: 0,
        sub_text: String::new(),
        choices: None,
    }
}

fn every_prompt() -> Vec<PromptField> {
    vec![
        PromptField {
            initial_value: "Please fill this in.\nIt is <quick>.".into(),
            ..prompt("static", "intro", "About this form")
        },
        PromptField { placeholder: "ada".into(), ..prompt("username", "username", "User name") },
        PromptField { sub_text: "Only used to reach you.".into(), ..prompt("email", "email", "E-mail address") },
        prompt("password", "password", "Password"),
        PromptField { required: false, ..prompt("number", "age", "Age") },
        prompt("separator", "line", ""),
        PromptField { sub_text: "You can change this later.".into(), ..prompt("checkbox", "news", "Send me news") },
        PromptField {
            choices: Some(vec!["red".into(), "blue".into()]),
            initial_value: "blue".into(),
            ..prompt("radio-button-group", "colour", "Colour")
        },
        PromptField { choices: Some(vec!["s".into(), "m".into()]), ..prompt("dropdown", "size", "Size") },
        PromptField { required: false, ..prompt("ak-locale", "attributes.settings.locale", "Language") },
        PromptField { required: false, ..prompt("text_area", "about", "About you") },
        PromptField { initial_value: "staff".into(), ..prompt("text_read_only", "kind", "Kind of account") },
        PromptField { required: false, ..prompt("date", "born", "Born") },
        PromptField { required: false, ..prompt("date-time", "from", "From") },
        PromptField { initial_value: "x\"y".into(), ..prompt("hidden", "trace", "") },
    ]
}

#[test]
fn identification_page() {
    insta::assert_snapshot!(show("identification", &identification(false), &[]));
    let wrong = with_error(identification(false), "uid_field", "This field may not be blank.");
    insta::assert_snapshot!("identification_blank", show("identification_blank", &wrong, &[]));
}

#[test]
fn identification_page_with_password() {
    let wrong = with_error(identification(true), "non_field_errors", "Failed to authenticate.");
    insta::assert_snapshot!(show(
        "identification_password",
        &wrong,
        &[("uid_field", "ada\"><script>"), ("password", "x")]
    ));
}

#[test]
fn password_page() {
    let body = Body::Password { recovery_url: Some("/if/flow/recovery/".into()), allow_show_password: false };
    let page = with_user(of("Welcome to Gatewright!", body));
    insta::assert_snapshot!(show("password", &page, &[]));
    let wrong = with_error(page, "password", "Invalid password");
    let shown = show("password_wrong", &wrong, &[("password", "hunter2")]);
    assert!(!shown.contains("hunter2"));
    insta::assert_snapshot!("password_wrong", shown);
}

#[test]
fn prompt_page() {
    let page = of("Tell us about you", Body::Prompt { fields: every_prompt() });
    insta::assert_snapshot!(show("prompt", &page, &[]));
    let wrong = with_error(page, "email", "Enter a valid email address.");
    let wrong = with_error(wrong, "trace", "This field is required.");
    let typed = [("username", "grace"), ("email", "nowhere"), ("password", "hunter2"), ("news", "true")];
    let shown = show("prompt_wrong", &wrong, &typed);
    assert!(!shown.contains("hunter2"));
    insta::assert_snapshot!("prompt_wrong", shown);
}

#[test]
fn consent_page() {
    let permission = |name: &str| ConsentPermission { name: name.into(), id: "x".into() };
    let body = Body::Consent {
        header_text: Some("Wiki wants to know who you are.".into()),
        permissions: vec![permission("Your name and picture")],
        additional_permissions: vec![permission("Your e-mail address")],
        token: "t0ken".into(),
    };
    insta::assert_snapshot!(show("consent", &with_user(of("Redirecting to Wiki", body)), &[]));
}

#[test]
fn other_challenges() {
    insta::assert_snapshot!("user_login", show("user_login", &with_user(of("Welcome!", Body::UserLogin {})), &[]));
    insta::assert_snapshot!("dummy", show("dummy", &of("A test", Body::Dummy { name: "a-dummy".into() }), &[]));
    let denied = Body::AccessDenied { error_message: Some("No.\nNot <you>.".into()) };
    insta::assert_snapshot!("access_denied", show("access_denied", &with_user(of("Log in", denied)), &[]));
    let second = Body::AuthenticatorValidate { device_challenges: Vec::new(), configuration_stages: Vec::new() };
    insta::assert_snapshot!("authenticator_validate", show("authenticator_validate", &of("Log in", second), &[]));
    let error = Body::FlowError { request_id: "8c1f".into(), error: None };
    insta::assert_snapshot!("flow_error", show("flow_error", &of("Log in", error), &[]));
}

#[test]
fn other_pages() {
    let frame = frame();
    let to = "https://wiki.example/?a=1&b=%22";
    let redirect = RedirectPage { frame: &frame, to, host: "wiki.example" }.render().unwrap();
    insta::assert_snapshot!("redirect", keep("redirect", redirect));
    let page = ErrorPage {
        frame: &frame,
        title: "Page not found",
        text: "There is nothing at this address.",
        request_id: None,
        again: None,
    };
    insta::assert_snapshot!("not_found", keep("not_found", page.render().unwrap()));
    let page = SignedInPage {
        frame: &frame,
        name: "Ada Lovelace",
        username: "ada.lovelace",
        email: "ada@example.org",
        avatar: AVATAR,
        groups: &["Engineers".into(), "Poets".into()],
        password_url: Some("/if/flow/default-password-change/"),
        settings_url: Some("/if/flow/default-user-settings-flow/"),
        logout_url: "/flows/-/default/invalidation/",
    };
    insta::assert_snapshot!("signed_in", keep("signed_in", page.render().unwrap()));
}

#[test]
fn a_brand_of_ones_own() {
    let look = BrandLook {
        title: "Ex & Co".into(),
        logo: "https://ex.example/logo.png".into(),
        favicon: String::new(),
        background: "/media/hills.jpg".into(),
    };
    let frame = Frame::new(&look, Some(""), Some("sidebar_left\"><x"));
    assert_eq!(frame.layout, "stacked");
    assert_eq!(frame.background, "/media/hills.jpg");
    assert!(!frame.names_brand());
    assert!(frame.stylesheet.starts_with("/static/gatewright.css?v="));
}
