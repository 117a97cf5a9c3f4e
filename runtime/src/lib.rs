//! Executes login flows over HTTP.
//!
//! Straight line of a request: `http/` (axum) → `flow/` (planner, executor; knows no axum) → `stages/`, `policy/`
//! → effects that `http/` commits in one transaction. Knows no clap; of the reconciler only `store` and `snapshot`.

pub mod capability;
pub mod directory;
pub mod flow;
mod http;
mod policy;
pub mod program;
mod programs;
mod server;
mod stages;
mod ui;

pub use server::{Config, Runtime, RuntimeError};
