//! One flow as its entries declare it: who may go through, its stages in their order, and the conditions of each.
//!
//! Says what is written, not what a visitor will see: expressions can change a plan while it runs.

use super::{Node, Picture, Standing};
use crate::desired::{Presence, Value};
use crate::models::Reference;
use crate::suggest::closest;

/// A flow with everything that is bound to it.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its node.
    pub node: usize,
    /// What has to hold for the whole flow.
    pub conditions: Conditions,
    /// Its stages, in the order in which they run.
    pub steps: Vec<Step>,
}

/// What is bound to a flow or to a stage of it.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// All of them must hold, else one is enough.
    pub all: bool,
    /// In the order of their bindings.
    pub list: Vec<Condition>,
}

/// A policy, a group or a user that is bound.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `policy`, `group` or `user`.
    pub kind: &'static str,
    /// The node of the binding.
    pub binding: usize,
    /// What is bound; none where only the database can tell.
    pub subject: Option<usize>,
    /// Its place among the others.
    pub order: Option<i64>,
}

/// A stage at its place.
#[derive(Clone, Debug)]
pub struct Step {
    /// The node of the binding.
    pub binding: usize,
    /// The stage; none where only the database can tell.
    pub stage: Option<usize>,
    /// Its place.
    pub order: Option<i64>,
    /// What has to hold for it.
    pub conditions: Conditions,
}

/// Something that a stage refers to.
#[derive(Clone, Debug)]
pub struct Link {
    /// By which attribute.
    pub field: &'static str,
    /// What it may refer to.
    pub kind: &'static str,
    /// What it is; none where only the database can tell.
    pub target: Option<usize>,
}

impl Picture {
    /// The slugs of all flows.
    fn slugs(&self) -> impl Iterator<Item = (usize, String)> {
        let flows = self.nodes.iter().enumerate().filter(|(_, node)| {
            super::flow_model().is_some_and(|model| model.name == node.model.name) && node.presence != Presence::Absent
        });
        flows.map(|(at, node)| (at, node.text("slug")))
    }

    /// The flow of a slug.
    #[must_use]
    pub fn flow(&self, slug: &str) -> Option<Flow> {
        let (node, _) = self.slugs().find(|(_, known)| known == slug)?;
        let referring = self.referring();
        let binding = |target: usize, model: &str| -> Vec<usize> {
            let edges = referring.get(&target).into_iter().flatten().filter(|edge| edge.field == "target");
            let mut found: Vec<usize> = edges.map(|edge| edge.from).collect();
            found.dedup();
            found.retain(|at| self.nodes.get(*at).is_some_and(|node| node.model.name == model && takes_part(node)));
            found.sort_by_key(|at| (self.nodes.get(*at).and_then(order), *at));
            found
        };
        let conditions = |target: usize| Conditions {
            all: self.nodes.get(target).is_some_and(|node| node.text("policy_engine_mode") == "all"),
            list: binding(target, "authentik_policies.policybinding")
                .into_iter()
                .filter_map(|at| self.condition(at))
                .collect(),
        };
        let steps = binding(node, "authentik_flows.flowstagebinding").into_iter().filter_map(|at| {
            let bound = self.nodes.get(at)?;
            let stage = bound.references("stage").first().copied().flatten();
            Some(Step { binding: at, stage, order: order(bound), conditions: conditions(at) })
        });
        Some(Flow { node, conditions: conditions(node), steps: steps.collect() })
    }

    /// The slug that was probably meant.
    #[must_use]
    pub fn suggest_flow(&self, slug: &str) -> Option<String> {
        let slugs: Vec<String> = self.slugs().map(|(_, slug)| slug).collect();
        closest(slug, slugs.iter().map(String::as_str)).map(str::to_owned)
    }

    fn condition(&self, binding: usize) -> Option<Condition> {
        let node = self.nodes.get(binding)?;
        let kinds = ["policy", "group", "user"];
        let set = |kind: &&&'static str| node.fields.get(kind).is_some_and(|value| !matches!(value, Value::Null));
        let kind = kinds.iter().find(set)?;
        let subject = node.references(kind).first().copied().flatten();
        Some(Condition { kind, binding, subject, order: order(node) })
    }

    /// What a stage refers to beside its own settings: other flows, stages, sources, policies.
    #[must_use]
    pub fn links(&self, node: usize) -> Vec<Link> {
        let Some(node) = self.nodes.get(node) else { return Vec::new() };
        let references =
            node.model.fields.iter().filter_map(|field| Some((field.name.as_str(), field.reference.as_ref()?)));
        let link = |(name, reference): (&'static str, &Reference)| {
            let targets = node.references(name);
            let kind = reference.kind;
            targets.into_iter().map(move |target| Link { field: name, kind, target }).collect::<Vec<_>>()
        };
        references.flat_map(link).collect()
    }
}

fn order(node: &Node) -> Option<i64> {
    match node.fields.get("order")? {
        Value::Int(order) => Some(*order),
        _ => None,
    }
}

fn takes_part(node: &Node) -> bool {
    node.standing != Standing::Dormant && node.presence != Presence::Absent
}
