//! Everything that one POST changes, in one transaction: the step is claimed first, so a replay changes nothing.

use jiff::Timestamp;

use super::attempts::retried;
use super::error::CommitError;
use super::pools::{Among, Connection};
use super::query::query;
use super::rows::{Commit, Effect};
use super::{Store, executions, micros, sessions, setup, user_write};

impl Store {
    /// Writes all of it or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when another request answered the same step, [`CommitError::UserChanged`] and
    /// [`CommitError::Taken`] when a user cannot be written as the flow meant, [`CommitError::Store`] otherwise.
    pub async fn commit(&self, now: Timestamp, commit: Commit) -> Result<(), CommitError> {
        retried(|| self.commit_once(now, &commit)).await
    }

    async fn commit_once(&self, now: Timestamp, commit: &Commit) -> Result<(), CommitError> {
        let mut tx = self.begin(Among::Others).await?;
        executions::claim(&mut tx, &commit.execution).await?;
        // Users come before the session that logs them in.
        for effect in &commit.effects {
            write(&mut tx, effect, now).await?;
        }
        sessions::change(&mut tx, &commit.session).await?;
        executions::put(&mut tx, &commit.execution).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn write(connection: &mut Connection, effect: &Effect, now: Timestamp) -> Result<(), CommitError> {
    match effect {
        Effect::UserCreate(new) => user_write::create(connection, new, now).await.map(drop),
        Effect::UserUpdate { id, expected_version, patch } => {
            user_write::update(connection, *id, *expected_version, patch, now).await
        }
        Effect::UserLoggedIn { id } => {
            query("UPDATE user_account SET last_login = $2 WHERE id = $1")
                .bind(*id)
                .bind(micros(now))
                .execute(connection)
                .await?;
            Ok(())
        }
        Effect::SessionsEnd { user, except } => Ok(sessions::end(connection, *user, except.as_ref()).await?),
        Effect::ConsentPut { user, application, permissions, expires } => {
            query(
                "INSERT INTO consent (user_id, application, permissions, expires) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (user_id, application) \
                 DO UPDATE SET permissions = excluded.permissions, expires = excluded.expires",
            )
            .bind(*user)
            .bind(*application)
            .bind(permissions.as_str())
            .bind(expires.map(micros))
            .execute(connection)
            .await?;
            Ok(())
        }
        Effect::SetupComplete => setup::close(connection, now).await,
    }
}
