//! Plans: states, matching, what is refused, what is shown.

use gatewright_compiler::desired::{Presence, Value};
use gatewright_compiler::diagnostic::{Code, Severity};
use serde_json::json;

use super::support::{BINDING, DENY, Database, FLOW, Files, GROUP, USER, declared, flow_attrs, small, text, value};
use crate::observed::ObservedState;
use crate::plan::{Action, Options, plan};

#[test]
fn planning_is_pure_and_shows_natural_keys() {
    let files = small().done();
    let planned = plan(&files, &ObservedState::empty(), &Options::default());
    assert_eq!(planned.diagnostics, []);
    let shown: Vec<String> = planned
        .plan
        .changes
        .iter()
        .map(|change| format!("{:?} {} {}", change.action, change.model, change.key))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    Create authentik_flows.flow login
    Create authentik_stages_deny.denystage no
    Create authentik_flows.flowstagebinding target=login stage=no order=10
    ");
    let again = plan(&files, &ObservedState::empty(), &Options::default());
    assert_eq!(format!("{:?}", planned.plan), format!("{:?}", again.plan), "ids included");
    let binding = &planned.plan.changes[2];
    assert_eq!(binding.fields["target"].after, Some(json!("login")));
    assert_eq!(binding.origin.as_ref().unwrap().line, 3);
}

#[tokio::test]
async fn states() {
    let database = Database::new().await;
    let flow = |presence| Files::new().entry(presence, FLOW, &[("slug", text("login"))], &flow_attrs("New")).done();
    assert!(database.plan(&flow(Presence::Absent)).await.plan.is_empty());
    database.apply(&flow(Presence::MustCreated)).await;
    let planned = database.plan(&flow(Presence::MustCreated)).await;
    assert_eq!(planned.diagnostics[0].code, Code::MustCreated);
    let created =
        Files::new().entry(Presence::Created, FLOW, &[("slug", text("login"))], &[("title", text("Other"))]).done();
    let planned = database.plan(&created).await;
    assert!(planned.plan.changes.is_empty() && planned.plan.keep == 1, "created leaves alone: {:?}", planned.plan);
    let present = Files::new().present(FLOW, &[("slug", text("login"))], &[("title", text("Other"))]).done();
    assert_eq!(database.plan(&present).await.plan.summary().update, 1);
}

#[test]
fn missing_required_attributes_are_errors_where_the_object_is_new() {
    let files = Files::new().present(FLOW, &[("slug", text("login"))], &[]).done();
    let planned = plan(&files, &ObservedState::empty(), &Options::default());
    let missing: Vec<&str> = planned.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert!(missing.contains(&"`title` is needed to create this flow"), "{missing:?}");
    assert!(planned.diagnostics.iter().all(|it| it.code == Code::MissingAttribute && it.severity == Severity::Error));
}

#[tokio::test]
async fn what_is_referred_to_cannot_be_deleted() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let files = Files::new().entry(Presence::Absent, FLOW, &[("slug", text("login"))], &[]).done();
    let planned = database.plan(&files).await;
    assert_eq!(planned.diagnostics[0].code, Code::StillReferenced);
    insta::assert_snapshot!(planned.diagnostics[0].message, @"flow `login` cannot be deleted: stage binding `target=login stage=no order=10` still refers to it");
}

#[tokio::test]
async fn taking_over_needs_consent_and_adopting_does_not() {
    let database = Database::new().await;
    database.store.setup_user(super::support::noon()).await.unwrap();
    let group = |superuser| {
        Files::new()
            .present(GROUP, &[("name", text("authentik Admins"))], &[("is_superuser", Value::Bool(superuser))])
            .done()
    };
    let planned = database.plan(&group(false)).await.plan;
    insta::assert_snapshot!(planned.needs_consent().join("\n"), @"takes over `is_superuser` of group `authentik Admins`, which no blueprint declares so far");
    let planned = database.plan(&group(true)).await.plan;
    assert_eq!((planned.changes.len(), planned.adopt, planned.is_empty()), (0, 1, false));
    assert_eq!(planned.needs_consent(), Vec::<String>::new());
    assert_eq!(database.apply(&group(true)).await, 0, "nothing declared has changed");
    database.assert_settled(&group(true)).await;
    assert_eq!(database.plan(&group(false)).await.plan.needs_consent(), Vec::<String>::new());
}

#[tokio::test]
async fn another_file_for_the_same_values_is_no_change() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let moved = Files::new().file("b.yaml", 1).present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome")).done();
    database.assert_settled(&moved).await;
}

#[tokio::test]
async fn an_object_is_found_by_a_unique_key_when_its_identifiers_are_others() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let mut attrs = flow_attrs("Welcome");
    attrs.push(("slug", text("login")));
    let files = Files::new().present(FLOW, &[("name", text("Renamed"))], &attrs[1..]).done();
    let planned = database.plan(&files).await;
    assert_eq!(planned.diagnostics, []);
    assert_eq!(planned.plan.changes[0].action, Action::Update);
    assert_eq!(planned.plan.changes[0].fields.keys().collect::<Vec<_>>(), ["name"]);
}

#[tokio::test]
async fn a_taken_key_and_a_reference_to_nothing_are_diagnostics() {
    let database = Database::new().await;
    database.apply(&small().present(DENY, &[("name", text("yes"))], &[]).done()).await;
    let files = Files::new()
        .present(DENY, &[("name", text("yes"))], &[])
        .present(DENY, &[("pk", text("00000000-0000-4000-8000-000000000001"))], &[("name", text("no"))])
        .present(
            BINDING,
            &[
                ("target", text("00000000-0000-4000-8000-000000000002")),
                ("stage", declared(0)),
                ("order", Value::Int(1)),
            ],
            &[],
        );
    let planned = database.plan(&files.done()).await;
    // `no` is found by its name: an update of the object that has it, not a second one.
    let messages: Vec<&str> = planned.diagnostics.iter().map(|it| it.message.as_str()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"`target` refers to `00000000-0000-4000-8000-000000000002`, and there is no such flow");
    let observed = database.store.observe().await.unwrap();
    let yes = observed.find(DENY, &[("name".to_owned(), json!("yes"))]).unwrap();
    let files = Files::new().present(DENY, &[("pk", text(&yes.id.to_string()))], &[("name", text("no"))]);
    let planned = plan(&files.done(), &observed, &Options::default());
    assert_eq!(planned.diagnostics[0].code, Code::Conflict);
}

#[tokio::test]
async fn maps_and_lists_are_replaced_and_an_unset_default_is_no_change() {
    let database = Database::new().await;
    let group =
        |attributes| Files::new().present(GROUP, &[("name", text("g"))], &[("attributes", value(&attributes))]).done();
    database.apply(&group(json!({"a": 1, "b": {"c": [1, 2]}}))).await;
    database.assert_settled(&group(json!({"b": {"c": [1, 2]}, "a": 1}))).await;
    let planned = database.plan(&group(json!({"b": {"c": [2]}}))).await.plan;
    assert_eq!(planned.changes[0].fields["attributes"].after, Some(json!({"b": {"c": [2]}})));
    let defaults = Files::new()
        .present(GROUP, &[("name", text("g"))], &[("is_superuser", text("no")), ("parent", Value::Null)])
        .done();
    assert_eq!(database.plan(&defaults).await.plan.changes.len(), 0);
}

#[tokio::test]
async fn integers_refer_to_users() {
    let database = Database::new().await;
    let files = Files::new()
        .present(USER, &[("username", text("jo"))], &[("name", text("Jo"))])
        .present(GROUP, &[("name", text("g"))], &[("users", Value::List(vec![declared(0)]))])
        .done();
    database.apply(&files).await;
    database.assert_settled(&files).await;
    let user = database.store.user_by_pk(1).await.unwrap().unwrap();
    assert_eq!(database.store.user_groups(user.id).await.unwrap()[0].name, "g");
    let files = Files::new().present(GROUP, &[("name", text("g"))], &[("users", Value::List(vec![]))]).done();
    let planned = database.plan(&files).await.plan;
    assert_eq!(planned.changes[0].fields["users"].before, Some(json!(["jo"])));
    database.apply(&files).await;
    assert_eq!(database.store.user_groups(user.id).await.unwrap(), []);
}
