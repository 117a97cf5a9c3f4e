//! From blueprint text to a desired state, with diagnostics.

pub mod desired;
pub mod diagnostic;
pub mod models;
pub mod schema;
pub mod source;
pub mod world;

mod yaml;
