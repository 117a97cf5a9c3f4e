//! Users, groups and tokens: the columns that the server itself reads and writes.

use std::collections::BTreeSet;

use gatewright_compiler::models::{self, Storage};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::ApplyError;
use super::numbers::Numbers;
use super::prepare::Prepared;
use super::write::{attr, attr_map};
use crate::diff::parse_time;
use crate::store::pools::{BATCH, Connection};
use crate::store::query::query;
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
        query(
            "INSERT INTO user_account (id, pk, username, username_folded, name, email, email_folded, is_active, \
             user_type, path, attributes, date_joined, version) ",
        )
        .push_values(batch, |one| {
            let (username, email) = (text(one, "username"), text(one, "email"));
            [
                one.change.write.id.into(),
                one.change.write.num.unwrap_or_default().into(),
                username.into(),
                fold(username).into(),
                text(one, "name").into(),
                email.into(),
                fold(email).into(),
                truth(one, "is_active").into(),
                text(one, "type").into(),
                text(one, "path").into(),
                (&attr_map(one, "attributes")).into(),
                micros(now).into(),
                1.into(),
            ]
        })
        .push(
            " ON CONFLICT (id) DO UPDATE SET username = excluded.username, username_folded = excluded.username_folded, \
             name = excluded.name, email = excluded.email, email_folded = excluded.email_folded, \
             is_active = excluded.is_active, user_type = excluded.user_type, path = excluded.path, \
             attributes = excluded.attributes, version = user_account.version + 1",
        )
        .execute(connection)
        .await?;
    }
    for one in users.iter().filter(|one| one.change.fields.contains_key("last_login")) {
        query("UPDATE user_account SET last_login = $2 WHERE id = $1")
            .bind(one.change.write.id)
            .bind(time(one, "last_login"))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// A new password ends every session that the old one began.
async fn passwords(connection: &mut Connection, users: &[&Prepared<'_>], now: Timestamp) -> Result<(), StoreError> {
    for one in users {
        let Some(hash) = &one.password else { continue };
        query("UPDATE user_account SET password_hash = $2, password_change_date = $3 WHERE id = $1")
            .bind(one.change.write.id)
            .bind(hash.as_deref())
            .bind(micros(now))
            .execute(connection)
            .await?;
        sessions_end(connection, one.change.write.id, None).await?;
    }
    Ok(())
}

async fn groups(connection: &mut Connection, groups: &[&Prepared<'_>]) -> Result<(), StoreError> {
    for batch in groups.chunks(BATCH) {
        query("INSERT INTO user_group (id, num_pk, name, is_superuser, parent, attributes, version) ")
            .push_values(batch, |one| {
                [
                    one.change.write.id.into(),
                    one.change.write.num.unwrap_or_default().into(),
                    text(one, "name").into(),
                    truth(one, "is_superuser").into(),
                    attr(one, "parent").as_str().and_then(|id| Uuid::parse_str(id).ok()).into(),
                    (&attr_map(one, "attributes")).into(),
                    1.into(),
                ]
            })
            .push(
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, is_superuser = excluded.is_superuser, \
                 parent = excluded.parent, attributes = excluded.attributes, version = user_group.version + 1",
            )
            .execute(connection)
            .await?;
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
        query("INSERT INTO membership (user_id, group_id) ")
            .push_values(batch, |(user, group)| [(*user).into(), (*group).into()])
            .push(" ON CONFLICT DO NOTHING")
            .execute(connection)
            .await?;
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
        query(sql)
            .bind(one.change.write.id)
            .bind(text(one, "identifier"))
            .bind(one.token.as_ref().map(<[u8; 32]>::as_slice))
            .bind(user)
            .bind(text(one, "intent"))
            .bind(text(one, "description"))
            .bind(time(one, "expires"))
            .bind(truth(one, "expiring"))
            .execute(connection)
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
