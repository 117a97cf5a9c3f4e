//! Removing what has expired.

use jiff::{SignedDuration, Timestamp};

use super::attempts::retried;
use super::error::StoreError;
use super::pools::Among;
use super::query::query;
use super::{Store, micros};

/// So long a superseded revision can still be told: as long as a login that began with it may last.
const KEEP: SignedDuration = SignedDuration::from_mins(31);

impl Store {
    /// Removes expired sessions, executions and consents, and the sources of revisions that were superseded long
    /// enough ago. Says how many rows went.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        retried(|| self.sweep_once(now)).await
    }

    async fn sweep_once(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin(Among::Others).await?;
        let mut rows = 0;
        for sql in [
            "DELETE FROM execution WHERE expires <= $1",
            "DELETE FROM session WHERE expires <= $1",
            "DELETE FROM consent WHERE expires <= $1",
        ] {
            rows += query(sql).bind(micros(now)).execute(&mut tx).await?;
        }
        let before = now.saturating_sub(KEEP).unwrap_or(Timestamp::MIN);
        // Every revision before this one was superseded by then.
        let floor: Option<i64> = query("SELECT max(id) FROM revision WHERE created_at <= $1")
            .bind(micros(before))
            .fetch_value(&mut tx)
            .await?;
        if let Some(floor) = floor {
            query("UPDATE meta SET snapshot_floor = $1 WHERE snapshot_floor < $1").bind(floor).execute(&mut tx).await?;
            rows += query("DELETE FROM object_version WHERE until <= $1").bind(floor).execute(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }
}
