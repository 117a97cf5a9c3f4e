//! The committed schemas are fresh, valid, and say what they should; what an editor makes of them is tested with a real one.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "the test compares and writes files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
}

#[test]
fn committed_schemas_are_fresh() {
    let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
    let made = files();
    assert_eq!(made, files(), "the same models give the same schemas");
    let mut stale = Vec::new();
    for (path, text) in made {
        let file = folder().join(&path);
        if std::fs::read_to_string(&file).is_ok_and(|committed| committed == text) {
            continue;
        }
        if update {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        } else {
            stale.push(path);
        }
    }
    assert_eq!(stale, Vec::<String>::new(), "run the tests with UPDATE_SCHEMAS=1");
}

#[test]
fn no_schema_is_left_behind() {
    let made: BTreeSet<String> = files().into_iter().map(|(path, _)| path).collect();
    for entry in std::fs::read_dir(folder().join("models")).unwrap() {
        let name = format!("models/{}", entry.unwrap().file_name().to_str().unwrap());
        assert!(made.contains(&name), "{name} belongs to no model");
    }
}

#[test]
fn schemas_are_valid_draft_07() {
    assert!(jsonschema::draft7::meta::is_valid(&blueprint()));
    for model in models() {
        assert!(jsonschema::draft7::meta::is_valid(&attributes(model)), "{}", model.name);
    }
}

/// Whether a blueprint with this entry is fine.
fn fine(entry: Json) -> bool {
    use std::sync::LazyLock;
    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::draft7::options().offline().build(&blueprint()).unwrap());
    VALIDATOR.is_valid(&json!({ "version": 1, "entries": [entry] }))
        && VALIDATOR.is_valid(&json!({ "version": 1, "entries": { "section": [entry] } }))
}

fn flow(attrs: Json) -> Json {
    json!({ "model": "authentik_flows.flow", "identifiers": { "slug": "a" }, "attrs": attrs })
}

#[test]
fn a_tag_may_stand_where_it_is_evaluated() {
    assert!(fine(flow(json!({ "designation": null, "title": null, "compatibility_mode": null, "name": null }))));
    assert!(fine(
        json!({ "model": null, "state": null, "identifiers": { "slug": null, "pk": null, "name__iexact": 1 } })
    ));
    assert!(fine(Json::Null));
    assert!(!fine(json!({ "model": "authentik_flows.flow", "id": null, "identifiers": { "slug": "a" } })));
    assert!(fine(json!({
        "model": "authentik_stages_identification.identificationstage",
        "identifiers": { "name": "a" },
        "attrs": { "user_fields": [null, "email"], "sources": null },
    })));
}

#[test]
fn slips_are_found() {
    assert!(fine(flow(json!({ "title": "A", "designation": "recovery", "name": "A" }))));
    assert!(!fine(flow(json!({ "designation": "recover" }))));
    assert!(!fine(flow(json!({ "compatibility_mode": "a" }))));
    assert!(!fine(flow(json!({ "titel": "A" }))));
    assert!(!fine(json!({ "model": "authentik_flows.flow" })));
    assert!(!fine(json!({ "model": "no.model", "identifiers": { "slug": "a" } })));
    assert!(!fine(json!({ "model": "authentik_flows.flow", "identifiers": { "slug": "a" }, "atrs": {} })));
}

#[test]
fn what_the_compiler_takes_is_no_slip() {
    let totp = |digits: Json| {
        json!({
            "model": "authentik_stages_authenticator_totp.authenticatortotpstage",
            "identifiers": { "name": "a" }, "attrs": { "digits": digits },
        })
    };
    assert!(fine(totp(json!(6))) && fine(totp(json!("6"))) && !fine(totp(json!(7))));
    assert!(fine(flow(json!({ "compatibility_mode": "Yes", "title": 12 }))));
    assert!(fine(flow(json!({ "compatibility_mode": 0 }))) && !fine(flow(json!({ "compatibility_mode": 2 }))));
    assert!(fine(json!({
        "model": "authentik_flows.flowstagebinding", "identifiers": { "order": "10", "target": null, "stage": null },
    })));
    for (email, wanted) in [("root@localhost", true), ("", true), ("a@b@c", false), ("a", false)] {
        let user =
            json!({ "model": "authentik_core.user", "identifiers": { "username": "a" }, "attrs": { "email": email } });
        assert_eq!(fine(user), wanted, "{email}");
    }
}

#[test]
fn attributes_and_identifiers_complete_each_other() {
    let full = json!({ "name": "A", "title": "A", "designation": "recovery" });
    let state = |state: &str, mut entry: Json| {
        entry["state"] = json!(state);
        entry
    };
    let without = |name: &str| {
        let mut attrs = full.clone();
        attrs.as_object_mut().unwrap().remove(name);
        flow(attrs)
    };
    assert!(fine(flow(full.clone())) && fine(state("created", flow(full.clone()))));
    for state_name in ["created", "must_created"] {
        assert!(!fine(state(state_name, without("title"))));
        assert!(!fine(state(state_name, flow(json!({})))));
    }
    assert!(fine(state("absent", without("title"))), "what is to be absent needs nothing");
    assert!(!fine(without("title")) && !fine(state("present", without("title"))), "one of several was forgotten");
    assert!(fine(flow(json!({ "title": "A" }))), "this changes a flow of another file");
    let mut known = state("created", without("title"));
    known["identifiers"] = json!({ "pk": "00000000-0000-0000-0000-000000000001" });
    assert!(fine(known), "what has a key is there already");
}

#[test]
fn choices_keep_their_texts() {
    let schema = blueprint();
    let mut seen = 0;
    for model in models() {
        for property in schema["definitions"][model.name]["properties"].as_object().unwrap().values() {
            let length = |keyword: &str| property["anyOf"][0].get(keyword).and_then(Json::as_array).map(Vec::len);
            if let Some(texts) = length("enumDescriptions") {
                assert_eq!(length("enum"), Some(texts), "{}", model.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "choices have texts");
}

#[test]
fn every_attribute_is_described() {
    for model in models() {
        for (name, property) in blueprint()["definitions"][model.name]["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{}: {name}", model.name);
        }
    }
}

#[test]
fn tags_are_listed_for_each_kind_of_node() {
    let tags = custom_tags();
    assert!(tags.contains(&"!Env scalar:null".to_owned()) && tags.contains(&"!Env sequence:null".to_owned()));
    assert!(tags.iter().all(|tag| tag.ends_with(":null")));
}

#[test]
fn snippets_give_what_a_new_object_needs() {
    for model in models().iter().filter(|model| model.storage != crate::models::Storage::Meta) {
        let body = |snippet: Option<Json>| snippet.map_or(json!({}), |snippet| snippet[0]["body"].clone());
        let both = [body(snippet::identifiers(model)), body(snippet::attributes(model))];
        for name in required(model) {
            assert!(both.iter().any(|body| body.get(name).is_some()), "{}: {name}", model.name);
        }
        assert!(!both.iter().any(|body| body.to_string().contains("||")), "{}: {both:?}", model.name);
    }
}
