//! A look into the database of a sandbox, beside the server.

use std::collections::BTreeMap;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::sandbox::Sandbox;

pub(crate) struct Database(SqlitePool);

impl Database {
    pub(crate) async fn open(sandbox: &Sandbox) -> Self {
        let options = SqliteConnectOptions::new().filename(sandbox.path().join("gatewright.db")).read_only(true);
        Self(SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap())
    }

    /// How many rows each table has.
    pub(crate) async fn rows(&self) -> BTreeMap<String, i64> {
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                .fetch_all(&self.0)
                .await
                .unwrap();
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = format!("SELECT count(*) FROM \"{table}\"");
            let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&self.0).await.unwrap();
            rows.insert(table, count);
        }
        rows
    }

    /// Every row of a table as text, sorted: equal texts are equal tables.
    pub(crate) async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let mut contents = BTreeMap::new();
        for table in self.rows().await.into_keys() {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid")
                .bind(&table)
                .fetch_all(&self.0)
                .await
                .unwrap();
            let columns: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            let query = format!("SELECT {} FROM \"{table}\" ORDER BY 1", columns.join(" || '|' || "));
            let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(&self.0).await.unwrap();
            contents.insert(table, rows);
        }
        contents
    }

    /// One number.
    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.0).await.unwrap()
    }
}
