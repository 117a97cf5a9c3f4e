//! Users and groups as the running server looks them up.

use gatewright_compiler::desired::Value;
use serde_json::{Value as Json, json};

use super::support::{Database, Files, GROUP, USER, declared, noon, text, value};
use crate::store::{IdentifyBy, Lookup, Operator, StoreError, password};

async fn database() -> Database {
    let database = Database::new().await;
    let files = Files::new()
        .present(GROUP, &[("name", text("top"))], &[("is_superuser", Value::Bool(true))])
        .present(GROUP, &[("name", text("middle"))], &[("parent", declared(0))])
        .present(
            USER,
            &[("username", text("Jo"))],
            &[
                ("name", text("Jo Doe")),
                ("email", text("jo@Example.org")),
                ("groups", Value::List(vec![declared(1)])),
                ("attributes", value(&json!({"upn": "jo@corp", "a": {"b": true, "n": 5}}))),
            ],
        )
        .present(
            USER,
            &[("username", text("jo@example.org"))],
            &[("name", text("Trap")), ("is_active", Value::Bool(false))],
        )
        .done();
    database.apply(&files).await;
    database
}

#[tokio::test]
async fn identifying_prefers_the_order_given_and_exact_case() {
    let database = database().await;
    let names = async |by: &[IdentifyBy], value: &str, insensitive| {
        let users = database.store.user_identify(by, value, insensitive).await.unwrap();
        users.into_iter().map(|user| user.username).collect::<Vec<_>>()
    };
    use IdentifyBy::{Email, Upn, Username};
    assert_eq!(names(&[Username, Email], "jo@example.org", true).await, ["jo@example.org", "Jo"]);
    assert_eq!(names(&[Email], "jo@example.org", true).await, ["Jo"]);
    assert_eq!(names(&[Email], "jo@example.org", false).await, [] as [&str; 0]);
    assert_eq!(names(&[Username], "jo", false).await, [] as [&str; 0]);
    assert_eq!(names(&[Username], "jo", true).await, ["Jo"]);
    assert_eq!(names(&[Upn], "jo@corp", false).await, ["Jo"]);
    assert_eq!(names(&[Username, Email, Upn], "Jo\0", true).await, [] as [&str; 0], "PostgreSQL knows no NUL");
    assert_eq!(names(&[Username, Email, Upn], "", true).await, [] as [&str; 0], "an empty address is nobody's");
    assert!(database.store.username_taken("JO", None).await.unwrap());
    let jo = database.store.user_by_pk(1).await.unwrap().unwrap();
    assert!(!database.store.username_taken("jo", Some(jo.id)).await.unwrap());
}

#[tokio::test]
async fn lookups() {
    let database = database().await;
    let jo = database.store.user_by_pk(1).await.unwrap().unwrap();
    let find = async |field: &str, operator, value: Json| {
        let lookup = Lookup { field: field.to_owned(), operator, value };
        database.store.user_find(&[lookup]).await.map(|user| user.map(|user| user.pk))
    };
    assert_eq!(find("username", Operator::Exact, json!("Jo")).await.unwrap(), Some(1));
    assert_eq!(find("username", Operator::Exact, json!("jo")).await.unwrap(), None);
    assert_eq!(find("username", Operator::IExact, json!("jO")).await.unwrap(), Some(1));
    assert_eq!(find("email", Operator::Exact, json!("jo@example.org")).await.unwrap(), None);
    assert_eq!(find("pk", Operator::Exact, json!("1")).await.unwrap(), Some(1));
    assert_eq!(find("uuid", Operator::Exact, json!(jo.id)).await.unwrap(), Some(1));
    assert_eq!(find("is_active", Operator::Exact, json!(false)).await.unwrap(), Some(2));
    assert_eq!(find("name", Operator::IContains, json!("DOE")).await.unwrap(), Some(1));
    assert_eq!(find("attributes.upn", Operator::Exact, json!("jo@corp")).await.unwrap(), Some(1));
    assert_eq!(find("attributes__a__b", Operator::Exact, json!(true)).await.unwrap(), Some(1));
    assert_eq!(find("attributes__a__b", Operator::Exact, json!(1)).await.unwrap(), None);
    assert_eq!(find("attributes.a.n", Operator::Gt, json!(4)).await.unwrap(), Some(1));
    assert_eq!(find("attributes.none", Operator::IsNull, json!(true)).await.unwrap(), Some(1));
    assert_eq!(find("attributes.x\"y", Operator::Exact, json!("'")).await.unwrap(), None);
    assert_eq!(find("name", Operator::Exact, json!("Jo\0")).await.unwrap(), None);
    assert_eq!(find("attributes.upn", Operator::Exact, json!("jo\0")).await.unwrap(), None);
    for field in ["password", "password_hash", "attributes_x", "attributes.", "nonsense"] {
        let error = find(field, Operator::Exact, json!(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::UnknownField(_)), "{field}: {error}");
    }
}

#[tokio::test]
async fn groups_come_with_their_ancestors() {
    let database = database().await;
    let jo = database.store.user_by_pk(1).await.unwrap().unwrap();
    let groups = database.store.user_groups(jo.id).await.unwrap();
    let shown: Vec<_> = groups.iter().map(|group| (group.name.as_str(), group.direct, group.is_superuser)).collect();
    assert_eq!(shown, [("middle", true, false), ("top", false, true)]);
    assert!(database.store.group_exists(groups[0].id).await.unwrap());
    assert!(!database.store.group_exists(jo.id).await.unwrap());
}

#[tokio::test]
async fn the_initial_setup_happens_once() {
    let database = Database::new().await;
    let store = &database.store;
    assert!(store.setup_open().await.unwrap());
    store.setup_link_put(&[7; 32]).await.unwrap();
    assert_eq!(store.setup_link_get().await.unwrap(), Some([7; 32]));
    let admin = store.setup_user(noon()).await.unwrap().unwrap();
    assert_eq!(store.setup_user(noon()).await.unwrap(), Some(admin));
    assert!(store.user_groups(admin).await.unwrap()[0].is_superuser);
    assert!(!store.bootstrap(None, Some("a@b"), None, noon()).await.unwrap());
    assert!(store.bootstrap(Some("pass"), Some("a@b"), Some("token"), noon()).await.unwrap());
    let user = store.user_by_id(admin).await.unwrap().unwrap();
    assert_eq!((user.username.as_str(), user.email.as_str()), ("akadmin", "a@b"));
    assert!(password::verify("pass", user.password_hash.as_deref().unwrap()));
    assert_eq!(store.token_user("token", noon()).await.unwrap().unwrap().id, admin);
    assert!(!store.setup_open().await.unwrap());
    assert_eq!(store.setup_link_get().await.unwrap(), None);
    assert_eq!(store.setup_user(noon()).await.unwrap(), None);
    store.setup_link_put(&[8; 32]).await.unwrap();
    assert_eq!(store.setup_link_get().await.unwrap(), None);
    let before = database.dump().await;
    assert!(!store.bootstrap(Some("again"), None, None, noon()).await.unwrap());
    assert_eq!(database.dump().await, before);
}
