//! A plan as a file, to be looked at, agreed to and applied later.
//!
//! What is for eyes stands there as JSON; how it is written is sealed with the installation key, because it holds secrets,
//! and so that nobody changes what was agreed to: the sealed part is bound to the open one.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_compiler::models;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, value::RawValue};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::observed::Owner;
use crate::plan::{Permit, Plan, SecretChange, SecretValue, Write};
use crate::store::{InstallationKey, KeyError};

const LABEL: &str = "plan-file";

/// Why a text is no plan that can be applied here.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// It is something else, or was cut.
    #[error("this is no plan file: {0}")]
    Shape(serde_json::Error),
    /// It was made by another version.
    #[error("this plan file has version {0}, and this program reads version 1")]
    Version(u32),
    /// It was made for a database with another key, or somebody changed it.
    #[error("this plan was made for another installation, or it was changed after it was made")]
    Sealed,
    /// It cannot be sealed.
    #[error("the plan cannot be sealed: {0}")]
    Key(#[from] KeyError),
}

impl From<serde_json::Error> for PlanFileError {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape(error)
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    gatewright_plan: u32,
    plan: Box<RawValue>,
    sealed: String,
}

/// How the changes are written, in their order, and what the plan hangs on.
#[derive(Serialize, Deserialize)]
struct Hidden {
    writes: Vec<HiddenWrite>,
    highest: BTreeMap<String, i64>,
    installation: Uuid,
    owners: Vec<(Uuid, String, Owner)>,
    released: Vec<(Uuid, String)>,
    read: BTreeMap<Uuid, i64>,
}

#[derive(Serialize, Deserialize)]
struct HiddenWrite {
    id: Uuid,
    num: Option<i64>,
    attrs: Map<String, Json>,
    before: Map<String, Json>,
    grants: Vec<Permit>,
    revokes: Vec<Permit>,
    secrets: Vec<(String, HiddenSecret)>,
}

#[derive(Serialize, Deserialize)]
enum HiddenSecret {
    Text(String),
    Removed,
    Generated,
}

/// The text of the file.
///
/// # Errors
/// [`PlanFileError::Key`].
pub fn to_text(plan: &Plan, key: &InstallationKey) -> Result<String, PlanFileError> {
    let open = serde_json::value::to_raw_value(plan)?;
    let hidden = Zeroizing::new(serde_json::to_vec(&Hidden::of(plan))?);
    let sealed = STANDARD.encode(key.seal(LABEL, &hidden, open.get().as_bytes())?);
    let mut text = serde_json::to_string(&File { gatewright_plan: 1, plan: open, sealed })?;
    text.push('\n');
    Ok(text)
}

/// The plan in a file.
///
/// # Errors
/// [`PlanFileError`].
pub fn from_text(text: &str, key: &InstallationKey) -> Result<Plan, PlanFileError> {
    let file: File = serde_json::from_str(text)?;
    if file.gatewright_plan != 1 {
        return Err(PlanFileError::Version(file.gatewright_plan));
    }
    let sealed = STANDARD.decode(&file.sealed).map_err(|_| PlanFileError::Sealed)?;
    let hidden = key.open(LABEL, &sealed, file.plan.get().as_bytes()).map(Zeroizing::new);
    let hidden: Hidden = serde_json::from_slice(&hidden.ok_or(PlanFileError::Sealed)?)?;
    let mut plan: Plan = serde_json::from_str(file.plan.get())?;
    hidden.into(&mut plan)?;
    Ok(plan)
}

impl Hidden {
    fn of(plan: &Plan) -> Self {
        Self {
            writes: plan.changes.iter().map(|change| HiddenWrite::of(&change.write)).collect(),
            highest: plan.highest.clone(),
            installation: plan.installation,
            owners: plan.owners.clone(),
            released: plan.released.clone(),
            read: plan.read.clone(),
        }
    }

    fn into(self, plan: &mut Plan) -> Result<(), PlanFileError> {
        if self.writes.len() != plan.changes.len() {
            return Err(PlanFileError::Sealed);
        }
        for (change, write) in plan.changes.iter_mut().zip(self.writes) {
            change.write = write.of_model(&change.model).ok_or(PlanFileError::Sealed)?;
        }
        plan.highest = self.highest;
        plan.installation = self.installation;
        plan.owners = self.owners;
        plan.released = self.released;
        plan.read = self.read;
        Ok(())
    }
}

impl HiddenWrite {
    fn of(write: &Write) -> Self {
        let secret = |secret: &SecretChange| {
            let value = match &secret.value {
                SecretValue::Text(text) => HiddenSecret::Text(text.to_string()),
                SecretValue::Removed => HiddenSecret::Removed,
                SecretValue::Generated => HiddenSecret::Generated,
            };
            (secret.field.clone(), value)
        };
        Self {
            id: write.id,
            num: write.num,
            attrs: write.attrs.clone(),
            before: write.before.clone(),
            grants: write.grants.clone(),
            revokes: write.revokes.clone(),
            secrets: write.secrets.iter().map(secret).collect(),
        }
    }

    fn of_model(self, model: &str) -> Option<Write> {
        let model = models::model(model)?;
        let secret = |(field, value): (String, HiddenSecret)| {
            let kind = model.field(&field)?.secret?;
            let value = match value {
                HiddenSecret::Text(text) => SecretValue::Text(Zeroizing::new(text)),
                HiddenSecret::Removed => SecretValue::Removed,
                HiddenSecret::Generated => SecretValue::Generated,
            };
            Some(SecretChange { field, kind, value })
        };
        let secrets = self.secrets.into_iter().map(secret).collect::<Option<Vec<_>>>()?;
        Some(Write {
            id: self.id,
            num: self.num,
            attrs: self.attrs,
            secrets,
            before: self.before,
            grants: self.grants,
            revokes: self.revokes,
        })
    }
}
