//! What the tests of several crates share: how to say that something is missing here, and a PostgreSQL of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

pub mod postgres;

use std::io::Write as _;

/// Says that a test cannot do its work here. What the gate installs itself must be there: see [`missing`].
pub fn skip(test: &str, why: &str) {
    // Not `eprintln!`, which is kept back where a test succeeds.
    std::io::stderr().write_all(format!("skipped {test}: {why}\n").as_bytes()).unwrap();
}

/// Skips, or fails where `GATEWRIGHT_REQUIRE_ALL=1` says that everything has to be there.
pub fn missing(test: &str, what: &str) {
    let required = std::env::var_os("GATEWRIGHT_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{test}: {what} is missing");
    skip(test, &format!("{what} is missing"));
}
