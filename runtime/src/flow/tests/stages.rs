//! Consent, deny, dummy, redirect, and the second factor that nobody can have yet.

use serde_json::{Value as Json, json};

use super::support::{World, component, gist};
use crate::flow::Step;

fn flow_of(stages: &[(&str, Json)]) -> World {
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    for (app, attrs) in stages {
        world.then(flow, app, attrs.clone());
    }
    world
}

#[tokio::test]
async fn consent_needs_its_token() {
    let world = flow_of(&[("consent", json!({})), ("dummy", json!({"name": "after"}))]);
    let mut browser = world.browser();
    let shown = browser.get("f").await;
    let token = shown["token"].as_str().unwrap().to_owned();
    assert_eq!(token.len(), 64);
    assert_eq!((&shown["permissions"], &shown["additional_permissions"]), (&json!([]), &json!([])));
    for (wrong, code) in [(json!({}), "required"), (json!({"token": "x"}), "invalid"), (json!({"token": 1}), "invalid")]
    {
        let shown = browser.post("f", wrong).await;
        assert_eq!(shown["response_errors"]["token"][0]["code"], code);
    }
    assert_eq!(gist(&browser.post("f", json!({"token": token})).await), "ak-stage-dummy after");
    assert!(browser.effects.is_empty());
}

#[tokio::test]
async fn deny_says_why() {
    let world = flow_of(&[("deny", json!({"deny_message": "Go away."})), ("user_logout", json!({}))]);
    let mut browser = world.browser();
    let shown = browser.get("f").await;
    assert_eq!(gist(&shown), "ak-stage-access-denied Go away.");
    assert_eq!(shown["pending_user"], "");
    assert_eq!(gist(&browser.post("f", json!({})).await), "ak-stage-access-denied Go away.");
    let world = flow_of(&[("deny", json!({}))]);
    assert_eq!(gist(&world.browser().get("f").await), "ak-stage-access-denied Unknown error");
}

#[tokio::test]
async fn dummies_show_their_name_or_break() {
    let world = flow_of(&[("dummy", json!({"name": "one"})), ("dummy", json!({"name": "two"}))]);
    let mut browser = world.browser();
    assert_eq!(gist(&browser.get("f").await), "ak-stage-dummy one");
    assert_eq!(gist(&browser.post("f", json!({"component": "anything"})).await), "ak-stage-dummy two");
    assert_eq!(browser.post_step("f", json!({})).await, Step::Redirect { to: "/".to_owned(), flow: None });
    let world = flow_of(&[("dummy", json!({"throw_error": true}))]);
    assert_eq!(component(&world.browser().get("f").await), "ak-stage-flow-error");
}

#[tokio::test]
async fn redirects_lead_out() {
    for (target, expected) in [
        ("https://example.invalid/x", "xak-flow-redirect https://example.invalid/x"),
        ("/inside", "xak-flow-redirect /inside"),
        ("javascript:alert(1)", "ak-stage-access-denied Unknown error"),
        ("", "ak-stage-access-denied Unknown error"),
    ] {
        let world = flow_of(&[("redirect", json!({"mode": "static", "target_static": target}))]);
        assert_eq!(gist(&world.browser().get("f").await), expected, "{target}");
    }
}

#[tokio::test]
async fn redirects_lead_into_other_flows() {
    for (keep, shown) in [(true, "blue"), (false, "")] {
        let mut world = World::new();
        let from = world.flow("from", "authorization", json!({}));
        let to = world.flow("to", "authorization", json!({"authentication": "require_redirect"}));
        let colour = world.prompt("colour", "text", json!({"required": false}));
        world.then(from, "prompt", json!({"fields": [colour]}));
        world.then(from, "redirect", json!({"mode": "flow", "target_flow": to, "keep_context": keep}));
        world.then(to, "prompt", json!({"fields": [colour]}));
        let mut browser = world.browser();
        assert_eq!(component(&browser.get("to").await), "ak-stage-access-denied");
        browser.query = vec![("next".to_owned(), "/x".to_owned())];
        let end = browser.post("from", json!({"colour": "blue"})).await;
        assert_eq!(gist(&end), "xak-flow-redirect /if/flow/to/?next=/x");
        assert_eq!(browser.execution.as_ref().unwrap().flow(), "to");
        assert_eq!(browser.get("to").await["fields"][0]["initial_value"], shown);
    }
}

#[tokio::test]
async fn without_devices_a_second_factor_is_skipped_or_denied() {
    for (action, expected) in [
        ("skip", "ak-stage-dummy after"),
        ("deny", "ak-stage-access-denied No (allowed) MFA authenticator configured."),
        ("configure", "ak-stage-access-denied No (allowed) MFA authenticator configured."),
    ] {
        let stage = ("authenticator_validate", json!({"not_configured_action": action}));
        let world = flow_of(&[stage, ("dummy", json!({"name": "after"}))]);
        assert_eq!(gist(&world.browser().get("f").await), expected);
    }
    let world = flow_of(&[("authenticator_static", json!({})), ("dummy", json!({}))]);
    assert_eq!(component(&world.browser().get("f").await), "ak-stage-access-denied");
}
