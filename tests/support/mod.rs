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

/// Says that a test cannot do its work here. What the gate installs itself must be there: see [`missing`].
pub(crate) fn skip(test: &str, why: &str) {
    std::io::Write::write_all(&mut std::io::stderr(), format!("skipped {test}: {why}\n").as_bytes()).unwrap();
}

/// Skips, or fails where `GATEWRIGHT_REQUIRE_ALL=1` says that everything has to be there.
pub(crate) fn missing(test: &str, what: &str) {
    let required = std::env::var_os("GATEWRIGHT_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{test}: {what} is missing");
    skip(test, &format!("{what} is missing"));
}
