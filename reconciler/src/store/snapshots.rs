//! What the runtime serves: the objects as they were at a revision.
//!
//! Nothing is copied whole. `apply` moves the former state of what it changes to `object_version`; a revision is told
//! from the objects that have not changed since and those rows.

use serde_json::{Map, Value as Json};
use sqlx::types::Json as Document;
use uuid::Uuid;

use super::Store;
use super::error::StoreError;
use super::query::query;
use crate::snapshot::{Object, Snapshot};

/// Models whose rows are read fresh and are in no snapshot.
pub(crate) const RUNTIME_MODELS: [&str; 3] = ["authentik_core.group", "authentik_core.token", "authentik_core.user"];

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    model: String,
    num: Option<i64>,
    attrs: Document<Map<String, Json>>,
}

impl Store {
    /// The declared objects at a revision; `None` when it is to come, or passed too long ago.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn snapshot_load(&self, revision: u64) -> Result<Option<Snapshot>, StoreError> {
        let mut tx = self.read_begin().await?;
        let floor: i64 = query("SELECT snapshot_floor FROM meta").fetch_value(&mut tx).await?;
        let current = super::sql::revision(&mut tx).await?;
        let Ok(wanted) = i64::try_from(revision) else {
            return Ok(None);
        };
        if wanted < floor || revision > current {
            return Ok(None);
        }
        let rows: Vec<Row> = query(
            "SELECT id, model, num, attrs FROM object WHERE changed_revision <= $1 \
             UNION ALL SELECT id, model, num, attrs FROM object_version WHERE since <= $1 AND until > $1",
        )
        .bind(wanted)
        .fetch_all(&mut tx)
        .await?;
        let objects = rows
            .into_iter()
            .filter(|row| !RUNTIME_MODELS.contains(&row.model.as_str()))
            .map(|row| (row.id, Object { id: row.id, num: row.num, model: row.model, attrs: row.attrs.0 }))
            .collect();
        Ok(Some(Snapshot { revision, objects }))
    }
}
