//! Object permissions: what an entry grants is added, and nothing is ever taken away but by a rollback.

use std::collections::BTreeSet;

use gatewright_compiler::desired::{DesiredObject, Value};
use gatewright_compiler::models::KeyType;
use uuid::Uuid;

use super::names::Names;
use super::values::Identities;
use super::{Grant, Permit};
use crate::observed::ObservedState;

/// What an entry grants that nobody has yet.
pub(super) fn missing(
    object: &DesiredObject,
    known: Option<&BTreeSet<Permit>>,
    identities: &Identities,
    observed: &ObservedState,
) -> Vec<Permit> {
    let holder = |value: &Value| {
        let key = identities.json(value, Some(KeyType::Uuid));
        let by_num = |num| observed.by_num("user", num).map(|user| user.id);
        key.as_str().and_then(|text| Uuid::parse_str(text).ok()).or_else(|| key.as_i64().and_then(by_num))
    };
    let mut permits = BTreeSet::new();
    for granted in &object.permissions {
        // Both `view_flow` and `authentik_flows.view_flow` are written, and mean the same.
        let codename = granted.permission.rsplit('.').next().unwrap_or_default();
        let holders = granted.user.iter().chain(&granted.role).filter_map(holder);
        permits.extend(holders.map(|holder| Permit { holder, permission: codename.to_owned() }));
    }
    permits.into_iter().filter(|permit| known.is_none_or(|known| !known.contains(permit))).collect()
}

/// In words.
pub(super) fn said(permit: &Permit, names: &Names<'_>) -> Grant {
    Grant {
        permission: permit.permission.clone(),
        model: names.model(permit.holder).map(|model| model.name.to_owned()).unwrap_or_default(),
        to: names.name(permit.holder, 0).unwrap_or_else(|| permit.holder.to_string()),
    }
}
