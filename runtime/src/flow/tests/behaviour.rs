//! What the compiler says of a model that has no behaviour is what the runtime does.

use std::path::Path;

use gatewright_compiler::desired::{DesiredObject, Value};
use gatewright_compiler::models::{KeyType, Model, model, models};
use gatewright_compiler::source::{SourceFile, Sources};
use gatewright_compiler::world::UnknownWorld;
use gatewright_compiler::{Options, Purpose, compile};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::support::{World, component, gist, id, merged};
use crate::program::StageKind;

/// What a stage says that has no behaviour.
const UNAVAILABLE: &str = "ak-stage-access-denied This step is not available.";

/// The objects of the blueprint with one of every model, as if they were stored.
fn every_model() -> World {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/blueprints/every-model.yaml");
    let mut sources = Sources::default();
    sources.add(SourceFile {
        path: "every-model.yaml".to_owned(),
        relative: "every-model.yaml".to_owned(),
        layer: 1,
        named: false,
        included: true,
        text: std::fs::read_to_string(path).unwrap().into(),
    });
    let options = Options { strict: false, purpose: Purpose::Check };
    let compilation = compile(&sources, &UnknownWorld, &options);
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    let mut world = World::new();
    let objects = &compilation.desired.objects;
    for (at, object) in objects.iter().enumerate() {
        let stored = gatewright_reconciler::snapshot::Object {
            id: declared(at),
            num: None,
            model: object.model.to_owned(),
            attrs: attrs(object, objects),
        };
        world.snapshot.objects.insert(stored.id, stored);
    }
    world
}

fn declared(at: usize) -> Uuid {
    id(0x10_0000 + u128::try_from(at).unwrap())
}

/// The attributes as they are stored: without secrets, references as keys. What has a behaviour is spared references to
/// what has none: an identification stage denies for the sake of its captcha.
fn attrs(object: &DesiredObject, objects: &[DesiredObject]) -> Map<String, Json> {
    let of = model(object.model).unwrap();
    let stored = object.fields.iter().filter_map(|(name, field)| {
        let known = of.field(name).filter(|known| known.secret.is_none())?;
        let key = known.reference.as_ref().map(|reference| reference.key);
        let lame = of.has_behaviour() && !known.required && refers_to_nothing(&field.value, objects);
        (!lame).then(|| (name.to_owned(), json_of(&field.value, key)))
    });
    stored.collect()
}

/// Whether a value holds the key of an object without behaviour.
fn refers_to_nothing(value: &Value, objects: &[DesiredObject]) -> bool {
    match value {
        Value::Declared(index) => !model(objects[index.0].model).unwrap().has_behaviour(),
        Value::List(items) => items.iter().any(|item| refers_to_nothing(item, objects)),
        _ => false,
    }
}

fn json_of(value: &Value, key: Option<KeyType>) -> Json {
    match value {
        Value::Null | Value::Unknown | Value::Existing(_) => Json::Null,
        Value::Bool(it) => json!(it),
        Value::Int(it) => json!(it),
        Value::Float(it) => json!(it),
        Value::String(it) => json!(it),
        Value::List(items) => items.iter().map(|item| json_of(item, key)).collect(),
        Value::Map(pairs) => Json::Object(pairs.iter().map(|(name, it)| (name.clone(), json_of(it, None))).collect()),
        Value::Declared(index) if key == Some(KeyType::Integer) => json!(index.0 + 1),
        Value::Declared(index) => json!(declared(index.0)),
    }
}

fn of_kind(kind: &str) -> Vec<&'static Model> {
    models().iter().copied().filter(|model| model.kinds.contains(&kind)).collect()
}

fn stored(world: &World, model: &Model) -> Uuid {
    let object = world.snapshot.objects.values().find(|object| object.model == model.name);
    object.unwrap_or_else(|| panic!("no {} in every-model.yaml", model.name)).id
}

#[tokio::test]
async fn a_stage_without_behaviour_denies_its_flow() {
    let stages = of_kind("stage");
    assert!(stages.len() > 20);
    for model in stages {
        let mut world = every_model();
        let flow = world.flow("f", "authorization", json!({}));
        let stage = stored(&world, model);
        let program = world.browser().program;
        let kind = &program.stage(stage).unwrap().kind;
        assert!(!matches!(kind, StageKind::Broken(_)), "{}: {kind:?}", model.name);
        world.bind(flow, stage, 1, json!({}));
        world.then(flow, "dummy", json!({"name": "behind"}));
        let ada = world.user(1, "ada", "a");
        for mut browser in [world.browser(), world.browser().log_in(&ada)] {
            let shown = gist(&browser.get("f").await);
            assert_eq!(shown == UNAVAILABLE, !model.has_behaviour(), "{}: {shown}", model.name);
            if !model.has_behaviour() {
                assert_eq!(component(&browser.post("f", json!({})).await), "ak-stage-access-denied", "{}", model.name);
            }
        }
    }
}

/// Wherever it is bound, and whatever its binding says: it does not pass, and what it guards is not skipped.
#[tokio::test]
async fn a_policy_without_behaviour_denies_what_it_is_bound_to() {
    let policies: Vec<&Model> = of_kind("policy").into_iter().filter(|model| !model.has_behaviour()).collect();
    assert!(!policies.is_empty());
    for model in policies {
        for more in [
            json!({}),
            json!({"failure_result": true}),
            json!({"negate": true}),
            json!({"failure_result": true, "negate": true}),
        ] {
            let mut world = every_model();
            let policy = stored(&world, model);
            let bound = |target: Uuid, more: &Json| {
                merged(json!({"target": target, "policy": policy, "order": 0}), more.clone())
            };
            let guarded = world.flow("guarded", "authorization", json!({}));
            world.then(guarded, "dummy", json!({"name": "in"}));
            world.add("authentik_policies.policybinding", bound(guarded, &more));
            for (slug, when) in [("early", true), ("late", false)] {
                let flow = world.flow(slug, "authorization", json!({}));
                let stage = world.stage("deny", json!({"deny_message": "the guarded stage"}));
                let flags = json!({"evaluate_on_plan": when, "re_evaluate_policies": !when});
                let binding = world.bind(flow, stage, 1, flags);
                world.add("authentik_policies.policybinding", bound(binding, &more));
                // Any one that passes is enough, but an error is no answer.
                world.condition(binding, "return True", json!({}));
                world.then(flow, "dummy", json!({"name": "behind"}));
            }
            for slug in ["guarded", "early", "late"] {
                let mut browser = world.browser();
                let shown = browser.get(slug).await;
                assert_eq!(component(&shown), "ak-stage-access-denied", "{} {slug} {more}", model.name);
                assert_ne!(gist(&shown), "ak-stage-access-denied the guarded stage", "{} {slug} {more}", model.name);
                assert_eq!(component(&browser.post(slug, json!({})).await), "ak-stage-access-denied");
            }
        }
    }
}

/// A prompt stage that such a policy validates takes no answer.
#[tokio::test]
async fn a_policy_without_behaviour_validates_nothing() {
    for model in of_kind("policy").into_iter().filter(|model| !model.has_behaviour()) {
        let mut world = every_model();
        let policy = stored(&world, model);
        let flow = world.flow("f", "authorization", json!({}));
        let field = world.prompt("colour", "text", json!({"required": false}));
        world.then(flow, "prompt", json!({"fields": [field], "validation_policies": [policy]}));
        world.then(flow, "dummy", json!({"name": "behind"}));
        let mut browser = world.browser();
        assert_eq!(component(&browser.get("f").await), "ak-stage-prompt");
        assert_ne!(component(&browser.post("f", json!({"colour": "blue"})).await), "ak-stage-dummy", "{}", model.name);
    }
}
