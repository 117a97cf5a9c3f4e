//! The files of SQLite: what is not created, not left behind and not touched.

use std::os::unix::fs::PermissionsExt as _;

use super::sqlite::support::{Database, key};
use crate::store::{InstallationKey, Store, StoreError};

#[tokio::test]
async fn looking_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/none.db", folder.path().display());
    assert!(Store::open_existing(&url, key()).await.unwrap().is_none());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    std::fs::write(folder.path().join("none.db"), "").unwrap();
    assert!(Store::open_existing(&url, key()).await.unwrap().is_none(), "an empty file holds nothing");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["none.db"]);
    assert_eq!(std::fs::metadata(folder.path().join("none.db")).unwrap().len(), 0);
}

#[tokio::test]
async fn looking_leaves_no_files_beside_a_database() {
    let database = Database::new().await;
    database.store.close().await;
    let folder = std::path::PathBuf::from(database.url().trim_start_matches("sqlite://")).parent().unwrap().to_owned();
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let store = Store::open_existing(&database.url(), key()).await.unwrap().unwrap();
    store.observe().await.unwrap();
    store.close().await;
    assert_eq!(names(), before);
}

#[tokio::test]
async fn a_database_is_private_and_can_be_opened_by_two_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/new.db", folder.path().display());
    let (one, two) = tokio::join!(Store::open(&url, key()), Store::open(&url, key()));
    assert_eq!(one.unwrap().installation(), two.unwrap().installation());
    let mode = std::fs::metadata(folder.path().join("new.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn what_is_not_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/text.db", folder.path().display());
    std::fs::write(folder.path().join("text.db"), "this is a letter, not a database, and long enough to tell").unwrap();
    let error = Store::open(&url, key()).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign), "{error}");
    let error = Store::open("mysql://me:hunter2@x/y", key()).await.unwrap_err();
    assert!(matches!(error, StoreError::UnsupportedUrl(_)) && !error.to_string().contains("hunter2"), "{error}");
    let error = Store::open("sqlite://x?password=hunter2", key()).await.unwrap_err();
    assert!(matches!(error, StoreError::UnsupportedUrl(_)) && !error.to_string().contains("hunter2"), "{error}");
    assert!(matches!(Store::open("sqlite::memory:", key()).await.unwrap_err(), StoreError::UnsupportedUrl(_)));
    let error = Store::open("sqlite:///nowhere/at/all.db", key()).await.unwrap_err();
    assert!(matches!(error, StoreError::Create { .. }), "{error}");
}

#[tokio::test]
async fn a_database_of_another_program_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.db");
    let url = format!("sqlite://{}", file.display());
    let pool = sqlx::SqlitePool::connect(&format!("{url}?mode=rwc")).await.unwrap();
    sqlx::query("CREATE TABLE theirs (id INTEGER)").execute(&pool).await.unwrap();
    pool.close().await;
    let before = std::fs::read(&file).unwrap();
    for error in [Store::open(&url, key()).await.unwrap_err(), Store::probe(&url).await.unwrap_err()] {
        assert!(matches!(error, StoreError::Foreign), "{error}");
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_refused_database_leaves_no_files_beside_it() {
    let database = Database::new().await;
    database.store.close().await;
    let other = || InstallationKey::from_bytes(&[b'o'; 40]).unwrap();
    Store::open_existing(&database.url(), other()).await.unwrap_err();
    Store::open(&database.url(), other()).await.unwrap_err();
    let folder = std::path::PathBuf::from(database.url().trim_start_matches("sqlite://")).parent().unwrap().to_owned();
    let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["test.db"]);
}
