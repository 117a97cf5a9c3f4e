//! Removing what has expired.

use jiff::{SignedDuration, Timestamp};

use super::error::StoreError;
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
        let mut tx = self.begin().await?;
        let mut rows = 0;
        for sql in [
            "DELETE FROM execution WHERE expires <= $1",
            "DELETE FROM session WHERE expires <= $1",
            "DELETE FROM consent WHERE expires <= $1",
        ] {
            rows += sqlx::query(sql).bind(micros(now)).execute(&mut *tx).await?.rows_affected();
        }
        let before = now.saturating_sub(KEEP).unwrap_or(Timestamp::MIN);
        // Every revision before this one was superseded by then.
        let floor: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM revision WHERE created_at <= $1")
            .bind(micros(before))
            .fetch_one(&mut *tx)
            .await?;
        if let Some(floor) = floor {
            sqlx::query("UPDATE meta SET snapshot_floor = $1 WHERE snapshot_floor < $1")
                .bind(floor)
                .execute(&mut *tx)
                .await?;
            rows += sqlx::query("DELETE FROM object_version WHERE until <= $1")
                .bind(floor)
                .execute(&mut *tx)
                .await?
                .rows_affected();
        }
        tx.commit().await?;
        Ok(rows)
    }
}
