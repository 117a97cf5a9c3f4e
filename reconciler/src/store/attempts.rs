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

/// Does it, and again where all that was wrong was another transaction, after a moment's wait each time.
pub(super) async fn retried<T, E: Passing, F: Future<Output = Result<T, E>>>(attempt: impl Fn() -> F) -> Result<T, E> {
    for number in 1..MOST {
        let done = attempt().await;
        if !done.as_ref().is_err_and(E::is_clash) {
            return done;
        }
        // Two that clashed do not wait equally long.
        let jitter = super::random::<1>().map_or(0, |[byte]| u64::from(byte) / 8);
        tokio::time::sleep(Duration::from_millis(u64::from(number) * 5 + jitter)).await;
    }
    attempt().await
}
