//! Blueprints about blueprints.

mod metaapplyblueprint;

pub use metaapplyblueprint::MetaApplyBlueprint;

super::model::list! {
    MetaApplyBlueprint,
}
