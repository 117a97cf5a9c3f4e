//! Stacks to a desired state: needed objects first, circles refused.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::layers::{Layered, Stack};
use super::{Linker, settle};
use crate::Purpose;
use crate::desired::{DesiredField, DesiredObject, DesiredState, ObjectIndex, Permission, Presence, Value};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::graph::Graph;
use crate::models::Model;
use crate::resolve::{ObjectId, Val, What};
use crate::source::Span;

/// So many places that need something are shown.
const SHOWN: usize = 5;

/// Where each object stands in the result.
type Places = HashMap<ObjectId, ObjectIndex>;

impl<'a> Linker<'a> {
    /// `stacks` are in the order of the documents.
    pub(super) fn order(
        &mut self,
        mut stacks: Vec<(ObjectId, Stack<'a>)>,
        dormant: Vec<(ObjectId, Stack<'a>)>,
    ) -> DesiredState {
        let numbers: HashMap<ObjectId, usize> =
            stacks.iter().enumerate().map(|(at, (object, _))| (*object, at)).collect();
        let mut graph: Graph<Span> = Graph::new(stacks.len());
        let mut below: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for (from, (_, stack)) in stacks.iter().enumerate() {
            for (object, span) in self.references(stack) {
                if let Some(to) = numbers.get(&object) {
                    if self.absent_needed(stack, stacks.get(*to), span) {
                        below.entry(*to).or_default().push(span);
                    }
                    graph.need(from, *to, span);
                }
            }
        }
        for (to, places) in below {
            self.absent_needed_below(stacks.get(to), &places);
        }
        for circle in graph.circles() {
            self.circle(&stacks, &circle);
        }
        let mut places = Places::default();
        let order = graph.order();
        for (at, number) in order.iter().enumerate() {
            if let Some((object, _)) = stacks.get(*number) {
                places.insert(*object, ObjectIndex(at));
            }
        }
        // Each is dropped when its object is made: together they are as large as the result.
        let mut objects = Vec::with_capacity(order.len());
        for number in order {
            if let Some((_, stack)) = stacks.get_mut(number) {
                let stack = Stack {
                    works: std::mem::take(&mut stack.works),
                    fields: std::mem::take(&mut stack.fields),
                    ..*stack
                };
                objects.push(self.object(&stack, &places, true));
            }
        }
        let dormant = dormant.iter().map(|(_, stack)| self.object(stack, &places, false)).collect();
        DesiredState { objects, dormant }
    }

    /// Reports a reference to what is to be absent. True where it stands in a lower layer than the wish, in a file that
    /// the user may be unable to change: that is reported once, at the wish.
    fn absent_needed(&mut self, stack: &Stack<'a>, target: Option<&(ObjectId, Stack<'a>)>, span: Span) -> bool {
        let Some((_, target)) = target else { return false };
        if target.presence != Presence::Absent || stack.presence == Presence::Absent {
            return false;
        }
        let absent = self.works.get(target.decided);
        let needing = stack.works.last().and_then(|index| self.works.get(*index));
        if needing.map(|work| work.layer) < absent.map(|work| work.layer) {
            return true;
        }
        let message = format!("this {} is `absent`, and it is needed here", target.model.title);
        let mut diagnostic = Diagnostic::at(Code::AbsentNeeded, span, message)
            .help("let this entry be `absent` too, or refer to another object");
        if let Some(work) = absent {
            diagnostic = diagnostic.related(work.state_span(), "declared `absent` here");
        }
        self.diagnostics.push(diagnostic);
        false
    }

    /// What lower layers need cannot be away.
    fn absent_needed_below(&mut self, target: Option<&(ObjectId, Stack<'a>)>, places: &[Span]) {
        let Some((work, target)) = target.and_then(|(_, it)| Some((self.works.get(it.decided)?, it))) else { return };
        let title = target.model.title;
        let message = match places.len() {
            1 => format!("this {title} cannot be `absent`: a file below this one needs it"),
            count => format!("this {title} cannot be `absent`: files below this one need it in {count} places"),
        };
        let mut diagnostic = Diagnostic::at(Code::AbsentNeeded, work.state_span(), message)
            .help("in your own files, let what needs it refer to another object, or be `absent` too");
        for place in places.iter().take(SHOWN) {
            diagnostic = diagnostic.related(*place, "it is needed here");
        }
        self.diagnostics.push(work.around.shown(diagnostic));
    }

    fn circle(&mut self, stacks: &[(ObjectId, Stack<'a>)], circle: &[(usize, Span)]) {
        let Some((_, first)) = circle.first() else {
            return;
        };
        let title = |at: usize| {
            let work =
                stacks.get(at).and_then(|(_, stack)| stack.works.last()).and_then(|index| self.works.get(*index));
            work.map_or_else(|| "an entry".to_owned(), super::entry::Work::title)
        };
        let names: Vec<String> = circle.iter().chain(circle.first()).map(|(at, _)| title(*at)).collect();
        let message = if circle.len() == 1 {
            format!("{} needs itself", names.first().map_or("this", String::as_str))
        } else {
            format!("these objects need each other: {}", names.join(" → "))
        };
        let mut diagnostic = Diagnostic::at(Code::Cycle, *first, message).help(match circle {
            [_] => "it cannot be there before itself: take the reference out",
            _ => "none of them can be made first: take one of the references out",
        });
        for ((_, span), pair) in circle.iter().zip(names.windows(2)).skip(1) {
            diagnostic = diagnostic.related(*span, pair.join(" needs "));
        }
        self.diagnostics.push(diagnostic);
    }

    fn object(&mut self, stack: &Stack<'a>, places: &Places, planned: bool) -> DesiredObject {
        let works: Vec<usize> = stack.works.clone();
        let mut fields = Vec::with_capacity(stack.fields.iter().len());
        for (name, field) in stack.fields.iter() {
            if planned {
                self.not_known(field);
            }
            fields.extend(known(stack.model, name).zip(self.desired_field(field, places)));
        }
        let origins = works.iter().filter_map(|index| self.origins.get(*index).cloned()).collect();
        let works: Vec<_> = works.iter().filter_map(|index| self.works.get(*index)).collect();
        let identifiers = works
            .iter()
            .map(|work| {
                let pairs = work.identifiers.iter();
                pairs
                    .filter_map(|(name, _, value)| Some((known(stack.model, name)?, self.value(value, places))))
                    .collect()
            })
            .collect();
        let permissions = works.iter().flat_map(|work| &work.attributes.permissions).filter_map(|nodes| {
            let What::Text(permission) = &nodes.permission.what else {
                return None;
            };
            let value = |node: &Option<Val<'a>>| node.as_ref().map(|value| self.value(value, places));
            Some(Permission { permission: permission.to_string(), user: value(&nodes.user), role: value(&nodes.role) })
        });
        DesiredObject {
            model: stack.model.name,
            identifiers,
            fields: fields.into_iter().collect(),
            presence: stack.presence,
            permissions: permissions.collect(),
            span: self
                .works
                .get(stack.decided)
                .map_or(Span::new(crate::source::FileId(0), 0..0), super::entry::Work::state_span),
            origins,
        }
    }

    fn desired_field(&self, field: &Layered<'a>, places: &Places) -> Option<DesiredField> {
        Some(DesiredField {
            value: self.value(&field.value, places),
            origin: self.origins.get(field.work).cloned()?,
            span: field.value.span,
            enforced: field.enforced,
            overrides: field.overrides.clone(),
        })
    }

    /// In a plan everything is known, or it is a mistake. Where one was reported, that is why.
    fn not_known(&mut self, field: &Layered<'a>) {
        let planned = |work: &&super::entry::Work<'a>| self.options.purpose == Purpose::Plan && !work.unsure;
        let Some(work) = self.works.get(field.work).filter(planned) else { return };
        let mut unknown = None;
        field.value.any(&mut |part| {
            unknown = matches!(part.what, What::Unknown).then(|| part.clone());
            unknown.is_some()
        });
        let Some(unknown) = unknown.filter(|_| work.diagnostics.iter().all(|found| found.severity != Severity::Error))
        else {
            return;
        };
        let message = "this value is not known before the plan is made";
        self.diagnostics.push(unknown.finding(Code::NotKnown, message).help(
            "keys of objects are given out by the plan: they can be referred to, but not be part of a text or a comparison",
        ));
    }

    fn value(&self, value: &Val<'a>, places: &Places) -> Value {
        match &value.what {
            What::Null | What::Nothing => Value::Null,
            What::Bool(value) => Value::Bool(*value),
            What::Int(value) => Value::Int(*value),
            What::Float(value) => Value::Float(*value),
            What::Text(value) => Value::String(value.to_string()),
            What::List(items) => Value::List(items.iter().map(|item| self.value(item, places)).collect()),
            What::Map(pairs) => {
                Value::Map(pairs.iter().map(|(name, _, value)| (name.to_string(), self.value(value, places))).collect())
            }
            What::Entry(_) | What::Object(_) => settle::object_of(self, value)
                .and_then(|object| places.get(&object))
                .map_or(Value::Unknown, |place| Value::Declared(*place)),
            What::Existing(key) => Value::Existing(key.clone()),
            What::Secret | What::Unknown => Value::Unknown,
        }
    }
}

/// The model's own word for an attribute.
fn known(model: &'static Model, name: &str) -> Option<&'static str> {
    if name == "pk" { Some("pk") } else { model.field(name).map(|field| field.name.as_str()) }
}
