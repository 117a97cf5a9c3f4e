//! The models of the peer, one file each: what a blueprint can declare.
//!
//! A model is one Rust struct. schemars derives its JSON Schema, the field table ([`Field`]) is read from that schema, and
//! the runtime reads stored attributes into the same struct, so there is no second list of fields anywhere. Knows no YAML and
//! no database. Start with `flows/flow.rs` for what a model looks like and [`Declared`] for what it says about itself.
//! A new model is its file, and in the `mod.rs` of its folder one `mod`, one `pub use` and one line in the list.
//!
//! What fields are made of: `Ref<kind::Flow>` and `IntRef<kind::User>` (users and providers) for keys, with `Option` where
//! null is allowed; [`Duration`] and [`Offset`] for spans of time; an enum with a comment on each variant for choices; a struct
//! of its own for the items of a list of maps. A secret is an `Option<Concealed>`, `Option<Concealed<Map<…>>>` for a map: with
//! `#[schemars(required, extend("x-secret" = "sealed"))]` where a blueprint must give it, else with `#[serde(default)]` and
//! `#[schemars(with = "String", extend("x-secret" = "sealed"))]`; `"hashed"` where it is only ever compared. Further
//! keywords: `"format"` of `slug`, `email`, `address` (http, https or a path), `ip`, `date-time`, `"x-expression" = "mapping"`,
//! and `"x-generated" = true` where Gatewright makes a value of its own when none is given.

mod behaviour;
mod coerce;
mod concealed;
mod derive;
mod duration;
mod field;
mod model;
mod peer;
mod reference;
mod registry;
mod renamed;
#[cfg(test)]
mod tests;
mod validate;

pub mod blueprints;
pub mod brands;
pub mod core;
pub mod crypto;
pub mod devices;
pub mod enterprise;
pub mod events;
pub mod flows;
pub mod outposts;
pub mod policies;
pub mod providers;
pub mod rbac;
pub mod saml;
pub mod sources;
pub mod stages;
pub mod tasks;
pub mod tenants;

pub use concealed::Concealed;
pub use duration::{Duration, DurationError, Offset, parse_duration, parse_offset};
pub(crate) use field::strings;
pub use field::{ExpressionUse, Field, KeyType, Reference, Secret};
pub use model::{Declared, Model, Storage};
pub use reference::{IntRef, Kind, Ref, kind};
pub(crate) use registry::peer_models;
pub use registry::{is_peer_model, model, models, suggest};
pub(crate) use renamed::{Now, also_called, renamed, renamed_model};
pub use validate::SchemaError;

/// Default of a switch that is on.
pub(crate) fn yes() -> bool {
    true
}
