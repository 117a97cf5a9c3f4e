//! The verbs. One file each: its arguments and `run()`.

pub(crate) mod apply;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod drift;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod plan;
pub(crate) mod rollback;
pub(crate) mod serve;

use crate::error::CliError;

/// A runtime for one verb. Tasks that block (hashing, compiling) have threads of their own.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    use crate::error::Context as _;

    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the system gave no threads")
}
