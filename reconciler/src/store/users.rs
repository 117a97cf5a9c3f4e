//! Users by their unique columns.

use serde_json::{Map, Value as Json};
use sqlx::types::Json as Document;
use uuid::Uuid;

use super::Store;
use super::error::StoreError;
use super::pools::Connection;
use super::query::query;
use super::rows::User;
use super::time::{from_micros, maybe};
use gatewright_compiler::lookup::fold;

/// What an identification stage takes for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifyBy {
    /// The user name.
    Username,
    /// The e-mail address.
    Email,
    /// The attribute `upn`.
    Upn,
}

#[derive(sqlx::FromRow)]
pub(crate) struct UserRow {
    id: Uuid,
    pk: i64,
    username: String,
    name: String,
    email: String,
    is_active: bool,
    user_type: String,
    path: String,
    attributes: Document<Map<String, Json>>,
    password_hash: Option<String>,
    password_change_date: Option<i64>,
    last_login: Option<i64>,
    date_joined: i64,
    version: i64,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            pk: row.pk,
            username: row.username,
            name: row.name,
            email: row.email,
            is_active: row.is_active,
            user_type: row.user_type,
            path: row.path,
            attributes: row.attributes.0,
            password_hash: row.password_hash,
            password_change_date: maybe(row.password_change_date)?,
            last_login: maybe(row.last_login)?,
            date_joined: from_micros(row.date_joined)?,
            version: row.version,
        })
    }
}

impl Store {
    /// A user by id.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn user_by_id(&self, id: Uuid) -> Result<Option<User>, StoreError> {
        by_id(&mut self.read().await?, id).await
    }

    /// A user by its integer key.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn user_by_pk(&self, pk: i64) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> =
            query("SELECT * FROM user_account WHERE pk = $1").bind(pk).fetch_optional(&mut self.read().await?).await?;
        row.map(User::try_from).transpose()
    }

    /// Who could be meant by what was typed: at most two users, by the fields in the order given.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn user_identify(
        &self,
        by: &[IdentifyBy],
        value: &str,
        case_insensitive: bool,
    ) -> Result<Vec<User>, StoreError> {
        let mut connection = self.read().await?;
        let mut users: Vec<User> = Vec::new();
        for field in by {
            for row in identify(&mut connection, *field, value, case_insensitive).await? {
                let user = User::try_from(row)?;
                if users.len() < 2 && users.iter().all(|known| known.id != user.id) {
                    users.push(user);
                }
            }
        }
        Ok(users)
    }

    /// Whether another user has this name, upper and lower case alike.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn username_taken(&self, username: &str, except: Option<Uuid>) -> Result<bool, StoreError> {
        username_taken(&mut self.read().await?, username, except).await
    }
}

pub(crate) async fn by_id(connection: &mut Connection, id: Uuid) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> =
        query("SELECT * FROM user_account WHERE id = $1").bind(id).fetch_optional(connection).await?;
    row.map(User::try_from).transpose()
}

pub(crate) async fn username_taken(
    connection: &mut Connection,
    username: &str,
    except: Option<Uuid>,
) -> Result<bool, StoreError> {
    let ids: Vec<Uuid> = query("SELECT id FROM user_account WHERE username_folded = $1")
        .bind(fold(username))
        .fetch_scalars(connection)
        .await?;
    Ok(ids.into_iter().any(|id| Some(id) != except))
}

async fn identify(
    connection: &mut Connection,
    by: IdentifyBy,
    value: &str,
    case_insensitive: bool,
) -> Result<Vec<UserRow>, StoreError> {
    // An exact match comes before one that differs in case. Nobody is found by an empty value, or by one that PostgreSQL
    // does not even look for.
    let sql = match (by, case_insensitive) {
        _ if value.is_empty() || value.contains('\0') => return Ok(Vec::new()),
        (IdentifyBy::Username, true) => {
            "SELECT * FROM user_account WHERE username_folded = $2 ORDER BY username = $1 DESC, pk LIMIT 2"
        }
        (IdentifyBy::Username, false) => "SELECT * FROM user_account WHERE username = $1 LIMIT 2",
        (IdentifyBy::Email, true) => {
            "SELECT * FROM user_account WHERE email_folded = $2 ORDER BY email = $1 DESC, pk LIMIT 2"
        }
        (IdentifyBy::Email, false) => {
            "SELECT * FROM user_account WHERE email_folded = $2 AND email = $1 ORDER BY pk LIMIT 2"
        }
        (IdentifyBy::Upn, true) => {
            "SELECT * FROM user_account WHERE lower(attributes ->> 'upn') = $2 ORDER BY pk LIMIT 2"
        }
        (IdentifyBy::Upn, false) => "SELECT * FROM user_account WHERE attributes ->> 'upn' = $1 ORDER BY pk LIMIT 2",
    };
    Ok(query(sql).bind(value).bind(fold(value)).fetch_all(connection).await?)
}
