//! The dialect of SQLite: pools, pragmas, migrations, and what its errors mean.
//!
//! One connection writes, and every transaction that writes begins with `BEGIN IMMEDIATE` (a deferred one that
//! has read first fails at once when another writer was faster). Four connections read beside it.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::Sqlite;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::error::StoreError;
use super::pools::Connection;
use super::query::query;

/// Without those of SQLite itself.
pub(crate) const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

pub(crate) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

const BUSY: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// The pools of an open database.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) reader: SqlitePool,
    writer: Option<SqlitePool>,
}

impl Pools {
    /// Opens, creating the file where there is none, readable by its owner only.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let options = options(url)?;
        let path = options.get_filename().to_owned();
        create(&path).map_err(|source| StoreError::Create { path: path.display().to_string(), source })?;
        let writing = options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
        let writer = pool(1).connect_with(writing).await?;
        match reading(options).await {
            Ok(reader) => Ok(Self { reader, writer: Some(writer) }),
            Err(error) => {
                writer.close().await;
                Err(error)
            }
        }
    }

    /// Opens for reading; `None` where there is no file.
    pub(crate) async fn open_existing(url: &str) -> Result<Option<Self>, StoreError> {
        let options = options(url)?;
        if !options.get_filename().exists() {
            return Ok(None);
        }
        // Not `read_only`: such a connection cannot take the files of the log away that it had to put beside the
        // database. This one leaves nothing behind, and `query_only` keeps it from writing.
        let reader = pool(READERS).connect_with(options.pragma("query_only", "ON")).await?;
        Ok(Some(Self { reader, writer: None }))
    }

    /// A transaction that may write.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, Sqlite>, StoreError> {
        let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        Ok(writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) async fn close(&self) {
        self.reader.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

/// Copies the whole database into a file that is empty.
pub(crate) async fn copy(connection: &mut Connection, to: &Path) -> Result<(), StoreError> {
    // It writes another database, which `query_only` forbids too.
    query("PRAGMA query_only = OFF").execute(connection).await?;
    query("VACUUM INTO $1").bind(to.display().to_string()).execute(connection).await?;
    Ok(())
}

/// What an error of SQLite means, where it means something to us.
pub(crate) fn meaning(error: &sqlx::Error) -> Option<StoreError> {
    let code = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    let code = sqlx::error::DatabaseError::code(code)?.parse::<u32>().ok()?;
    if code == SQLITE_IOERR_WRITE {
        return Some(StoreError::Full);
    }
    // Without what extends the code.
    match code & 0xff {
        SQLITE_FULL => Some(StoreError::Full),
        SQLITE_READONLY => Some(StoreError::NotWritable),
        SQLITE_BUSY | SQLITE_LOCKED => Some(StoreError::Busy),
        SQLITE_NOTADB => Some(StoreError::Foreign),
        _ => None,
    }
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_FULL: u32 = 13;
const SQLITE_NOTADB: u32 = 26;
/// What a limit of the file's size gives.
const SQLITE_IOERR_WRITE: u32 = 10 | 3 << 8;

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let path = url.strip_prefix("sqlite:").ok_or_else(|| StoreError::unsupported(url))?;
    if path.contains(":memory:") {
        return Err(StoreError::unsupported(url));
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::unsupported(url))?;
    Ok(options.create_if_missing(false).foreign_keys(true).busy_timeout(BUSY))
}

async fn reading(options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    Ok(pool(READERS).connect_with(options.read_only(true)).await?)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false)
}

fn create(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The file of a database URL, for the key file that stands beside it.
pub(crate) fn path(url: &str) -> Option<PathBuf> {
    options(url).ok().map(|options| options.get_filename().to_owned())
}
