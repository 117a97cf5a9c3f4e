//! Statements over many ids, in batches.

use uuid::Uuid;

use super::error::StoreError;
use super::pools::{BATCH, Connection};
use super::query::{Query, Row};

/// Runs `statement` with a list of ids at its end, as often as it takes.
pub(crate) async fn execute(
    connection: &mut Connection,
    statement: impl Into<Query>,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let statement = statement.into();
    for batch in ids.chunks(BATCH) {
        statement.clone().push_list(batch.iter().copied()).execute(connection).await?;
    }
    Ok(())
}

/// The rows that `statement` selects.
pub(crate) async fn select<T: Row>(
    connection: &mut Connection,
    statement: impl Into<Query>,
    ids: &[Uuid],
) -> Result<Vec<T>, StoreError> {
    let statement = statement.into();
    let mut rows = Vec::new();
    for batch in ids.chunks(BATCH) {
        rows.extend(statement.clone().push_list(batch.iter().copied()).fetch_all(connection).await?);
    }
    Ok(rows)
}
