//! Plans and applies the difference between a desired state and a database.
//!
//! `observed` → `diff`/`plan` (pure: they do not touch sqlx) → `apply` (one transaction).
//! Knows nothing of HTTP, HTML or the runtime; the runtime reaches only [`store`] and [`snapshot`].

pub mod apply;
pub mod drift;
pub mod observed;
pub mod plan;
pub mod plan_file;
pub mod snapshot;
pub mod store;
pub mod watch;
pub mod yaml;

mod diff;
mod undo;

#[cfg(test)]
mod tests;
