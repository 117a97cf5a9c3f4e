//! Blueprints to a desired state: all files are one program, and the order of files and entries means nothing.
//!
//! The passes, in the order of `run`: read every entry without the others (`entry.rs`); find out which entries mean
//! the same object (`identity.rs`), what is identified without look-ups first; evaluate again what asked for objects;
//! check every entry against its model (`../check`); leave out what depends on the left-out (`settle.rs`); put layers
//! on top of each other (`layers.rs`) and mark what lost a guard (`incomplete.rs`); order the result (`order.rs`).

mod alike;
mod entry;
mod identity;
mod incomplete;
mod layers;
mod meta;
mod near;
mod order;
mod picture;
mod settle;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::Options;
use crate::blueprint::Blueprint;
use crate::check::{Checker, Declared, Expressions, Subject};
use crate::desired::{DesiredState, Origin, Presence};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::graph::Graph;
use crate::models::Model;
use crate::picture::Picture;
use crate::resolve::{Context, EntryIndex, Evaluator, Ids, Lookup, ObjectId, Scope, Val};
use crate::source::{Sources, Span};
use crate::world::World;

use entry::{Status, Work};
use identity::Objects;
use layers::Stack;

/// A blueprint as a part of a program.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) blueprint: &'a Blueprint<'a>,
    pub(crate) layer: u32,
}

/// What all programs of one compilation share.
pub(crate) struct Surroundings<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) world: &'a dyn World,
    pub(crate) options: &'a Options,
    pub(crate) defaults: &'a Map<String, Json>,
    /// Whether a picture is wanted.
    pub(crate) draw: bool,
}

/// What came of a program.
pub(crate) struct Linked {
    pub(crate) desired: DesiredState,
    /// Empty where none was wanted.
    pub(crate) picture: Picture,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

struct Linker<'a> {
    sources: &'a Sources,
    options: &'a Options,
    blueprints: Vec<&'a Blueprint<'a>>,
    works: Vec<Work<'a>>,
    /// Where each of them stands.
    origins: Vec<Arc<Origin>>,
    objects: Objects<'a>,
    diagnostics: Vec<Diagnostic>,
}

/// Links one program.
pub(crate) fn link(around: &Surroundings<'_>, parts: &[Part<'_>], expressions: &mut Expressions) -> Linked {
    let contexts: Vec<Context<'_>> =
        parts.iter().map(|part| Context::new(&part.blueprint.context, around.defaults)).collect();
    let (ids, mut diagnostics) = identified(parts);
    let scopes: Vec<Scope<'_>> = parts
        .iter()
        .zip(&contexts)
        .zip(&ids)
        .filter_map(|((part, context), ids)| {
            let file = around.sources.get(part.blueprint.file)?;
            Some(Scope { file, world: around.world, purpose: around.options.purpose, context, ids })
        })
        .collect();
    let mut works = Vec::new();
    for (at, (part, scope)) in parts.iter().zip(&scopes).enumerate() {
        let file = part.blueprint.file;
        works.extend(part.blueprint.entries.iter().map(|entry| Work::read(scope, at, file, part.layer, entry)));
    }
    let mut linker = Linker {
        sources: around.sources,
        options: around.options,
        blueprints: parts.iter().map(|part| part.blueprint).collect(),
        objects: Objects::new(around.world, works.len()),
        origins: works.iter().map(|work| Arc::new(layers::origin(around.sources, work))).collect(),
        works,
        diagnostics: Vec::new(),
    };
    let desired = linker.run(&scopes, expressions);
    let picture = if around.draw { linker.picture() } else { Picture::default() };
    duplicates(parts, &ids, &mut diagnostics);
    diagnostics.append(&mut linker.diagnostics);
    diagnostics.extend(linker.works.into_iter().flat_map(|work| work.diagnostics));
    cause_first(&mut diagnostics);
    Linked { desired, picture, diagnostics }
}

/// A look-up that gives null where null cannot stand is one mistake: said once, the cause first.
fn cause_first(diagnostics: &mut Vec<Diagnostic>) {
    let is_cause = |code| matches!(code, Code::UnknownContext | Code::UnsetEnv | Code::UnreadableFile);
    let causes: HashSet<Span> =
        diagnostics.iter().filter(|found| is_cause(found.code)).filter_map(|found| found.span).collect();
    let mut effects = HashMap::new();
    diagnostics.retain(|found| {
        let cause = found.span.filter(|span| found.code == Code::InvalidValue && causes.contains(span));
        effects.extend(cause.map(|span| (span, found.message.clone())));
        cause.is_none()
    });
    for cause in diagnostics.iter_mut().filter(|found| is_cause(found.code)) {
        if let Some(effect) = cause.span.and_then(|span| effects.get(&span)) {
            cause.message = format!("{}, and {effect}", cause.message);
            cause.severity = Severity::Error;
        }
    }
}

/// The ids of each file; entries are counted over all files.
fn identified<'a>(parts: &[Part<'a>]) -> (Vec<Ids<'a>>, Vec<Diagnostic>) {
    let mut at = 0;
    let mut all = Vec::new();
    for part in parts {
        let mut ids = Ids::default();
        for entry in &part.blueprint.entries {
            if let Some((id, span)) = &entry.id {
                ids.entries.entry(&**id).or_insert((EntryIndex(at), *span));
            }
            at += 1;
        }
        all.push(ids);
    }
    (all, Vec::new())
}

/// Two entries with one id: a mistake as soon as somebody refers to it.
fn duplicates(parts: &[Part<'_>], ids: &[Ids<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for (part, ids) in parts.iter().zip(ids) {
        let mut first = HashMap::new();
        for (id, span) in part.blueprint.entries.iter().filter_map(|entry| entry.id.as_ref()) {
            let Some(before) = first.get(&**id) else {
                first.insert(&**id, *span);
                continue;
            };
            let used = ids.used.borrow().contains(&**id);
            diagnostics.push(
                Diagnostic::at(
                    Code::DuplicateId,
                    *span,
                    format!("another entry of this file has the id `{id}` already"),
                )
                .severity(if used { Severity::Error } else { Severity::Warning })
                .help(if used { "it is not clear which one `!KeyOf` means: rename one" } else { "rename one" })
                .related(*before, "first here"),
            );
        }
    }
}

impl<'a> Linker<'a> {
    fn run(&mut self, scopes: &[Scope<'a>], expressions: &mut Expressions) -> DesiredState {
        self.identify(scopes);
        self.evaluate_again(scopes);
        self.contexts(scopes);
        self.check(scopes, expressions);
        self.near_misses();
        self.metas();
        self.settle();
        let (live, dormant) = self.stacks();
        self.order(&live, &dormant)
    }

    /// Groups entries to objects: what others ask for first, entries whose conditions ask last, skipped ones at the end.
    fn identify(&mut self, scopes: &[Scope<'a>]) {
        let order = self.identity_order();
        let (waiting, plain): (Vec<usize>, Vec<usize>) = order
            .into_iter()
            .filter(|index| self.takes_part(*index))
            .partition(|index| self.works.get(*index).is_some_and(|work| work.conditions_wait));
        for index in plain {
            self.take(index, scopes, true);
        }
        for index in waiting {
            self.ask_conditions(index, scopes);
            if self.takes_part(index) {
                self.take(index, scopes, true);
            }
        }
        for index in 0..self.works.len() {
            if self.works.get(index).is_some_and(|work| work.status == Status::Skipped) {
                self.take(index, scopes, false);
            }
        }
    }

    fn takes_part(&self, index: usize) -> bool {
        self.works.get(index).is_some_and(|work| matches!(work.status, Status::Live | Status::Meta))
    }

    /// By how deep look-ups in the identifiers go, then named entries before those that name them.
    fn identity_order(&self) -> Vec<usize> {
        let mut graph: Graph<()> = Graph::new(self.works.len());
        for (from, work) in self.works.iter().enumerate() {
            work.identified_by.iter().for_each(|to| graph.need(from, to.0, ()));
        }
        let mut order = graph.order();
        let mut depths = vec![0_usize; self.works.len()];
        for index in &order {
            let Some(work) = self.works.get(*index) else {
                continue;
            };
            let named = work.identified_by.iter().filter_map(|to| depths.get(to.0)).max();
            let depth = work.find_depth.max(named.copied().unwrap_or(0));
            if let Some(slot) = depths.get_mut(*index) {
                *slot = depth;
            }
        }
        // Entries whose identifiers name each other: the circle is reported later, from the objects.
        let mut placed = vec![false; self.works.len()];
        order.iter().for_each(|index| placed.get_mut(*index).into_iter().for_each(|slot| *slot = true));
        order.extend((0..self.works.len()).filter(|index| placed.get(*index) == Some(&false)));
        order.sort_by_key(|index| depths.get(*index).copied());
        order
    }

    fn take(&mut self, index: usize, scopes: &[Scope<'a>], findable: bool) {
        let Some(work) = self.works.get_mut(index) else {
            return;
        };
        let Some(scope) = scopes.get(work.scope) else {
            return;
        };
        if work.find_depth > 0 {
            work.read_identifiers(scope, Some(&self.objects));
        }
        if work.status != Status::Meta {
            self.objects.take(index, work, findable);
        }
    }

    /// The conditions of an entry do not see its own object among the declared ones.
    fn ask_conditions(&mut self, index: usize, scopes: &[Scope<'a>]) {
        let Some(work) = self.works.get_mut(index) else {
            return;
        };
        let Some(scope) = scopes.get(work.scope) else {
            return;
        };
        self.objects.hidden.set(self.objects.known(work));
        work.read_conditions(scope, Some(&self.objects));
        self.objects.hidden.set(None);
    }

    fn evaluate_again(&mut self, scopes: &[Scope<'a>]) {
        for work in &mut self.works {
            if let Some(scope) = scopes.get(work.scope).filter(|_| work.attrs_wait && work.status != Status::Skipped) {
                work.read_attrs(scope, Some(&self.objects));
            }
        }
    }

    /// Context values are evaluated where they are used; here, so that nothing is overlooked in one that is not.
    fn contexts(&mut self, scopes: &[Scope<'a>]) {
        for (scope, blueprint) in scopes.iter().zip(&self.blueprints) {
            for (_, _, node) in &blueprint.context {
                let mut evaluator = Evaluator::new(scope, Some(&self.objects));
                evaluator.eval(node);
                self.diagnostics.append(&mut evaluator.diagnostics);
            }
        }
    }

    fn check(&mut self, scopes: &[Scope<'a>], expressions: &mut Expressions) {
        let models: Vec<Option<&'static Model>> = self.works.iter().map(|work| work.model).collect();
        let declared = DeclaredObjects { models: &models, objects: &self.objects };
        let mut checker = Checker {
            sources: self.sources,
            declared: &declared,
            purpose: self.options.purpose,
            expressions,
            diagnostics: Vec::new(),
        };
        for work in &mut self.works {
            let Some(model) = work.model.filter(|_| work.status != Status::Skipped) else {
                continue;
            };
            checker.entry(Subject {
                model,
                span: work.entry.span,
                identifiers: &mut work.identifiers,
                attrs: &mut work.attrs,
                permissions: work
                    .permissions
                    .iter_mut()
                    .map(|it| (&it.permission, [it.user.as_mut(), it.role.as_mut()]))
                    .collect(),
            });
            if let Some(scope) = scopes.get(work.scope).filter(|_| work.state == Presence::Absent) {
                let (mut attrs, found) = work.idle_attrs(scope, &self.objects);
                let before = checker.diagnostics.len();
                checker.diagnostics.extend(found);
                let (identifiers, attrs) = (&mut Vec::new(), &mut attrs);
                checker.entry(Subject { model, span: work.entry.span, identifiers, attrs, permissions: Vec::new() });
                // Nothing of it is ever written.
                let idle = checker.diagnostics.iter_mut().skip(before);
                idle.for_each(|found| found.severity = found.severity.min(Severity::Warning));
            }
        }
        let mut found = checker.diagnostics;
        self.diagnostics.append(&mut found);
    }

    /// Objects that are declared, and those that only skipped entries would declare.
    #[expect(clippy::type_complexity, reason = "two lists of the same, taken apart at once")]
    fn stacks(&mut self) -> (Vec<(ObjectId, Stack<'a>)>, Vec<(ObjectId, Stack<'a>)>) {
        let mut live: Vec<Vec<usize>> = vec![Vec::new(); self.objects.len()];
        let mut skipped: Vec<Vec<usize>> = vec![Vec::new(); self.objects.len()];
        for (index, work) in self.works.iter().enumerate() {
            let Some(object) = self.objects.of(EntryIndex(index)) else {
                continue;
            };
            let list = match work.status {
                Status::Live => live.get_mut(object.0),
                Status::Skipped => skipped.get_mut(object.0),
                _ => None,
            };
            if let Some(list) = list {
                list.push(index);
            }
        }
        // What is skipped beside a live entry is owned by way of that one.
        for (skipped, live) in skipped.iter_mut().zip(&live) {
            if !live.is_empty() {
                skipped.clear();
            }
        }
        let mut live = self.stack_all(live);
        self.incomplete(&mut live);
        self.alike(&live);
        let reported = self.diagnostics.len();
        let dormant = self.stack_all(skipped);
        // Nothing is demanded of what takes no part.
        self.diagnostics.truncate(reported);
        (live, dormant)
    }

    fn stack_all(&mut self, objects: Vec<Vec<usize>>) -> Vec<(ObjectId, Stack<'a>)> {
        let mut ordered: Vec<(ObjectId, Vec<usize>)> = objects
            .into_iter()
            .enumerate()
            .map(|(at, works)| (ObjectId(at), works))
            .filter(|(_, works)| !works.is_empty())
            .collect();
        ordered.sort_by_key(|(_, works)| works.first().copied());
        ordered
            .into_iter()
            .filter_map(|(object, works)| Some((object, self.stack(self.objects.model(object)?, works))))
            .collect()
    }
}

struct DeclaredObjects<'a, 'b> {
    models: &'b [Option<&'static Model>],
    objects: &'b Objects<'a>,
}

impl<'a> Declared<'a> for DeclaredObjects<'a, '_> {
    fn entry_model(&self, entry: EntryIndex) -> Option<&'static Model> {
        self.models.get(entry.0).copied().flatten()
    }

    fn object_model(&self, object: ObjectId) -> Option<&'static Model> {
        self.objects.model(object)
    }

    fn by_pk(&self, kind: &str, value: &Val<'a>) -> Lookup {
        self.objects.by_pk(kind, value)
    }
}
