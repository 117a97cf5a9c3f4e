//! Users, groups and tokens: the columns that the server itself reads and writes.

use std::collections::BTreeSet;

use gatewright_compiler::models::{self, Storage};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sqlx::QueryBuilder;
use sqlx::types::Json as Document;
use uuid::Uuid;

use super::ApplyError;
use super::numbers::Numbers;
use super::prepare::Prepared;
use super::write::{attr, attr_map};
use crate::diff::parse_time;
use crate::store::sqlite::{BATCH, Connection, Db};
use crate::store::{StoreError, ids, micros, sessions_end};
use gatewright_compiler::lookup::fold;

/// The table of a model that has one of its own.
pub(super) fn table(model: &str) -> Option<&'static str> {
    match models::model(model)?.storage {
        Storage::User => Some("user_account"),
        Storage::Group => Some("user_group"),
        Storage::Token => Some("token"),
        Storage::Object | Storage::KeyPair | Storage::Meta => None,
    }
}

/// Whether an attribute has a column (or the table of memberships) and is not kept in `attrs`.
pub(super) fn is_column(storage: Storage, field: &str) -> bool {
    let columns: &[&str] = match storage {
        Storage::User => {
            &["username", "name", "email", "is_active", "type", "path", "attributes", "last_login", "groups"]
        }
        Storage::Group => &["name", "is_superuser", "parent", "attributes", "users"],
        Storage::Token => &["identifier", "user", "intent", "description", "expires", "expiring"],
        Storage::Object | Storage::KeyPair | Storage::Meta => &[],
    };
    columns.contains(&field)
}

/// What is left for `attrs`.
pub(super) fn rest(storage: Storage, attrs: &Map<String, Json>) -> Map<String, Json> {
    let rest = attrs.iter().filter(|(name, _)| !is_column(storage, name));
    rest.map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) async fn write(
    connection: &mut Connection,
    written: &[&Prepared<'_>],
    now: Timestamp,
) -> Result<(), ApplyError> {
    let of = |storage| written.iter().copied().filter(|one| one.model.storage == storage).collect::<Vec<_>>();
    let (accounts, groups, keys) = (of(Storage::User), of(Storage::Group), of(Storage::Token));
    users(connection, &accounts, now).await?;
    passwords(connection, &accounts, now).await?;
    self::groups(connection, &groups).await?;
    memberships(connection, &accounts, &groups).await?;
    tokens(connection, &keys).await
}

async fn users(connection: &mut Connection, users: &[&Prepared<'_>], now: Timestamp) -> Result<(), StoreError> {
    for batch in users.chunks(BATCH) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO user_account (id, pk, username, username_folded, name, email, email_folded, is_active, \
             user_type, path, attributes, date_joined, version) ",
        );
        query.push_values(batch, |mut row, one| {
            let (username, email) = (text(one, "username"), text(one, "email"));
            row.push_bind(one.change.write.id)
                .push_bind(one.change.write.num.unwrap_or_default())
                .push_bind(username.to_owned())
                .push_bind(fold(username))
                .push_bind(text(one, "name").to_owned())
                .push_bind(email.to_owned())
                .push_bind(fold(email))
                .push_bind(truth(one, "is_active"))
                .push_bind(text(one, "type").to_owned())
                .push_bind(text(one, "path").to_owned())
                .push_bind(Document(attr_map(one, "attributes")))
                .push_bind(micros(now))
                .push_bind(1);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET username = excluded.username, username_folded = excluded.username_folded, \
             name = excluded.name, email = excluded.email, email_folded = excluded.email_folded, \
             is_active = excluded.is_active, user_type = excluded.user_type, path = excluded.path, \
             attributes = excluded.attributes, version = user_account.version + 1",
        );
        query.build().execute(&mut *connection).await?;
    }
    for one in users.iter().filter(|one| one.change.fields.contains_key("last_login")) {
        sqlx::query("UPDATE user_account SET last_login = $2 WHERE id = $1")
            .bind(one.change.write.id)
            .bind(time(one, "last_login"))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A new password ends every session that the old one began.
async fn passwords(connection: &mut Connection, users: &[&Prepared<'_>], now: Timestamp) -> Result<(), StoreError> {
    for one in users {
        let Some(hash) = &one.password else { continue };
        sqlx::query("UPDATE user_account SET password_hash = $2, password_change_date = $3 WHERE id = $1")
            .bind(one.change.write.id)
            .bind(hash.as_deref())
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
        sessions_end(connection, one.change.write.id, None).await?;
    }
    Ok(())
}

async fn groups(connection: &mut Connection, groups: &[&Prepared<'_>]) -> Result<(), StoreError> {
    for batch in groups.chunks(BATCH) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO user_group (id, num_pk, name, is_superuser, parent, attributes, version) ",
        );
        query.push_values(batch, |mut row, one| {
            row.push_bind(one.change.write.id)
                .push_bind(one.change.write.num.unwrap_or_default())
                .push_bind(text(one, "name").to_owned())
                .push_bind(truth(one, "is_superuser"))
                .push_bind(attr(one, "parent").as_str().and_then(|id| Uuid::parse_str(id).ok()))
                .push_bind(Document(attr_map(one, "attributes")))
                .push_bind(1);
        });
        query.push(
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, is_superuser = excluded.is_superuser, \
             parent = excluded.parent, attributes = excluded.attributes, version = user_group.version + 1",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Declared lists replace what was there, from whichever end they are declared.
async fn memberships(
    connection: &mut Connection,
    users: &[&Prepared<'_>],
    groups: &[&Prepared<'_>],
) -> Result<(), StoreError> {
    let changed = |field: &'static str| move |one: &&&Prepared<'_>| one.change.fields.contains_key(field);
    let mut pairs: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
    let members: Vec<_> = groups.iter().filter(changed("users")).copied().collect();
    let joining: Vec<_> = users.iter().filter(changed("groups")).copied().collect();
    let whole = |list: &[&Prepared<'_>]| list.iter().map(|one| one.change.write.id).collect::<Vec<_>>();
    ids::execute(connection, "DELETE FROM membership WHERE group_id IN ", &whole(&members)).await?;
    ids::execute(connection, "DELETE FROM membership WHERE user_id IN ", &whole(&joining)).await?;
    let numbers = Numbers::read(connection, &members).await?;
    for one in &members {
        let keys = attr(one, "users").as_array().into_iter().flatten().filter_map(Json::as_i64);
        pairs.extend(keys.filter_map(|pk| numbers.id("user", pk)).map(|user| (user, one.change.write.id)));
    }
    for one in &joining {
        let keys = attr(one, "groups").as_array().into_iter().flatten().filter_map(Json::as_str);
        pairs.extend(keys.filter_map(|id| Uuid::parse_str(id).ok()).map(|group| (one.change.write.id, group)));
    }
    let pairs: Vec<(Uuid, Uuid)> = pairs.into_iter().collect();
    for batch in pairs.chunks(BATCH) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO membership (user_id, group_id) ");
        query.push_values(batch, |mut row, (user, group)| {
            row.push_bind(*user).push_bind(*group);
        });
        query.push(" ON CONFLICT DO NOTHING");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn tokens(connection: &mut Connection, tokens: &[&Prepared<'_>]) -> Result<(), ApplyError> {
    let numbers = Numbers::read(connection, tokens).await?;
    for one in tokens {
        let user = attr(one, "user").as_i64().and_then(|pk| numbers.id("user", pk));
        let user = user.ok_or_else(|| StoreError::Corrupt(format!("a token of nobody: {}", one.change.key)))?;
        // An update without a new key keeps the old one: the row is there, so the placeholder is never written.
        let sql = "INSERT INTO token (id, identifier, key_hash, user_id, intent, description, expires, expiring, version) \
             VALUES ($1, $2, coalesce($3, (SELECT key_hash FROM token WHERE id = $1)), $4, $5, $6, $7, $8, 1) \
             ON CONFLICT (id) DO UPDATE SET identifier = excluded.identifier, key_hash = excluded.key_hash, \
             user_id = excluded.user_id, intent = excluded.intent, description = excluded.description, \
             expires = excluded.expires, expiring = excluded.expiring, version = token.version + 1";
        sqlx::query(sql)
            .bind(one.change.write.id)
            .bind(text(one, "identifier"))
            .bind(one.token.as_ref().map(<[u8; 32]>::as_slice))
            .bind(user)
            .bind(text(one, "intent"))
            .bind(text(one, "description"))
            .bind(time(one, "expires"))
            .bind(truth(one, "expiring"))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn text<'a>(one: &'a Prepared<'_>, name: &str) -> &'a str {
    attr(one, name).as_str().unwrap_or_default()
}

fn truth(one: &Prepared<'_>, name: &str) -> bool {
    attr(one, name).as_bool().unwrap_or_default()
}

fn time(one: &Prepared<'_>, name: &str) -> Option<i64> {
    attr(one, name).as_str().and_then(parse_time).map(micros)
}
