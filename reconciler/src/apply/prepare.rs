//! What is slow or random, done before the transaction begins: hashing passwords, sealing, making keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_compiler::models::{self, Model, Secret, Storage};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::{ApplyError, keypair};
use crate::plan::{Change, Plan, SecretChange, SecretValue};
use crate::store::{InstallationKey, StoreError, fingerprint, hashed, random, seal, token_hash};

/// A change with everything that it writes.
pub(super) struct Prepared<'a> {
    pub(super) change: &'a Change,
    pub(super) model: &'static Model,
    pub(super) attrs: Map<String, Json>,
    pub(super) secrets: Vec<SecretRow>,
    /// A new password hash; the inner `None` takes the password away.
    pub(super) password: Option<Option<String>>,
    /// The hash of a new token key.
    pub(super) token: Option<[u8; 32]>,
}

/// A row of the table of secrets.
pub(super) struct SecretRow {
    pub(super) field: String,
    pub(super) kind: &'static str,
    /// `None`: the secret goes.
    pub(super) content: Option<SecretContent>,
}

pub(super) struct SecretContent {
    pub(super) fingerprint: [u8; 32],
    /// Sealed; `None` where only a hash is kept.
    pub(super) value: Option<Vec<u8>>,
}

pub(super) async fn prepare<'a>(
    key: &InstallationKey,
    plan: &'a Plan,
    now: Timestamp,
) -> Result<Vec<Prepared<'a>>, ApplyError> {
    let mut prepared = Vec::with_capacity(plan.changes.len());
    for change in &plan.changes {
        let model = models::model(&change.model)
            .ok_or_else(|| StoreError::Corrupt(format!("a plan with the unknown model {}", change.model)))?;
        let mut one = Prepared {
            change,
            model,
            attrs: change.write.attrs.clone(),
            secrets: Vec::new(),
            password: None,
            token: None,
        };
        for secret in &change.write.secrets {
            one.secret(key, secret, now).await?;
        }
        prepared.push(one);
    }
    Ok(prepared)
}

impl Prepared<'_> {
    async fn secret(&mut self, key: &InstallationKey, secret: &SecretChange, now: Timestamp) -> Result<(), ApplyError> {
        let text = match &secret.value {
            SecretValue::Text(text) => Some(text.clone()),
            SecretValue::Removed => None,
            SecretValue::Generated => Some(self.generate(now)?),
        };
        let plain = text.as_deref().map(String::as_str);
        match (self.model.storage, secret.field.as_str()) {
            (Storage::User, "password") => {
                self.password = Some(match plain {
                    Some(plain) => Some(hashed(plain.to_owned()).await?),
                    None => None,
                });
            }
            (Storage::Token, "key") => self.token = plain.map(|plain| token_hash(key, plain)),
            _ => {}
        }
        let content = plain.map(|plain| self.content(key, secret, plain)).transpose()?;
        let kind = if secret.kind == Secret::Sealed { "sealed" } else { "hashed" };
        self.secrets.push(SecretRow { field: secret.field.clone(), kind, content });
        Ok(())
    }

    fn content(&self, key: &InstallationKey, secret: &SecretChange, plain: &str) -> Result<SecretContent, StoreError> {
        let id = self.change.write.id;
        let value = match secret.kind {
            Secret::Sealed => Some(seal(key, id, &secret.field, plain)?),
            Secret::Hashed => None,
        };
        Ok(SecretContent { fingerprint: fingerprint(key, id, &secret.field, plain), value })
    }

    fn generate(&mut self, now: Timestamp) -> Result<Zeroizing<String>, ApplyError> {
        if self.model.storage == Storage::KeyPair {
            let (certificate, key) = keypair::generate(now)?;
            self.attrs.insert("certificate_data".to_owned(), Json::String(certificate));
            return Ok(key);
        }
        let bytes = Zeroizing::new(random::<45>().map_err(StoreError::from)?);
        Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }
}
