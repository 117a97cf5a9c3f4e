//! Tests of the whole crate: desired states by hand, real databases of their own.
//!
//! One suite holds the store, `plan` and `apply` to the same on both databases: its files are compiled once for each,
//! and `support::Database::new` knows for which it was.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod absences;
mod servers;
mod sqlite_files;

#[path = "."]
mod sqlite {
    mod applying;
    pub(super) mod commits;
    mod directory;
    mod drift;
    mod files;
    mod finding;
    mod history;
    mod opening;
    mod orphans;
    mod permissions;
    mod plan_files;
    mod planning;
    mod rotating;
    mod secrets;
    pub(super) mod support;
    mod sweeping;
    mod together;
}

#[path = "."]
#[expect(clippy::duplicate_mod, reason = "the same tests on the other database")]
mod postgres {
    mod applying;
    pub(super) mod commits;
    mod directory;
    mod drift;
    mod files;
    mod finding;
    mod history;
    mod opening;
    mod orphans;
    mod permissions;
    mod plan_files;
    mod planning;
    mod rotating;
    mod secrets;
    pub(super) mod support;
    mod sweeping;
    mod together;
}
