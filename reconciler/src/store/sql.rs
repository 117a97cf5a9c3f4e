//! Small statements that several files share.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::error::StoreError;
use super::pools::Connection;
use super::query::query;

/// The integer keys of users.
pub(crate) const USER_SPACE: &str = "user";

/// The current revision.
pub(crate) async fn revision(connection: &mut Connection) -> Result<u64, StoreError> {
    let id: Option<i64> = query("SELECT max(id) FROM revision").fetch_value(connection).await?;
    Ok(u64::try_from(id.unwrap_or(0)).unwrap_or(0))
}

/// The highest integer key ever used, by space.
pub(crate) async fn counters(connection: &mut Connection) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows: Vec<(String, i64)> = query("SELECT space, highest FROM counter").fetch_all(connection).await?;
    Ok(rows.into_iter().collect())
}

/// The next integer key of a space.
pub(crate) async fn counter_next(connection: &mut Connection, space: &str) -> Result<i64, StoreError> {
    Ok(query(
        "INSERT INTO counter (space, highest) VALUES ($1, 1) \
         ON CONFLICT (space) DO UPDATE SET highest = counter.highest + 1 RETURNING highest",
    )
    .bind(space)
    .fetch_value(connection)
    .await?)
}

/// Raises the counter of a space to `highest`.
pub(crate) async fn counter_raise(connection: &mut Connection, space: &str, highest: i64) -> Result<(), StoreError> {
    query(
        "INSERT INTO counter (space, highest) VALUES ($1, $2) ON CONFLICT (space) \
         DO UPDATE SET highest = excluded.highest WHERE counter.highest < excluded.highest",
    )
    .bind(space)
    .bind(highest)
    .execute(connection)
    .await?;
    Ok(())
}

/// A row of `object` for something that the running server makes: it belongs to the current revision.
pub(crate) async fn object_put(
    connection: &mut Connection,
    id: Uuid,
    model: &str,
    num: Option<i64>,
) -> Result<(), StoreError> {
    let revision = i64::try_from(revision(connection).await?).unwrap_or(i64::MAX);
    query(
        "INSERT INTO object (id, model, num, attrs, created_revision, changed_revision) VALUES ($1, $2, $3, '{}', $4, $4)",
    )
    .bind(id)
    .bind(model)
    .bind(num)
    .bind(revision)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether an error is a unique column that has the value already.
pub(crate) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}
