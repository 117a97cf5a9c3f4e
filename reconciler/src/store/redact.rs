//! How rows that hold a password hash show themselves in logs: everything but the hash.

use std::fmt;

use super::rows::{NewUser, User, UserPatch};

/// What stands for a hash.
fn hidden(hash: Option<&String>) -> Option<&'static str> {
    hash.map(|_| "…")
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("pk", &self.pk)
            .field("username", &self.username)
            .field("is_active", &self.is_active)
            .field("password_hash", &hidden(self.password_hash.as_ref()))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("id", &self.id)
            .field("username", &self.username)
            .field("is_active", &self.is_active)
            .field("password_hash", &hidden(self.password_hash.as_ref()))
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UserPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserPatch")
            .field("username", &self.username)
            .field("name", &self.name)
            .field("email", &self.email)
            .field("attributes", &self.attributes)
            .field("password_hash", &hidden(self.password_hash.as_ref()))
            .field("join_groups", &self.join_groups)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_not_shown() {
        let patch = UserPatch { password_hash: Some("$argon2id$x".to_owned()), ..UserPatch::default() };
        let shown = format!("{patch:?}");
        assert!(!shown.contains("argon2id") && shown.contains("password_hash: Some"), "{shown}");
    }
}
