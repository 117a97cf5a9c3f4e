//! Groups: whose members are whose.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use sqlx::types::Json as Document;
use uuid::Uuid;

use super::Store;
use super::error::StoreError;
use super::query::query;
use super::rows::Group;

/// How many generations of parents count: more are a mistake, or a cycle.
const DEPTH: usize = 20;

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: Uuid,
    num_pk: i64,
    name: String,
    is_superuser: bool,
    parent: Option<Uuid>,
    attributes: Document<Map<String, Json>>,
}

impl GroupRow {
    fn group(self, direct: bool) -> Group {
        Group {
            id: self.id,
            num_pk: self.num_pk,
            name: self.name,
            is_superuser: self.is_superuser,
            parent: self.parent,
            attributes: self.attributes.0,
            direct,
        }
    }
}

impl Store {
    /// The groups of a user by name, with their ancestors.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn user_groups(&self, id: Uuid) -> Result<Vec<Group>, StoreError> {
        let mut tx = self.read_begin().await?;
        let rows: Vec<GroupRow> = query(
            "SELECT g.id, g.num_pk, g.name, g.is_superuser, g.parent, g.attributes FROM user_group g \
             JOIN membership m ON m.group_id = g.id WHERE m.user_id = $1",
        )
        .bind(id)
        .fetch_all(&mut tx)
        .await?;
        let mut groups: BTreeMap<Uuid, Group> = rows.into_iter().map(|row| (row.id, row.group(true))).collect();
        for _ in 0..DEPTH {
            let missing: Vec<Uuid> = groups
                .values()
                .filter_map(|group| group.parent)
                .filter(|parent| !groups.contains_key(parent))
                .collect();
            if missing.is_empty() {
                break;
            }
            for parent in missing {
                let row: Option<GroupRow> =
                    query("SELECT id, num_pk, name, is_superuser, parent, attributes FROM user_group WHERE id = $1")
                        .bind(parent)
                        .fetch_optional(&mut tx)
                        .await?;
                groups.extend(row.map(|row| (row.id, row.group(false))));
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(groups)
    }

    /// Whether there is such a group.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn group_exists(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(query("SELECT 1 FROM user_group WHERE id = $1").bind(id).exists(&mut self.read().await?).await?)
    }
}
