//! The one way to the database: noun-first methods, plain rows in and out.
//!
//! `rows` are the values, `query` is how a statement is put to either database, `sqlite` and `postgres` are the dialects,
//! `commit` is what a POST writes. Configuration is written by `apply`.

pub mod password;

mod attempts;
mod commit;
mod crash;
mod error;
mod executions;
mod groups;
pub mod history;
pub(crate) mod ids;
mod key;
pub(crate) mod observe;
pub(crate) mod pools;
mod postgres;
pub(crate) mod query;
mod redact;
mod rotate;
mod rows;
mod schema;
mod secrets;
mod sessions;
mod setup;
mod snapshots;
pub(crate) mod sql;
mod sqlite;
mod sweep;
mod time;
mod tokens;
mod user_find;
mod user_write;
mod users;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

#[cfg(debug_assertions)]
pub use crash::crash_at;
pub use error::{CommitError, StoreError};
pub use gatewright_compiler::lookup::Operator;
pub use key::{InstallationKey, KeyError};
pub use rotate::Rotation;
pub use rows::{
    Commit, Effect, ExecutionChange, ExecutionRow, Group, NewUser, Session, SessionChange, TokenHash, User, UserPatch,
};
pub use user_find::Lookup;
pub use users::IdentifyBy;

pub(crate) use key::random;
pub(crate) use pools::Among;
#[cfg(test)]
pub(crate) use schema::make_older;
pub(crate) use secrets::{fingerprint, seal, unseal};
#[cfg(test)]
pub(crate) use sessions::ANONYMOUS_PER_ADDRESS;
pub(crate) use sessions::end as sessions_end;
pub(crate) use setup::hashed;
pub(crate) use snapshots::RUNTIME_MODELS;
pub(crate) use time::micros;
pub(crate) use tokens::token_hash;

use pools::{Connection, Pools, Transaction};
use query::query;
use schema::Content;

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pools: Pools,
    key: InstallationKey,
    installation: Uuid,
    was_migrated: bool,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("installation", &self.inner.installation).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a database, creating and migrating it where needed.
    ///
    /// # Errors
    /// It cannot be opened, has a newer schema, belongs to another program, or was made with another key.
    pub async fn open(url: &str, key: InstallationKey) -> Result<Self, StoreError> {
        // Before anything of a database that is not ours is touched.
        Self::probe(url).await?;
        let pools = Pools::open(url).await?;
        match migrated(&pools, &key).await {
            Ok((installation, was_migrated)) => {
                Ok(Self { inner: Arc::new(Inner { pools, key, installation, was_migrated }) })
            }
            Err(error) => {
                pools.close().await;
                Err(error)
            }
        }
    }

    /// Whether there is a database of ours, for whichever key; not when there is no file, or an empty one. Creates
    /// nothing.
    ///
    /// # Errors
    /// It cannot be opened, or belongs to another program.
    pub async fn probe(url: &str) -> Result<bool, StoreError> {
        let Some(pools) = Pools::open_existing(url).await? else {
            return Ok(false);
        };
        let content = look(&pools).await;
        pools.close().await;
        match content {
            Ok(Content::Empty) => Ok(false),
            // What is wrong with its version is said when it is opened.
            Ok(Content::Ready) | Err(StoreError::OlderSchema | StoreError::NewerSchema) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Opens a database for reading. `None` when there is none, or an empty file; nothing is created.
    ///
    /// # Errors
    /// As [`Store::open`]; also when the schema is older, as it is not migrated.
    pub async fn open_existing(url: &str, key: InstallationKey) -> Result<Option<Self>, StoreError> {
        let Some(pools) = Pools::open_existing(url).await? else {
            return Ok(None);
        };
        match read(&pools, &key).await {
            Ok(Some(installation)) => {
                Ok(Some(Self { inner: Arc::new(Inner { pools, key, installation, was_migrated: false }) }))
            }
            other => {
                pools.close().await;
                other.map(|_| None)
            }
        }
    }

    /// The file that a database URL names, where it names one.
    #[must_use]
    pub fn path(url: &str) -> Option<std::path::PathBuf> {
        sqlite::path(url)
    }

    /// Copies the SQLite database of a URL into an empty file, as it is at one moment, whoever writes meanwhile. `None`
    /// when there is none; otherwise its revision.
    ///
    /// # Errors
    /// It cannot be read, is not ours, or the file cannot be written.
    pub async fn backup(url: &str, to: &std::path::Path) -> Result<Option<u64>, StoreError> {
        let Some(pools) = Pools::open_existing(url).await? else {
            return Ok(None);
        };
        let done = copy(&pools, to).await;
        pools.close().await;
        done
    }

    /// The server and the database that a database URL names, where it names them: `host:port/database`. What may be
    /// a password is not in it.
    #[must_use]
    pub fn server(url: &str) -> Option<String> {
        postgres::server(url)
    }

    /// Whether the tables were of an older version, and have been brought up to date, when it was opened.
    #[must_use]
    pub fn was_migrated(&self) -> bool {
        self.inner.was_migrated
    }

    /// The installation key.
    #[must_use]
    pub fn key(&self) -> &InstallationKey {
        &self.inner.key
    }

    /// The id that this installation got when its database was made.
    #[must_use]
    pub fn installation(&self) -> Uuid {
        self.inner.installation
    }

    /// The current revision of the declared configuration, 0 before the first apply.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn revision(&self) -> Result<u64, StoreError> {
        sql::revision(&mut self.read().await?).await
    }

    /// Closes every connection; what is under way is finished first.
    pub async fn close(&self) {
        self.inner.pools.close().await;
    }

    /// Whether the database still has the key of this store.
    pub(crate) async fn key_check(&self, connection: &mut Connection) -> Result<(), StoreError> {
        installation(connection, self.key()).await.map(drop)
    }

    pub(crate) async fn begin(&self, among: Among) -> Result<Transaction, StoreError> {
        self.inner.pools.begin(among).await
    }

    pub(crate) async fn read(&self) -> Result<Connection, StoreError> {
        self.inner.pools.read().await
    }

    /// Several reads of one moment.
    pub(crate) async fn read_begin(&self) -> Result<Transaction, StoreError> {
        self.inner.pools.read_begin().await
    }
}

async fn copy(pools: &Pools, to: &std::path::Path) -> Result<Option<u64>, StoreError> {
    let mut connection = pools.read().await?;
    if schema::inspect(&mut connection).await? == Content::Empty {
        return Ok(None);
    }
    sqlite::copy(&mut connection, to).await?;
    Ok(Some(sql::revision(&mut connection).await?))
}

async fn look(pools: &Pools) -> Result<Content, StoreError> {
    schema::inspect(&mut pools.read().await?).await
}

async fn read(pools: &Pools, key: &InstallationKey) -> Result<Option<Uuid>, StoreError> {
    let mut connection = pools.read().await?;
    match schema::inspect(&mut connection).await? {
        Content::Ready => installation(&mut connection, key).await,
        Content::Empty => Ok(None),
    }
}

/// Brings the tables up to date; whose they are, and whether they were of an older version.
async fn migrated(pools: &Pools, key: &InstallationKey) -> Result<(Uuid, bool), StoreError> {
    let mut tx = pools.begin(Among::Nobody).await?;
    let was_older = schema::migrate(&mut tx).await?;
    let installation = match installation(&mut tx, key).await? {
        Some(installation) => installation,
        None => found(&mut tx, key).await?,
    };
    tx.commit().await?;
    Ok((installation, was_older))
}

/// Whose database it is; `None` when it is nobody's yet.
async fn installation(connection: &mut Connection, key: &InstallationKey) -> Result<Option<Uuid>, StoreError> {
    let row: Option<(Uuid, String)> = query("SELECT installation, key_id FROM meta").fetch_optional(connection).await?;
    match row {
        None => Ok(None),
        Some((installation, database)) if database == key.id() => Ok(Some(installation)),
        Some((_, database)) => Err(StoreError::OtherKey { database, given: key.id() }),
    }
}

async fn found(connection: &mut Connection, key: &InstallationKey) -> Result<Uuid, StoreError> {
    let installation = uuid::Builder::from_random_bytes(random()?).into_uuid();
    query("INSERT INTO meta (one, installation, key_id, created_at) VALUES (1, $1, $2, $3)")
        .bind(installation)
        .bind(key.id())
        .bind(micros(Timestamp::now()))
        .execute(connection)
        .await?;
    Ok(installation)
}
