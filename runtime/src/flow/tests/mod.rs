//! The engine as a browser sees it: flows made in code, a directory in memory, a clock that stands still.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod account;
mod behaviour;
mod guessing;
mod login;
mod names;
mod plan;
mod policies;
mod prompts;
mod proofs;
mod stages;
mod support;
