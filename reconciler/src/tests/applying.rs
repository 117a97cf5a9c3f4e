//! Applying: everything or nothing, and nothing twice.

use gatewright_compiler::desired::{Presence, Value};
use serde_json::json;

use super::support::{
    BINDING, CERTIFICATE, DENY, Database, FLOW, Files, GROUP, TOKEN, USER, declared, flow_attrs, key, noon, small,
    text, value,
};
use crate::apply::{ApplyError, apply};
use crate::observed::ObservedState;
use crate::plan::{Action, Options, plan};
use crate::store::Store;

/// One of everything that has tables of its own.
fn everything() -> Files {
    small()
        .present(GROUP, &[("name", text("parents"))], &[("is_superuser", Value::Bool(true))])
        .present(
            GROUP,
            &[("name", text("children"))],
            &[("parent", declared(3)), ("attributes", value(&json!({"a": [1]})))],
        )
        .present(
            USER,
            &[("username", text("jo"))],
            &[("name", text("Jo")), ("password", text("hunter2")), ("groups", Value::List(vec![declared(4)]))],
        )
        .present(
            TOKEN,
            &[("identifier", text("ci"))],
            &[
                ("user", declared(5)),
                ("intent", text("api")),
                ("expires", text("2030-01-01 00:00:00")),
                ("key", text("k3y")),
            ],
        )
        .present(CERTIFICATE, &[("name", text("ours"))], &[])
        .present(
            "authentik_policies.policybinding",
            &[("target", declared(0)), ("user", declared(5)), ("order", Value::Int(0))],
            &[],
        )
}

#[tokio::test]
async fn the_second_apply_of_the_same_files_plans_nothing_and_writes_nothing() {
    let database = Database::new().await;
    let files = everything().done();
    assert_eq!(database.apply(&files).await, 1);
    assert_eq!(database.count("SELECT count(*) FROM object").await, 9);
    assert_eq!(database.count("SELECT count(*) FROM reference").await, 4);
    assert_eq!(database.count("SELECT count(*) FROM membership").await, 1);
    database.assert_settled(&files).await;
    let reopened = Store::open(&database.url(), key()).await.unwrap();
    assert!(plan(&files, &reopened.observe().await.unwrap(), &Options::default()).plan.is_empty());
}

#[tokio::test]
async fn only_what_changed_is_written() {
    let database = Database::new().await;
    database.apply(&small().done()).await;
    let changed = Files::new().present(FLOW, &[("slug", text("login"))], &[("title", text("Hello"))]).done();
    let planned = database.plan(&changed).await;
    let fields: Vec<_> = planned.plan.changes.iter().flat_map(|change| &change.fields).collect();
    assert_eq!(fields.len(), 1, "{fields:?}");
    assert_eq!(fields[0].1.before, Some(json!("Welcome")));
    assert_eq!(fields[0].1.after, Some(json!("Hello")));
    assert_eq!(database.apply(&changed).await, 2);
    let flow = database.store.snapshot_load(2).await.unwrap().unwrap();
    let attrs = &flow.of_model(FLOW).next().unwrap().attrs;
    assert_eq!(attrs["title"], "Hello");
    assert_eq!(attrs["designation"], "authentication", "what is not named stays");
    assert_eq!(database.count("SELECT count(*) FROM object_version").await, 1);
}

#[tokio::test]
async fn a_plan_whose_base_has_passed_is_refused_and_writes_nothing() {
    let database = Database::new().await;
    let first = database.plan(&small().done()).await.plan;
    database.apply(&Files::new().present(DENY, &[("name", text("other"))], &[]).done()).await;
    let before = database.dump().await;
    let error = apply(&database.store, &first, "test", noon()).await.unwrap_err();
    assert!(matches!(error, ApplyError::Stale), "{error}");
    let of_nothing = plan(&small().done(), &ObservedState::empty(), &Options::default()).plan;
    let error = apply(&database.store, &of_nothing, "test", noon()).await.unwrap_err();
    assert!(matches!(error, ApplyError::Stale), "its ids are of no installation: {error}");
    assert_eq!(database.dump().await, before);
}

#[tokio::test]
async fn a_user_made_meanwhile_makes_the_plan_stale_where_it_gives_out_numbers() {
    let database = Database::new().await;
    let files = Files::new().present(USER, &[("username", text("jo"))], &[("name", text("Jo"))]).done();
    let planned = database.plan(&files).await.plan;
    database.store.setup_user(noon()).await.unwrap().unwrap();
    let error = apply(&database.store, &planned, "test", noon()).await.unwrap_err();
    assert!(matches!(error, ApplyError::Stale), "{error}");
    database.apply(&files).await;
    assert_eq!(database.store.user_by_pk(2).await.unwrap().unwrap().username, "jo");
}

#[tokio::test]
async fn absent_objects_go_with_all_that_is_theirs_and_their_numbers_never_return() {
    let database = Database::new().await;
    database.apply(&everything().done()).await;
    let gone = |files: Files, model, name: &'static str, value| {
        files.entry(Presence::Absent, model, &[(name, text(value))], &[])
    };
    let user = gone(Files::new(), USER, "username", "jo");
    let planned = database.plan(&user.done()).await;
    assert_eq!(planned.diagnostics.len(), 1, "a token and a binding are still there: {:?}", planned.diagnostics);
    let slug = text("login");
    let mut files = gone(gone(Files::new(), GROUP, "name", "parents"), GROUP, "name", "children");
    files = gone(gone(files, USER, "username", "jo"), TOKEN, "identifier", "ci");
    files = files
        .entry(
            Presence::Absent,
            "authentik_policies.policybinding",
            &[("target__slug", slug), ("order", Value::Int(0))],
            &[],
        )
        .entry(Presence::Absent, BINDING, &[("target__slug", text("login"))], &[]);
    let files = gone(gone(gone(files, DENY, "name", "no"), FLOW, "slug", "login"), CERTIFICATE, "name", "ours").done();
    let planned = database.plan(&files).await;
    assert!(planned.plan.changes.iter().all(|change| change.action == Action::Delete));
    assert_eq!(planned.plan.needs_consent().len(), 9);
    database.apply(&files).await;
    for (table, rows) in database.dump().await {
        let kept = ["_sqlx_migrations", "counter", "meta", "object_version", "revision", "setup"];
        assert!(kept.contains(&table.as_str()) || rows.is_empty(), "{table}: {rows:?}");
    }
    database.assert_settled(&files).await;
    database.apply(&Files::new().present(USER, &[("username", text("jo"))], &[("name", text("Jo"))]).done()).await;
    assert_eq!(database.store.user_find(&[]).await.unwrap(), None);
    assert_eq!(database.store.user_by_pk(2).await.unwrap().unwrap().username, "jo");
}

#[tokio::test]
async fn names_can_be_swapped_in_one_apply() {
    let database = Database::new().await;
    let ids =
        || Files::new().present(DENY, &[("name", text("a"))], &[]).present(DENY, &[("name", text("b"))], &[]).done();
    database.apply(&ids()).await;
    let observed = database.store.observe().await.unwrap();
    let id = |name: &str| text(&observed.find(DENY, &[("name".to_owned(), json!(name))]).unwrap().id.to_string());
    let swapped = Files::new()
        .present(DENY, &[("pk", id("a"))], &[("name", text("b"))])
        .present(DENY, &[("pk", id("b"))], &[("name", text("a"))])
        .done();
    assert_eq!(database.apply(&swapped).await, 2);
    database.assert_settled(&swapped).await;
}

#[tokio::test]
async fn many_objects_are_written_in_few_statements() {
    let database = Database::new().await;
    let names: Vec<String> = (0..1200).map(|n| format!("stage {n}")).collect();
    let mut files = Files::new();
    for name in &names {
        files = files.present(DENY, &[("name", text(name))], &[]);
    }
    let files = files.present(FLOW, &[("slug", text("last"))], &flow_attrs("x")).done();
    database.apply(&files).await;
    assert_eq!(database.count("SELECT count(*) FROM object").await, 1201);
    database.assert_settled(&files).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_applies_at_once_one_wins_and_the_other_is_told_to_plan_again() {
    let database = Database::new().await;
    let other = Store::open(&database.url(), key()).await.unwrap();
    let title = |title: &str| Files::new().present(FLOW, &[("slug", text("login"))], &flow_attrs(title)).done();
    for round in 0..20 {
        let observed = database.store.observe().await.unwrap();
        let one = plan(&title(&format!("one {round}")), &observed, &Options::default()).plan;
        let two = plan(&title(&format!("two {round}")), &observed, &Options::default()).plan;
        let (one, two) = tokio::join!(apply(&database.store, &one, "one", noon()), apply(&other, &two, "two", noon()));
        match (one, two) {
            (Ok(revision), Err(ApplyError::Stale)) | (Err(ApplyError::Stale), Ok(revision)) => {
                assert_eq!(revision, round + 1);
            }
            other => unreachable!("{other:?}"),
        }
    }
}
