//! Login, logout and a new password, as a program does it and as the pages do it.

use serde_json::{Value as Json, json};

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const LOGIN: &str = "default-authentication-flow";
const PASSWORD: &str = "Orchid-Lantern-41";
const NEW_PASSWORD: &str = "Walnut-Harbour-77";

fn serve(sandbox: &Sandbox) -> Server {
    let environment = [("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD), ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com")];
    Server::start(sandbox, &[], &environment)
}

fn done() -> Json {
    json!({ "component": "xak-flow-redirect", "to": "/" })
}

#[tokio::test]
async fn logging_in_and_out() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    for name in ["akadmin", "root@example.com", "ROOT@example.com"] {
        let client = Client::new(&server.url);
        assert!(!client.is_logged_in().await);
        assert_eq!(client.log_in(name, PASSWORD).await, done());
        assert!(client.is_logged_in().await);
        let asked = client.challenge("default-invalidation-flow").await;
        assert!(client.is_logged_in().await, "a GET logged out");
        let out = client.answer("default-invalidation-flow", json!({ "token": asked["token"] })).await;
        assert_eq!(out["component"], "xak-flow-redirect", "{out}");
        assert!(!client.is_logged_in().await);
    }
}

#[tokio::test]
async fn mistakes_give_nothing_away() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let errors = |answer: &Json, field: &str| answer["response_errors"][field][0].clone();

    let client = Client::new(&server.url);
    client.challenge(LOGIN).await;
    let empty = client.answer(LOGIN, json!({ "uid_field": "" })).await;
    assert_eq!(empty["component"], "ak-stage-identification");
    assert_eq!(errors(&empty, "uid_field")["code"], "blank", "{empty}");
    let missing = client.answer(LOGIN, json!({})).await;
    assert_eq!(errors(&missing, "uid_field")["code"], "required", "{missing}");

    let wrong = client_error(&server, "akadmin").await;
    let unknown = client_error(&server, "nobody-of-this-name").await;
    assert_eq!(errors(&wrong, "password"), json!({ "string": "Invalid password", "code": "invalid" }));
    let without_name = |mut answer: Json| {
        answer["pending_user"].take();
        answer["pending_user_avatar"].take();
        answer
    };
    assert_eq!(without_name(wrong), without_name(unknown));

    let client = Client::new(&server.url);
    client.challenge(LOGIN).await;
    client.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    let blank = client.answer(LOGIN, json!({ "password": "" })).await;
    assert_eq!(errors(&blank, "password")["code"], "blank", "{blank}");
    assert!(!client.is_logged_in().await);
}

async fn client_error(server: &Server, name: &str) -> Json {
    let client = Client::new(&server.url);
    let answer = client.log_in(name, "not-the-password").await;
    assert!(!client.is_logged_in().await);
    answer
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let flow = "default-password-change";
    let client = Client::new(&server.url);
    client.log_in("akadmin", PASSWORD).await;
    let elsewhere = Client::new(&server.url);
    elsewhere.log_in("akadmin", PASSWORD).await;
    client.challenge(flow).await;
    let differ = client.answer(flow, json!({ "password": NEW_PASSWORD, "password_repeat": "other" })).await;
    assert_eq!(differ["response_errors"]["non_field_errors"][0]["string"], "Passwords don't match.", "{differ}");
    let done = client.answer(flow, json!({ "password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD })).await;
    assert_eq!(done["component"], "xak-flow-redirect", "{done}");
    assert!(client.is_logged_in().await, "the session that changed it stays");
    assert!(!elsewhere.is_logged_in().await, "other sessions end");
    let old = Client::new(&server.url).log_in("akadmin", PASSWORD).await;
    assert_eq!(old["component"], "ak-stage-password", "{old}");
    assert_eq!(Client::new(&server.url).log_in("akadmin", NEW_PASSWORD).await["component"], "xak-flow-redirect");
}

#[tokio::test]
async fn the_settings_flow_changes_the_user() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let flow = "default-user-settings-flow";
    let client = Client::new(&server.url);
    client.log_in("akadmin", PASSWORD).await;
    let asked = client.challenge(flow).await;
    assert_eq!(asked["component"], "ak-stage-prompt", "{asked}");
    let mut answer = json!({});
    for field in asked["fields"].as_array().unwrap() {
        answer[field["field_key"].as_str().unwrap()] = field["initial_value"].clone();
    }
    answer["name"] = json!("Ada Admin");
    let done = client.answer(flow, answer).await;
    assert_eq!(done["component"], "xak-flow-redirect", "{done}");
    let asked = client.challenge(flow).await;
    let fields = asked["fields"].as_array().unwrap();
    assert!(fields.iter().any(|field| field["initial_value"] == "Ada Admin"), "{asked}");
}

#[tokio::test]
async fn the_pages_work_without_script() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    let page = client.page("/if/flow/default-authentication-flow/").await;
    assert_eq!(page.status, 200);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") || policy.contains("default-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!page.text.contains("<script"), "{}", page.text);

    let empty = client.submit(&page, &[("uid_field", "")]).await;
    assert!(empty.text.contains("aria-invalid=\"true\""), "{}", empty.text);
    let password = client.submit(&empty, &[("uid_field", "akadmin")]).await;
    assert!(password.text.contains("name=\"password\""), "{}", password.text);
    let wrong = client.submit(&password, &[("password", "wrong")]).await;
    assert!(wrong.text.contains("Invalid password"), "{}", wrong.text);
    client.submit(&wrong, &[("password", PASSWORD)]).await;
    assert!(client.is_logged_in().await);

    let out = client.page("/if/flow/default-invalidation-flow/").await;
    assert!(client.is_logged_in().await, "a GET logged out");
    client.submit(&out, &[]).await;
    assert!(!client.is_logged_in().await);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let client = Client::new(&server.url);
    client.log_in("akadmin", PASSWORD).await;
    let answer = json!({ "password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD });
    client.challenge("default-password-change").await;
    let (_, said) = client.raw_post("default-password-change", answer).await;
    assert!(!said.contains("xak-flow-redirect"), "{said}");
    let old = Client::new(&server.url).log_in("akadmin", PASSWORD).await;
    assert_eq!(old["component"], "xak-flow-redirect", "the password was changed without a CSRF token");
}
