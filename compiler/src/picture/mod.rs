//! What the files declare as nodes and edges, for drawing: also what is broken, left out or part of a circle.
//!
//! Knows no shapes and no colours. `link/picture.rs` makes it; [`flow`] reads one flow out of it.

pub mod flow;

use std::collections::HashMap;
use std::sync::Arc;

use crate::desired::{Named, ObjectIndex, Origin, Presence, Value};
use crate::models::{Model, model};
use crate::source::Span;

/// Keys of keys are followed so far for a name.
const DEPTH: usize = 3;

/// All objects, in the order of the documents, and what they need.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The objects.
    pub nodes: Vec<Node>,
    /// Who refers to whom.
    pub edges: Vec<Edge>,
}

/// One object.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its model.
    pub model: &'static Model,
    /// What should be with it.
    pub presence: Presence,
    /// Whether it takes part.
    pub standing: Standing,
    /// The entries that declare it, lowest layer first. Never empty.
    pub origins: Vec<Arc<Origin>>,
    /// The model of the highest one.
    pub span: Span,
    /// What is known of its attributes, secrets left out. [`Value::Declared`] counts in [`Picture::nodes`].
    pub fields: Named<Value>,
}

/// Whether an object takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It does.
    Live,
    /// Its conditions are not met.
    Dormant,
    /// It depends on what is not there.
    LeftOut,
    /// There is a mistake in it.
    Broken,
}

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Who refers.
    pub from: usize,
    /// To whom.
    pub to: usize,
    /// By which attribute; `permissions` for an object permission.
    pub field: &'static str,
    /// The reference itself.
    pub span: Span,
}

impl Picture {
    /// What an object is called: the text of its first unique key, else what its keys say beside references.
    #[must_use]
    pub fn name(&self, node: usize) -> String {
        self.name_below(node, 0)
    }

    fn name_below(&self, node: usize, depth: usize) -> String {
        let Some(node) = self.nodes.get(node).filter(|_| depth < DEPTH) else { return "…".to_owned() };
        let text = |name: &str| node.fields.get(name).and_then(plain);
        for key in node.model.keys {
            if let [one] = key
                && let Some(text) = text(one)
            {
                return text;
            }
        }
        for name in ["name", "username", "identifier"] {
            if let Some(text) = text(name) {
                return text;
            }
        }
        let key = node.model.keys.iter().find(|key| key.iter().any(|name| node.fields.get(name).is_some()));
        let parts = key.into_iter().flat_map(|key| key.iter()).filter_map(|name| match node.fields.get(name)? {
            Value::Declared(other) => Some(self.name_below(other.0, depth + 1)),
            Value::Null | Value::Unknown => None,
            value => Some(format!("{name} {}", plain(value)?)),
        });
        parts.collect::<Vec<_>>().join(" · ")
    }

    /// Where each node is referred to from, by its number.
    pub(crate) fn referring(&self) -> HashMap<usize, Vec<&Edge>> {
        let mut referring: HashMap<usize, Vec<&Edge>> = HashMap::new();
        for edge in &self.edges {
            referring.entry(edge.to).or_default().push(edge);
        }
        referring
    }
}

impl Node {
    /// The value of an attribute, that of the model where none is given.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let given = self.fields.get(name).filter(|value| !matches!(value, Value::Null));
        match given {
            Some(value) => plain(value).unwrap_or_else(|| "not known yet".to_owned()),
            None => match self.model.field(name).and_then(|field| field.default.as_ref()) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            },
        }
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// The objects that an attribute refers to. None stands for one that only the database can tell.
    #[must_use]
    pub fn references(&self, name: &str) -> Vec<Option<usize>> {
        fn collect(value: &Value, found: &mut Vec<Option<usize>>) {
            match value {
                Value::Declared(ObjectIndex(node)) => found.push(Some(*node)),
                Value::Existing(_) | Value::Unknown => found.push(None),
                Value::List(items) => items.iter().for_each(|item| collect(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        self.fields.get(name).into_iter().for_each(|value| collect(value, &mut found));
        found
    }

    /// Its layer: that of the highest entry.
    #[must_use]
    pub fn layer(&self) -> u32 {
        self.origins.last().map_or(0, |origin| origin.layer)
    }
}

/// A value that is no map and no reference, as a text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::String(value) => Some(value.clone()),
        _ => None,
    }
}

/// The model of a flow.
pub(crate) fn flow_model() -> Option<&'static Model> {
    model("authentik_flows.flow")
}
