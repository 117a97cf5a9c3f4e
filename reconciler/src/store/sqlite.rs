//! The dialect of SQLite: pools, pragmas, migrations. The SQL of the other files is meant to run on PostgreSQL too.
//!
//! One connection writes, and every transaction that writes begins with `BEGIN IMMEDIATE` (a deferred one that
//! has read first fails at once when another writer was faster). Four connections read beside it.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::error::StoreError;

/// The database that the SQL of this crate speaks to.
pub(crate) type Db = sqlx::Sqlite;
/// A connection, also one inside a transaction.
pub(crate) type Connection = sqlx::SqliteConnection;
/// A transaction that may write.
pub(crate) type Transaction = sqlx::Transaction<'static, Db>;

/// Rows in one multi-row statement: far below the bound of 32 766 parameters with our widest table.
pub(crate) const BATCH: usize = 500;

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

const BUSY: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// The pools of an open database.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) reader: SqlitePool,
    writer: Option<SqlitePool>,
}

/// What a database that is opened for reading holds.
pub(crate) enum Content {
    /// Our tables, of this version.
    Ready,
    /// Nothing at all.
    Empty,
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
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
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

/// Brings the tables up to date, inside the transaction of the caller.
pub(crate) async fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if !has_table(connection, "_sqlx_migrations").await? && table_count(connection).await? > 0 {
        return Err(StoreError::Foreign);
    }
    match MIGRATOR.run(connection).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(_)) => Err(StoreError::NewerSchema),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(error.into()),
        Err(other) => Err(StoreError::Migrate(other)),
    }
}

/// Looks at the version of the tables without changing anything.
pub(crate) async fn inspect(connection: &mut Connection) -> Result<Content, StoreError> {
    if !has_table(connection, "_sqlx_migrations").await? {
        return if table_count(connection).await? == 0 { Ok(Content::Empty) } else { Err(StoreError::Foreign) };
    }
    if table_count(connection).await? > 1 && !has_table(connection, "meta").await? {
        return Err(StoreError::Foreign);
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success = TRUE").fetch_all(connection).await?;
    if applied.iter().any(|version| !MIGRATOR.version_exists(*version)) {
        return Err(StoreError::NewerSchema);
    }
    match MIGRATOR.iter().all(|migration| applied.contains(&migration.version)) {
        true => Ok(Content::Ready),
        false if applied.is_empty() => Ok(Content::Empty),
        false => Err(StoreError::OlderSchema),
    }
}

/// The JSON path of nested keys, where it can be written: a quote inside a key cannot.
pub(crate) fn json_path(keys: &[&str]) -> Option<String> {
    let mut path = String::from("$");
    for key in keys {
        if key.contains('"') {
            return None;
        }
        path.push_str(".\"");
        path.push_str(key);
        path.push('"');
    }
    Some(path)
}

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

async fn has_table(connection: &mut Connection, name: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

async fn table_count(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .fetch_one(connection)
        .await?)
}
