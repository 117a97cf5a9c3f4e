//! What is PostgreSQL's alone: servers that are not there, databases of other programs, and the same tables as SQLite's.

use gatewright_testing::postgres;

use uuid::Uuid;

use super::sqlite::commits::{effects, new_user};
use super::sqlite::support::{Database, FLOW, Files, USER, flow_attrs, key, noon, text};
use crate::apply::apply;
use crate::plan::plan;
use crate::store::query::query;
use crate::store::{Among, Effect, Store, StoreError};

#[tokio::test]
async fn a_database_of_another_program_stays_as_it_is() {
    let Some(database) = postgres::Database::new() else { return };
    database.run("CREATE TABLE theirs (id integer)");
    for error in
        [Store::open(&database.url(), key()).await.unwrap_err(), Store::probe(&database.url()).await.unwrap_err()]
    {
        assert!(matches!(error, StoreError::Foreign), "{error}");
    }
    let tables = "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'";
    assert_eq!(database.run(tables), "theirs\n");
    // Another schema of the same database is a place of its own.
    database.run("CREATE SCHEMA ours");
    let url = format!("{}&options=-csearch_path%3Dours", database.url());
    assert!(!Store::probe(&url).await.unwrap());
    Store::open(&url, key()).await.unwrap().close().await;
    assert!(Store::probe(&url).await.unwrap());
    assert_eq!(database.run(tables), "theirs\n");
}

/// What is said of a database that cannot be reached: its name, why, and what to do.
async fn refusal(url: &str) -> String {
    match Store::probe(url).await.unwrap_err() {
        StoreError::Connect { server, why, next } => {
            format!("{}: {why} ({next})", server.split('/').next_back().unwrap())
        }
        error => error.to_string(),
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_at_once_and_without_the_password() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let absent = refusal(&format!("postgres://me:hunter2@127.0.0.1:{port}/ours")).await;
    insta::assert_snapshot!(absent, @"ours: Connection refused (os error 111) (is the server running, and is it listening there? `pg_isready` of PostgreSQL says so)");
    let unreadable = refusal("postgres://me:hunter2@host:port/ours").await;
    insta::assert_snapshot!(unreadable, @"`postgres:…` is no database that this version can use: give `sqlite://` and a path, or `postgres://` and a server");
}

#[tokio::test]
async fn a_server_that_refuses_is_quoted_with_advice_and_without_the_password() {
    let Some(database) = postgres::Database::new() else { return };
    database.run("CREATE ROLE guest LOGIN PASSWORD 'Orchid-Lantern-41'");
    let name = |name: &str| {
        let url = database.url_as("guest:hunter2");
        let (before, after) = url.split_once("/test_").unwrap();
        format!("{before}/{name}?{}", after.split_once('?').unwrap().1)
    };
    insta::assert_snapshot!(refusal(&name("ours")).await, @r#"ours: password authentication failed for user "guest" (look at the user and the password in the URL, or at PGPASSWORD)"#);
    let nobodys = name("nobodys").replace("guest:hunter2", "gatewright");
    insta::assert_snapshot!(refusal(&nobodys).await, @r#"nobodys: database "nobodys" does not exist (make the database first, for instance with `createdb nobodys`)"#);
}

#[tokio::test]
async fn both_have_the_same_tables_and_columns() {
    let Some(server) = postgres::Database::new() else { return };
    Store::open(&server.url(), key()).await.unwrap().close().await;
    let of_server = server.run(
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END \
         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name COLLATE \"C\", ordinal_position",
    );
    let file = Database::new().await;
    let of_file: Vec<String> = query(
        "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
    )
    .fetch_scalars(&mut file.store.read().await.unwrap())
    .await
    .unwrap();
    let ours = |line: &&str| !line.starts_with("_sqlx");
    assert_eq!(
        of_server.lines().filter(ours).collect::<Vec<_>>(),
        of_file.iter().map(String::as_str).filter(ours).collect::<Vec<_>>()
    );
}

/// Of two transactions that wait for each other PostgreSQL ends the one that looks first, which the other here does not.
#[tokio::test]
async fn a_deadlock_is_nobodys_business() {
    let Some(database) = postgres::Database::new() else { return };
    let store = Store::open(&database.url(), key()).await.unwrap();
    let users = effects(vec![Effect::UserCreate(new_user(1, "jo")), Effect::UserCreate(new_user(2, "al"))]);
    store.commit(noon(), users).await.unwrap();
    let mut tx = store.begin(Among::Others).await.unwrap();
    query("SET LOCAL deadlock_timeout = '30s'").execute(&mut tx).await.unwrap();
    let touch = |id: u128| query("UPDATE user_account SET last_login = 1 WHERE id = $1").bind(Uuid::from_u128(id));
    touch(1).execute(&mut tx).await.unwrap();
    let log_in = [2, 1].map(|id| Effect::UserLoggedIn { id: Uuid::from_u128(id) });
    let other = tokio::spawn({
        let store = store.clone();
        async move { store.commit(noon(), effects(log_in.to_vec())).await }
    });
    let waits = query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    while !waits.clone().exists(&mut store.read().await.unwrap()).await.unwrap() {}
    touch(2).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    other.await.unwrap().unwrap();
    assert_eq!(store.user_by_id(Uuid::from_u128(2)).await.unwrap().unwrap().last_login, Some(noon()));
}

#[tokio::test]
async fn text_that_cannot_be_kept_is_refused_and_not_half_kept() {
    let Some(database) = postgres::Database::new() else { return };
    let store = Store::open(&database.url(), key()).await.unwrap();
    let in_json = Files::new().present(FLOW, &[("slug", text("login"))], &flow_attrs("a\0b")).done();
    let in_text = Files::new().present(USER, &[("username", text("a\0b"))], &[("name", text("Jo"))]).done();
    for desired in [in_json, in_text] {
        let planned = plan(&desired, &store.observe().await.unwrap(), &Default::default()).plan;
        let error = apply(&store, &planned, "test", noon()).await.unwrap_err();
        assert!(error.to_string().contains("PostgreSQL cannot keep text with the character NUL"), "{error}");
        assert_eq!(store.revision().await.unwrap(), 0);
    }
}
