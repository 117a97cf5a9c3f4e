//! Writing users: as a flow does, and as the initial setup does.

use jiff::Timestamp;
use uuid::Uuid;

use super::error::{CommitError, StoreError};
use super::pools::Connection;
use super::query::query;
use super::rows::{NewUser, UserPatch};
use super::{micros, sql, users};
use gatewright_compiler::lookup::fold;

const MODEL: &str = "authentik_core.user";

/// A new user with its object row and its integer key.
pub(crate) async fn create(connection: &mut Connection, new: &NewUser, now: Timestamp) -> Result<i64, CommitError> {
    name_free(connection, &new.username, None).await?;
    let pk = sql::counter_next(connection, sql::USER_SPACE).await?;
    sql::object_put(connection, new.id, MODEL, Some(pk)).await?;
    let password_changed = new.password_hash.as_ref().map(|_| micros(now));
    query(
        "INSERT INTO user_account (id, pk, username, username_folded, name, email, email_folded, is_active, user_type, \
         path, attributes, password_hash, password_change_date, date_joined, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
    )
    .bind(new.id)
    .bind(pk)
    .bind(new.username.as_str())
    .bind(fold(&new.username))
    .bind(new.name.as_str())
    .bind(new.email.as_str())
    .bind(fold(&new.email))
    .bind(new.is_active)
    .bind(new.user_type.as_str())
    .bind(new.path.as_str())
    .bind(&new.attributes)
    .bind(new.password_hash.as_deref())
    .bind(password_changed)
    .bind(micros(now))
    .execute(connection)
    .await
    .map_err(unique)?;
    join(connection, new.id, &new.groups).await?;
    Ok(pk)
}

/// Changes a user that is still at `expected_version`.
pub(crate) async fn update(
    connection: &mut Connection,
    id: Uuid,
    expected_version: i64,
    patch: &UserPatch,
    now: Timestamp,
) -> Result<(), CommitError> {
    if let Some(username) = &patch.username {
        name_free(connection, username, Some(id)).await?;
    }
    let done = query(
        "UPDATE user_account SET username = coalesce($3, username), username_folded = coalesce($4, username_folded), \
         name = coalesce($5, name), email = coalesce($6, email), email_folded = coalesce($7, email_folded), \
         attributes = coalesce($8, attributes), password_hash = coalesce($9, password_hash), \
         password_change_date = coalesce($10, password_change_date), version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(expected_version)
    .bind(patch.username.as_deref())
    .bind(patch.username.as_deref().map(fold))
    .bind(patch.name.as_deref())
    .bind(patch.email.as_deref())
    .bind(patch.email.as_deref().map(fold))
    .bind(patch.attributes.as_ref())
    .bind(patch.password_hash.as_deref())
    .bind(patch.password_hash.as_ref().map(|_| micros(now)))
    .execute(connection)
    .await
    .map_err(unique)?;
    if done != 1 {
        return Err(CommitError::UserChanged);
    }
    if patch.password_hash.is_some() {
        forget_declared_password(connection, id).await?;
    }
    join(connection, id, &patch.join_groups).await?;
    note_changes(connection, id, patch, now).await?;
    Ok(())
}

/// Notes who changed what a blueprint declares, for `drift`.
async fn note_changes(
    connection: &mut Connection,
    id: Uuid,
    patch: &UserPatch,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = [
        ("username", patch.username.is_some()),
        ("name", patch.name.is_some()),
        ("email", patch.email.is_some()),
        ("attributes", patch.attributes.is_some()),
        ("password", patch.password_hash.is_some()),
        ("groups", !patch.join_groups.is_empty()),
    ];
    let fields: Vec<&str> = changed.into_iter().filter_map(|(field, changed)| changed.then_some(field)).collect();
    if fields.is_empty() {
        return Ok(());
    }
    query("INSERT INTO field_change (object, field, author, changed_at) SELECT object, field, 'flow', ")
        .push_bind(micros(now))
        .push(" FROM ownership WHERE object = ")
        .push_bind(id)
        .push(" AND field IN ")
        .push_list(fields)
        .push(" ON CONFLICT (object, field) DO UPDATE SET author = excluded.author, changed_at = excluded.changed_at")
        .execute(connection)
        .await?;
    Ok(())
}

/// A password that is no longer the declared one has no fingerprint, so that the next plan shows the difference.
async fn forget_declared_password(connection: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    query("DELETE FROM secret WHERE object = $1 AND field = 'password'").bind(id).execute(connection).await?;
    Ok(())
}

async fn join(connection: &mut Connection, user: Uuid, groups: &[Uuid]) -> Result<(), StoreError> {
    for group in groups {
        query("INSERT INTO membership (user_id, group_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(user)
            .bind(*group)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Names that differ in case only are one to us but two to the unique column: whoever looks whether one is free is the
/// only one who gives one away.
async fn name_free(connection: &mut Connection, username: &str, except: Option<Uuid>) -> Result<(), CommitError> {
    connection.one_at_a_time("names of users").await?;
    if users::username_taken(connection, username, except).await? { Err(taken()) } else { Ok(()) }
}

fn taken() -> CommitError {
    CommitError::Taken { field: "username".to_owned() }
}

fn unique(error: sqlx::Error) -> CommitError {
    if sql::is_unique_violation(&error) { taken() } else { error.into() }
}
