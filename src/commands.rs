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

use tokio::signal::unix::SignalKind;

use crate::error::CliError;

/// A write beyond the limit of a file's size; the number is the same on Linux and the BSDs.
const SIGXFSZ: i32 = 25;

/// A runtime for one verb. Tasks that block (hashing, compiling) have threads of their own.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    use crate::error::Context as _;

    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the system gave no threads")?;
    let entered = runtime.enter();
    // A file that may not grow is an error like a full disk, and no reason to be killed.
    drop(tokio::signal::unix::signal(SignalKind::from_raw(SIGXFSZ)).context("the system gave no signals")?);
    drop(entered);
    Ok(runtime)
}
