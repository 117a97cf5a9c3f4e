//! Gathers what takes a plan back, before it is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::observed::Owner;
use crate::plan::{Action, Permit, Plan};
use crate::store::pools::Connection;
use crate::store::query::query;
use crate::store::{InstallationKey, StoreError, ids, observe, unseal};
use crate::undo::Undo;

type Secrets = BTreeMap<String, Option<String>>;

pub(super) async fn gather(
    connection: &mut Connection,
    key: &InstallationKey,
    plan: &Plan,
) -> Result<Vec<Undo>, StoreError> {
    let deleted: Vec<Uuid> =
        plan.changes.iter().filter(|it| it.action == Action::Delete).map(|it| it.write.id).collect();
    let hidden = plan.changes.iter().filter(|it| it.action != Action::Create && it.is_secret());
    let touched: Vec<Uuid> = hidden.map(|it| it.write.id).chain(deleted.iter().copied()).collect();
    let mut secrets = secrets(connection, key, &touched).await?;
    let mut owners = owners(connection, &deleted).await?;
    let mut permits = permits(connection, &deleted).await?;
    let undo = plan.changes.iter().map(|change| {
        let id = change.write.id;
        let mut secrets = secrets.remove(&id).unwrap_or_default();
        if change.action == Action::Update {
            let changed = || change.write.secrets.iter().map(|secret| secret.field.clone());
            secrets.retain(|field, _| changed().any(|changed| changed == *field));
            // What there was no secret of goes again.
            for field in changed() {
                secrets.entry(field).or_insert(None);
            }
        }
        Undo {
            id,
            num: change.write.num,
            model: change.model.clone(),
            action: change.action,
            fields: change.fields.iter().filter(|(_, field)| !field.secret).map(|(name, _)| name.clone()).collect(),
            before: change.write.before.clone(),
            secrets,
            owners: owners.remove(&id).unwrap_or_default(),
            granted: change.write.grants.clone(),
            revoked: match permits.remove(&id) {
                Some(gone) => gone.into_iter().collect(),
                None => change.write.revokes.clone(),
            },
        }
    });
    Ok(undo.collect())
}

async fn secrets(
    connection: &mut Connection,
    key: &InstallationKey,
    objects: &[Uuid],
) -> Result<HashMap<Uuid, Secrets>, StoreError> {
    let mut secrets: HashMap<Uuid, Secrets> = HashMap::new();
    let statement = query("SELECT object, field, value FROM secret WHERE object IN ");
    let rows: Vec<(Uuid, String, Option<Vec<u8>>)> = ids::select(connection, statement, objects).await?;
    for (object, field, sealed) in rows {
        let plain = sealed.map(|sealed| unseal(key, object, &field, &sealed)).transpose()?;
        secrets.entry(object).or_default().insert(field, plain);
    }
    Ok(secrets)
}

async fn permits(connection: &mut Connection, objects: &[Uuid]) -> Result<HashMap<Uuid, BTreeSet<Permit>>, StoreError> {
    let statement = query("SELECT object, holder, permission FROM object_permission WHERE object IN ");
    Ok(observe::permits_by_object(ids::select(connection, statement, objects).await?))
}

async fn owners(
    connection: &mut Connection,
    objects: &[Uuid],
) -> Result<HashMap<Uuid, BTreeMap<String, Owner>>, StoreError> {
    let statement = query("SELECT object, field, file, layer, enforced, value FROM ownership WHERE object IN ");
    Ok(observe::owners_by_object(ids::select(connection, statement, objects).await?))
}
