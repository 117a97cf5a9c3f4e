//! Which database it is: pools, connections and transactions of either kind, and what the two do not do alike.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Database, Postgres, Sqlite};

use super::crash;
use super::error::StoreError;
use super::{postgres, sqlite};

/// Rows in one multi-row statement: far below the 32 766 parameters of SQLite with our widest table.
pub(crate) const BATCH: usize = 500;

/// The pools of an open database.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite(sqlite::Pools),
    Postgres(postgres::Pools),
}

/// A connection, also one inside a transaction.
pub(crate) enum Connection {
    Sqlite(Held<Sqlite>),
    Postgres(Held<Postgres>),
}

/// A connection as a pool hands it out.
pub(crate) enum Held<D: Database> {
    Plain(PoolConnection<D>),
    Transaction(sqlx::Transaction<'static, D>),
}

/// Several statements of one moment; what they write is gone unless it is committed.
pub(crate) struct Transaction(Connection);

/// Who else may write while a transaction does. In SQLite nobody ever does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among {
    /// Others that write rows of their own, as the POSTs of a server do.
    Others,
    /// Nobody: the configuration changes.
    Nobody,
}

impl Pools {
    /// Opens for writing, creating the file of SQLite where there is none.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if postgres::is_url(url) {
            return Ok(Self::Postgres(postgres::Pools::open(url, postgres::Access::Write).await?));
        }
        Ok(Self::Sqlite(sqlite::Pools::open(url).await?))
    }

    /// Opens for reading; `None` where there is no file.
    pub(crate) async fn open_existing(url: &str) -> Result<Option<Self>, StoreError> {
        if postgres::is_url(url) {
            return Ok(Some(Self::Postgres(postgres::Pools::open(url, postgres::Access::Read).await?)));
        }
        Ok(sqlite::Pools::open_existing(url).await?.map(Self::Sqlite))
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Connection::Sqlite(Held::Plain(pools.reader.acquire().await?)),
            Self::Postgres(pools) => Connection::Postgres(Held::Plain(pools.pool.acquire().await?)),
        })
    }

    /// A transaction that reads.
    pub(crate) async fn read_begin(&self) -> Result<Transaction, StoreError> {
        Ok(Transaction(match self {
            Self::Sqlite(pools) => Connection::Sqlite(Held::Transaction(pools.reader.begin().await?)),
            Self::Postgres(pools) => Connection::Postgres(Held::Transaction(pools.read_begin().await?)),
        }))
    }

    /// A transaction that may write.
    pub(crate) async fn begin(&self, among: Among) -> Result<Transaction, StoreError> {
        Ok(Transaction(match self {
            Self::Sqlite(pools) => Connection::Sqlite(Held::Transaction(pools.begin().await?)),
            Self::Postgres(pools) => Connection::Postgres(Held::Transaction(pools.begin(among).await?)),
        }))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(pools) => pools.pool.close().await,
        }
    }
}

impl Connection {
    /// Lets one transaction at a time do `what`, until it ends.
    pub(crate) async fn one_at_a_time(&mut self, what: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(held) => postgres::lock(held.get(), what).await,
        }
    }

    /// The names of all tables.
    pub(crate) async fn tables(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = match self {
            Self::Sqlite(_) => sqlite::TABLES,
            Self::Postgres(_) => postgres::TABLES,
        };
        Ok(super::query::query(sql).fetch_scalars(self).await?)
    }
}

impl<D: Database> Held<D> {
    pub(crate) fn get(&mut self) -> &mut D::Connection {
        match self {
            Self::Plain(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }

    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Transaction(transaction) => transaction.commit().await,
        }
    }
}

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        crash::point();
        match self.0 {
            Connection::Sqlite(held) => held.commit().await,
            Connection::Postgres(held) => held.commit().await,
        }?;
        crash::point();
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}
