//! Planner and executor of flows. Knows no axum, no SQL.
//!
//! [`Engine::get`] and [`Engine::post`] take a program, what was kept, and a request; they answer with a [`Turn`]:
//! what to show, what to keep, what to write.

pub mod challenge;
mod execution;
mod turn;

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::capability::{Clock, Hasher, Random};
use crate::directory::Directory;
use crate::program::Program;

pub use execution::Execution;
pub use turn::{LoginChange, Request, Step, Turn, Visitor};

/// Runs flows.
#[derive(Clone)]
pub struct Engine {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) hasher: Arc<dyn Hasher>,
}

impl Engine {
    /// An engine over these capabilities.
    pub fn new(
        directory: Arc<dyn Directory>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        hasher: Arc<dyn Hasher>,
    ) -> Engine {
        Engine { directory, clock, random, hasher }
    }
}
