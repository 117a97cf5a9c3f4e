//! Who may run a flow, which stages come, how it ends, and that a GET does nothing.

use gatewright_reconciler::store::Group;
use serde_json::{Map, Value as Json, json};

use super::support::{World, component, gist, id};
use crate::flow::Step;

fn group(number: u128, is_superuser: bool, direct: bool) -> Group {
    Group {
        id: id(number),
        num_pk: 1,
        name: format!("group {number}"),
        is_superuser,
        parent: None,
        attributes: Map::new(),
        direct,
    }
}

#[tokio::test]
async fn authentication_requirements() {
    for (requirement, anonymous, user, superuser) in [
        ("none", true, true, true),
        ("require_authenticated", false, true, true),
        ("require_unauthenticated", true, false, false),
        ("require_superuser", false, false, true),
        ("require_redirect", false, false, false),
        ("require_outpost", false, false, false),
    ] {
        let mut world = World::new();
        let flow = world.flow("f", "authorization", json!({"authentication": requirement}));
        world.then(flow, "dummy", json!({"name": "in"}));
        let (ada, root) = (world.user(1, "ada", "a"), world.user(2, "root", "r"));
        world.directory.join(ada.id, group(50, false, true));
        world.directory.join(root.id, group(51, true, false));
        let visitors = [world.browser(), world.browser().log_in(&ada), world.browser().log_in(&root)];
        for (mut browser, let_in) in visitors.into_iter().zip([anonymous, user, superuser]) {
            let expected = if let_in {
                "ak-stage-dummy in"
            } else {
                "ak-stage-access-denied Flow does not apply to current user."
            };
            assert_eq!(gist(&browser.get("f").await), expected, "{requirement}");
        }
    }
}

#[tokio::test]
async fn denied_actions() {
    for (action, next, expected) in [
        ("message_continue", "/x", "ak-stage-access-denied Flow does not apply to current user."),
        ("message", "/x", "ak-stage-access-denied Flow does not apply to current user."),
        ("continue", "", "xak-flow-redirect /"),
        ("continue", "/x", "xak-flow-redirect /x"),
        ("continue", "//evil.example", "xak-flow-redirect /"),
    ] {
        let mut world = World::new();
        world.flow("f", "authorization", json!({"authentication": "require_authenticated", "denied_action": action}));
        let mut browser = world.browser();
        browser.query = vec![("next".to_owned(), next.to_owned())];
        assert_eq!(gist(&browser.get("f").await), expected, "{action} {next}");
    }
}

#[tokio::test]
async fn an_empty_flow_is_over_at_once() {
    let mut world = World::new();
    world.flow("f", "authorization", json!({}));
    assert_eq!(gist(&world.browser().get("f").await), "xak-flow-redirect /");
}

#[tokio::test]
async fn a_stage_that_is_not_there_or_broken_denies() {
    for stage in [json!(id(0xdead)), Json::Null] {
        let mut world = World::new();
        let flow = world.flow("f", "authorization", json!({}));
        let order = json!({"target": flow, "stage": stage, "order": 1});
        world.add("authentik_flows.flowstagebinding", order);
        world.then(flow, "dummy", json!({}));
        assert_eq!(component(&world.browser().get("f").await), "ak-stage-access-denied");
    }
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    world.then(flow, "deny", json!({"deny_message": ["no", "text"]}));
    world.then(flow, "dummy", json!({}));
    assert_eq!(component(&world.browser().get("f").await), "ak-stage-access-denied");
}

#[tokio::test]
async fn restarts_do_not_loop() {
    for action in ["restart", "restart_with_context"] {
        let mut world = World::new();
        let flow = world.flow("f", "authorization", json!({}));
        let deny = world.stage("deny", json!({"deny_message": "no"}));
        world.bind(flow, deny, 1, json!({"invalid_response_action": action}));
        let mut browser = world.browser();
        assert_eq!(gist(&browser.get("f").await), "ak-stage-access-denied no", "{action}");
        assert_eq!(gist(&browser.post("f", json!({})).await), "ak-stage-access-denied no", "{action}");
    }
}

#[tokio::test]
async fn a_restart_forgets_or_keeps() {
    for (action, remembered) in [("restart", ""), ("restart_with_context", "blue")] {
        let mut world = World::new();
        let flow = world.flow("f", "authorization", json!({}));
        let colour = world.prompt("colour", "text", json!({"required": false}));
        world.then(flow, "prompt", json!({"fields": [colour]}));
        let other = world.prompt("other", "text", json!({}));
        let second = world.stage("prompt", json!({"fields": [other]}));
        world.bind(flow, second, 1_000_000, json!({"invalid_response_action": action}));
        let mut browser = world.browser();
        browser.post("f", json!({"colour": "blue"})).await;
        let shown = browser.post("f", json!({"other": ""})).await;
        let field = &shown["fields"][0];
        assert_eq!((field["field_key"].as_str(), field["initial_value"].as_str()), (Some("colour"), Some(remembered)));
    }
}

#[tokio::test]
async fn flows_that_redirect_to_each_other_end() {
    let mut world = World::new();
    let (a, b) = (world.flow("a", "authorization", json!({})), world.flow("b", "authorization", json!({})));
    world.then(a, "redirect", json!({"mode": "flow", "target_flow": b}));
    world.then(b, "redirect", json!({"mode": "flow", "target_flow": a}));
    let mut browser = world.browser();
    // Each hop is a page of its own, so the browser's own limit of redirects ends it.
    assert_eq!(gist(&browser.get("a").await), "xak-flow-redirect /if/flow/b/");
    assert_eq!(gist(&browser.get("b").await), "xak-flow-redirect /if/flow/a/");
}

#[tokio::test]
async fn the_brand_and_the_designation_choose_flows() {
    let mut world = World::new();
    world.flow("b-login", "authentication", json!({}));
    world.flow("a-login", "authentication", json!({}));
    let out = world.flow("z-out", "invalidation", json!({}));
    world.flow("a-out", "invalidation", json!({}));
    world.add(
        "authentik_brands.brand",
        json!({"domain": "fallback", "default": true, "flow_invalidation": out, "branding_title": "All"}),
    );
    world.add("authentik_brands.brand", json!({"domain": "example.com", "branding_title": "Example"}));
    let program = world.browser().program;
    use gatewright_compiler::models::flows::Designation;
    assert_eq!(program.default_flow(Designation::Authentication), Some("a-login"));
    assert_eq!(program.default_flow(Designation::Invalidation), Some("z-out"));
    assert_eq!(program.default_flow(Designation::Recovery), None);
    assert_eq!(program.brand("ID.example.com").title, "Example");
    assert_eq!(program.brand("notexample.com").title, "All");
    assert_eq!(program.brand("elsewhere.test").flow_invalidation.as_deref(), Some("z-out"));
}

/// Every stage first in a flow, before and after a page, for everybody: the browser checks that no GET acts.
#[tokio::test]
async fn a_get_does_nothing_whatever_the_flow() {
    let stages: &[(&str, Json)] = &[
        ("identification", json!({"user_fields": ["username"]})),
        ("password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]})),
        ("user_write", json!({"user_creation_mode": "always_create"})),
        ("user_login", json!({})),
        ("user_login", json!({"remember_me_offset": "days=1"})),
        ("user_logout", json!({})),
        ("consent", json!({})),
        ("deny", json!({})),
        ("dummy", json!({})),
        ("redirect", json!({"mode": "static", "target_static": "/x"})),
        ("authenticator_validate", json!({"not_configured_action": "skip"})),
        ("authenticator_static", json!({})),
    ];
    for first in 0..stages.len() {
        for second in 0..stages.len() {
            let mut world = World::new();
            let flow = world.flow("f", "authorization", json!({}));
            for which in [first, second] {
                let (app, attrs) = stages[which].clone();
                world.then(flow, app, attrs);
            }
            let ada = world.user(1, "ada", "a");
            for mut browser in [world.browser(), world.browser().log_in(&ada)] {
                browser.get_step("f").await;
                browser.get_step("f").await;
                let answer = json!({"uid_field": "ada", "password": "a", "remember_me": true});
                if browser.post_step("f", answer).await == Step::Advanced {
                    browser.get_step("f").await;
                }
            }
        }
    }
}
