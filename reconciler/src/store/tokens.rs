//! API tokens: looked up by a keyed hash, never by themselves.

use jiff::Timestamp;
use uuid::Uuid;

use super::error::StoreError;
use super::query::query;
use super::rows::User;
use super::users;
use super::{InstallationKey, Store, micros};

/// How a token's key stands in the database.
pub(crate) fn token_hash(key: &InstallationKey, token: &str) -> [u8; 32] {
    key.mac("api-token", token.as_bytes())
}

impl Store {
    /// The active user of an API token that has not expired.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn token_user(&self, key: &str, now: Timestamp) -> Result<Option<User>, StoreError> {
        let mut tx = self.read_begin().await?;
        let user: Option<Uuid> = query(
            "SELECT user_id FROM token WHERE key_hash = $1 AND intent = 'api' \
             AND (NOT expiring OR expires IS NULL OR expires > $2)",
        )
        .bind(token_hash(self.key(), key).as_slice())
        .bind(micros(now))
        .fetch_scalar(&mut tx)
        .await?;
        let Some(user) = user else { return Ok(None) };
        Ok(users::by_id(&mut tx, user).await?.filter(|user| user.is_active))
    }
}
