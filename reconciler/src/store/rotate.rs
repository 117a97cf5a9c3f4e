//! Another installation key for a database: everything that derives from the old one is made anew, or goes.
//!
//! What is sealed is opened and sealed again. Where only a hash is kept nothing can be opened: the fingerprints of
//! declared passwords and token keys go, so that the next plan sets them again, and API tokens, which are looked up by a
//! keyed hash, are found no more. Logins under way go too: their other half is in browsers, sealed with the old key.

use uuid::Uuid;

use super::error::StoreError;
use super::pools::{Among, Connection};
use super::query::query;
use super::secrets::{fingerprint, seal, unseal};
use super::{InstallationKey, Store, history};

/// What a new key changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Secrets that were sealed again.
    pub sealed: u64,
    /// Declared passwords and token keys, of which only hashes are kept: the next plan sets them again.
    pub forgotten: u64,
    /// API tokens that stop working.
    pub tokens: u64,
    /// Logins under way that begin again.
    pub logins: u64,
}

impl Store {
    /// What [`Store::key_rotate`] would change.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn key_rotation(&self) -> Result<Rotation, StoreError> {
        let mut tx = self.read_begin().await?;
        let count = async |connection: &mut Connection, sql| {
            Ok::<_, StoreError>(whole(query(sql).fetch_value(connection).await?))
        };
        Ok(Rotation {
            sealed: count(&mut tx, "SELECT count(*) FROM secret WHERE value IS NOT NULL").await?,
            forgotten: count(&mut tx, "SELECT count(*) FROM secret WHERE value IS NULL").await?,
            tokens: count(&mut tx, "SELECT count(*) FROM token").await?,
            logins: count(&mut tx, "SELECT count(*) FROM execution").await?,
        })
    }

    /// Makes a new key the one of this database, in one transaction. This store still has the old one, and can do
    /// nothing with it from then on.
    ///
    /// # Errors
    /// The database cannot be written, has got another key meanwhile, or holds a secret that cannot be opened.
    pub async fn key_rotate(&self, new: &InstallationKey) -> Result<Rotation, StoreError> {
        let mut tx = self.begin(Among::Nobody).await?;
        self.key_check(&mut tx).await?;
        let sealed = reseal(&mut tx, self.key(), new).await?;
        history::reseal(&mut tx, self.key(), new).await?;
        let forgotten = query("DELETE FROM secret WHERE value IS NULL").execute(&mut tx).await?;
        let tokens = whole(query("SELECT count(*) FROM token").fetch_value(&mut tx).await?);
        let logins = query("DELETE FROM execution").execute(&mut tx).await?;
        query("UPDATE meta SET key_id = $1").bind(new.id()).execute(&mut tx).await?;
        tx.commit().await?;
        Ok(Rotation { sealed, forgotten, tokens, logins })
    }
}

async fn reseal(connection: &mut Connection, old: &InstallationKey, new: &InstallationKey) -> Result<u64, StoreError> {
    let rows: Vec<(Uuid, String, Vec<u8>)> =
        query("SELECT object, field, value FROM secret WHERE value IS NOT NULL").fetch_all(connection).await?;
    let count = rows.len() as u64;
    for (object, field, sealed) in rows {
        let text = unseal(old, object, &field, &sealed)?;
        query("UPDATE secret SET value = $3, fingerprint = $4 WHERE object = $1 AND field = $2")
            .bind(object)
            .bind(field.as_str())
            .bind(seal(new, object, &field, &text)?.as_slice())
            .bind(fingerprint(new, object, &field, &text).as_slice())
            .execute(connection)
            .await?;
    }
    Ok(count)
}

fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
