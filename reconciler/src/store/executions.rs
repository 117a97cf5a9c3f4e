//! Logins under way, and consents given.

use jiff::Timestamp;
use uuid::Uuid;

use super::error::{CommitError, StoreError};
use super::pools::Connection;
use super::query::query;
use super::rows::{ExecutionChange, ExecutionRow, TokenHash};
use super::sessions::hash;
use super::time::from_micros;
use super::{Store, micros};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    session: Vec<u8>,
    flow: String,
    revision: i64,
    state: Vec<u8>,
    expires: i64,
    version: i64,
}

impl Store {
    /// The login under way in a session, unless it has expired.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn execution_get(&self, session: &TokenHash, now: Timestamp) -> Result<Option<ExecutionRow>, StoreError> {
        let row: Option<Row> = query("SELECT * FROM execution WHERE session = $1 AND expires > $2")
            .bind(session.as_slice())
            .bind(micros(now))
            .fetch_optional(&mut self.read().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(ExecutionRow {
            id: row.id,
            session: hash(&row.session)?,
            flow: row.flow,
            revision: u64::try_from(row.revision).unwrap_or(0),
            state: row.state,
            expires: from_micros(row.expires)?,
            version: row.version,
        }))
    }

    /// To what a user consented for an application, unless it has expired.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn consent_get(
        &self,
        user: Uuid,
        application: Uuid,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        Ok(query(
            "SELECT permissions FROM consent \
             WHERE user_id = $1 AND application = $2 AND (expires IS NULL OR expires > $3)",
        )
        .bind(user)
        .bind(application)
        .bind(micros(now))
        .fetch_scalar(&mut self.read().await?)
        .await?)
    }
}

/// Takes the answered step away: nobody else can answer it now. It comes before the session changes, because
/// an execution goes with its session.
pub(crate) async fn claim(connection: &mut Connection, change: &ExecutionChange) -> Result<(), CommitError> {
    let (id, expected) = match change {
        ExecutionChange::Keep => return Ok(()),
        ExecutionChange::Put { row, expected } => (row.id, *expected),
        ExecutionChange::Delete { id, expected } => (*id, Some(*expected)),
    };
    let Some(expected) = expected else {
        let exists = query("SELECT 1 FROM execution WHERE id = $1").bind(id).exists(connection).await?;
        return if exists { Err(CommitError::Conflict) } else { Ok(()) };
    };
    let done = query("DELETE FROM execution WHERE id = $1 AND version = $2")
        .bind(id)
        .bind(expected)
        .execute(connection)
        .await?;
    if done == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

/// Writes the next step, in place of any other execution of its session. Where the very same one is there already,
/// another request began it meanwhile.
pub(crate) async fn put(connection: &mut Connection, change: &ExecutionChange) -> Result<(), CommitError> {
    let ExecutionChange::Put { row, .. } = change else {
        return Ok(());
    };
    let written = query(
        "INSERT INTO execution (id, session, flow, revision, state, expires, version) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (session) DO UPDATE SET id = excluded.id, flow = excluded.flow, revision = excluded.revision, \
         state = excluded.state, expires = excluded.expires, version = excluded.version WHERE execution.id <> excluded.id",
    )
    .bind(row.id)
    .bind(row.session.as_slice())
    .bind(row.flow.as_str())
    .bind(i64::try_from(row.revision).unwrap_or(i64::MAX))
    .bind(row.state.as_slice())
    .bind(micros(row.expires))
    .bind(row.version)
    .execute(connection)
    .await
    .map_err(|error| if is_late(&error) { CommitError::Conflict } else { error.into() })?;
    if written == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

/// The session ended meanwhile, or another one has begun this execution.
fn is_late(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_foreign_key_violation() || error.is_unique_violation())
}
