//! The dialect of PostgreSQL: the pool, migrations, locks, and what its errors mean.
//!
//! Every transaction that writes begins with an advisory lock: shared among those that write rows of their own, such as
//! the POSTs of a server, and exclusive for one that changes the configuration. So an `apply` is alone as it is in
//! SQLite, in whichever process, and logins go on beside each other. Among themselves they rely on the locks of rows:
//! `READ COMMITTED`, where each statement sees what was committed before it. Where a statement decides by what another
//! one read, [`lock`] lets one transaction at a time do it. A deadlock is a [`StoreError::Clash`], and is tried again.
//!
//! Tables are looked for in the current schema, the first of `search_path` that exists.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Postgres};

use super::error::StoreError;
use super::pools::Among;

/// As many connections a process has at most.
const CONNECTIONS: u32 = 16;
/// As long anybody waits for a connection, as for the writer of SQLite.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

/// Without tables of the system and those of extensions.
pub(crate) const TABLES: &str = "SELECT c.relname::text FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS \
     (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1";

/// The key of the lock is a number of our own; locks are per database.
const BEGIN_SHARED: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared(7310577382556594036)";
const BEGIN_ALONE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(7310577382556594036)";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// What a database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// The pool of an open database.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) pool: PgPool,
    access: Access,
}

/// Whether a URL names a database of this kind.
pub(crate) fn is_url(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

impl Pools {
    pub(crate) async fn open(url: &str, access: Access) -> Result<Self, StoreError> {
        let options = options(url)?;
        // A pool would wait for a server that is not there, and say that it waited.
        match tokio::time::timeout(PATIENCE, options.connect()).await {
            Ok(Ok(connection)) => connection.close().await?,
            Ok(Err(error)) => return Err(refused(&options, &error)),
            Err(_) => return Err(refused(&options, &sqlx::Error::PoolTimedOut)),
        }
        let session = match access {
            Access::Write => "SET lock_timeout = '10s'",
            Access::Read => "SET lock_timeout = '10s'; SET default_transaction_read_only = on",
        };
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| Box::pin(async move { connection.execute(session).await.map(drop) }))
            .connect_lazy_with(options);
        Ok(Self { pool, access })
    }

    pub(crate) async fn begin(&self, among: Among) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
        let begin = match (self.access, among) {
            (Access::Read, _) => return Err(StoreError::ReadOnly),
            (Access::Write, Among::Others) => BEGIN_SHARED,
            (Access::Write, Among::Nobody) => BEGIN_ALONE,
        };
        Ok(self.pool.begin_with(begin).await?)
    }

    pub(crate) async fn read_begin(&self) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
        Ok(self.pool.begin_with(BEGIN_READ).await?)
    }
}

/// Migrations run inside a transaction that is alone; a second lock would outlive it.
pub(crate) fn migrator() -> Migrator {
    Migrator { migrations: MIGRATOR.migrations.clone(), locking: false, ..Migrator::DEFAULT }
}

/// Waits until no other transaction does `what`.
pub(crate) async fn lock(connection: &mut PgConnection, what: &str) -> Result<(), StoreError> {
    let digest = blake3::hash(what.as_bytes());
    let key = i64::from_le_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default());
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(key).execute(connection).await?;
    Ok(())
}

/// What an error of PostgreSQL means, where it means something to us.
pub(crate) fn meaning(error: &sqlx::Error) -> Option<StoreError> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    match error.code() {
        // A deadlock, or a transaction that cannot be put in order with another one.
        "40P01" | "40001" => Some(StoreError::Clash),
        "55P03" => Some(StoreError::Busy),
        "25006" => Some(StoreError::ReadOnly),
        "22021" => Some(StoreError::Nul),
        _ => None,
    }
}

fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    PgConnectOptions::from_str(url).map_err(|_| StoreError::unsupported(url))
}

/// The server and the database of a URL, without who asks and with which password: `host:port/database`.
pub(crate) fn server(url: &str) -> Option<String> {
    is_url(url).then(|| options(url).ok()).flatten().map(|options| shown(&options))
}

fn shown(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
    format!("{host}:{}/{}", options.get_port(), database(options))
}

/// The one that PostgreSQL takes where none is named is called as the user is.
fn database(options: &PgConnectOptions) -> &str {
    options.get_database().unwrap_or_else(|| options.get_username())
}

/// Why there is no connection, and what to do about it.
fn refused(options: &PgConnectOptions, error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code());
    let next = match (code.as_deref(), error) {
        (Some("3D000"), _) => format!("make the database first, for instance with `createdb {}`", database(options)),
        (Some("28P01" | "28000"), _) => "look at the user and the password in the URL, or at PGPASSWORD".to_owned(),
        (Some("53300"), _) => "raise `max_connections` of the server, or run fewer processes".to_owned(),
        (_, sqlx::Error::Tls(_)) => "look at `sslmode` and `sslrootcert` in the URL".to_owned(),
        _ => "is the server running, and is it listening there? `pg_isready` of PostgreSQL says so".to_owned(),
    };
    let why = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::PoolTimedOut => format!("no answer for {} seconds", PATIENCE.as_secs()),
        error => error.to_string(),
    };
    StoreError::Connect { server: shown(options), why, next }
}
