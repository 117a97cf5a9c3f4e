//! The tables and their version: whose they are, whether they have to be brought up to date, and how that is done.

use sqlx::migrate::{MigrateError, Migrator};

use super::error::StoreError;
use super::pools::Connection;
use super::query::query;
use super::{postgres, sqlite};

/// Where the versions stand that a database has been brought to.
const VERSIONS: &str = "_sqlx_migrations";

/// What a database holds that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Our tables, of this version.
    Ready,
    /// Nothing at all.
    Empty,
}

/// Brings the tables up to date, inside the transaction of the caller. Whether they were of an older version.
pub(crate) async fn migrate(connection: &mut Connection) -> Result<bool, StoreError> {
    let was_older = match inspect(connection).await {
        Ok(Content::Empty | Content::Ready) => false,
        Err(StoreError::OlderSchema) => true,
        Err(error) => return Err(error),
    };
    let done = match connection {
        Connection::Sqlite(held) => sqlite::MIGRATOR.run(held.get()).await,
        Connection::Postgres(held) => postgres::migrator().run(held.get()).await,
    };
    match done {
        Ok(()) => Ok(was_older),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(error.into()),
        Err(other) => Err(StoreError::Migrate(other)),
    }
}

/// Looks at the version of the tables without changing anything.
pub(crate) async fn inspect(connection: &mut Connection) -> Result<Content, StoreError> {
    let tables = connection.tables().await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if !has(VERSIONS) {
        return if tables.is_empty() { Ok(Content::Empty) } else { Err(StoreError::Foreign) };
    }
    if tables.len() > 1 && !has("meta") {
        return Err(StoreError::Foreign);
    }
    let migrator: &Migrator = match connection {
        Connection::Sqlite(_) => &sqlite::MIGRATOR,
        Connection::Postgres(_) => &postgres::MIGRATOR,
    };
    let applied: Vec<i64> =
        query("SELECT version FROM _sqlx_migrations WHERE success = TRUE").fetch_scalars(connection).await?;
    if applied.iter().any(|version| !migrator.version_exists(*version)) {
        return Err(StoreError::NewerSchema);
    }
    match migrator.iter().all(|migration| applied.contains(&migration.version)) {
        true => Ok(Content::Ready),
        false if applied.is_empty() => Ok(Content::Empty),
        false => Err(StoreError::OlderSchema),
    }
}

/// Makes the tables of an older version in an empty database.
#[cfg(test)]
pub(crate) async fn make_older(url: &str, version: i64) -> Result<(), StoreError> {
    let pools = super::pools::Pools::open(url).await?;
    let mut tx = pools.begin(super::Among::Nobody).await?;
    let done = match &mut *tx {
        Connection::Sqlite(held) => sqlite::MIGRATOR.run_to(version, held.get()).await,
        Connection::Postgres(held) => postgres::migrator().run_to(version, held.get()).await,
    };
    done.map_err(StoreError::Migrate)?;
    tx.commit().await?;
    pools.close().await;
    Ok(())
}
