//! The one integration binary: the real command, from outside.
//!
//! `cases/` holds inputs with the output that they should give, as files; `suite/` the tests that need code;
//! `support/` the harness.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod suite;
mod support;
