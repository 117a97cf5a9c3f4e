//! Tokens against forged posts, bound to the session of a logged-in user or to the execution of an anonymous one.

use gatewright_reconciler::store::{InstallationKey, TokenHash};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::state::hex;

/// The token of a logged-in session: value of the cookie and of the form field.
pub(crate) fn of_session(key: &InstallationKey, session: &TokenHash) -> String {
    hex(&key.mac("csrf", session))
}

/// The token of an anonymous visitor's form: it changes with the session where there is one.
pub(crate) fn of_execution(key: &InstallationKey, execution: Uuid, session: Option<&TokenHash>) -> String {
    let session = session.map(TokenHash::as_slice).unwrap_or_default();
    hex(&key.mac("csrf-execution", &[execution.as_bytes().as_slice(), session].concat()))
}

/// Whether a token is the expected one, in constant time.
pub(crate) fn same(given: &str, expected: &str) -> bool {
    given.len() == expected.len() && bool::from(given.as_bytes().ct_eq(expected.as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn tokens_belong_to_one_session_or_execution() {
        let key = InstallationKey::from_bytes(&[7; 32]).unwrap();
        let token = of_session(&key, &[1; 32]);
        assert!(same(&token, &of_session(&key, &[1; 32])));
        assert!(!same(&token, &of_session(&key, &[2; 32])));
        assert!(!same("", &token));
        let token = of_execution(&key, Uuid::from_u128(1), None);
        assert_ne!(token, of_execution(&key, Uuid::from_u128(2), None));
        assert_ne!(token, of_execution(&key, Uuid::from_u128(1), Some(&[1; 32])));
    }
}
