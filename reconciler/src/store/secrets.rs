//! Secrets of objects: how they are fingerprinted and sealed.

use uuid::Uuid;

use super::InstallationKey;
use super::Store;
use super::error::StoreError;
use super::key::KeyError;
use super::query::query;

/// The label under which secrets of objects are sealed.
const LABEL: &str = "object-secret";

/// A keyed fingerprint; it depends on the place, so equal secrets of two objects do not show as equal.
pub(crate) fn fingerprint(key: &InstallationKey, object: Uuid, field: &str, text: &str) -> [u8; 32] {
    let mut data = place(object, field);
    data.extend_from_slice(text.as_bytes());
    key.mac("fingerprint", &data)
}

/// A secret as it is kept: bound to its place, so it cannot be moved to another object.
pub(crate) fn seal(key: &InstallationKey, object: Uuid, field: &str, text: &str) -> Result<Vec<u8>, KeyError> {
    key.seal(LABEL, text.as_bytes(), &place(object, field))
}

/// What [`seal`] sealed.
pub(crate) fn unseal(key: &InstallationKey, object: Uuid, field: &str, sealed: &[u8]) -> Result<String, StoreError> {
    let corrupt = || StoreError::Corrupt(format!("the sealed `{field}` of {object}"));
    let plain = key.open(LABEL, sealed, &place(object, field)).ok_or_else(corrupt)?;
    String::from_utf8(plain).map_err(|_| corrupt())
}

fn place(object: Uuid, field: &str) -> Vec<u8> {
    [object.as_bytes(), field.as_bytes(), &[0]].concat()
}

impl Store {
    /// A sealed secret of an object, such as a private key.
    ///
    /// # Errors
    /// The database cannot be read, or the secret was sealed with another key.
    pub async fn secret_get(&self, object: Uuid, field: &str) -> Result<Option<String>, StoreError> {
        let sealed: Option<Option<Vec<u8>>> =
            query("SELECT value FROM secret WHERE object = $1 AND field = $2 AND kind = 'sealed'")
                .bind(object)
                .bind(field)
                .fetch_scalar(&mut self.read().await?)
                .await?;
        let Some(sealed) = sealed.flatten() else {
            return Ok(None);
        };
        unseal(self.key(), object, field, &sealed).map(Some)
    }
}
