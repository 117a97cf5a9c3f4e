//! Entries to nodes and references to edges, whatever is wrong with them: see `../picture`.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Linker;
use super::entry::{Status, Work};
use crate::desired::{ObjectIndex, Presence, Value};
use crate::diagnostic::Code;
use crate::models::Model;
use crate::picture::{Edge, Node, Picture, Standing};
use crate::resolve::{EntryIndex, ObjectId, Val, What};

/// The node of each entry that has one, and of each object.
struct Places {
    entries: Vec<Option<usize>>,
    objects: HashMap<ObjectId, usize>,
}

impl<'a> Linker<'a> {
    /// Everything that entries with a model declare.
    pub(super) fn picture(&self) -> Picture {
        let mut places = Places { entries: Vec::with_capacity(self.works.len()), objects: HashMap::new() };
        let mut groups: Vec<(&'static Model, Vec<usize>)> = Vec::new();
        for (index, work) in self.works.iter().enumerate() {
            let model = work.model.filter(|_| work.status != Status::Meta);
            let object = self.objects.of(EntryIndex(index));
            let place = model.map(|model| {
                let known = object.and_then(|object| places.objects.get(&object)).copied();
                let place = known.unwrap_or(groups.len());
                match groups.get_mut(place) {
                    Some((_, works)) => works.push(index),
                    None => groups.push((model, vec![index])),
                }
                place
            });
            places.entries.push(place);
            if let (Some(object), Some(place)) = (object, place) {
                places.objects.insert(object, place);
            }
        }
        let mut edges = Vec::new();
        let nodes = groups.iter().enumerate().filter_map(|(at, (model, works))| {
            self.edges(at, model, works, &places, &mut edges);
            self.node(model, works, &places)
        });
        Picture { nodes: nodes.collect(), edges }
    }

    fn node(&self, model: &'static Model, works: &[usize], places: &Places) -> Option<Node> {
        let mut fields: BTreeMap<&'static str, Value> = BTreeMap::new();
        let mut standing = Standing::Broken;
        let mut last: Option<&Work<'a>> = None;
        for work in works.iter().filter_map(|index| self.works.get(*index)) {
            let own = match work.status {
                Status::Live | Status::Meta => Standing::Live,
                Status::Skipped => Standing::Dormant,
                Status::Broken if work.diagnostics.iter().any(|found| found.code == Code::LeftOut) => Standing::LeftOut,
                Status::Unsupported | Status::Broken => Standing::Broken,
            };
            standing = if last.is_none() { own } else { standing.min(own) };
            last = Some(work);
            if own == Standing::Dormant && standing == Standing::Live {
                continue;
            }
            let said = work.attributes.attrs.iter().chain(&work.identifiers);
            for (field, value) in said.filter_map(|(name, _, value)| Some((model.field(name)?, value))) {
                if field.secret.is_none() {
                    fields.insert(&field.name, places.value(self, value));
                }
            }
        }
        let last = last?;
        Some(Node {
            model,
            presence: if standing == Standing::Live { last.state } else { Presence::Present },
            standing,
            origins: works.iter().filter_map(|index| self.origins.get(*index)).cloned().collect(),
            span: last.entry.span,
            fields: fields.into_iter().collect(),
        })
    }

    /// One edge for each reference, however often it is said.
    fn edges(&self, from: usize, model: &'static Model, works: &[usize], places: &Places, edges: &mut Vec<Edge>) {
        let mut seen = HashSet::new();
        let mut add = |field: &'static str, value: &Val<'a>| {
            value.any(&mut |part| {
                if let Some(to) = places.of(self, part)
                    && seen.insert((field, to))
                {
                    edges.push(Edge { from, to, field, span: part.span });
                }
                false
            });
        };
        for work in works.iter().filter_map(|index| self.works.get(*index)) {
            for (name, _, value) in work.identifiers.iter().chain(&work.attributes.attrs) {
                if let Some(field) = model.field(name) {
                    add(&field.name, value);
                }
            }
            for permission in &work.attributes.permissions {
                permission.user.iter().chain(&permission.role).for_each(|value| add("permissions", value));
            }
        }
    }
}

impl Places {
    fn of(&self, linker: &Linker<'_>, value: &Val<'_>) -> Option<usize> {
        match &value.what {
            What::Entry(entry) => self.entries.get(entry.0).copied().flatten(),
            What::Object(object) => self.objects.get(&linker.objects.root(*object)).copied(),
            _ => None,
        }
    }

    fn value(&self, linker: &Linker<'_>, value: &Val<'_>) -> Value {
        match &value.what {
            What::Null | What::Nothing => Value::Null,
            What::Bool(value) => Value::Bool(*value),
            What::Int(value) => Value::Int(*value),
            What::Float(value) => Value::Float(*value),
            What::Text(value) => Value::String(value.clone().into_owned()),
            What::List(items) => Value::List(items.iter().map(|item| self.value(linker, item)).collect()),
            What::Map(pairs) => Value::Map(
                pairs.iter().map(|(name, _, value)| (name.clone().into_owned(), self.value(linker, value))).collect(),
            ),
            What::Existing(key) => Value::Existing(key.clone()),
            What::Entry(_) | What::Object(_) => {
                self.of(linker, value).map_or(Value::Unknown, |node| Value::Declared(ObjectIndex(node)))
            }
            What::Secret | What::Unknown => Value::Unknown,
        }
    }
}
