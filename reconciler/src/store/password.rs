//! Password hashing: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).
//!
//! Both functions are slow on purpose and synchronous: callers run them off the async threads.

use std::sync::Mutex;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq as _;

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed")]
pub struct PasswordError;

/// The PHC string of a password.
///
/// # Errors
/// [`PasswordError`], which the fixed parameters rule out in practice.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, PasswordError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| PasswordError)?;
    let text = ParamsString::try_from(&params).map_err(|_| PasswordError)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut digest = [0_u8; 32];
    fill(&argon, password, salt, &mut digest)?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: text,
        salt: Some(Salt::new(salt).map_err(|_| PasswordError)?),
        hash: Some(Output::new(&digest).map_err(|_| PasswordError)?),
    };
    Ok(phc.to_string())
}

/// Whether the password is the one of the PHC string. A string that is none says no.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    compare(password, phc).unwrap_or(false)
}

fn compare(password: &str, phc: &str) -> Option<bool> {
    let known = PasswordHash::new(phc).ok()?;
    let algorithm = Algorithm::try_from(known.algorithm.as_str()).ok()?;
    let version = known.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let argon = Argon2::new(algorithm, version, Params::try_from(&known).ok()?);
    let (salt, expected) = (known.salt?, known.hash?);
    let mut digest = vec![0_u8; expected.len()];
    fill(&argon, password, &salt, &mut digest).ok()?;
    Some(digest.ct_eq(expected.as_bytes()).into())
}

/// Blocks of earlier hashes, to be used again. Given back to the allocator they would stay in the arenas of
/// whichever threads hashed, 19 MiB in each.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// As many are kept; a burst may use more.
const MOST_SPARE: usize = 2;

fn fill(argon: &Argon2<'_>, password: &str, salt: &[u8], digest: &mut [u8]) -> Result<(), PasswordError> {
    let mut blocks = SPARE.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default();
    blocks.resize(argon.params().block_count(), Block::default());
    let done = argon.hash_password_into_with_memory(password.as_bytes(), salt, digest, &mut blocks);
    if let Ok(mut spare) = SPARE.lock()
        && spare.len() < MOST_SPARE
    {
        spare.push(blocks);
    }
    done.map_err(|_| PasswordError)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn verifies_its_own_hashes_only() {
        let phc = hash("Correct horse", &[7; 16]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("Correct horse", &phc));
        assert!(!verify("correct horse", &phc));
        assert!(!verify("Correct horse", "not a hash"));
        assert!(!verify("", ""));
    }
}
