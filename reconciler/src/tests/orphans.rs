//! What left the files: reported, pruned on request, never while something that stays refers to it.

use gatewright_compiler::desired::{DesiredState, Presence, Value};

use super::support::{BINDING, DENY, Database, FLOW, Files, GROUP, USER, flow_attrs, small, text, value};
use crate::plan::{Action, Options, Orphan, Plan, plan};
use serde_json::json;

async fn pruned(database: &Database, desired: &DesiredState) -> Plan {
    let observed = database.store.observe().await.unwrap();
    let planned = plan(desired, &observed, &Options { prune: true, ..Options::default() });
    assert_eq!(planned.diagnostics, []);
    planned.plan
}

fn said(orphans: &[Orphan]) -> Vec<String> {
    orphans.iter().map(|it| format!("{} {} of {} kept by {:?}", it.model, it.key, it.file, it.kept_by)).collect()
}

#[tokio::test]
async fn what_left_the_files_is_said_and_stays() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let only_flow = Files::new().present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome")).done();
    let planned = database.plan(&only_flow).await;
    assert!(planned.plan.is_empty(), "saying it changes nothing");
    insta::assert_snapshot!(said(&planned.plan.orphans).join("\n"), @r"
    authentik_flows.flowstagebinding target=login stage=no order=10 of a.yaml kept by []
    authentik_stages_deny.denystage no of a.yaml kept by []
    ");
}

#[tokio::test]
async fn pruning_deletes_what_refers_first() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let plan = pruned(&database, &DesiredState::default()).await;
    let order: Vec<&str> = plan.changes.iter().map(|change| change.model.as_str()).collect();
    assert_eq!(order.first(), Some(&BINDING), "{order:?}");
    assert!(plan.orphans.is_empty() && plan.changes.iter().all(|change| change.action == Action::Delete));
    assert_eq!(plan.needs_consent().len(), 3);
    crate::apply::apply(&database.store, &plan, "test", super::support::noon()).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM object").await, 0);
    assert!(pruned(&database, &DesiredState::default()).await.is_empty());
}

#[tokio::test]
async fn what_something_else_refers_to_is_kept() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    // The binding was made by hand, as far as the database knows: nobody declares it.
    let sql = "DELETE FROM ownership WHERE object IN (SELECT id FROM object WHERE model = 'authentik_flows.flowstagebinding')";
    database.execute(sql).await;
    let plan = pruned(&database, &DesiredState::default()).await;
    assert!(plan.is_empty(), "{:?}", plan.changes);
    insta::assert_snapshot!(said(&plan.orphans).join("\n"), @r#"
    authentik_flows.flow login of a.yaml kept by ["stage binding `target=login stage=no order=10`"]
    authentik_stages_deny.denystage no of a.yaml kept by ["stage binding `target=login stage=no order=10`"]
    "#);
}

#[tokio::test]
async fn a_group_with_members_is_kept() {
    let database = Database::new().await;
    let group = || Files::new().present(GROUP, &[("name", text("crew"))], &[]);
    let user = [("name", text("Ann")), ("groups", value(&json!([])))];
    database.apply(&group().present(USER, &[("username", text("ann"))], &user).done()).await;
    database
        .execute("INSERT INTO membership (user_id, group_id) SELECT u.id, g.id FROM user_account u, user_group g")
        .await;
    let only_user = Files::new().present(USER, &[("username", text("ann"))], &[("name", text("Ann"))]).done();
    let plan = pruned(&database, &only_user).await;
    assert_eq!(plan.changes.len(), 0, "{:?}", plan.changes);
    assert_eq!(said(&plan.orphans), ["authentik_core.group crew of a.yaml kept by [\"user `ann`\"]"]);
}

#[tokio::test]
async fn what_only_a_false_condition_leaves_out_is_no_orphan() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    // What a dormant entry refers to is dormant too, and not known.
    let binding = [("target", Value::Unknown), ("stage", Value::Unknown), ("order", Value::Int(10))];
    let files = Files::new()
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome"))
        .present(DENY, &[("name", text("no"))], &[])
        .present(BINDING, &binding, &[]);
    let dormant = DesiredState { objects: Vec::new(), dormant: files.done().objects };
    let planned = database.plan(&dormant).await;
    assert!(planned.plan.orphans.is_empty() && planned.plan.is_empty());
    assert!(pruned(&database, &dormant).await.is_empty());
}

#[tokio::test]
async fn a_field_that_is_declared_no_more_is_released_once() {
    let database = Database::new().await;
    let flow = |attrs: &[_]| Files::new().present(FLOW, &[("slug", text("login"))], attrs).done();
    let mut attrs = flow_attrs("Welcome");
    attrs.push(("layout", text("sidebar_left")));
    database.apply(&flow(&attrs)).await;
    let fewer = flow(&flow_attrs("Welcome"));
    let planned = database.plan(&fewer).await.plan;
    assert!(planned.changes.is_empty() && planned.adopt == 1);
    let revision = database.apply(&fewer).await;
    assert_eq!(revision, 1, "who declares what is no change of the configuration");
    assert_eq!(database.count("SELECT count(*) FROM ownership WHERE field = 'layout'").await, 0);
    database.assert_settled(&fewer).await;
}

#[tokio::test]
async fn pruning_goes_on_with_what_is_declared_absent() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    // The stage is to go, and the binding that refers to it is an orphan.
    let absent = Files::new()
        .present(FLOW, &[("slug", text("login"))], &flow_attrs("Welcome"))
        .entry(Presence::Absent, DENY, &[("name", text("no"))], &[])
        .done();
    let plan = pruned(&database, &absent).await;
    let order: Vec<&str> = plan.changes.iter().map(|change| change.model.as_str()).collect();
    assert_eq!(order, [BINDING, DENY]);
}
