//! What the flow engine needs from the machine: a clock, randomness, password hashing. Traits, so that tests are exact.

use std::sync::Arc;

use gatewright_reconciler::store::password;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A capability failed: no randomness, a hash that could not be computed. Denies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CapabilityError(pub String);

/// Makes random bytes.
pub trait Random: Send + Sync {
    /// Fills all of `bytes` with unpredictable bytes, or fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), CapabilityError>;
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), CapabilityError> {
        getrandom::fill(bytes).map_err(|error| CapabilityError(error.to_string()))
    }
}

/// Why a password was not hashed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many are waiting already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// It failed.
    #[error(transparent)]
    Failed(#[from] CapabilityError),
}

/// Hashes and checks passwords.
#[async_trait::async_trait]
pub trait Hasher: Send + Sync {
    /// Whether the password is the one of the hash. `None`: there is none; does equal work and says no.
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, HashError>;
    /// A new hash.
    async fn hash(&self, password: &str) -> Result<String, HashError>;
}

/// Argon2id on threads of its own, a bounded number at a time: each needs 19 MiB and a core.
pub struct Argon2Hasher {
    random: Arc<dyn Random>,
    slots: Arc<Semaphore>,
    queue: Semaphore,
}

/// At most as many wait for a slot; whoever comes then is sent away, so that a flood does not make all wait.
const QUEUE: usize = 64;

/// Verified instead of a hash that does not exist, so that the answer takes as long. Made of no password: the
/// digest is zeros.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Argon2Hasher {
    /// At most as many hashes at a time as there are cores.
    pub fn new(random: Arc<dyn Random>) -> Argon2Hasher {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Argon2Hasher { random, slots: Arc::new(Semaphore::new(cores)), queue: Semaphore::new(QUEUE) }
    }

    /// Runs `work` on a blocking thread, waiting for a slot first. A caller that goes away while it waits
    /// gives its place up; one that goes away later leaves the slot taken until the work is done.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
        let slot = self.slot().await?;
        let job = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(slot);
            done
        });
        Ok(job.await.map_err(|error| CapabilityError(error.to_string()))?)
    }

    async fn slot(&self) -> Result<OwnedSemaphorePermit, HashError> {
        let place = self.queue.try_acquire().map_err(|_| HashError::Busy)?;
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|error| CapabilityError(error.to_string()))?;
        drop(place);
        Ok(slot)
    }
}

#[async_trait::async_trait]
impl Hasher for Argon2Hasher {
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, HashError> {
        let password = Zeroizing::new(password.to_owned());
        let known = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let same = self.run(move || password::verify(&password, &hash)).await?;
        Ok(known && same)
    }

    async fn hash(&self, password: &str) -> Result<String, HashError> {
        let password = Zeroizing::new(password.to_owned());
        let mut salt = [0_u8; 16];
        self.random.fill(&mut salt)?;
        let hash = self.run(move || password::hash(&password, &salt)).await?;
        Ok(hash.map_err(|error| CapabilityError(error.to_string()))?)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_queue_is_not_made_longer() {
        let hasher = Argon2Hasher::new(Arc::new(OsRandom));
        let all = u32::try_from(hasher.slots.available_permits()).unwrap();
        let held = Arc::clone(&hasher.slots).acquire_many_owned(all).await.unwrap();
        let mut waiting: Vec<_> = (0..QUEUE).map(|_| Box::pin(hasher.slot())).collect();
        for slot in &mut waiting {
            assert!(tokio::time::timeout(std::time::Duration::ZERO, slot).await.is_err(), "it waits");
        }
        assert_eq!(hasher.verify("secret", None).await, Err(HashError::Busy));
        // Who goes away gives the place up.
        drop(waiting);
        drop(held);
        assert_eq!(hasher.verify("secret", None).await, Ok(false));
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody() {
        let hasher = Argon2Hasher::new(Arc::new(OsRandom));
        let hash = hasher.hash("secret").await.unwrap();
        assert!(hasher.verify("secret", Some(&hash)).await.unwrap());
        assert!(!hasher.verify("other", Some(&hash)).await.unwrap());
        assert!(!hasher.verify("secret", None).await.unwrap());
        // The same algorithm, version and parameters, and lengths that verify takes: the same work.
        let parts = |hash: &str| hash.split('$').map(str::to_owned).collect::<Vec<_>>();
        let (somebody, nobody) = (parts(&hash), parts(NOBODY));
        assert_eq!(somebody.get(..4), nobody.get(..4));
        let lengths = |parts: &[String]| parts.iter().map(String::len).collect::<Vec<_>>();
        assert_eq!(lengths(&somebody), lengths(&nobody));
    }
}
