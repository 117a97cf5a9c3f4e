//! Tests of the whole crate: desired states by hand, real databases in temporary folders.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod absences;
mod applying;
mod commits;
mod directory;
mod files;
mod finding;
mod opening;
mod planning;
mod secrets;
mod support;
mod sweeping;
