//! Applies a plan: one transaction, or nothing.
//!
//! Slow work (hashing, making keys) comes before the transaction, in `prepare`. Inside, every table is written in
//! batches, so the number of statements grows with the kinds of changes more than with their number.

mod keypair;
mod numbers;
mod prepare;
mod typed;
mod undo;
mod write;

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::observed::num_space;
use crate::plan::{Action, Plan};
use crate::store::ids;
use crate::store::pools::{Among, Connection};
use crate::store::query::query;
use crate::store::{Store, StoreError, history, sql};
use prepare::Prepared;

/// Why a plan was not applied. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Something changed since the plan was made.
    #[error("the database has changed since this plan was made")]
    Stale,
    /// A key pair cannot be made.
    #[error("no key pair can be made: {0}")]
    KeyPair(#[from] rcgen::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Writes a plan and says which revision the database has then. An empty plan writes nothing.
///
/// # Errors
/// [`ApplyError`]; nothing is written then.
pub async fn apply(store: &Store, plan: &Plan, author: &str, now: Timestamp) -> Result<u64, ApplyError> {
    if plan.is_empty() {
        return Ok(store.revision().await?);
    }
    let prepared = prepare::prepare(store.key(), plan, now).await?;
    let mut tx = store.begin(Among::Nobody).await?;
    check(&mut tx, store, plan).await?;
    let revision = if plan.changes.is_empty() {
        plan.base_revision
    } else {
        let revision = plan.base_revision + 1;
        let undo = undo::gather(&mut tx, store.key(), plan).await?;
        let undo = history::seal(store.key(), revision, &undo)?;
        changes(&mut tx, plan, &prepared, revision, now).await?;
        write::revision(&mut tx, plan, revision, &undo, author, now).await?;
        revision
    };
    write::owners(&mut tx, plan).await?;
    tx.commit().await?;
    Ok(revision)
}

async fn changes(
    connection: &mut Connection,
    plan: &Plan,
    prepared: &[Prepared<'_>],
    revision: u64,
    now: Timestamp,
) -> Result<(), ApplyError> {
    let revision = i64::try_from(revision).unwrap_or(i64::MAX);
    let written: Vec<&Prepared<'_>> = prepared.iter().filter(|one| one.change.action != Action::Delete).collect();
    let deleted: Vec<&Prepared<'_>> = prepared.iter().filter(|one| one.change.action == Action::Delete).collect();
    let touched: Vec<Uuid> = plan.changes.iter().map(|change| change.write.id).collect();
    write::keep_versions(connection, &touched, revision).await?;
    write::forget_keys_and_references(connection, &touched).await?;
    write::forget_changes(connection, &touched).await?;
    write::objects(connection, &written, revision).await?;
    typed::write(connection, &written, now).await?;
    write::references(connection, &written).await?;
    write::delete(connection, &deleted).await?;
    write::keys(connection, &written).await?;
    write::secrets(connection, &written).await?;
    write::permits(connection, &written).await?;
    for (space, highest) in allotted(plan) {
        sql::counter_raise(connection, space, highest).await?;
    }
    Ok(())
}

/// The highest integer key that the plan gives out, by space.
fn allotted(plan: &Plan) -> BTreeMap<&'static str, i64> {
    let mut highest = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.action == Action::Create) {
        let space = gatewright_compiler::models::model(&change.model).and_then(num_space);
        if let (Some(space), Some(num)) = (space, change.write.num) {
            let known = highest.entry(space).or_insert(num);
            *known = num.max(*known);
        }
    }
    highest
}

/// Whether the database is still the one that the plan was made for, as far as the plan looked.
async fn check(connection: &mut Connection, store: &Store, plan: &Plan) -> Result<(), ApplyError> {
    // What is sealed with a key that the database no longer has could never be opened.
    store.key_check(connection).await?;
    if plan.installation != store.installation() || sql::revision(connection).await? != plan.base_revision {
        return Err(ApplyError::Stale);
    }
    let counters = sql::counters(connection).await?;
    let stale = |space: &&str| counters.get(*space) != plan.highest.get(*space);
    if allotted(plan).keys().any(stale) {
        return Err(ApplyError::Stale);
    }
    let read: Vec<Uuid> = plan.read.keys().copied().collect();
    let mut found: BTreeMap<Uuid, i64> = BTreeMap::new();
    for table in ["user_account", "user_group", "token"] {
        let statement = query("SELECT id, version FROM ").push(table).push(" WHERE id IN ");
        found.extend(ids::select::<(Uuid, i64)>(connection, statement, &read).await?);
    }
    if found != plan.read {
        return Err(ApplyError::Stale);
    }
    Ok(())
}
