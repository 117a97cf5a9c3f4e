//! A snapshot, compiled: flows by slug, their bindings in order, stages typed, expressions ready to run.
//!
//! Invariant: nothing is left out because it is broken. A policy or a stage that cannot be read or compiled stays
//! in its place as one that denies.

mod bindings;
mod brand;
mod policies;
mod stages;

use std::collections::BTreeMap;

use gatewright_compiler::models::flows::{Designation, Flow};
use gatewright_compiler::models::policies::PolicyEngineMode;
use gatewright_reconciler::snapshot::{Object, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::Uuid;

pub use brand::BrandInfo;
pub(crate) use policies::{Bound, Condition, PolicyKind, PolicyProgram, UNAVAILABLE};
pub(crate) use stages::{PromptPage, PromptProgram, PromptText, StageKind, StageProgram};

/// The compiled snapshot of one revision.
#[derive(Debug)]
pub struct Program {
    revision: u64,
    flows: BTreeMap<String, FlowProgram>,
    slugs: BTreeMap<Uuid, String>,
    stages: BTreeMap<Uuid, StageProgram>,
    brands: Vec<brand::BrandProgram>,
}

/// One flow.
#[derive(Debug)]
pub struct FlowProgram {
    pub(crate) flow: Flow,
    pub(crate) conditions: Vec<Bound>,
    pub(crate) bindings: Vec<StageBinding>,
}

impl FlowProgram {
    /// Its attributes.
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    pub(crate) fn binding(&self, id: Uuid) -> Option<&StageBinding> {
        self.bindings.iter().find(|binding| binding.id == id)
    }
}

/// A stage at its place in a flow.
#[derive(Debug)]
pub(crate) struct StageBinding {
    pub(crate) id: Uuid,
    pub(crate) stage: Uuid,
    pub(crate) order: i64,
    pub(crate) evaluate_on_plan: bool,
    /// Also set when neither flag is: conditions that nobody ever asks would be no conditions.
    pub(crate) evaluate_when_reached: bool,
    pub(crate) mode: PolicyEngineMode,
    pub(crate) on_invalid: gatewright_compiler::models::flows::InvalidResponseAction,
    pub(crate) conditions: Vec<Bound>,
}

impl Program {
    /// Compiles a snapshot. Cannot fail: what is broken denies.
    pub fn compile(snapshot: &Snapshot) -> Program {
        let policies = policies::compile(snapshot);
        let mut conditions = policies::conditions(snapshot, &policies);
        let mut stage_bindings = bindings::compile(snapshot, &mut conditions);
        let mut flows = BTreeMap::new();
        let mut slugs = BTreeMap::new();
        for object in snapshot.of_model("authentik_flows.flow") {
            // Without attributes a flow has no slug by which it could be asked for.
            let Some(flow) = read::<Flow>(object) else {
                continue;
            };
            slugs.insert(object.id, flow.slug.clone());
            let program = FlowProgram {
                conditions: conditions.remove(&object.id).unwrap_or_default(),
                bindings: stage_bindings.remove(&object.id).unwrap_or_default(),
                flow,
            };
            flows.insert(program.flow.slug.clone(), program);
        }
        let brands = brand::compile(snapshot, &slugs);
        let stages = stages::compile(snapshot, &policies);
        Program { revision: snapshot.revision, flows, slugs, stages, brands }
    }

    /// The revision that it was compiled from.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A flow by slug.
    pub fn flow(&self, slug: &str) -> Option<&FlowProgram> {
        self.flows.get(slug)
    }

    /// Slug of a flow by id.
    pub(crate) fn slug(&self, id: Uuid) -> Option<&str> {
        self.slugs.get(&id).map(String::as_str)
    }

    pub(crate) fn stage(&self, id: Uuid) -> Option<&StageProgram> {
        self.stages.get(&id)
    }

    /// The brand of a host: the one with the longest domain that fits, else the default one.
    pub fn brand(&self, host: &str) -> BrandInfo {
        brand::choose(&self.brands, host)
    }

    /// The flow for a purpose: what the default brand names, else the first by slug.
    pub fn default_flow(&self, designation: Designation) -> Option<&str> {
        let named = brand::default_brand(&self.brands).and_then(|brand| brand.flow_for(designation));
        let named = named.and_then(|slug| self.flows.get(slug));
        let first = || self.flows.values().find(|program| program.flow.designation == designation);
        named.or_else(first).map(|program| program.flow.slug.as_str())
    }
}

/// An object's attributes as their struct; what cannot be read is logged.
fn read<T: DeserializeOwned>(object: &Object) -> Option<T> {
    match serde_json::from_value(Json::Object(object.attrs.clone())) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(object = %object.id, model = object.model, %error, "an object cannot be read");
            None
        }
    }
}
