//! Names that could be taken for somebody else's, and texts that are too long.

use serde_json::{Value as Json, json};

use super::support::{World, component, gist};

fn account_flow(world: &mut World) {
    let flow = world.flow("enroll", "enrollment", json!({}));
    let fields = [world.prompt("username", "username", json!({})), world.prompt("email", "email", json!({}))];
    world.then(flow, "prompt", json!({"fields": fields}));
    world.then(flow, "user_write", json!({}));
}

fn error(shown: &Json, field: &str) -> String {
    shown["response_errors"][field][0]["string"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_name_is_nobody_elses_name_or_address() {
    let mut world = World::new();
    account_flow(&mut world);
    world.user(1, "ada", "x");
    let mut mail = world.user(2, "bob@old.example", "x");
    mail.email = "Bob@example.com".to_owned();
    world.directory.put(mail);
    let mut browser = world.browser();
    for name in ["ada", " ADA ", "bob@EXAMPLE.com", "ada@example.com"] {
        let shown = browser.post("enroll", json!({"username": name, "email": "n@example.com"})).await;
        assert_eq!(error(&shown, "username"), "Username is already taken.", "{name}");
    }
    let shown = browser.post("enroll", json!({"username": "new", "email": "BOB@old.example"})).await;
    assert_eq!(error(&shown, "email"), "Email is already taken.");
    let end = browser.post("enroll", json!({"username": "New@example.com", "email": "new@example.com"})).await;
    assert_eq!(component(&end), "xak-flow-redirect", "one's own address is a good name");
}

#[tokio::test]
async fn names_that_a_page_did_not_check_are_not_written() {
    for (username, email) in [
        ("bob@example.com", "n@example.com"),
        ("new", "ADA"),
        ("a\u{200b}da", "n@example.com"),
        ("x".repeat(151).as_str(), "n@example.com"),
        ("new", format!("{}@example.com", "x".repeat(250)).as_str()),
    ] {
        let mut world = World::new();
        let flow = world.flow("enroll", "enrollment", json!({}));
        let fields = [world.prompt("username", "text", json!({})), world.prompt("email", "text", json!({}))];
        world.then(flow, "prompt", json!({"fields": fields}));
        world.then(flow, "user_write", json!({}));
        world.user(1, "ada", "x");
        world.user(2, "bob", "x");
        let mut browser = world.browser();
        let end = browser.post("enroll", json!({"username": username, "email": email})).await;
        assert_eq!(gist(&end), "ak-stage-access-denied Failed to update user. Please try again later.", "{username}");
        assert!(browser.effects.is_empty());
    }
}

#[tokio::test]
async fn an_account_with_an_old_clash_can_still_be_changed() {
    let mut world = World::new();
    let flow = world.flow("settings", "stage_configuration", json!({"authentication": "require_authenticated"}));
    let fields = [world.prompt("username", "username", json!({})), world.prompt("name", "text", json!({}))];
    world.then(flow, "prompt", json!({"fields": fields}));
    world.then(flow, "user_write", json!({}));
    let ada = world.user(1, "ada", "x");
    let mut bob = world.user(2, "bob", "x");
    bob.email = "ada".to_owned();
    world.directory.put(bob);
    let end = world.browser().log_in(&ada).post("settings", json!({"username": "ada", "name": "Ada"})).await;
    assert_eq!(gist(&end), "xak-flow-redirect /");
    assert_eq!(world.directory.get(ada.id).unwrap().name, "Ada");
}

#[tokio::test]
async fn names_that_cannot_be_read_are_refused() {
    let mut world = World::new();
    account_flow(&mut world);
    let mut browser = world.browser();
    for name in ["a\nb", "a\u{7f}b", "a\u{200b}b", "a\u{202e}b", "a\u{feff}b", "a\u{ad}b", "a\u{2066}b", "a\u{3164}b"] {
        let shown = browser.post("enroll", json!({"username": name, "email": "n@example.com"})).await;
        assert_eq!(error(&shown, "username"), "Enter a username without invisible characters.", "{name:?}");
    }
}

#[tokio::test]
async fn a_text_that_is_ones_name_and_anothers_address_is_nobodys() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    let fields = json!({"user_fields": ["email", "username"], "pretend_user_exists": false});
    world.then(flow, "identification", fields);
    world.then(flow, "dummy", json!({}));
    world.user(1, "ada", "x");
    world.user(2, "bob", "x");
    let mut thief = world.user(3, "Thief", "x");
    thief.email = "BOB".to_owned();
    world.directory.put(thief);
    for (typed, expected) in
        [("ada", "ak-stage-dummy"), ("bob", "ak-stage-identification"), ("Bob", "ak-stage-identification")]
    {
        assert_eq!(component(&world.browser().post("login", json!({"uid_field": typed})).await), expected, "{typed}");
    }
    // Two names that differ in case, and the address of a third.
    world.user(4, "BOB", "x");
    let shown = world.browser().post("login", json!({"uid_field": "bob"})).await;
    assert_eq!(component(&shown), "ak-stage-identification");
}

#[tokio::test]
async fn a_password_is_never_filled_in() {
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    let first = world.prompt("password", "password", json!({"initial_value": "preset"}));
    world.then(flow, "prompt", json!({"fields": [first]}));
    let more = json!({"initial_value": "return prompt_context.get('password')", "initial_value_expression": true});
    let second = world.prompt("password", "password", more);
    world.then(flow, "prompt", json!({"fields": [second]}));
    let mut browser = world.browser();
    let shown = browser.get("f").await;
    assert_eq!(shown["fields"][0]["initial_value"], "");
    let shown = browser.post("f", json!({"password": "secret"})).await;
    assert_eq!((component(&shown), &shown["fields"][0]["initial_value"]), ("ak-stage-prompt", &json!("")));
}

#[tokio::test]
async fn texts_have_a_longest_length() {
    let mut world = World::new();
    world.login_flow();
    let flow = world.flow("f", "authorization", json!({}));
    let fields: Vec<_> =
        ["text", "username", "email", "password"].iter().map(|kind| world.prompt(kind, kind, json!({}))).collect();
    world.then(flow, "prompt", json!({"fields": fields}));
    let long = |length: usize| "x".repeat(length);
    let error = |length: usize| {
        let string = format!("Ensure this field has no more than {length} characters.");
        json!([{"string": string, "code": "max_length"}])
    };
    let mut browser = world.browser();
    let shown = browser.post("login", json!({"uid_field": long(255)})).await;
    assert_eq!(shown["response_errors"], json!({"uid_field": error(254)}), "it may be an address");
    browser.post("login", json!({"uid_field": long(254)})).await;
    let shown = browser.post("login", json!({"password": long(4097)})).await;
    assert_eq!(shown["response_errors"], json!({"password": error(4096)}));
    let answer = json!({"text": long(65537), "username": long(151), "email": long(255), "password": long(4097)});
    let shown = world.browser().post("f", answer).await;
    let expected = json!({"text": error(65536), "username": error(150), "email": error(254), "password": error(4096)});
    assert_eq!(shown["response_errors"], expected);
}
