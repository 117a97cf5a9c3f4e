//! A proof is about a user as the user was: another password, and it is none.

use serde_json::json;

use super::support::{World, component, gist};
use crate::flow::LoginChange;

/// Identification, password, a step to wait at, login.
fn waiting_flow(world: &mut World) {
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.then(flow, "dummy", json!({"name": "wait"}));
    world.then(flow, "user_login", json!({}));
}

#[tokio::test]
async fn a_proof_does_not_survive_a_change_of_the_password() {
    let mut world = World::new();
    waiting_flow(&mut world);
    let mut ada = world.user(1, "ada", "old");
    let mut thief = world.browser();
    assert_eq!(gist(&thief.enter("ada", "old").await), "ak-stage-dummy wait");
    ada.password_hash = Some("hash:new".to_owned());
    ada.version += 1;
    world.directory.put(ada);
    assert_eq!(component(&thief.post("login", json!({})).await), "ak-stage-access-denied");
    assert_eq!(thief.last_login, LoginChange::Keep);
    assert!(thief.effects.is_empty());
}

#[tokio::test]
async fn a_proof_survives_other_changes() {
    let mut world = World::new();
    waiting_flow(&mut world);
    let mut ada = world.user(1, "ada", "old");
    let mut browser = world.browser();
    browser.enter("ada", "old").await;
    ada.name = "Ada".to_owned();
    ada.version += 1;
    world.directory.put(ada);
    assert_eq!(gist(&browser.post("login", json!({})).await), "xak-flow-redirect /");
}

#[tokio::test]
async fn a_password_that_the_flow_itself_sets_keeps_its_proof() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    let field = world.prompt("password", "password", json!({}));
    world.then(flow, "prompt", json!({"fields": [field]}));
    world.then(flow, "user_write", json!({}));
    world.then(flow, "dummy", json!({"name": "wait"}));
    world.then(flow, "user_login", json!({}));
    let mut ada = world.user(1, "ada", "old");
    for stolen in [false, true] {
        ada.password_hash = Some("hash:old".to_owned());
        ada.version += 1;
        world.directory.put(ada.clone());
        let mut browser = world.browser();
        browser.enter("ada", "old").await;
        assert_eq!(gist(&browser.post("login", json!({"password": "new"})).await), "ak-stage-dummy wait");
        if stolen {
            let mut now = world.directory.get(ada.id).unwrap();
            now.password_hash = Some("hash:newer".to_owned());
            world.directory.put(now);
        }
        let end = browser.post("login", json!({})).await;
        assert_eq!(component(&end) == "xak-flow-redirect", !stolen, "{end}");
        ada = world.directory.get(ada.id).unwrap();
    }
}

#[tokio::test]
async fn an_account_that_was_made_and_then_taken_over_is_not_logged_in() {
    for stolen in [false, true] {
        let mut world = World::new();
        let flow = world.flow("enroll", "enrollment", json!({}));
        let fields = [world.prompt("username", "username", json!({})), world.prompt("password", "password", json!({}))];
        world.then(flow, "prompt", json!({"fields": fields}));
        world.then(flow, "user_write", json!({}));
        world.then(flow, "dummy", json!({"name": "wait"}));
        world.then(flow, "user_login", json!({}));
        let mut browser = world.browser();
        let shown = browser.post("enroll", json!({"username": "new", "password": "p"})).await;
        assert_eq!(gist(&shown), "ak-stage-dummy wait");
        if stolen {
            let mut new = world.directory.named("new").unwrap();
            new.password_hash = Some("hash:theirs".to_owned());
            world.directory.put(new);
        }
        let end = browser.post("enroll", json!({})).await;
        assert_eq!(component(&end) == "xak-flow-redirect", !stolen, "{end}");
    }
}

#[tokio::test]
async fn an_enrolment_leaves_the_account_of_a_visitor_alone() {
    let mut world = World::new();
    let flow = world.flow("enroll", "enrollment", json!({}));
    let username = world.prompt("username", "username", json!({}));
    world.then(flow, "prompt", json!({"fields": [username]}));
    world.then(flow, "user_write", json!({}));
    let ada = world.user(1, "ada", "a");
    let mut browser = world.browser().log_in(&ada);
    let end = browser.post("enroll", json!({"username": "new"})).await;
    assert_eq!(gist(&end), "ak-stage-access-denied You are logged in already. Log out first.");
    assert!(browser.effects.is_empty());
}

#[tokio::test]
async fn an_enrolment_may_write_again_what_it_made() {
    let mut world = World::new();
    let flow = world.flow("enroll", "enrollment", json!({}));
    let username = world.prompt("username", "username", json!({}));
    world.then(flow, "prompt", json!({"fields": [username]}));
    world.then(flow, "user_write", json!({}));
    world.then(flow, "user_login", json!({}));
    let name = world.prompt("name", "text", json!({}));
    world.then(flow, "prompt", json!({"fields": [name]}));
    world.then(flow, "user_write", json!({}));
    let mut browser = world.browser();
    assert_eq!(component(&browser.post("enroll", json!({"username": "new"})).await), "ak-stage-prompt");
    assert!(browser.user.is_some());
    assert_eq!(gist(&browser.post("enroll", json!({"name": "Newcomer"})).await), "xak-flow-redirect /");
    assert_eq!(world.directory.named("new").unwrap().name, "Newcomer");
}

#[tokio::test]
async fn who_proved_nothing_is_told_nothing() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "user_login", json!({}));
    let write = world.flow("write", "authentication", json!({}));
    world.then(write, "identification", json!({"user_fields": ["username"]}));
    let name = world.prompt("name", "text", json!({}));
    world.then(write, "prompt", json!({"fields": [name]}));
    world.then(write, "user_write", json!({"user_creation_mode": "never_create"}));
    world.user(1, "ada", "a");
    let mut idle = world.user(2, "idle", "a");
    idle.is_active = false;
    world.directory.put(idle);
    for user in ["ada", "idle", "nobody"] {
        let end = world.browser().post("login", json!({"uid_field": user})).await;
        assert_eq!(gist(&end), "ak-stage-access-denied Failed to authenticate.", "{user}");
        assert_eq!(end["pending_user"], user);
        let mut browser = world.browser();
        browser.post("write", json!({"uid_field": user})).await;
        let end = browser.post("write", json!({"name": "x"})).await;
        assert_eq!(gist(&end), "ak-stage-access-denied Failed to authenticate.", "{user}");
    }
}
