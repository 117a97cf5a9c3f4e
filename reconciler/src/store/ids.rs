//! Statements over many ids, in batches.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::error::StoreError;
use super::sqlite::{BATCH, Connection, Db};

/// Runs `statement` with a list of ids at its end, as often as it takes.
pub(crate) async fn execute(connection: &mut Connection, statement: &str, ids: &[Uuid]) -> Result<(), StoreError> {
    for batch in ids.chunks(BATCH) {
        with_ids(statement, batch).build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Pairs that `statement` selects.
pub(crate) async fn select<A, B>(
    connection: &mut Connection,
    statement: &str,
    ids: &[Uuid],
) -> Result<Vec<(A, B)>, StoreError>
where
    (A, B): for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
{
    let mut rows = Vec::new();
    for batch in ids.chunks(BATCH) {
        rows.extend(with_ids(statement, batch).build_query_as().fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

fn with_ids(statement: &str, ids: &[Uuid]) -> QueryBuilder<Db> {
    let mut query = QueryBuilder::new(statement);
    query.push("(");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
    query
}
