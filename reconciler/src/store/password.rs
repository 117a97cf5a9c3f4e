//! Password hashing: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).
//!
//! Both functions are slow on purpose and synchronous: callers run them off the async threads.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

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
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let phc: argon2::password_hash::phc::PasswordHash =
        argon.hash_password_with_salt(password.as_bytes(), salt).map_err(|_| PasswordError)?;
    Ok(phc.to_string())
}

/// Whether the password is the one of the PHC string. A string that is none says no.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), phc).is_ok()
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
