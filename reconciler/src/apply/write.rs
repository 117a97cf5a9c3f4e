//! Objects and what stands beside them: keys, references, secrets, ownership, former versions, the revision.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::numbers::Numbers;
use super::prepare::Prepared;
use super::{ApplyError, typed};
use crate::observed::{key_values, reference_ids};
use crate::plan::{Permit, Plan};
use crate::store::pools::{BATCH, Connection};
use crate::store::query::{Param, query};
use crate::store::{RUNTIME_MODELS, StoreError, ids, micros};

/// Keeps what the objects were before `revision`, so that a login under way still finds it.
pub(super) async fn keep_versions(
    connection: &mut Connection,
    touched: &[Uuid],
    revision: i64,
) -> Result<(), StoreError> {
    let statement =
        query("INSERT INTO object_version (id, since, until, model, num, attrs) SELECT id, changed_revision, ")
            .push_bind(revision)
            .push(", model, num, attrs FROM object WHERE model NOT IN ")
            .push_list(RUNTIME_MODELS)
            .push(" AND id IN ");
    ids::execute(connection, statement, touched).await
}

pub(super) async fn forget_keys_and_references(
    connection: &mut Connection,
    touched: &[Uuid],
) -> Result<(), StoreError> {
    ids::execute(connection, "DELETE FROM object_key WHERE object IN ", touched).await?;
    ids::execute(connection, "DELETE FROM reference WHERE source IN ", touched).await
}

pub(super) async fn objects(
    connection: &mut Connection,
    written: &[&Prepared<'_>],
    revision: i64,
) -> Result<(), StoreError> {
    for batch in written.chunks(BATCH) {
        query("INSERT INTO object (id, model, num, attrs, created_revision, changed_revision) ")
            .push_values(batch, |one| {
                [
                    one.change.write.id.into(),
                    one.model.name.into(),
                    one.change.write.num.into(),
                    (&typed::rest(one.model.storage, &one.attrs)).into(),
                    revision.into(),
                    revision.into(),
                ]
            })
            .push(
                " ON CONFLICT (id) DO UPDATE SET attrs = excluded.attrs, changed_revision = excluded.changed_revision",
            )
            .execute(connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn references(connection: &mut Connection, written: &[&Prepared<'_>]) -> Result<(), ApplyError> {
    let numbers = Numbers::read(connection, written).await?;
    let mut rows: Vec<(Uuid, &str, i64, Uuid)> = Vec::new();
    for one in written {
        for field in &one.model.fields {
            let (Some(reference), Some(value)) = (&field.reference, one.attrs.get(&field.name)) else {
                continue;
            };
            if typed::is_column(one.model.storage, &field.name) {
                continue;
            }
            let by_num = |num| numbers.id(reference.kind, num);
            let ids = reference_ids(field, value, &by_num)
                .map_err(|key| StoreError::Corrupt(format!("`{}` refers to {key}, which nothing has", field.name)))?;
            rows.extend((0..).zip(ids).map(|(position, id)| (one.change.write.id, field.name.as_str(), position, id)));
        }
    }
    for batch in rows.chunks(BATCH) {
        query("INSERT INTO reference (source, field, position, target) ")
            .push_values(batch, |(source, field, position, target)| {
                [(*source).into(), (*field).into(), (*position).into(), (*target).into()]
            })
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Deletes in the order of the plan: what refers goes before what it refers to.
pub(super) async fn delete(connection: &mut Connection, deleted: &[&Prepared<'_>]) -> Result<(), StoreError> {
    for one in deleted {
        if let Some(table) = typed::table(one.model.name) {
            let statement = query("DELETE FROM ").push(table).push(" WHERE id IN ");
            ids::execute(connection, statement, &[one.change.write.id]).await?;
        }
    }
    let ids: Vec<Uuid> = deleted.iter().map(|one| one.change.write.id).collect();
    ids::execute(connection, "DELETE FROM object WHERE id IN ", &ids).await
}

/// Unique fields; users, groups and tokens have unique columns instead.
pub(super) async fn keys(connection: &mut Connection, written: &[&Prepared<'_>]) -> Result<(), StoreError> {
    let mut rows: Vec<(&str, String, String, Uuid)> = Vec::new();
    for one in written.iter().filter(|one| typed::table(one.model.name).is_none()) {
        let keys = key_values(one.model, &one.attrs).into_iter();
        rows.extend(keys.map(|key| (one.model.name, key.field, key.value, one.change.write.id)));
    }
    for batch in rows.chunks(BATCH) {
        query("INSERT INTO object_key (model, field, value, object) ")
            .push_values(batch, |(model, field, value, object)| {
                [(*model).into(), field.as_str().into(), value.as_str().into(), (*object).into()]
            })
            .execute(connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn secrets(connection: &mut Connection, written: &[&Prepared<'_>]) -> Result<(), StoreError> {
    for one in written {
        for secret in &one.secrets {
            let Some(content) = &secret.content else {
                query("DELETE FROM secret WHERE object = $1 AND field = $2")
                    .bind(one.change.write.id)
                    .bind(secret.field.as_str())
                    .execute(connection)
                    .await?;
                continue;
            };
            query(
                "INSERT INTO secret (object, field, kind, fingerprint, value) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (object, field) DO UPDATE SET kind = excluded.kind, \
                 fingerprint = excluded.fingerprint, value = excluded.value",
            )
            .bind(one.change.write.id)
            .bind(secret.field.as_str())
            .bind(secret.kind)
            .bind(content.fingerprint.as_slice())
            .bind(content.value.as_deref())
            .execute(connection)
            .await?;
        }
    }
    Ok(())
}

/// Object permissions.
pub(super) async fn permits(connection: &mut Connection, written: &[&Prepared<'_>]) -> Result<(), StoreError> {
    for one in written {
        for permit in &one.change.write.revokes {
            query("DELETE FROM object_permission WHERE object = $1 AND holder = $2 AND permission = $3")
                .bind(one.change.write.id)
                .bind(permit.holder)
                .bind(permit.permission.as_str())
                .execute(connection)
                .await?;
        }
    }
    let granted = written.iter().flat_map(|one| one.change.write.grants.iter().map(|it| (one.change.write.id, it)));
    let granted: Vec<(Uuid, &Permit)> = granted.collect();
    for batch in granted.chunks(BATCH) {
        query("INSERT INTO object_permission (object, holder, permission) ")
            .push_values(batch, |(object, permit)| {
                [(*object).into(), permit.holder.into(), permit.permission.as_str().into()]
            })
            .push(" ON CONFLICT DO NOTHING")
            .execute(connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn owners(connection: &mut Connection, plan: &Plan) -> Result<(), StoreError> {
    for (object, field) in &plan.released {
        query("DELETE FROM ownership WHERE object = $1 AND field = $2")
            .bind(*object)
            .bind(field.as_str())
            .execute(connection)
            .await?;
    }
    for batch in plan.owners.chunks(BATCH) {
        query("INSERT INTO ownership (object, field, file, layer, enforced, value) ")
            .push_values(batch, |(object, field, owner)| {
                [
                    (*object).into(),
                    field.as_str().into(),
                    owner.file.as_str().into(),
                    i64::from(owner.layer).into(),
                    owner.enforced.into(),
                    owner.value.as_deref().into(),
                ]
            })
            .push(
                " ON CONFLICT (object, field) DO UPDATE SET file = excluded.file, layer = excluded.layer, \
                 enforced = excluded.enforced, value = excluded.value",
            )
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The row of the history. The plan in it shows no secret.
pub(super) async fn revision(
    connection: &mut Connection,
    plan: &Plan,
    revision: u64,
    undo: &[u8],
    author: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(plan)?;
    let digest = blake3::hash(text.as_bytes());
    query("INSERT INTO revision (id, created_at, author, digest, plan, undo) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(i64::try_from(revision).unwrap_or(i64::MAX))
        .bind(micros(now))
        .bind(author)
        .bind(digest.as_bytes().as_slice())
        .bind(Param::json(text))
        .bind(undo)
        .execute(connection)
        .await?;
    Ok(())
}

/// What was changed meanwhile is as declared again.
pub(super) async fn forget_changes(connection: &mut Connection, touched: &[Uuid]) -> Result<(), StoreError> {
    ids::execute(connection, "DELETE FROM field_change WHERE object IN ", touched).await
}

/// The text of an attribute, by default where it is not set.
pub(super) fn attr<'a>(one: &'a Prepared<'_>, name: &str) -> &'a Json {
    let default = || one.model.field(name).and_then(|field| field.default.as_ref());
    one.attrs.get(name).or_else(default).unwrap_or(&Json::Null)
}

/// A map attribute.
pub(super) fn attr_map(one: &Prepared<'_>, name: &str) -> Map<String, Json> {
    attr(one, name).as_object().cloned().unwrap_or_default()
}
