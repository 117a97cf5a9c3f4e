//! Blueprints about blueprints.

mod metaapplyblueprint;

pub use metaapplyblueprint::MetaApplyBlueprint;
