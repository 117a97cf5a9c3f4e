//! The initial setup: a latch of its own, which once closed stays closed, whoever is deleted.

use jiff::Timestamp;
use serde_json::Map;
use uuid::Uuid;

use super::error::{CommitError, StoreError};
use super::pools::{Among, Connection};
use super::query::query;
use super::rows::{NewUser, TokenHash, UserPatch};
use super::sessions::hash;
use super::{Store, micros, password, random, sql, token_hash, user_write, users};

const ADMINISTRATOR: &str = "akadmin";
const ADMINISTRATORS: &str = "authentik Admins";
const BOOTSTRAP_TOKEN: &str = "authentik-bootstrap-token";
const GROUP_SPACE: &str = "group";

impl Store {
    /// Whether the administrator still has to be set up.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn setup_open(&self) -> Result<bool, StoreError> {
        is_open(&mut self.read().await?).await
    }

    /// Remembers the one link that opens the setup page, in place of any before.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn setup_link_put(&self, hash: &TokenHash) -> Result<(), StoreError> {
        let mut tx = self.begin(Among::Nobody).await?;
        query("UPDATE setup SET link_hash = $1 WHERE closed_at IS NULL").bind(hash.as_slice()).execute(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// The link of the setup page, while the setup is open.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn setup_link_get(&self) -> Result<Option<TokenHash>, StoreError> {
        let found: Option<Vec<u8>> =
            query("SELECT link_hash FROM setup WHERE closed_at IS NULL AND link_hash IS NOT NULL")
                .fetch_scalar(&mut self.read().await?)
                .await?;
        found.as_deref().map(hash).transpose()
    }

    /// The administrator whom the setup is for: made without a password where there is none, in the group of
    /// the administrators. `None` once the setup is closed.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn setup_user(&self, now: Timestamp) -> Result<Option<Uuid>, StoreError> {
        let mut tx = self.begin(Among::Nobody).await?;
        if !is_open(&mut tx).await? {
            return Ok(None);
        }
        let id = administrator(&mut tx, now).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Sets the administrator up without a page and closes the latch. `false`, and nothing is written, when it is
    /// closed already or there is nothing to set.
    ///
    /// # Errors
    /// The database cannot be written, the password cannot be hashed.
    pub async fn bootstrap(
        &self,
        password: Option<&str>,
        email: Option<&str>,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if (password.is_none() && token.is_none()) || !self.setup_open().await? {
            return Ok(false);
        }
        let password_hash = match password {
            Some(password) => Some(hashed(password.to_owned()).await?),
            None => None,
        };
        let mut tx = self.begin(Among::Nobody).await?;
        if !is_open(&mut tx).await? {
            return Ok(false);
        }
        let id = administrator(&mut tx, now).await?;
        let patch = UserPatch { email: email.map(str::to_owned), password_hash, ..UserPatch::default() };
        let version = users::by_id(&mut tx, id).await?.map_or(1, |user| user.version);
        user_write::update(&mut tx, id, version, &patch, now).await.map_err(store_error)?;
        if let Some(token) = token {
            put_token(&mut tx, id, &token_hash(self.key(), token)).await?;
        }
        close(&mut tx, now).await.map_err(store_error)?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Closes the latch; a second time is a conflict: somebody else set the administrator up.
pub(crate) async fn close(connection: &mut Connection, now: Timestamp) -> Result<(), CommitError> {
    let done = query("UPDATE setup SET closed_at = $1, link_hash = NULL WHERE closed_at IS NULL")
        .bind(micros(now))
        .execute(connection)
        .await?;
    if done == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}

/// Hashes a password off the async threads.
pub(crate) async fn hashed(password: String) -> Result<String, StoreError> {
    let salt = random()?;
    let done = tokio::task::spawn_blocking(move || password::hash(&password, &salt)).await;
    Ok(done.unwrap_or(Err(password::PasswordError))?)
}

async fn is_open(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(query("SELECT 1 FROM setup WHERE closed_at IS NULL").exists(connection).await?)
}

async fn administrator(connection: &mut Connection, now: Timestamp) -> Result<Uuid, StoreError> {
    let group = administrators(connection).await?;
    let found: Option<Uuid> =
        query("SELECT id FROM user_account WHERE username = $1").bind(ADMINISTRATOR).fetch_scalar(connection).await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let new = NewUser {
        id: uuid::Builder::from_random_bytes(random()?).into_uuid(),
        username: ADMINISTRATOR.to_owned(),
        name: "authentik Default Admin".to_owned(),
        email: String::new(),
        is_active: true,
        user_type: "internal".to_owned(),
        path: "users".to_owned(),
        attributes: Map::new(),
        password_hash: None,
        groups: vec![group],
    };
    user_write::create(connection, &new, now).await.map_err(store_error)?;
    Ok(new.id)
}

async fn administrators(connection: &mut Connection) -> Result<Uuid, StoreError> {
    let found: Option<Uuid> =
        query("SELECT id FROM user_group WHERE name = $1").bind(ADMINISTRATORS).fetch_scalar(connection).await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = uuid::Builder::from_random_bytes(random()?).into_uuid();
    let pk = sql::counter_next(connection, GROUP_SPACE).await?;
    sql::object_put(connection, id, "authentik_core.group", Some(pk)).await?;
    query(
        "INSERT INTO user_group (id, num_pk, name, is_superuser, parent, attributes, version) \
         VALUES ($1, $2, $3, TRUE, NULL, $4, 1)",
    )
    .bind(id)
    .bind(pk)
    .bind(ADMINISTRATORS)
    .bind(&Map::new())
    .execute(connection)
    .await?;
    Ok(id)
}

async fn put_token(connection: &mut Connection, user: Uuid, key_hash: &[u8; 32]) -> Result<(), StoreError> {
    let id = uuid::Builder::from_random_bytes(random()?).into_uuid();
    sql::object_put(connection, id, "authentik_core.token", None).await?;
    query(
        "INSERT INTO token (id, identifier, key_hash, user_id, intent, description, expires, expiring, version) \
         VALUES ($1, $2, $3, $4, 'api', '', NULL, FALSE, 1)",
    )
    .bind(id)
    .bind(BOOTSTRAP_TOKEN)
    .bind(key_hash.as_slice())
    .bind(user)
    .execute(connection)
    .await?;
    Ok(())
}

fn store_error(error: CommitError) -> StoreError {
    match error {
        CommitError::Store(error) => error,
        other => StoreError::Corrupt(other.to_string()),
    }
}
