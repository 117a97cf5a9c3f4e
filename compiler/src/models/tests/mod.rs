//! The models as a whole: every schema builds, every default is valid, and the facts of the peer agree where they are at hand.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "tests read files and the environment")]

mod facts;

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::policies::Policy;
use super::stages::Stage;
use super::{ExpressionUse, Field, KeyType, Reference, Secret, is_peer_model, model, models, suggest};

fn attrs(value: Json) -> Map<String, Json> {
    value.as_object().unwrap().clone()
}

#[test]
fn every_schema_builds_and_takes_its_defaults() {
    for model in models() {
        let mut defaults: Map<String, Json> =
            model.fields.iter().filter_map(|field| Some((field.name.clone(), field.default.clone()?))).collect();
        // Valid one by one: an identification stage needs fields or sources, a blueprint instance a path or a content.
        defaults.remove("sources");
        defaults.remove("content");
        assert_eq!(model.validate(&defaults), [], "{}", model.name);
    }
}

#[test]
fn every_key_is_a_field_and_every_name_known() {
    for model in models() {
        assert!(is_peer_model(model.name), "{}", model.name);
        for name in model.keys.iter().copied().flatten() {
            assert!(model.field(name).is_some(), "{} of {}", name, model.name);
        }
        for field in &model.fields {
            if let Some(ExpressionUse::PromptWhen(switch)) = field.expression {
                assert!(model.field(switch).is_some(), "{} of {}", switch, model.name);
            }
        }
    }
}

#[test]
fn every_stage_and_policy_is_in_its_enum() {
    for model in models() {
        let empty = Map::new();
        assert_eq!(model.kinds.contains(&"stage"), Stage::from_attrs(model.name, &empty).is_some(), "{}", model.name);
        assert_eq!(model.kinds.contains(&"policy"), Policy::from_attrs(model.name, &empty).is_some(), "{}", model.name);
    }
}

#[test]
fn every_field_and_choice_is_documented() {
    for model in models() {
        assert!(model.schema()["description"].is_string(), "{}", model.name);
        documented(model.name, model.schema());
    }
}

/// Parts of maps and items of lists have their texts, too.
fn documented(of: &str, schema: &Json) {
    for (name, property) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let inner = property.get("items").unwrap_or(property);
        assert!(property["description"].is_string(), "`{name}` of {of}");
        for text in inner.get("enumDescriptions").and_then(Json::as_array).into_iter().flatten() {
            assert!(text.as_str().is_some_and(|text| !text.is_empty()), "a choice of `{name}` of {of}");
        }
        documented(of, inner);
    }
}

#[test]
fn fields_are_read_from_the_schema() {
    let binding = model("authentik_policies.PolicyBinding").unwrap();
    let user = Reference { kind: "user", many: false, key: KeyType::Integer };
    assert_eq!(
        binding.field("user"),
        Some(&Field {
            name: "user".to_owned(),
            required: false,
            nullable: true,
            default: None,
            reference: Some(user),
            secret: None,
            expression: None,
            generated: false,
        })
    );
    let stage = model("authentik_stages_prompt.promptstage").unwrap();
    let fields = stage.field("fields").unwrap();
    assert!(fields.required && !fields.nullable);
    assert_eq!(fields.reference, Some(Reference { kind: "prompt", many: true, key: KeyType::Uuid }));
    let prompt = model("authentik_stages_prompt.prompt").unwrap();
    let placeholder = prompt.field("placeholder").unwrap();
    assert_eq!(placeholder.expression, Some(ExpressionUse::PromptWhen("placeholder_expression")));
    let user = model("authentik_core.user").unwrap();
    assert_eq!(user.field("password").unwrap().secret, Some(Secret::Hashed));
    let pair = model("authentik_crypto.certificatekeypair").unwrap();
    assert_eq!(pair.field("key_data").unwrap().secret, Some(Secret::Sealed));
}

#[test]
fn messages_say_what_is_wrong() {
    let cases = [
        (
            "authentik_flows.flow",
            json!({"designation": "authentification", "slug": "My flow!", "title": ["a"], "layout": "x"}),
        ),
        ("authentik_flows.flow", json!({"name": null, "slug": "a".repeat(51), "compatibility_mode": "maybe"})),
        (
            "authentik_flows.flowstagebinding",
            json!({"order": "ten", "target": "my-flow", "re_evaluate_policies": false, "evaluate_on_plan": false}),
        ),
        ("authentik_flows.flowstagebinding", json!({"order": 3_000_000_000_i64})),
        (
            "authentik_policies.policybinding",
            json!({"timeout": -1, "policy": "80d46896-4c2d-453f-8f3f-8aa1ba7f150f", "user": 4}),
        ),
        ("authentik_stages_user_login.userloginstage", json!({"session_duration": "hour=1", "remember_me_offset": ""})),
        (
            "authentik_stages_identification.identificationstage",
            json!({"user_fields": ["mail", "username"], "password_stage": 7}),
        ),
        ("authentik_stages_authenticator_totp.authenticatortotpstage", json!({"digits": "7"})),
        (
            "authentik_core.user",
            json!({"password": ["hunter2"], "email": "ada", "permissions": ["view flow"], "last_login": "yesterday"}),
        ),
        (
            "authentik_policies_event_matcher.eventmatcherpolicy",
            json!({"app": "authentik.flow", "client_ip": "::x", "action": null}),
        ),
    ];
    let mut text = String::new();
    for (name, attributes) in cases {
        writeln!(text, "{name} {attributes}").unwrap();
        for error in model(name).unwrap().validate(&attrs(attributes)) {
            writeln!(text, "  {}: {}", error.pointer, error.message).unwrap();
            if let Some(help) = error.help {
                writeln!(text, "      help: {help}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn values_are_taken_as_the_peer_takes_them() {
    let cases = [
        ("authentik_stages_authenticator_totp.authenticatortotpstage", "digits", json!(6), json!("6")),
        ("authentik_flows.flow", "title", json!(404), json!("404")),
        ("authentik_flows.flow", "title", json!(true), json!(true)),
        ("authentik_flows.flow", "compatibility_mode", json!("Yes"), json!(true)),
        ("authentik_flows.flow", "compatibility_mode", json!(0), json!(false)),
        ("authentik_flows.flow", "compatibility_mode", json!("perhaps"), json!("perhaps")),
        ("authentik_flows.flowstagebinding", "order", json!("10"), json!(10)),
        ("authentik_flows.flowstagebinding", "order", json!(10.0), json!(10)),
        ("authentik_flows.flowstagebinding", "order", json!(10.5), json!(10.5)),
        ("authentik_policies.policybinding", "user", json!(null), json!(null)),
        ("authentik_policies.policybinding", "user", json!("5"), json!(5)),
        ("authentik_core.group", "users", json!(["5", 6]), json!([5, 6])),
        ("authentik_core.group", "attributes", json!({"a": "1"}), json!({"a": "1"})),
        ("authentik_core.group", "no_such_field", json!("1"), json!("1")),
    ];
    for (name, field, from, to) in cases {
        assert_eq!(model(name).unwrap().coerce(field, from.clone()), to, "{field} = {from}");
    }
}

#[test]
fn valid_attributes_can_be_read() {
    let read = |model: &str, value: Json| Stage::from_attrs(model, &attrs(value)).unwrap().unwrap();
    let stage =
        read("authentik_stages_user_login.userloginstage", json!({"name": "login", "session_duration": "hours=8"}));
    let Stage::UserLogin(login) = stage else { panic!("not a login stage") };
    assert_eq!(login.session_duration.span().as_secs(), 28_800);
    assert!(login.remember_me_offset.is_zero());
    let secret = json!({"username": "ada", "name": "Ada", "password": "hunter2"});
    let user: super::core::User = serde_json::from_value(secret).unwrap();
    assert!(!format!("{user:?}").contains("hunter2"));
}

#[test]
fn names_are_suggested() {
    assert_eq!(suggest("authentik_flow.flow"), Some("authentik_flows.flow"));
    assert_eq!(suggest("authentik_flows.flows"), Some("authentik_flows.flow"));
    assert_eq!(suggest("prompt"), Some("authentik_stages_prompt.prompt"));
    assert_eq!(suggest("flows.flow"), Some("authentik_flows.flow"));
    assert_eq!(suggest("kubernetes.pod"), None);
    assert_eq!(suggest("loginstage"), Some("authentik_stages_user_login.userloginstage"));
    assert_eq!(suggest("authentik_stages.loginstage"), Some("authentik_stages_user_login.userloginstage"));
    assert_eq!(suggest("stage"), None);
    assert_eq!(model("authentik_flows.flow").unwrap().suggest_field("designatoin"), Some("designation"));
}

/// What the peer's API answers is valid here, and can be read.
#[test]
fn the_peers_objects_are_valid() {
    let Ok(shared) = std::env::var("GATEWRIGHT_SHARED") else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(format!("{shared}/golden")).unwrap().map(|file| file.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let answer: Json = serde_json::from_str(&text).unwrap();
        for object in answer.get("results").and_then(Json::as_array).into_iter().flatten() {
            let Some(model) = object["meta_model_name"].as_str().and_then(model) else { continue };
            let attrs: Map<String, Json> =
                attrs(object.clone()).into_iter().filter(|(name, _)| model.field(name).is_some()).collect();
            assert_eq!(model.validate(&attrs), [], "{}", object["name"]);
            if let Some(stage) = Stage::from_attrs(model.name, &attrs) {
                // The lists of all stages and policies show the common fields alone.
                let complete = model.fields.iter().all(|field| !field.required || attrs.contains_key(&field.name));
                assert!(stage.is_ok() || !complete, "{}", object["name"]);
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} objects");
}
