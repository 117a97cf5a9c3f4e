//! `metaapplyblueprint`: all files are one program, so it asks that the other file is part of it, and may pass it
//! values for its context.
//!
//! Passing is static: which file passes to which is known before anything else is evaluated, and files that apply each
//! other are refused. What is passed is evaluated when the other file asks for it, in the place where it is written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::entry::{Status, Work};
use super::expand::{Expanded, Instance};
use super::look_up::Looker;
use super::{Linker, Part};
use crate::Purpose;
use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Graph;
use crate::models::Declared as _;
use crate::models::blueprints::MetaApplyBlueprint;
use crate::resolve::{Around, Evaluator, Passed, Scope, Val, What, every};
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{Kind, Node};

/// That one file applies another.
pub(super) struct Application<'a> {
    parent: usize,
    child: usize,
    parent_name: String,
    child_name: String,
    /// Where it says so.
    span: Span,
    context: Option<&'a Node<'a>>,
    around: Rc<Around<'a>>,
}

/// Finds all of them.
pub(super) fn applications<'a>(scopes: &[Scope<'a>], parts: &[Part<'a>], expanded: &mut Expanded<'a>) {
    let files: Vec<File<'_>> = scopes
        .iter()
        .zip(parts)
        .map(|(scope, part)| File { blueprint: part.blueprint, path: &scope.file.relative, layer: part.layer })
        .collect();
    for instance in &expanded.instances {
        let Some(scope) = scopes.get(instance.scope).filter(|_| is_meta(instance)) else { continue };
        let Some(identifiers) = attribute(instance, "identifiers") else { continue };
        let mut evaluator = Evaluator::new(scopes, scope, &instance.around, None);
        let conditions = instance.entry.conditions.as_deref().map(|node| evaluator.eval(node));
        let met = met(conditions.as_ref());
        let value = evaluator.eval(identifiers);
        let context = attribute(instance, "context");
        if met == Some(false) {
            continue;
        }
        if let (None, Some(context), Purpose::Plan) = (met, context, scope.purpose) {
            let message = "whether this context is passed must be known before the plan is made";
            let help = "the conditions of this entry cannot depend on a look-up";
            expanded.diagnostics.push(Diagnostic::at(Code::NotKnown, context.at(), message).help(help));
        }
        for child in applied(&files, instance.scope, &value) {
            expanded.applications.push(Application {
                parent: instance.scope,
                child,
                parent_name: files.get(instance.scope).map(File::name).unwrap_or_default().to_owned(),
                child_name: files.get(child).map(File::name).unwrap_or_default().to_owned(),
                span: value.span,
                context,
                around: Rc::clone(&instance.around),
            });
        }
    }
}

/// Whether all conditions hold; none where that is not known.
pub(super) fn met(conditions: Option<&Val<'_>>) -> Option<bool> {
    match conditions.map(|value| &value.what) {
        None => Some(true),
        Some(What::List(items)) => every(items.iter().map(Val::truth)),
        Some(_) => None,
    }
}

fn is_meta(instance: &Instance<'_>) -> bool {
    let node = instance.entry.model.as_ref().filter(|node| node.tag.is_none());
    let Some(Kind::Scalar(name)) = node.map(|node| &node.kind) else { return false };
    name.text.eq_ignore_ascii_case(MetaApplyBlueprint::NAME)
}

fn attribute<'a>(instance: &Instance<'a>, name: &str) -> Option<&'a Node<'a>> {
    let node = instance.entry.attrs.as_ref().filter(|node| node.tag.is_none());
    let Some(Kind::Map(pairs)) = node.map(|node| &node.kind) else { return None };
    pairs.iter().find(|(key, ..)| key == name).map(|(_, _, value)| value)
}

/// What every file is passed, where files do not apply each other in a circle.
pub(super) fn contexts<'a>(files: usize, applications: &[Application<'a>]) -> Vec<Vec<Passed<'a>>> {
    let mut contexts = vec![Vec::new(); files];
    if applications.iter().all(|application| application.context.is_none()) {
        return contexts;
    }
    let order: HashSet<usize> = graph(files, applications).order().into_iter().collect();
    for application in applications.iter().filter(|application| order.contains(&application.parent)) {
        if let (Some(passed), Some(node)) = (contexts.get_mut(application.child), application.context) {
            let around = Rc::clone(&application.around);
            passed.push(Passed { node, scope: application.parent, around });
        }
    }
    contexts
}

fn graph(files: usize, applications: &[Application<'_>]) -> Graph<usize> {
    let mut graph = Graph::new(files);
    for (at, application) in applications.iter().enumerate() {
        graph.need(application.parent, application.child, at);
    }
    graph
}

/// Files that apply each other, with every edge.
pub(super) fn circles(files: usize, applications: &[Application<'_>]) -> Vec<Diagnostic> {
    let circles = graph(files, applications).circles();
    circles
        .iter()
        .filter_map(|circle| {
            let edges: Vec<&Application<'_>> = circle.iter().filter_map(|(_, at)| applications.get(*at)).collect();
            let first = edges.first()?;
            let message = if edges.len() == 1 {
                format!("the blueprint `{}` applies itself", first.parent_name)
            } else {
                let names: Vec<String> = edges.iter().map(|edge| format!("`{}`", edge.parent_name)).collect();
                format!("these blueprints apply each other: {} → `{}`", names.join(" → "), first.parent_name)
            };
            let mut diagnostic = Diagnostic::at(Code::Cycle, first.span, message)
                .help("all files are one program and need no order: take one of these entries out");
            for edge in edges.iter().skip(1) {
                diagnostic =
                    diagnostic.related(edge.span, format!("`{}` applies `{}`", edge.parent_name, edge.child_name));
            }
            Some(diagnostic)
        })
        .collect()
}

/// A file as others name it.
struct File<'b> {
    blueprint: &'b Blueprint<'b>,
    path: &'b str,
    layer: u32,
}

impl File<'_> {
    fn name(&self) -> &str {
        self.blueprint.name.as_deref().unwrap_or(self.path)
    }

    /// Whether an identifier means it; none for those that say nothing about a file.
    fn is(&self, name: &str, value: &Val<'_>) -> Option<bool> {
        let label = |name: &str, value: &Val<'_>| {
            let What::Text(wanted) = &value.what else { return None };
            Some(self.blueprint.labels.iter().any(|(known, text)| known == name && text == wanted))
        };
        match (name, &value.what) {
            ("name", What::Text(wanted)) => Some(self.name() == wanted),
            ("path", What::Text(wanted)) => Some(same_path(self.path, wanted)),
            ("labels", What::Map(labels)) => {
                Some(labels.iter().all(|(name, _, value)| label(name, value) != Some(false)))
            }
            _ => label(name.strip_prefix("metadata__labels__")?, value),
        }
    }
}

/// The files that identifiers mean: those of the same layer, else all; itself only if there is no other.
fn applied(files: &[File<'_>], parent: usize, identifiers: &Val<'_>) -> Vec<usize> {
    let What::Map(pairs) = &identifiers.what else { return Vec::new() };
    let judged = |file: &File<'_>| pairs.iter().filter_map(|(name, _, value)| file.is(name, value)).collect::<Vec<_>>();
    let mut found: Vec<usize> = (0..files.len())
        .filter(|at| files.get(*at).map(judged).is_some_and(|all| !all.is_empty() && all.iter().all(|is| *is)))
        .collect();
    if found.len() > 1 {
        found.retain(|at| *at != parent);
    }
    let layer = |at: &usize| files.get(*at).map(|file| file.layer);
    if found.iter().any(|at| layer(at) == layer(&parent)) {
        found.retain(|at| layer(at) == layer(&parent));
    }
    found
}

impl<'a> Linker<'a> {
    /// Reports required blueprints that are not in the program.
    pub(super) fn metas(&mut self) {
        let files: Vec<File<'_>> = self
            .parts
            .iter()
            .map(|part| File {
                blueprint: part.blueprint,
                path: self.sources.get(part.blueprint.file).map_or("", |file| file.relative.as_str()),
                layer: part.layer,
            })
            .collect();
        let metas = self.works.iter().filter(|work| work.status == Status::Meta);
        let missing: Vec<Diagnostic> = metas.filter_map(|work| missing(work, &files)).collect();
        self.diagnostics.extend(missing);
    }

    /// Reports files that are passed different values under one key.
    pub(super) fn contradictions(&mut self, scopes: &[Scope<'a>]) {
        let finder = Looker::new(&self.objects, &self.works, scopes);
        for scope in scopes.iter().filter(|scope| scope.context.passed.len() > 1) {
            let mut first: HashMap<Cow<'a, str>, Val<'a>> = HashMap::new();
            for passed in &scope.context.passed {
                let Some(parent) = scopes.get(passed.scope) else { continue };
                let value = Evaluator::new(scopes, parent, &passed.around, Some(&finder)).eval(passed.node);
                let What::Map(pairs) = value.what else { continue };
                for (name, _, value) in pairs {
                    let Some(before) = first.get(&name) else {
                        first.insert(name, value);
                        continue;
                    };
                    let (one, other) = (self.objects.canonical(before), self.objects.canonical(&value));
                    if one.is_some() && other.is_some() && one != other {
                        let message = format!("another blueprint passes `{name}` to the same one with another value");
                        let finding = value.finding(Code::Conflict, message).related(before.span, "the other value");
                        self.diagnostics
                            .push(finding.help("a blueprint is part of the program once: pass it one value"));
                    }
                }
            }
        }
    }
}

fn missing(work: &Work<'_>, files: &[File<'_>]) -> Option<Diagnostic> {
    let attr = |name: &str| work.attributes.attrs.iter().find(|(known, ..)| known == name).map(|(_, _, value)| value);
    if attr("required").is_some_and(|value| value.truth() == Some(false)) {
        return None;
    }
    let identifiers = attr("identifiers")?;
    let What::Map(pairs) = &identifiers.what else {
        return None;
    };
    let judged = |file: &File<'_>| pairs.iter().all(|(name, _, value)| file.is(name, value) != Some(false));
    if files.iter().any(judged) {
        return None;
    }
    for (name, _, value) in pairs {
        if files.iter().any(|file| file.is(name, value) != Some(false)) {
            continue;
        }
        let What::Text(wanted) = &value.what else { continue };
        let mut known: Vec<&str> =
            files.iter().map(|file| if name == "path" { file.path } else { file.name() }).collect();
        known.sort_unstable();
        let message = match &**name {
            "name" | "path" => format!("the blueprint `{wanted}` is required and not there"),
            _ => format!("a blueprint with the label `{wanted}` is required and not there"),
        };
        let help = did_you_mean(wanted, known)
            .unwrap_or_else(|| "add its file to the command line, or write `required: false`".to_owned());
        return Some(value.finding(Code::MissingBlueprint, message).help(help));
    }
    let finding = identifiers.finding(Code::MissingBlueprint, "no blueprint has all of this");
    Some(finding.help("give what names one blueprint, or write `required: false`"))
}

/// Paths count from the folder that was given, which may be any part of the peer's folder.
fn same_path(path: &str, wanted: &str) -> bool {
    let ends =
        |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    ends(path, wanted) || ends(wanted, path)
}
