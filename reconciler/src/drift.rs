//! What is no longer as it was applied: every declared field whose value in the database is another one.
//!
//! Pure. What was applied stands beside each object (see `Owner`), so no blueprint is read for it.

use std::collections::HashMap;

use gatewright_compiler::models;
use serde::Serialize;
use serde_json::Value as Json;

use crate::diff::differs;
use crate::observed::{ObservedState, effective};
use crate::plan::Names;

/// A field that is not as it was applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// `authentik_flows.flow`
    pub model: String,
    /// The natural key of the object.
    pub key: String,
    /// The field.
    pub field: String,
    /// What was applied; `None` of a secret.
    pub applied: Option<Json>,
    /// What it is; `None` of a secret.
    pub actual: Option<Json>,
    /// Whether it is a secret: only that it changed can be seen.
    pub secret: bool,
    /// The blueprint that declares it.
    pub file: String,
    /// Who changed it last, where that is known.
    pub author: Option<String>,
    /// When, where that is known.
    pub at: Option<jiff::Timestamp>,
}

/// Every drifted field, by model, key and name.
#[must_use]
pub fn drift(observed: &ObservedState) -> Vec<Drift> {
    let numbers = HashMap::new();
    let names = Names::new(observed, HashMap::new(), &numbers);
    let mut drifted = Vec::new();
    for object in observed.objects() {
        let (Some(model), Some(owners)) = (models::model(&object.model), observed.owners(object.id)) else { continue };
        for (name, owner) in owners.iter().filter(|(_, owner)| owner.enforced) {
            let Some(field) = model.field(name) else { continue };
            let applied = owner.value.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok());
            let secret = field.secret.is_some();
            let differs = match (&applied, secret) {
                (None, true) => !observed.has_secret(object.id, name),
                (Some(applied), false) => differs(field, &object.attrs, applied),
                // Before the second migration nobody noted what was applied.
                (None, false) | (Some(_), true) => false,
            };
            if !differs {
                continue;
            }
            let changed = observed.changed(object.id, name);
            let value = |value: &Json| (!secret).then(|| names.value(field, value));
            drifted.push(Drift {
                model: model.name.to_owned(),
                key: names.key(model, &object.attrs),
                field: name.clone(),
                applied: applied.as_ref().and_then(value),
                actual: value(effective(field, &object.attrs)),
                secret,
                file: owner.file.clone(),
                author: changed.map(|changed| changed.author.clone()),
                at: changed.map(|changed| changed.at),
            });
        }
    }
    // Ids differ from database to database.
    drifted.sort_by(|a, b| (&a.model, &a.key, &a.field).cmp(&(&b.model, &b.key, &b.field)));
    drifted
}
