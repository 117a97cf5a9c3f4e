//! The revisions: who applied what and when, and what takes each one back.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::types::Json as Document;

use super::attempts::retried;
use super::error::StoreError;
use super::key::KeyError;
use super::pools::{Among, Connection};
use super::query::query;
use super::{InstallationKey, Store, sql, time};
use crate::plan::{Plan, Planned, rollback};
use crate::undo::Undo;

/// The label under which what takes a revision back is sealed.
const LABEL: &str = "revision-undo";

/// One change of the declared configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Revision {
    /// From 1.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// `apply`, `serve`, `rollback`.
    pub author: String,
    /// What was done, without secrets.
    pub plan: Plan,
    /// Whether it can still be taken back.
    pub reversible: bool,
}

/// Why there is no way back to a revision.
#[derive(Debug, thiserror::Error)]
pub enum RollbackError {
    /// It does not exist yet.
    #[error("there is no revision {wanted}: the latest is {latest}")]
    Unknown {
        /// What was asked for.
        wanted: u64,
        /// The latest.
        latest: u64,
    },
    /// A revision since then is no longer kept, or was made by a version that could not take it back.
    #[error("revision {0} cannot be taken back: the history does not hold what was there before it")]
    Forgotten(u64),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Row = (i64, i64, String, Document<Plan>, bool);

/// Seals what takes a revision back; bound to it, so that it stands for no other one.
pub(crate) fn seal(key: &InstallationKey, revision: u64, undo: &[Undo]) -> Result<Vec<u8>, StoreError> {
    Ok(key.seal(LABEL, &serde_json::to_vec(undo)?, &revision.to_be_bytes())?)
}

/// What [`seal`] sealed.
pub(crate) fn open(key: &InstallationKey, revision: u64, sealed: &[u8]) -> Result<Vec<Undo>, StoreError> {
    let corrupt = || StoreError::Corrupt(format!("what takes revision {revision} back"));
    let plain = key.open(LABEL, sealed, &revision.to_be_bytes()).ok_or_else(corrupt)?;
    serde_json::from_slice(&plain).map_err(|_| corrupt())
}

/// Seals all of it again, for another key.
pub(crate) async fn reseal(
    connection: &mut Connection,
    old: &InstallationKey,
    new: &InstallationKey,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, Vec<u8>)> =
        query("SELECT id, undo FROM revision WHERE undo IS NOT NULL").fetch_all(connection).await?;
    for (id, sealed) in rows {
        let revision = u64::try_from(id).unwrap_or(0);
        let sealed = seal(new, revision, &open(old, revision, &sealed)?)?;
        query("UPDATE revision SET undo = $2 WHERE id = $1")
            .bind(id)
            .bind(sealed.as_slice())
            .execute(connection)
            .await?;
    }
    Ok(())
}

impl Store {
    /// The revisions that are kept, the latest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn revision_list(&self) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<Row> =
            query("SELECT id, created_at, author, plan, undo IS NOT NULL FROM revision ORDER BY id DESC")
                .fetch_all(&mut self.read().await?)
                .await?;
        rows.into_iter().map(revision).collect()
    }

    /// One revision; `None` when it is not kept.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn revision_get(&self, id: u64) -> Result<Option<Revision>, StoreError> {
        let row: Option<Row> =
            query("SELECT id, created_at, author, plan, undo IS NOT NULL FROM revision WHERE id = $1")
                .bind(i64::try_from(id).unwrap_or(i64::MAX))
                .fetch_optional(&mut self.read().await?)
                .await?;
        row.map(revision).transpose()
    }

    /// Plans the way back to a revision.
    ///
    /// # Errors
    /// [`RollbackError`].
    pub async fn rollback(&self, to: u64) -> Result<Planned, RollbackError> {
        let observed = self.observe().await?;
        let latest = observed.revision();
        if to > latest {
            return Err(RollbackError::Unknown { wanted: to, latest });
        }
        let rows: Vec<(i64, Option<Vec<u8>>)> = query("SELECT id, undo FROM revision WHERE id > $1 ORDER BY id DESC")
            .bind(i64::try_from(to).unwrap_or(i64::MAX))
            .fetch_all(&mut self.read().await?)
            .await
            .map_err(StoreError::from)?;
        let mut undo = Vec::new();
        let mut expected = latest;
        for (id, sealed) in rows {
            let id = u64::try_from(id).unwrap_or(0);
            if id > latest {
                continue;
            }
            let sealed = sealed.filter(|_| id == expected).ok_or(RollbackError::Forgotten(expected))?;
            // Of one revision what came last is taken back first.
            undo.extend(open(self.key(), id, &sealed)?.into_iter().rev());
            expected = id.saturating_sub(1);
        }
        if expected != to {
            return Err(RollbackError::Forgotten(expected));
        }
        Ok(rollback(&observed, to, undo))
    }

    /// Keeps the latest revisions only. Says how many went.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn history_trim(&self, keep: u32) -> Result<u64, StoreError> {
        retried(|| self.history_trim_once(keep.max(1))).await
    }

    async fn history_trim_once(&self, keep: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin(Among::Others).await?;
        let latest = i64::try_from(sql::revision(&mut tx).await?).unwrap_or(i64::MAX);
        let trimmed = query("DELETE FROM revision WHERE id <= $1")
            .bind(latest.saturating_sub(i64::from(keep)))
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        Ok(trimmed)
    }
}

fn revision((id, at, author, plan, reversible): Row) -> Result<Revision, StoreError> {
    Ok(Revision { id: u64::try_from(id).unwrap_or(0), at: time::from_micros(at)?, author, plan: plan.0, reversible })
}

impl From<KeyError> for RollbackError {
    fn from(error: KeyError) -> Self {
        Self::Store(error.into())
    }
}
