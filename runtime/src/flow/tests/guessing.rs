//! What somebody who guesses names and passwords learns: nothing, and soon no more.

use std::sync::atomic::Ordering;

use serde_json::{Value as Json, json};

use super::support::{Browser, World, component, gist};

const TOO_MANY: &str = "Too many attempts. Try again in a few minutes.";

fn titled_flow(world: &mut World, identification: Json) {
    let flow = world.flow("login", "authentication", json!({"title": "Hello %(user)s"}));
    let fields = json!({"user_fields": ["username", "email"]});
    world.then(flow, "identification", super::support::merged(fields, identification));
    world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.then(flow, "consent", json!({}));
    world.then(flow, "user_login", json!({}));
}

fn names(shown: &Json) -> (&str, &str) {
    (shown["pending_user"].as_str().unwrap(), shown["flow_info"]["title"].as_str().unwrap())
}

#[tokio::test]
async fn what_was_typed_is_shown_until_there_is_a_proof() {
    for (settings, after) in [(json!({}), "alice"), (json!({"show_matched_user": false}), "")] {
        let mut world = World::new();
        titled_flow(&mut world, settings);
        world.user(1, "alice", "secret");
        for typed in ["ALIce", "alice@EXAMPLE.com", "noBody"] {
            let mut browser = world.browser();
            let shown = browser.post("login", json!({"uid_field": format!(" {typed} ")})).await;
            assert_eq!(names(&shown), (typed, format!("Hello {typed}").as_str()));
            let shown = browser.post("login", json!({"password": "wrong"})).await;
            assert_eq!(names(&shown), (typed, format!("Hello {typed}").as_str()));
            if typed == "noBody" {
                continue;
            }
            let shown = browser.post("login", json!({"password": "secret"})).await;
            let expected = if after.is_empty() { typed } else { after };
            assert_eq!(component(&shown), "ak-stage-consent");
            assert_eq!(names(&shown), (expected, format!("Hello {expected}").as_str()));
        }
    }
}

#[tokio::test]
async fn where_names_are_told_anyway_the_user_is_shown() {
    let mut world = World::new();
    titled_flow(&mut world, json!({"pretend_user_exists": false}));
    world.user(1, "alice", "secret");
    let shown = world.browser().post("login", json!({"uid_field": "ALIce"})).await;
    assert_eq!(names(&shown), ("alice", "Hello alice"));
}

#[tokio::test]
async fn nobody_costs_as_many_reads_as_somebody() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username", "email"]}));
    let password = world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.condition(password, "return True", json!({}));
    world.user(1, "ada", "secret");
    let mut reads = Vec::new();
    for typed in ["ada", "ada@example.com", "nobody"] {
        let mut browser = world.browser();
        browser.get("login").await;
        let before = world.directory.reads.load(Ordering::Relaxed);
        browser.post("login", json!({"uid_field": typed})).await;
        browser.post("login", json!({"password": "wrong"})).await;
        reads.push(world.directory.reads.load(Ordering::Relaxed) - before);
    }
    assert_eq!((reads[0], reads[1]), (reads[2], reads[2]));
}

/// The text of the only error.
fn says(shown: &Json) -> String {
    let errors = shown["response_errors"].as_object().and_then(|errors| errors.values().next());
    errors.map_or_else(|| gist(shown), |errors| errors[0]["string"].as_str().unwrap().to_owned())
}

async fn guess(browser: &mut Browser, user: &str, password: &str) -> String {
    browser.execution = None;
    says(&browser.enter(user, password).await)
}

#[tokio::test]
async fn guessing_a_password_ends_after_some_attempts() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    for user in ["ada", "nobody"] {
        let mut browser = world.browser();
        for _ in 0..10 {
            assert_eq!(guess(&mut browser, user, "wrong").await, "Invalid password", "{user}");
        }
        let hashed = world.hasher.verified.load(Ordering::Relaxed);
        // The right one is not heard any more, however the name is written; and no hash is made for it.
        for typed in [user.to_owned(), user.to_uppercase()] {
            assert_eq!(guess(&mut browser, &typed, "secret").await, TOO_MANY, "{user}");
        }
        assert_eq!(world.hasher.verified.load(Ordering::Relaxed), hashed);
        assert!(browser.effects.is_empty());
        // Other names and other networks are not touched.
        assert_eq!(guess(&mut browser, "other", "wrong").await, "Invalid password");
        browser.ip = "198.51.100.7".parse().unwrap();
        assert_eq!(guess(&mut browser, user, "wrong").await, "Invalid password");
    }
}

#[tokio::test]
async fn a_right_password_clears_what_was_mistyped() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    for _ in 0..3 {
        for _ in 0..9 {
            assert_eq!(guess(&mut browser, "ada", "wrong").await, "Invalid password");
        }
        assert_eq!(guess(&mut browser, "ada", "secret").await, "xak-flow-redirect /");
        browser.user = None;
        browser.session = None;
    }
}

#[tokio::test]
async fn one_network_guesses_at_few_names() {
    let mut world = World::new();
    world.login_flow();
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    for number in 0..100 {
        // An IPv6 network has many addresses.
        browser.ip = format!("2001:db8::{number:x}").parse().unwrap();
        assert_eq!(guess(&mut browser, &format!("user{number}"), "wrong").await, "Invalid password");
    }
    assert_eq!(guess(&mut browser, "ada", "secret").await, TOO_MANY);
}

#[tokio::test]
async fn guesses_on_one_page_are_counted_too() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    let password = world.stage("password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.then(flow, "identification", json!({"user_fields": ["username"], "password_stage": password}));
    world.then(flow, "user_login", json!({}));
    world.user(1, "ada", "secret");
    for user in ["ada", "nobody"] {
        let mut browser = world.browser();
        let mut last = String::new();
        for _ in 0..11 {
            browser.execution = None;
            last = says(&browser.post("login", json!({"uid_field": user, "password": "wrong"})).await);
        }
        assert_eq!(last, TOO_MANY, "{user}");
    }
}

#[tokio::test]
async fn a_restart_does_not_forget_failures() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    let stage = world.stage("identification", json!({"user_fields": ["username"]}));
    world.bind(flow, stage, 1, json!({}));
    let backends = json!({"backends": ["authentik.core.auth.InbuiltBackend"], "failed_attempts_before_cancel": 2});
    let stage = world.stage("password", backends);
    world.bind(flow, stage, 2, json!({"invalid_response_action": "restart"}));
    world.user(1, "ada", "secret");
    let mut browser = world.browser();
    browser.enter("ada", "wrong").await;
    let failures = browser.execution.as_ref().unwrap().failures;
    browser.post("login", json!({"uid_field": "ada"})).await;
    browser.post("login", json!({"password": "wrong"})).await;
    assert!(browser.execution.as_ref().unwrap().failures > failures);
}
