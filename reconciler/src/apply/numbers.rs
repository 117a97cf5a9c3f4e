//! The ids behind the integer keys by which users and providers are referred to.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_compiler::models::{self, KeyType};
use serde_json::Value as Json;
use uuid::Uuid;

use super::prepare::Prepared;
use crate::observed::{num_space, space_of_kind};
use crate::store::StoreError;
use crate::store::pools::{BATCH, Connection};
use crate::store::query::query;

/// Integer keys with the ids that they stand for, by counter.
pub(super) struct Numbers(BTreeMap<(&'static str, i64), Uuid>);

impl Numbers {
    /// Reads those that reference fields of these objects hold.
    pub(super) async fn read(connection: &mut Connection, written: &[&Prepared<'_>]) -> Result<Self, StoreError> {
        let mut numbers = BTreeMap::new();
        for (space, wanted) in wanted(written) {
            let wanted: Vec<i64> = wanted.into_iter().collect();
            for batch in wanted.chunks(BATCH) {
                let of_space = models::models().iter().filter(|model| num_space(model) == Some(space));
                let rows: Vec<(i64, Uuid)> = query("SELECT num, id FROM object WHERE model IN ")
                    .push_list(of_space.map(|model| model.name))
                    .push(" AND num IN ")
                    .push_list(batch.iter().copied())
                    .fetch_all(connection)
                    .await?;
                numbers.extend(rows.into_iter().map(|(num, id)| ((space, num), id)));
            }
        }
        Ok(Self(numbers))
    }

    /// The id of an object of this kind.
    pub(super) fn id(&self, kind: &str, num: i64) -> Option<Uuid> {
        self.0.get(&(space_of_kind(kind), num)).copied()
    }
}

fn wanted(written: &[&Prepared<'_>]) -> BTreeMap<&'static str, BTreeSet<i64>> {
    let mut wanted: BTreeMap<&'static str, BTreeSet<i64>> = BTreeMap::new();
    for one in written {
        for field in &one.model.fields {
            let Some(reference) = field.reference.as_ref().filter(|it| it.key == KeyType::Integer) else { continue };
            let keys = wanted.entry(space_of_kind(reference.kind)).or_default();
            match one.attrs.get(&field.name) {
                Some(Json::Array(list)) => keys.extend(list.iter().filter_map(Json::as_i64)),
                Some(key) => keys.extend(key.as_i64()),
                None => {}
            }
        }
    }
    wanted
}
