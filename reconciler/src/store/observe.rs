//! Reads the observed state, all of one moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use sqlx::types::Json as Document;
use uuid::Uuid;

use super::error::StoreError;
use super::pools::Connection;
use super::query::query;
use super::rows::User;
use super::users::UserRow;
use super::{Store, fingerprint, sql, time};
use crate::observed::{FieldAuthor, ObservedObject, ObservedState, Owner, Parts};
use crate::plan::Permit;

type Objects = HashMap<Uuid, ObservedObject>;

impl Store {
    /// Everything that a plan compares with.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn observe(&self) -> Result<ObservedState, StoreError> {
        let mut tx = self.read_begin().await?;
        let (order, mut objects) = objects(&mut tx).await?;
        let members = users(&mut tx, &mut objects).await?;
        groups(&mut tx, &mut objects, &members).await?;
        tokens(&mut tx, &mut objects).await?;
        let key = self.key().clone();
        Ok(ObservedState::new(Parts {
            revision: sql::revision(&mut tx).await?,
            installation: self.installation(),
            objects: order.iter().filter_map(|id| objects.remove(id)).collect(),
            secrets: secrets(&mut tx).await?,
            owners: owners(&mut tx).await?,
            changed: changed(&mut tx).await?,
            permits: permits(&mut tx).await?,
            highest: sql::counters(&mut tx).await?,
            fingerprint: Some(Arc::new(move |id, field, text| fingerprint(&key, id, field, text))),
        }))
    }
}

async fn objects(connection: &mut Connection) -> Result<(Vec<Uuid>, Objects), StoreError> {
    type Row = (Uuid, String, Option<i64>, Document<Map<String, Json>>);
    let rows: Vec<Row> =
        query("SELECT id, model, num, attrs FROM object ORDER BY created_revision, num NULLS FIRST, id")
            .fetch_all(connection)
            .await?;
    let order = rows.iter().map(|row| row.0).collect();
    let object = |(id, model, num, attrs): Row| (id, ObservedObject { id, num, model, attrs: attrs.0, version: None });
    Ok((order, rows.into_iter().map(object).collect()))
}

/// Fills users in and says which group has which members, by their integer keys.
async fn users(connection: &mut Connection, objects: &mut Objects) -> Result<HashMap<Uuid, Vec<i64>>, StoreError> {
    let rows: Vec<UserRow> = query("SELECT * FROM user_account").fetch_all(connection).await?;
    let memberships: Vec<(Uuid, Uuid, i64)> = query(
        "SELECT m.user_id, m.group_id, u.pk FROM membership m JOIN user_account u ON u.id = m.user_id \
         ORDER BY m.group_id, u.pk",
    )
    .fetch_all(connection)
    .await?;
    let mut groups: HashMap<Uuid, Vec<Json>> = HashMap::new();
    let mut members: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for (user, group, pk) in memberships {
        groups.entry(user).or_default().push(json!(group));
        members.entry(group).or_default().push(pk);
    }
    for row in rows {
        let user = User::try_from(row)?;
        let Some(object) = objects.get_mut(&user.id) else {
            continue;
        };
        object.version = Some(user.version);
        object.attrs.extend(fields([
            ("username", json!(user.username)),
            ("name", json!(user.name)),
            ("email", json!(user.email)),
            ("is_active", json!(user.is_active)),
            ("type", json!(user.user_type)),
            ("path", json!(user.path)),
            ("attributes", Json::Object(user.attributes)),
            ("last_login", time_json(user.last_login)),
            ("groups", Json::Array(groups.remove(&user.id).unwrap_or_default())),
        ]));
    }
    Ok(members)
}

async fn groups(
    connection: &mut Connection,
    objects: &mut Objects,
    members: &HashMap<Uuid, Vec<i64>>,
) -> Result<(), StoreError> {
    type Row = (Uuid, String, bool, Option<Uuid>, Document<Map<String, Json>>, i64);
    let rows: Vec<Row> = query("SELECT id, name, is_superuser, parent, attributes, version FROM user_group")
        .fetch_all(connection)
        .await?;
    for (id, name, is_superuser, parent, attributes, version) in rows {
        let Some(object) = objects.get_mut(&id) else {
            continue;
        };
        object.version = Some(version);
        object.attrs.extend(fields([
            ("name", json!(name)),
            ("is_superuser", json!(is_superuser)),
            ("parent", json!(parent)),
            ("attributes", Json::Object(attributes.0)),
            ("users", json!(members.get(&id).map_or(&[][..], Vec::as_slice))),
        ]));
    }
    Ok(())
}

async fn tokens(connection: &mut Connection, objects: &mut Objects) -> Result<(), StoreError> {
    type Row = (Uuid, String, i64, String, String, Option<i64>, bool, i64);
    let rows: Vec<Row> = query(
        "SELECT t.id, t.identifier, u.pk, t.intent, t.description, t.expires, t.expiring, t.version \
         FROM token t JOIN user_account u ON u.id = t.user_id",
    )
    .fetch_all(connection)
    .await?;
    for (id, identifier, user, intent, description, expires, expiring, version) in rows {
        let Some(object) = objects.get_mut(&id) else {
            continue;
        };
        object.version = Some(version);
        object.attrs.extend(fields([
            ("identifier", json!(identifier)),
            ("user", json!(user)),
            ("intent", json!(intent)),
            ("description", json!(description)),
            ("expires", time_json(time::maybe(expires)?)),
            ("expiring", json!(expiring)),
        ]));
    }
    Ok(())
}

async fn secrets(connection: &mut Connection) -> Result<HashMap<(Uuid, String), Vec<u8>>, StoreError> {
    let rows: Vec<(Uuid, String, Vec<u8>)> =
        query("SELECT object, field, fingerprint FROM secret").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(object, field, fingerprint)| ((object, field), fingerprint)).collect())
}

async fn owners(connection: &mut Connection) -> Result<HashMap<Uuid, BTreeMap<String, Owner>>, StoreError> {
    let statement = query("SELECT object, field, file, layer, enforced, value FROM ownership");
    Ok(owners_by_object(statement.fetch_all(connection).await?))
}

/// A row of `ownership`: object, field, file, layer, enforced, value.
type OwnerRow = (Uuid, String, String, i64, bool, Option<String>);

/// Who declares the fields of each object.
pub(crate) fn owners_by_object(rows: Vec<OwnerRow>) -> HashMap<Uuid, BTreeMap<String, Owner>> {
    let mut owners: HashMap<Uuid, BTreeMap<String, Owner>> = HashMap::new();
    for (object, field, file, layer, enforced, value) in rows {
        let layer = u32::try_from(layer).unwrap_or(0);
        owners.entry(object).or_default().insert(field, Owner { file, layer, enforced, value });
    }
    owners
}

async fn permits(connection: &mut Connection) -> Result<HashMap<Uuid, BTreeSet<Permit>>, StoreError> {
    let statement = query("SELECT object, holder, permission FROM object_permission");
    Ok(permits_by_object(statement.fetch_all(connection).await?))
}

/// The object permissions on each object, of rows of `object_permission`: object, holder, permission.
pub(crate) fn permits_by_object(rows: Vec<(Uuid, Uuid, String)>) -> HashMap<Uuid, BTreeSet<Permit>> {
    let mut permits: HashMap<Uuid, BTreeSet<Permit>> = HashMap::new();
    for (object, holder, permission) in rows {
        permits.entry(object).or_default().insert(Permit { holder, permission });
    }
    permits
}

async fn changed(connection: &mut Connection) -> Result<HashMap<(Uuid, String), FieldAuthor>, StoreError> {
    let rows: Vec<(Uuid, String, String, i64)> =
        query("SELECT object, field, author, changed_at FROM field_change").fetch_all(connection).await?;
    let author =
        |(object, field, author, at)| Ok(((object, field), FieldAuthor { author, at: time::from_micros(at)? }));
    rows.into_iter().map(author).collect()
}

fn time_json(time: Option<jiff::Timestamp>) -> Json {
    time.map_or(Json::Null, |time| Json::String(time.to_string()))
}

fn fields<const N: usize>(pairs: [(&str, Json); N]) -> Map<String, Json> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
