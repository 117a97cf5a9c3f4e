//! The harness: a folder of its own for each test, the real binary, a running server, HTTP and browser clients.

pub(crate) mod browser;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod drawing;
pub(crate) mod editor;
pub(crate) mod process;
pub(crate) mod sandbox;
pub(crate) mod server;

use std::path::PathBuf;

pub(crate) use gatewright_testing::{missing, skip};

/// The checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The blueprints of other people, where they are; says so where they are not.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("GATEWRIGHT_SHARED").map(PathBuf::from);
    if shared.is_none() {
        skip(test, "GATEWRIGHT_SHARED is not set");
    }
    shared
}
