//! Blueprints to a desired state: all files are one program, and the order of files and entries means nothing.
//!
//! The passes: go through the loops around entries (`expand.rs`, `meta.rs`); read every entry without the others
//! (`entry.rs`); then, in the order of `run`, find out which entries mean
//! the same object (`identity.rs`), what is identified without look-ups first; evaluate again what asked for objects;
//! check every entry against its model (`../check`); leave out what depends on the left-out (`settle.rs`); put layers
//! on top of each other (`layers.rs`); order the result (`order.rs`).

mod alike;
mod behaviour;
mod entry;
mod expand;
mod identity;
mod layers;
mod lints;
mod look_up;
mod meta;
mod near;
mod order;
mod permission;
mod picture;
mod settle;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::Options;
use crate::blueprint::Blueprint;
use crate::check::{Checker, Declared, Expressions, Subject};
use crate::desired::{DesiredState, Origin, Presence};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::graph::Graph;
use crate::models::{Model, Storage};
use crate::picture::Picture;
use crate::resolve::{Around, Context, EntryIndex, Evaluator, Ids, Lookup, ObjectId, Scope, Val};
use crate::source::{Sources, Span};
use crate::world::World;

use entry::{Attributes, Status, Work};
use expand::Instance;
use identity::Objects;
use layers::Stack;
use look_up::Looker;

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
    parts: &'a [Part<'a>],
    works: Vec<Work<'a>>,
    /// Where each of them stands.
    origins: Vec<Arc<Origin>>,
    objects: Objects<'a>,
    diagnostics: Vec<Diagnostic>,
}

/// Links one program.
pub(crate) fn link(around: &Surroundings<'_>, parts: &[Part<'_>], expressions: &mut Expressions) -> Linked {
    let mut scopes: Vec<Scope<'_>> = Vec::new();
    for part in parts {
        let Some(file) = around.sources.get(part.blueprint.file) else { continue };
        let context = Context::new(&part.blueprint.context, around.defaults);
        let (world, purpose) = (around.world, around.options.purpose);
        scopes.push(Scope { file, world, purpose, context, ids: Ids::default() });
    }
    let expanded = expand::expand(&mut scopes, parts);
    let mut diagnostics = expanded.diagnostics;
    let held = held(&expanded.instances);
    let mut works = Vec::with_capacity(expanded.instances.len());
    for instance in expanded.instances {
        if let Some(part) = parts.get(instance.scope) {
            works.push(Work::read(&scopes, instance, part.blueprint.file, part.layer));
        }
    }
    let mut linker = Linker {
        sources: around.sources,
        options: around.options,
        parts,
        objects: Objects::new(around.world, works.len()),
        origins: works.iter().map(|work| Arc::new(layers::origin(around.sources, work))).collect(),
        works,
        diagnostics: Vec::new(),
    };
    let desired = linker.run(&scopes, expressions);
    let picture = if around.draw { linker.picture() } else { Picture::default() };
    duplicates(&scopes, &held, &mut diagnostics);
    diagnostics.append(&mut linker.diagnostics);
    diagnostics.extend(linker.works.into_iter().flat_map(|work| work.diagnostics));
    cause_first(&mut diagnostics);
    once(&mut diagnostics);
    Linked { desired, picture, diagnostics }
}

/// The turns of a loop can make the same mistake: it is said once, for the first of them.
fn once(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    diagnostics
        .retain(|found| found.related.is_empty() || seen.insert((found.code, found.span, found.message.clone())));
}

/// A look-up that gives null where null cannot stand is one mistake: said once, the cause first.
fn cause_first(diagnostics: &mut Vec<Diagnostic>) {
    let is_cause = |code| matches!(code, Code::UnknownContext | Code::UnsetEnv | Code::UnreadableFile);
    let causes: HashSet<Span> =
        diagnostics.iter().filter(|found| is_cause(found.code)).filter_map(|found| found.span).collect();
    let mut effects = HashMap::new();
    diagnostics.retain(|found| {
        let is_effect = matches!(found.code, Code::InvalidValue | Code::Shape | Code::TagArguments);
        let cause = found.span.filter(|span| is_effect && causes.contains(span));
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

/// An id: the file, the turns of loops around it, its text, its entry and its place.
type HeldId<'a> = (usize, Vec<usize>, Cow<'a, str>, EntryIndex, Span);

fn held<'a>(instances: &[Instance<'a>]) -> Vec<HeldId<'a>> {
    let held = instances.iter().enumerate().filter_map(|(index, instance)| {
        let (id, span) = instance.id.as_ref()?;
        Some((instance.scope, instance.around.turns.clone(), id.clone(), EntryIndex(index), *span))
    });
    held.collect()
}

/// Two entries with one id: a mistake as soon as somebody refers to it. In different turns of a loop they are not in
/// each other's way.
fn duplicates(scopes: &[Scope<'_>], held: &[HeldId<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut first = foldhash::HashMap::default();
    for (scope, turns, id, entry, span) in held {
        let Some((before, place)) = first.get(&(scope, turns, id)) else {
            first.insert((scope, turns, id), (*entry, *span));
            continue;
        };
        let used = scopes.get(*scope).is_some_and(|scope| scope.ids.is_used(*before));
        let message = format!("another entry of this file has the id `{id}` already");
        diagnostics.push(
            Diagnostic::at(Code::DuplicateId, *span, message)
                .severity(if used { Severity::Error } else { Severity::Warning })
                .help(if used { "it is not clear which one `!KeyOf` means: rename one" } else { "rename one" })
                .related(*place, "first here"),
        );
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
        self.objects.rest();
        self.contradictions(scopes);
        self.settle();
        self.without_behaviour();
        let (live, dormant) = self.stacks();
        self.lint(&live);
        self.order(live, dormant)
    }

    /// Groups entries to objects: what others ask for first, entries whose conditions ask after them, then those whose
    /// identifiers hang on what the others hold, skipped ones at the end.
    fn identify(&mut self, scopes: &[Scope<'a>]) {
        let order = self.identity_order();
        let late = self.late(&order);
        let is_late = |index: &usize| late.get(*index) == Some(&true);
        let waits = |index: &usize| self.works.get(*index).is_some_and(|work| work.conditions_wait);
        let (late, early): (Vec<usize>, Vec<usize>) =
            order.into_iter().filter(|index| self.takes_part(*index)).partition(is_late);
        let (waiting, plain): (Vec<usize>, Vec<usize>) = early.into_iter().partition(waits);
        for index in plain.into_iter().chain(waiting).chain(late) {
            if self.works.get(index).is_some_and(|work| work.conditions_wait) {
                self.ask_conditions(index, scopes);
            }
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

    /// The entries whose identifiers ask for an object by what it holds, and those that name one of them.
    fn late(&self, order: &[usize]) -> Vec<bool> {
        let mut late = vec![false; self.works.len()];
        for index in order {
            let Some(work) = self.works.get(*index) else { continue };
            let is_late = work.asks() || work.identified_by.iter().any(|to| late.get(to.0) == Some(&true));
            late.get_mut(*index).into_iter().for_each(|slot| *slot = is_late);
        }
        late
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
        let Some(work) = self.works.get(index) else { return };
        if work.find_depth > 0 {
            let looker = Looker::new(&self.objects, &self.works, scopes);
            let (identifiers, mut diagnostics) = work.identifiers_again(scopes, &looker);
            if let Some(work) = self.works.get_mut(index) {
                work.identifiers = identifiers;
                work.diagnostics.append(&mut diagnostics);
            }
        }
        if let Some(work) =
            self.works.get(index).filter(|work| work.model.is_none_or(|model| model.storage != Storage::Meta))
        {
            self.objects.take(index, work, findable);
        }
    }

    /// The conditions of an entry do not see its own object among the declared ones.
    fn ask_conditions(&mut self, index: usize, scopes: &[Scope<'a>]) {
        let Some(work) = self.works.get(index) else { return };
        self.objects.hidden.set(self.objects.object_for(work));
        let looker = Looker::new(&self.objects, &self.works, scopes);
        let decided = work.conditions(scopes, Some(&looker));
        self.objects.hidden.set(None);
        if let (Some(work), Some(decided)) = (self.works.get_mut(index), decided) {
            work.decide(decided);
        }
    }

    fn evaluate_again(&mut self, scopes: &[Scope<'a>]) {
        let looker = Looker::new(&self.objects, &self.works, scopes);
        let waiting = self.works.iter().enumerate();
        let waiting = waiting.filter(|(_, work)| work.attributes.wait && work.status != Status::Skipped);
        let read: Vec<_> = waiting.map(|(index, work)| (index, work.attributes(scopes, Some(&looker)))).collect();
        for (index, read) in read {
            if let Some(work) = self.works.get_mut(index) {
                work.put(read);
            }
        }
    }

    /// Context values are evaluated where they are used; here, so that no mistake is overlooked in one that is not. That
    /// such a one needs itself, or that something is not known, does no harm.
    fn contexts(&mut self, scopes: &[Scope<'a>]) {
        let looker = Looker::new(&self.objects, &self.works, scopes);
        let mut found = Vec::new();
        for (scope, part) in scopes.iter().zip(self.parts) {
            for (_, _, node) in &part.blueprint.context {
                let mut evaluator = Evaluator::new(scopes, scope, &Around::default(), Some(&looker));
                evaluator.eval(node);
                found.append(&mut evaluator.diagnostics);
            }
        }
        let works = self.works.iter().flat_map(|work| &work.diagnostics);
        let said: HashSet<_> = works.chain(&self.diagnostics).map(|found| (found.code, found.span)).collect();
        found.retain(|found| {
            let matters = found.severity == Severity::Error && !matches!(found.code, Code::TooComplex | Code::NotKnown);
            matters && !said.contains(&(found.code, found.span))
        });
        self.diagnostics.append(&mut found);
    }

    fn check(&mut self, scopes: &[Scope<'a>], expressions: &mut Expressions) {
        let looker = Looker::new(&self.objects, &self.works, scopes);
        let absent = self.works.iter().enumerate().filter(|(_, work)| work.state == Presence::Absent);
        let mut idle: HashMap<usize, Attributes<'a>> =
            absent.map(|(index, work)| (index, work.written(scopes, Some(&looker)))).collect();
        let models: Vec<Option<&'static Model>> = self.works.iter().map(|work| work.model).collect();
        let declared = DeclaredObjects { models: &models, objects: &self.objects };
        let mut checker = Checker {
            sources: self.sources,
            declared: &declared,
            purpose: self.options.purpose,
            expressions,
            diagnostics: Vec::new(),
        };
        for (index, work) in self.works.iter_mut().enumerate() {
            let Some(model) = work.model.filter(|_| work.status != Status::Skipped) else {
                continue;
            };
            checker.entry(Subject {
                model,
                span: work.entry.span,
                identifiers: &mut work.identifiers,
                attrs: &mut work.attributes.attrs,
                permissions: work
                    .attributes
                    .permissions
                    .iter_mut()
                    .map(|it| (&it.permission, [it.user.as_mut(), it.role.as_mut()]))
                    .collect(),
            });
            if let Some(mut idle) = idle.remove(&index) {
                let before = checker.diagnostics.len();
                checker.diagnostics.append(&mut idle.diagnostics);
                let (identifiers, attrs) = (&mut Vec::new(), &mut idle.attrs);
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
        let live = self.stack_all(live);
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
