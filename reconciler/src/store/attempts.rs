//! Transactions that clash with another one are tried again, whole: nobody is told of a deadlock.

use std::time::Duration;

use super::error::{CommitError, StoreError};

/// So often a transaction is tried.
const MOST: u32 = 10;

/// An error that may say that the same thing can be tried again.
pub(super) trait Passing {
    /// Whether nothing is wrong but that another transaction was in the way.
    fn is_clash(&self) -> bool;
}

impl Passing for StoreError {
    fn is_clash(&self) -> bool {
        matches!(self, Self::Clash)
    }
}

impl Passing for CommitError {
    fn is_clash(&self) -> bool {
        matches!(self, Self::Store(StoreError::Clash))
    }
}

/// Counts the attempts at one transaction.
#[derive(Default)]
pub(super) struct Attempts(u32);

impl Attempts {
    /// Whether what came of it is no reason to stop: it clashed, and is worth another attempt after a moment's wait.
    pub(super) async fn another<T, E: Passing>(&mut self, done: &Result<T, E>) -> bool {
        self.0 += 1;
        if self.0 == MOST || !done.as_ref().is_err_and(E::is_clash) {
            return false;
        }
        // Two that clashed do not wait equally long.
        let jitter = super::random::<1>().map_or(0, |[byte]| u64::from(byte) / 8);
        tokio::time::sleep(Duration::from_millis(u64::from(self.0) * 5 + jitter)).await;
        true
    }
}
