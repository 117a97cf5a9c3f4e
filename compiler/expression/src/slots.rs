//! Who may run when.
//!
//! A step of the interpreter keeps a processor busy and may use memory as fast as it can, so there are few at a time, and
//! of one expression fewer still: a slow one leaves room for the others. Evaluations that are under way hold memory while
//! they wait for the host, so these are counted as well.

use std::sync::{Arc, LazyLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::EvaluateError;
use crate::engine::cores;

/// Steps of one expression at a time.
const STEPS_OF_ONE: usize = 2;
/// Evaluations under way: of one expression, of all.
const EVALUATIONS_OF_ONE: usize = 32;
const EVALUATIONS: usize = 128;

static STEPS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(cores().max(4))));
static UNDER_WAY: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(EVALUATIONS)));

/// The slots of one expression.
pub(crate) struct Slots {
    steps: Arc<Semaphore>,
    under_way: Arc<Semaphore>,
}

/// A slot, until it is dropped.
pub(crate) struct Slot {
    _own: OwnedSemaphorePermit,
    _shared: OwnedSemaphorePermit,
}

impl Default for Slots {
    fn default() -> Self {
        Self { steps: Arc::new(Semaphore::new(STEPS_OF_ONE)), under_way: Arc::new(Semaphore::new(EVALUATIONS_OF_ONE)) }
    }
}

impl Slots {
    /// Waits until another evaluation may begin.
    pub(crate) async fn evaluation(&self) -> Result<Slot, EvaluateError> {
        slot(&self.under_way, &UNDER_WAY).await
    }

    /// Waits until another step may run.
    pub(crate) async fn step(&self) -> Result<Slot, EvaluateError> {
        slot(&self.steps, &STEPS).await
    }
}

/// The expression's own first: what waits for that holds nothing that others need.
async fn slot(own: &Arc<Semaphore>, shared: &Arc<Semaphore>) -> Result<Slot, EvaluateError> {
    let failed = |error: tokio::sync::AcquireError| EvaluateError::Engine(error.to_string());
    let own = own.clone().acquire_owned().await.map_err(failed)?;
    let shared = shared.clone().acquire_owned().await.map_err(failed)?;
    Ok(Slot { _own: own, _shared: shared })
}
