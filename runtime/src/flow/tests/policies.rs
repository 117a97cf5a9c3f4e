//! Conditions of flows and stages: three outcomes, modes, groups, users, and what expressions may change.

use gatewright_reconciler::store::Group;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::support::{Browser, World, component, gist, id};
use crate::flow::LoginChange;

/// A flow of a conditional dummy `in` and a dummy `out`.
fn conditional(binding: Json) -> (World, Uuid) {
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    let stage = world.stage("dummy", json!({"name": "in"}));
    let target = world.bind(flow, stage, 1, binding);
    world.then(flow, "dummy", json!({"name": "out"}));
    (world, target)
}

const IN: &str = "ak-stage-dummy in";
const OUT: &str = "ak-stage-dummy out";
const DENIED: &str = "ak-stage-access-denied Flow does not apply to current user.";

const YES: &str = "return True";
const NO: &str = "return False";
const RAISES: &str = "return 1/0";

#[tokio::test]
async fn one_condition() {
    for (source, more, expected) in [
        (YES, json!({}), IN),
        (NO, json!({}), OUT),
        ("return None", json!({}), OUT),
        ("x = 1", json!({}), OUT),
        (RAISES, json!({}), DENIED),
        ("return ak_send_email(\"a@b.co\", \"s\", body=\"b\")", json!({}), DENIED),
        ("return (", json!({}), DENIED),
        (YES, json!({"negate": true}), OUT),
        (NO, json!({"negate": true}), IN),
        (RAISES, json!({"negate": true}), DENIED),
        (RAISES, json!({"failure_result": true}), IN),
        (RAISES, json!({"failure_result": true, "negate": true}), IN),
        (NO, json!({"failure_result": true}), OUT),
        (NO, json!({"enabled": false}), IN),
        (RAISES, json!({"enabled": false}), IN),
    ] {
        for when in [
            json!({}),
            json!({"evaluate_on_plan": true, "re_evaluate_policies": false}),
            json!({"evaluate_on_plan": true, "re_evaluate_policies": true}),
        ] {
            let (mut world, target) = conditional(when.clone());
            world.condition(target, source, more.clone());
            assert_eq!(gist(&world.browser().get("f").await), expected, "{source} {more} {when}");
        }
    }
}

#[tokio::test]
async fn modes() {
    for (mode, sources, expected) in [
        ("any", vec![YES, NO], IN),
        ("any", vec![NO, NO], OUT),
        ("any", vec![YES, RAISES], DENIED),
        ("all", vec![YES, YES], IN),
        ("all", vec![YES, NO], OUT),
        ("all", vec![NO, RAISES], DENIED),
        ("all", vec![], IN),
        ("any", vec![], IN),
    ] {
        let (mut world, target) = conditional(json!({"policy_engine_mode": mode}));
        for source in &sources {
            world.condition(target, source, json!({}));
        }
        assert_eq!(gist(&world.browser().get("f").await), expected, "{mode} {sources:?}");
    }
}

fn group(number: u128, direct: bool) -> Group {
    let name = format!("group {number}");
    Group { id: id(number), num_pk: 1, name, is_superuser: false, parent: None, attributes: Map::new(), direct }
}

#[tokio::test]
async fn groups_and_users() {
    let group_is = |number: u128| json!({"group": id(number)});
    let not = |condition: Json| super::support::merged(condition, json!({"negate": true}));
    // Ada is user 1, in group 50 and, through it, in group 51.
    for (conditions, user, anonymous) in [
        (vec![group_is(50)], IN, OUT),
        (vec![group_is(51)], IN, OUT),
        (vec![group_is(52)], OUT, OUT),
        (vec![not(group_is(50))], OUT, OUT),
        (vec![not(group_is(52))], IN, OUT),
        (vec![json!({"user": 1})], IN, OUT),
        (vec![json!({"user": 2})], OUT, OUT),
        (vec![group_is(52), json!({"user": 1})], IN, OUT),
        (vec![group_is(50), json!({"user": 2})], IN, OUT),
        (vec![json!({"user": 1, "group": id(50)})], DENIED, DENIED),
        (vec![json!({"policy": id(0xdead)})], DENIED, DENIED),
        (vec![json!({"user": "not a number"})], DENIED, DENIED),
    ] {
        let (mut world, target) = conditional(json!({"policy_engine_mode": "all"}));
        for condition in &conditions {
            let base = json!({"target": target, "order": 1});
            world.add("authentik_policies.policybinding", super::support::merged(base, condition.clone()));
        }
        let ada = world.user(1, "ada", "a");
        world.directory.join(ada.id, group(50, true));
        world.directory.join(ada.id, group(51, false));
        assert_eq!(gist(&world.browser().log_in(&ada).get("f").await), user, "{conditions:?}");
        assert_eq!(gist(&world.browser().get("f").await), anonymous, "{conditions:?}");
    }
}

#[tokio::test]
async fn a_flow_that_is_refused_says_what_its_policies_said() {
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({"policy_engine_mode": "all"}));
    world.then(flow, "dummy", json!({}));
    world.condition(flow, "ak_message(\"first message\")\nak_message(\"second message\")\nreturn False", json!({}));
    assert_eq!(gist(&world.browser().get("f").await), "ak-stage-access-denied first message\nsecond message");
    // The text of an exception is for the log, not for the visitor.
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    world.condition(flow, RAISES, json!({}));
    assert_eq!(gist(&world.browser().get("f").await), DENIED);
}

#[tokio::test]
async fn event_matchers_never_match_a_flow() {
    let (mut world, target) = conditional(json!({}));
    let policy = world.add("authentik_policies_event_matcher.eventmatcherpolicy", json!({"name": "events"}));
    world.add("authentik_policies.policybinding", json!({"target": target, "policy": policy, "order": 0}));
    assert_eq!(gist(&world.browser().get("f").await), OUT);
}

/// The login flow with the password stage under a condition.
fn guarded_login(source: &str) -> World {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    let password = world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.condition(password, source, json!({}));
    world.then(flow, "user_login", json!({}));
    world
}

#[tokio::test]
async fn skipping_the_password_does_not_log_in() {
    let world = guarded_login(NO);
    world.user(1, "ada", "a");
    let mut browser = world.browser();
    let end = browser.post("login", json!({"uid_field": "ada"})).await;
    assert_eq!(gist(&end), "ak-stage-access-denied Failed to authenticate.");
    assert_eq!((browser.last_login.clone(), browser.effects.len()), (LoginChange::Keep, 0));
}

#[tokio::test]
async fn a_condition_is_asked_when_its_stage_is_reached_and_only_then() {
    let source = "c = context[\"flow_plan\"].context\nc[\"asked\"] = c.get(\"asked\", 0) + 1\n\
                  return context[\"pending_user\"].username == \"ada\"";
    let world = guarded_login(source);
    world.user(1, "ada", "a");
    let mut browser = world.browser();
    let shown = browser.post("login", json!({"uid_field": "ada"})).await;
    assert_eq!(component(&shown), "ak-stage-password");
    browser.get("login").await;
    browser.post("login", json!({"password": "wrong"})).await;
    let asked = browser.execution.as_ref().unwrap().context.iter().find(|(key, _)| key == "asked").cloned();
    assert_eq!(asked.unwrap().1, gatewright_expression::Value::Int(1));
}

/// The default flow's way to ask for the password once, here or on the page before.
const NO_BACKEND: &str = "flow_plan = request.context.get(\"flow_plan\")\nif not flow_plan:\n    return True\n\
                          return not hasattr(flow_plan.context.get(\"pending_user\"), \"backend\")";

#[tokio::test]
async fn a_checked_password_is_not_asked_again() {
    for embedded in [false, true] {
        let mut world = World::new();
        let flow = world.flow("login", "authentication", json!({}));
        let password = world.stage("password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
        let fields = json!({"user_fields": ["username"], "password_stage": embedded.then_some(password)});
        world.then(flow, "identification", fields);
        let binding = world.bind(flow, password, 1_000_000, json!({}));
        world.condition(binding, NO_BACKEND, json!({}));
        let login = world.stage("user_login", json!({}));
        world.bind(flow, login, 2_000_000, json!({}));
        world.user(1, "ada", "a");
        let mut browser = world.browser();
        let mut shown = browser.post("login", json!({"uid_field": "ada", "password": "a"})).await;
        if !embedded {
            assert_eq!(component(&shown), "ak-stage-password");
            shown = browser.post("login", json!({"password": "a"})).await;
        }
        assert_eq!(gist(&shown), "xak-flow-redirect /", "embedded: {embedded}");
        assert!(browser.user.is_some());
    }
}

/// A login whose last stage is under a condition that meddles.
async fn meddled(source: &str) -> Browser {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    let login = world.then(flow, "user_login", json!({}));
    world.condition(login, source, json!({}));
    world.user(1, "ada", "a");
    world.user(2, "bob", "b");
    let mut browser = world.browser();
    browser.enter("ada", "a").await;
    browser
}

#[tokio::test]
async fn expressions_change_users_only_without_their_proofs() {
    let plan = "context[\"flow_plan\"].context[\"pending_user\"]";
    for (source, logs_in) in [
        ("return True".to_owned(), true),
        (format!("{plan} = ak_user_by(username=\"ada\")\nreturn True"), true),
        (format!("{plan} = ak_user_by(username=\"bob\")\nreturn True"), false),
        (format!("{plan} = None\nreturn True"), false),
        (format!("{plan} = \"bob\"\nreturn True"), false),
        (format!("{plan}.uuid = ak_user_by(username=\"bob\").uuid\nreturn True"), false),
        (format!("{plan}.is_active = True\n{plan}.backend = \"x\"\nreturn True"), true),
    ] {
        let browser = meddled(&source).await;
        assert_eq!(browser.user.is_some(), logs_in, "{source}");
        assert!(browser.user.is_none() || browser.user == Some(id(1)), "{source}");
    }
}

#[tokio::test]
async fn expressions_cannot_change_flows() {
    let source = "from authentik.flows.models import Flow\n\
                  Flow.objects.filter(slug=\"login\").update(authentication=\"none\")\nreturn True";
    let (mut world, target) = conditional(json!({}));
    world.condition(target, source, json!({}));
    assert_eq!(gist(&world.browser().get("f").await), DENIED);
}

#[tokio::test]
async fn expressions_look_users_and_groups_up() {
    for (source, expected) in [
        ("return ak_user_by(username=\"ada\").email == \"ada@example.com\"", IN),
        ("return ak_user_by(username=\"nobody\") is None", IN),
        ("return ak_user_by(no_such_field=1)", DENIED),
        ("return ak_is_group_member(request.user, name=\"group 50\")", IN),
        ("return ak_is_group_member(request.user, name__startswith=\"group\")", IN),
        ("return ak_is_group_member(request.user, name=\"group 52\")", OUT),
        ("return ak_is_group_member(request.user, no_such_field=1)", DENIED),
        ("return ak_is_group_member(ak_user_by(username=\"ada\"), name=\"group 50\")", IN),
        ("return str(ak_client_ip) == \"192.0.2.1\"", IN),
        ("return request.http_request.GET[\"next\"] == \"/x\"", IN),
        ("return ak_is_sso_flow", OUT),
    ] {
        let (mut world, target) = conditional(json!({}));
        world.condition(target, source, json!({}));
        let ada = world.user(1, "ada", "a");
        world.directory.join(ada.id, group(50, true));
        let mut browser = world.browser().log_in(&ada);
        browser.query = vec![("next".to_owned(), "/x".to_owned())];
        assert_eq!(gist(&browser.get("f").await), expected, "{source}");
    }
}

#[tokio::test]
async fn what_users_may_change_comes_from_their_groups() {
    let asks = |what: &str| {
        let name = format!("USER_ATTRIBUTE_CHANGE_{}", what.to_uppercase());
        format!(
            "from authentik.core.models import {name}\n\
             return request.user.group_attributes(request.http_request).get(\n    \
             {name}, request.http_request.tenant.default_user_change_{what}\n)"
        )
    };
    let allows = json!({"goauthentik.io/user/can-change-email": true});
    for (what, attributes, expected) in [
        ("email", json!({}), OUT),
        ("username", json!({}), OUT),
        ("name", json!({}), IN),
        ("email", allows.clone(), IN),
        ("username", allows, OUT),
    ] {
        let (mut world, target) = conditional(json!({}));
        world.condition(target, &asks(what), json!({}));
        let ada = world.user(1, "ada", "a");
        let mut team = group(50, false);
        team.attributes = attributes.as_object().cloned().unwrap();
        world.directory.join(ada.id, team);
        assert_eq!(gist(&world.browser().log_in(&ada).get("f").await), expected, "{what}");
    }
}

#[tokio::test]
async fn a_policy_that_takes_too_long_denies() {
    let (mut world, target) = conditional(json!({}));
    world.condition(target, "while True:\n    pass", json!({"timeout": 1}));
    assert_eq!(gist(&world.browser().get("f").await), DENIED);
}

#[tokio::test]
async fn a_target_of_an_expression_is_checked_like_any_other() {
    for (target, expected) in [
        ("/x", "xak-flow-redirect /x"),
        ("https://example.com/x", "xak-flow-redirect https://example.com/x"),
        ("javascript:alert(1)", "ak-stage-access-denied Invalid next URL"),
    ] {
        let mut world = World::new();
        let flow = world.flow("f", "authorization", json!({}));
        let source = format!("context[\"flow_plan\"].context[\"redirect\"] = \"{target}\"\nreturn True");
        world.condition(flow, &source, json!({}));
        assert_eq!(gist(&world.browser().get("f").await), expected);
    }
}
