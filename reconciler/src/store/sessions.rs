//! Sessions, by the hash of their token.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::error::StoreError;
use super::pools::{Among, Connection};
use super::query::query;
use super::rows::{Session, SessionChange, TokenHash};
use super::time::from_micros;
use super::{Store, micros};

/// An anonymous session lives this long at most, whatever the caller asks for.
const ANONYMOUS: SignedDuration = SignedDuration::from_hours(1);

/// So many anonymous sessions one address can have; a new one ends another.
pub(crate) const ANONYMOUS_PER_ADDRESS: i64 = 200;

#[derive(sqlx::FromRow)]
struct SessionRow {
    token_hash: Vec<u8>,
    user_id: Option<Uuid>,
    auth_method: Option<String>,
    created: i64,
    last_used: i64,
    expires: i64,
    client_ip: String,
    user_agent: String,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            token_hash: hash(&row.token_hash)?,
            user: row.user_id,
            auth_method: row.auth_method,
            created: from_micros(row.created)?,
            last_used: from_micros(row.last_used)?,
            expires: from_micros(row.expires)?,
            client_ip: row.client_ip,
            user_agent: row.user_agent,
        })
    }
}

pub(crate) fn hash(bytes: &[u8]) -> Result<TokenHash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("a token hash of the wrong length".to_owned()))
}

impl Store {
    /// The session of a token, unless it has expired.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn session_get(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = query("SELECT * FROM session WHERE token_hash = $1 AND expires > $2")
            .bind(hash.as_slice())
            .bind(micros(now))
            .fetch_optional(&mut self.read().await?)
            .await?;
        row.map(Session::try_from).transpose()
    }

    /// Notes that a session was used. It writes, so it is for a POST only.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn session_touch(&self, hash: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin(Among::Others).await?;
        query("UPDATE session SET last_used = $2 WHERE token_hash = $1 AND last_used < $2")
            .bind(hash.as_slice())
            .bind(micros(now))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Writes what becomes of the session.
pub(crate) async fn change(connection: &mut Connection, change: &SessionChange) -> Result<(), StoreError> {
    match change {
        SessionChange::Keep => Ok(()),
        SessionChange::Create(session) => put(connection, session).await,
        SessionChange::Rotate { old, new } => {
            if let Some(old) = old {
                delete(connection, old).await?;
            }
            put(connection, new).await
        }
        SessionChange::Delete(hash) => delete(connection, hash).await,
    }
}

/// Ends a user's sessions, save one.
pub(crate) async fn end(connection: &mut Connection, user: Uuid, except: Option<&TokenHash>) -> Result<(), StoreError> {
    query("DELETE FROM session WHERE user_id = $1 AND token_hash <> $2")
        .bind(user)
        .bind(except.map_or(&[][..], TokenHash::as_slice))
        .execute(connection)
        .await?;
    Ok(())
}

async fn delete(connection: &mut Connection, hash: &TokenHash) -> Result<(), StoreError> {
    query("DELETE FROM session WHERE token_hash = $1").bind(hash.as_slice()).execute(connection).await?;
    Ok(())
}

async fn put(connection: &mut Connection, session: &Session) -> Result<(), StoreError> {
    let mut expires = session.expires;
    if session.user.is_none() {
        expires = expires.min(session.created.saturating_add(ANONYMOUS).unwrap_or(expires));
        bound(connection, &session.client_ip).await?;
    }
    query(
        "INSERT INTO session (token_hash, user_id, auth_method, created, last_used, expires, client_ip, user_agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session.token_hash.as_slice())
    .bind(session.user)
    .bind(session.auth_method.as_deref())
    .bind(micros(session.created))
    .bind(micros(session.last_used))
    .bind(micros(expires))
    .bind(session.client_ip.as_str())
    .bind(session.user_agent.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes room for one more anonymous session of an address. The first to go are those that never passed a second
/// step, then those that did, then those in whose flow something was proved; the oldest of each first. A crowd that
/// can prove nothing does not end the logins of the others behind the same address.
async fn bound(connection: &mut Connection, client_ip: &str) -> Result<(), StoreError> {
    connection.one_at_a_time(&format!("anonymous sessions of {client_ip}")).await?;
    query(
        "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session \
         LEFT JOIN execution ON execution.session = token_hash \
         WHERE user_id IS NULL AND client_ip = $1 \
         ORDER BY auth_method IS NOT NULL DESC, coalesce(version, 0) > 1 DESC, created DESC \
         LIMIT 1000000 OFFSET $2)",
    )
    .bind(client_ip)
    .bind(ANONYMOUS_PER_ADDRESS - 1)
    .execute(connection)
    .await?;
    Ok(())
}
