//! The models of the peer, one file each: what a blueprint can declare.
//!
//! A model is one Rust struct. schemars derives its JSON Schema, the field table ([`Field`]) is read from that schema, and
//! the runtime reads stored attributes into the same struct, so there is no second list of fields anywhere. Knows no YAML and
//! no database. Start with `flows/flow.rs` for what a model looks like and [`Declared`] for what it says about itself.

mod coerce;
mod concealed;
mod derive;
mod duration;
mod field;
mod model;
mod peer;
mod reference;
mod registry;
#[cfg(test)]
mod tests;
mod validate;

pub mod blueprints;
pub mod brands;
pub mod core;
pub mod crypto;
pub mod events;
pub mod flows;
pub mod oauth2;
pub mod outposts;
pub mod policies;
pub mod rbac;
pub mod stages;

pub use concealed::Concealed;
pub use duration::{Duration, DurationError, parse_duration};
pub use field::{ExpressionUse, Field, KeyType, Reference, Secret};
pub use model::{Declared, Model, Storage};
pub use reference::{IntRef, Kind, Ref, kind};
pub(crate) use registry::peer_models;
pub use registry::{is_peer_model, model, models, suggest};
pub use validate::SchemaError;

/// Default of a switch that is on.
pub(crate) fn yes() -> bool {
    true
}
