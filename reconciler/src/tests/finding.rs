//! `ObservedState::find`.

use gatewright_compiler::desired::Value;
use serde_json::{Value as Json, json};

use super::support::{BINDING, Database, FLOW, GROUP, USER, declared, small, text, value};

#[tokio::test]
async fn conditions() {
    let database = Database::new().await;
    let files = small()
        .present(GROUP, &[("name", text("Staff"))], &[("attributes", value(&json!({"a": {"b": 1, "c": [1, 2]}})))])
        .present(USER, &[("username", text("jo"))], &[("name", text("Jo")), ("groups", Value::List(vec![declared(3)]))])
        .done();
    database.apply(&files).await;
    let observed = database.store.observe().await.unwrap();
    let find = |model: &str, conditions: &[(&str, Json)]| {
        let conditions: Vec<_> = conditions.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        observed.find(model, &conditions).map(|found| found.key)
    };
    let flow = find(FLOW, &[("slug", json!("login"))]).unwrap();
    let group = find(GROUP, &[("name__iexact", json!("STAFF"))]).unwrap();
    assert!(flow.is_string() && group.is_string());
    assert_eq!(find("authentik_flows.Flow", &[("pk", flow.clone())]), Some(flow.clone()));
    assert_eq!(find(FLOW, &[("slug", json!("login")), ("title", json!("Other"))]), None);
    assert_eq!(find(FLOW, &[("title__startswith", json!("Wel"))]), Some(flow.clone()));
    assert_eq!(find(FLOW, &[("slug__in", json!(["a", "login"]))]), Some(flow.clone()));
    assert_eq!(find(FLOW, &[("denied_action", json!("message_continue"))]), Some(flow.clone()), "a default");
    assert_eq!(find(FLOW, &[("background", Json::Null), ("slug", json!("none"))]), None);
    assert_eq!(find(FLOW, &[("nonsense", json!(1))]), None);
    assert_eq!(find(FLOW, &[]), Some(flow.clone()), "no condition: any");
    assert_eq!(find("authentik_flows.nonsense", &[("slug", json!("login"))]), None);
    let binding = find(BINDING, &[("target", flow.clone())]);
    assert!(binding.is_some());
    assert_eq!(find(BINDING, &[("target__slug", json!("login")), ("order", json!("10"))]), binding);
    assert_eq!(find(GROUP, &[("attributes", json!({"a": {"c": [2]}}))]), Some(group.clone()));
    assert_eq!(find(GROUP, &[("attributes__a__b", json!(1))]), Some(group.clone()));
    assert_eq!(find(USER, &[("username", json!("jo"))]), Some(json!(1)));
    assert_eq!(find(USER, &[("pk", json!(1))]), Some(json!(1)));
    assert_eq!(find(USER, &[("groups", group)]), Some(json!(1)));
    assert_eq!(find(USER, &[("groups__name", json!("Staff"))]), Some(json!(1)));
}
