//! What the flow engine reads of the database: users, groups, consents. Reads only; writes are effects of a turn.
//!
//! Implemented for the reconciler's `Store`; tests have a double.

use gatewright_reconciler::store::{Group, IdentifyBy, Lookup, Store, StoreError, User};
use jiff::Timestamp;
use uuid::Uuid;

/// Why the directory has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// Users have no such field.
    #[error("users have no field `{0}`")]
    UnknownField(String),
    /// The database failed.
    #[error("the directory failed: {0}")]
    Failed(String),
}

/// Users, groups and consents, always read fresh.
#[async_trait::async_trait]
pub trait Directory: Send + Sync {
    /// A user by id, inactive ones too.
    async fn user_by_id(&self, id: Uuid) -> Result<Option<User>, DirectoryError>;
    /// The first user that matches all.
    async fn user_find(&self, lookups: &[Lookup]) -> Result<Option<User>, DirectoryError>;
    /// At most two users, by what a person typed.
    async fn user_identify(
        &self,
        by: &[IdentifyBy],
        value: &str,
        case_insensitive: bool,
    ) -> Result<Vec<User>, DirectoryError>;
    /// Whether another user has that name.
    async fn username_taken(&self, username: &str, except: Option<Uuid>) -> Result<bool, DirectoryError>;
    /// A user's groups, inherited ones included.
    async fn user_groups(&self, id: Uuid) -> Result<Vec<Group>, DirectoryError>;
    /// Whether there is such a group.
    async fn group_exists(&self, id: Uuid) -> Result<bool, DirectoryError>;
    /// What a user agreed to, for an application, if it still holds.
    async fn consent_get(
        &self,
        user: Uuid,
        application: Uuid,
        now: Timestamp,
    ) -> Result<Option<String>, DirectoryError>;
}

impl From<StoreError> for DirectoryError {
    fn from(error: StoreError) -> DirectoryError {
        match error {
            StoreError::UnknownField(field) => DirectoryError::UnknownField(field),
            other => DirectoryError::Failed(other.to_string()),
        }
    }
}

#[async_trait::async_trait]
impl Directory for Store {
    async fn user_by_id(&self, id: Uuid) -> Result<Option<User>, DirectoryError> {
        Ok(Store::user_by_id(self, id).await?)
    }

    async fn user_find(&self, lookups: &[Lookup]) -> Result<Option<User>, DirectoryError> {
        Ok(Store::user_find(self, lookups).await?)
    }

    async fn user_identify(
        &self,
        by: &[IdentifyBy],
        value: &str,
        case_insensitive: bool,
    ) -> Result<Vec<User>, DirectoryError> {
        Ok(Store::user_identify(self, by, value, case_insensitive).await?)
    }

    async fn username_taken(&self, username: &str, except: Option<Uuid>) -> Result<bool, DirectoryError> {
        Ok(Store::username_taken(self, username, except).await?)
    }

    async fn user_groups(&self, id: Uuid) -> Result<Vec<Group>, DirectoryError> {
        Ok(Store::user_groups(self, id).await?)
    }

    async fn group_exists(&self, id: Uuid) -> Result<bool, DirectoryError> {
        Ok(Store::group_exists(self, id).await?)
    }

    async fn consent_get(
        &self,
        user: Uuid,
        application: Uuid,
        now: Timestamp,
    ) -> Result<Option<String>, DirectoryError> {
        Ok(Store::consent_get(self, user, application, now).await?)
    }
}
