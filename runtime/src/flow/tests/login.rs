//! Logging in and out.

use std::sync::atomic::Ordering;

use gatewright_reconciler::store::Effect;
use serde_json::json;

use super::support::{World, component, gist};
use crate::flow::{LoginChange, Step};

#[tokio::test]
async fn the_happy_path_has_the_shape_that_clients_know() {
    let mut world = World::new();
    world.login_flow();
    let ada = world.user(1, "ada", "secret");
    let mut browser = world.browser();
    insta::assert_json_snapshot!("login_identification", browser.get("login").await);
    assert_eq!(browser.post_step("login", json!({"uid_field": "ADA@example.com"})).await, Step::Advanced);
    insta::assert_json_snapshot!("login_password", browser.get("login").await);
    let end = browser.post_step("login", json!({"password": "secret"})).await;
    assert_eq!(end, Step::Redirect { to: "/".to_owned(), flow: None });
    assert_eq!(browser.effects, [Effect::UserLoggedIn { id: ada.id }]);
    let login = LoginChange::Login { user: ada.id, auth_method: "password".to_owned(), duration: None };
    assert_eq!(browser.last_login, login);
    assert!(browser.execution.is_none());
}

#[tokio::test]
async fn a_post_without_a_get_works_and_a_get_shows_the_same_twice() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    assert_eq!(browser.post_step("login", json!({"uid_field": "ada"})).await, Step::Advanced);
    let first = browser.get("login").await;
    assert_eq!(first, browser.get("login").await);
    assert_eq!(component(&first), "ak-stage-password");
}

#[tokio::test]
async fn wrong_passwords_count_and_end_the_flow() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    browser.post("login", json!({"uid_field": "ada"})).await;
    for _ in 0..4 {
        let shown = browser.post("login", json!({"password": "nope"})).await;
        assert_eq!(shown["response_errors"], json!({"password": [{"string": "Invalid password", "code": "invalid"}]}));
    }
    let shown = browser.post("login", json!({"password": "nope"})).await;
    insta::assert_json_snapshot!("login_exhausted", shown);
    assert!(browser.execution.is_none());
    let shown = browser.post("login", json!({"password": "secret"})).await;
    assert_eq!(shown["response_errors"]["uid_field"][0]["code"], "required");
    assert!(browser.effects.is_empty());
}

#[tokio::test]
async fn nobody_learns_who_exists() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut idle = world.user(2, "idle", "secret");
    idle.is_active = false;
    world.directory.put(idle);
    let mut shown = Vec::new();
    for name in ["ada", "idle", "nobody"] {
        let mut browser = world.browser();
        let before = world.hasher.verified.load(Ordering::Relaxed);
        let password = browser.post("login", json!({"uid_field": name})).await;
        assert_eq!(password["pending_user"], name);
        let typed = if name == "ada" { "nope" } else { "secret" };
        let mut answer = browser.post("login", json!({"password": typed})).await;
        answer["pending_user"] = "(name)".into();
        shown.push(answer);
        assert_eq!(world.hasher.verified.load(Ordering::Relaxed), before + 1, "{name}");
        assert_eq!(browser.last_login, LoginChange::Keep);
    }
    assert_eq!(shown[0], shown[1]);
    assert_eq!(shown[0], shown[2]);
}

#[tokio::test]
async fn odd_identifiers_are_told_apart() {
    let mut world = World::new();
    world.login_flow();
    let mut browser = world.browser();
    let error = |string: &str, code: &str| json!({"uid_field": [{"string": string, "code": code}]});
    for (answer, expected) in [
        (json!({}), error("This field is required.", "required")),
        (json!({"uid_field": ""}), error("This field may not be blank.", "blank")),
        (json!({"uid_field": "   "}), error("This field may not be blank.", "blank")),
        (json!({"uid_field": null}), error("This field may not be null.", "null")),
        (json!({"uid_field": true}), error("Not a valid string.", "invalid")),
        (json!({"uid_field": ["a"]}), error("Not a valid string.", "invalid")),
        (json!({"uid_field": {"a": 1}}), error("Not a valid string.", "invalid")),
    ] {
        let shown = browser.post("login", answer.clone()).await;
        assert_eq!(shown["response_errors"], expected, "{answer}");
        assert_eq!(component(&shown), "ak-stage-identification");
    }
    assert_eq!(component(&browser.post("login", json!({"uid_field": 5})).await), "ak-stage-password");
}

#[tokio::test]
async fn without_pretending_an_unknown_name_fails_at_once() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"], "pretend_user_exists": false}));
    world.then(flow, "dummy", json!({}));
    let mut browser = world.browser();
    let shown = browser.post("login", json!({"uid_field": "nobody"})).await;
    assert_eq!(
        shown["response_errors"],
        json!({"non_field_errors": [{"string": "Failed to authenticate.", "code": "invalid"}]})
    );
}

#[tokio::test]
async fn identifier_and_password_on_one_page() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    let password = world
        .stage("password", json!({"backends": ["authentik.core.auth.InbuiltBackend"], "allow_show_password": true}));
    let fields = json!({"user_fields": ["username"], "password_stage": password, "show_matched_user": false});
    world.then(flow, "identification", fields);
    world.then(flow, "user_login", json!({"remember_me_offset": "days=30", "session_duration": "hours=1"}));
    let ada = world.user(1, "ada", "secret");
    let mut browser = world.browser();
    let shown = browser.get("login").await;
    assert_eq!((&shown["password_fields"], &shown["allow_show_password"]), (&json!(true), &json!(true)));
    for answer in [
        json!({"uid_field": "ada"}),
        json!({"uid_field": "ada", "password": "nope"}),
        json!({"uid_field": "nobody", "password": "secret"}),
    ] {
        let before = world.hasher.verified.load(Ordering::Relaxed);
        let shown = browser.post("login", answer).await;
        assert_eq!(shown["response_errors"]["non_field_errors"][0]["string"], "Failed to authenticate.");
        assert_eq!(world.hasher.verified.load(Ordering::Relaxed), before + 1);
    }
    let shown = browser.post("login", json!({"uid_field": "ADA", "password": "secret"})).await;
    insta::assert_json_snapshot!("login_remember_me", shown);
    let shown = browser.post("login", json!({})).await;
    assert_eq!(shown["response_errors"]["remember_me"][0]["code"], "required");
    browser.post("login", json!({"remember_me": true})).await;
    let LoginChange::Login { user, duration, .. } = browser.last_login else { panic!("no login") };
    assert_eq!((user, duration.unwrap().as_hours()), (ada.id, 30 * 24 + 1));
}

#[tokio::test]
async fn next_is_followed_on_this_site_only() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    for (next, expected) in [
        ("/if/user/#/settings", "xak-flow-redirect /if/user/#/settings"),
        ("", "xak-flow-redirect /"),
        ("https://evil.example/", "ak-stage-access-denied Invalid next URL"),
        ("//evil.example", "ak-stage-access-denied Invalid next URL"),
        ("/\\evil.example", "ak-stage-access-denied Invalid next URL"),
        ("https:evil.example", "ak-stage-access-denied Invalid next URL"),
        ("/\t/evil.example", "ak-stage-access-denied Invalid next URL"),
        ("javascript:alert(1)", "ak-stage-access-denied Invalid next URL"),
    ] {
        let mut browser = world.browser();
        browser.query = vec![("next".to_owned(), next.to_owned())];
        let end = browser.enter("ada", "secret").await;
        assert_eq!(gist(&end), expected, "{next:?}");
        assert_eq!(browser.user.is_some(), expected.starts_with("xak"), "{next:?}");
        // A query that turns bad on the way is found out before the last step.
        let mut browser = world.browser();
        browser.post("login", json!({"uid_field": "ada"})).await;
        browser.query = vec![("next".to_owned(), next.to_owned())];
        assert_eq!(gist(&browser.post("login", json!({"password": "secret"})).await), expected, "{next:?}");
        assert_eq!(browser.user.is_some(), expected.starts_with("xak"), "{next:?}");
    }
}

#[tokio::test]
async fn logging_out_takes_one_click() {
    let mut world = World::new();
    let flow = world.flow("logout", "invalidation", json!({}));
    world.then(flow, "user_logout", json!({}));
    let ada = world.user(1, "ada", "secret");
    for mut browser in [world.browser(), world.browser().log_in(&ada)] {
        let shown = browser.get("logout").await;
        assert_eq!(shown["header_text"], "Continue to log out.");
        let token = shown["token"].clone();
        assert_eq!(token, browser.get("logout").await["token"], "the token belongs to the execution");
        for wrong in [json!({}), json!({"token": "x"}), json!({"token": null})] {
            let shown = browser.post("logout", wrong).await;
            assert!(shown["response_errors"]["token"].is_array());
            assert_eq!(browser.last_login, LoginChange::Keep);
        }
        assert_eq!(gist(&browser.post("logout", json!({"token": token})).await), "xak-flow-redirect /");
        assert_eq!(browser.last_login, LoginChange::Logout);
    }
}

#[tokio::test]
async fn another_persons_execution_is_not_continued() {
    let mut world = World::new();
    let flow = world.flow("settings", "stage_configuration", json!({"authentication": "require_authenticated"}));
    let name = world.prompt("name", "text", json!({}));
    world.then(flow, "prompt", json!({"fields": [name]}));
    world.then(flow, "user_write", json!({}));
    let (ada, bob) = (world.user(1, "ada", "a"), world.user(2, "bob", "b"));
    let mut browser = world.browser().log_in(&ada);
    browser.get("settings").await;
    let before = browser.execution.clone().unwrap().id();
    browser.user = Some(bob.id);
    browser.get("settings").await;
    assert_ne!(before, browser.execution.clone().unwrap().id());
    browser.user = None;
    assert_eq!(gist(&browser.get("settings").await), "ak-stage-access-denied Flow does not apply to current user.");
}

#[tokio::test]
async fn an_old_or_foreign_execution_begins_again() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    browser.post("login", json!({"uid_field": "ada"})).await;
    let kept = browser.execution.clone().unwrap();
    let mut old = kept.clone();
    old.expires = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut other = kept.clone();
    other.revision = 6;
    for stale in [old, other] {
        browser.execution = Some(stale);
        assert_eq!(component(&browser.get("login").await), "ak-stage-identification");
    }
    browser.execution = Some(kept);
    assert_eq!(component(&browser.get("login").await), "ak-stage-password");
}

#[tokio::test]
async fn a_database_that_is_down_keeps_the_login_under_way() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    browser.post("login", json!({"uid_field": "ada"})).await;
    world.directory.down.store(true, Ordering::Relaxed);
    let shown = browser.post("login", json!({"password": "secret"})).await;
    assert_eq!(component(&shown), "ak-stage-flow-error");
    assert_eq!(shown["request_id"].as_str().unwrap().len(), 32);
    world.directory.down.store(false, Ordering::Relaxed);
    assert_eq!(gist(&browser.post("login", json!({"password": "secret"})).await), "xak-flow-redirect /");
}

#[tokio::test]
async fn an_unknown_flow_is_unknown() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get_step("nope").await, Step::UnknownFlow);
    assert_eq!(browser.post_step("nope", json!({})).await, Step::UnknownFlow);
}
