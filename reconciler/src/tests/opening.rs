//! Opening databases: whose they are, and what is not created.

use super::support::{Database, Empty, key};
use crate::store::query::query;
use crate::store::{Among, InstallationKey, Store, StoreError, make_older};

#[tokio::test]
async fn another_key_is_refused() {
    let database = Database::new().await;
    let other = || InstallationKey::from_bytes(&[b'o'; 40]).unwrap();
    let error = Store::open(&database.url(), other()).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
    let error = Store::open_existing(&database.url(), other()).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
    assert!(Store::open(&database.url(), key()).await.is_ok());
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let database = Database::new().await;
    let mut tx = database.store.begin(Among::Nobody).await.unwrap();
    query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', TRUE, $1, 0)",
    )
    .bind(&[0][..])
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(Store::open(&database.url(), key()).await.unwrap_err(), StoreError::NewerSchema));
    assert!(matches!(Store::open_existing(&database.url(), key()).await.unwrap_err(), StoreError::NewerSchema));
}

#[tokio::test]
async fn a_store_for_reading_reads_and_does_not_write() {
    let database = Database::new().await;
    let store = Store::open_existing(&database.url(), key()).await.unwrap().unwrap();
    assert_eq!(store.revision().await.unwrap(), 0);
    assert_eq!(store.observe().await.unwrap().objects(), []);
    assert!(matches!(store.setup_link_put(&[0; 32]).await.unwrap_err(), StoreError::ReadOnly));
}

#[tokio::test]
async fn looking_creates_no_tables() {
    let empty = Empty::new();
    assert!(!Store::probe(&empty.url()).await.unwrap());
    assert!(Store::open_existing(&empty.url(), key()).await.unwrap().is_none());
    let store = Store::open(&empty.url(), key()).await.unwrap();
    assert!(Store::probe(&empty.url()).await.unwrap());
    assert!(!store.was_migrated(), "a new database is of no older version");
}

#[tokio::test]
async fn two_at_once_make_one_database() {
    let empty = Empty::new();
    let url = empty.url();
    let (one, two) = tokio::join!(Store::open(&url, key()), Store::open(&url, key()));
    assert_eq!(one.unwrap().installation(), two.unwrap().installation());
}

#[tokio::test]
async fn half_of_a_database_is_not_ours() {
    let database = Database::new().await;
    let mut tx = database.store.begin(Among::Nobody).await.unwrap();
    query("DROP TABLE meta").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    for error in
        [Store::open(&database.url(), key()).await.unwrap_err(), Store::probe(&database.url()).await.unwrap_err()]
    {
        assert!(matches!(error, StoreError::Foreign), "{error}");
    }
}

#[tokio::test]
async fn an_older_database_is_brought_up_to_date_by_who_writes() {
    let empty = Empty::new();
    make_older(&empty.url(), 1).await.unwrap();
    assert!(Store::probe(&empty.url()).await.unwrap());
    let error = Store::open_existing(&empty.url(), key()).await.unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema), "{error}");
    assert!(Store::open(&empty.url(), key()).await.unwrap().was_migrated());
    assert!(!Store::open(&empty.url(), key()).await.unwrap().was_migrated(), "once");
}
