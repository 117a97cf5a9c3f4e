//! Blueprints about blueprints.

mod blueprintinstance;
mod metaapplyblueprint;

pub use blueprintinstance::BlueprintInstance;
pub use metaapplyblueprint::MetaApplyBlueprint;

super::model::list! {
    BlueprintInstance,
    MetaApplyBlueprint,
}
