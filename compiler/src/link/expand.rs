//! From what is written in `entries` to entries: loops and choices around them are gone through.
//!
//! Runs before every other pass, so it knows no object: what hangs on a look-up is not known here. A body that may
//! count or not is taken in all the same, to show its mistakes, and marked as not sure.

use std::borrow::Cow;
use std::rc::Rc;

use super::Part;
use super::meta::{self, Application};
use crate::Purpose;
use crate::blueprint::{Choice, Entry, Item, Loop};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::{Around, Context, EntryIndex, Evaluator, Flow, Passed, Scope, Turns, Val, What};
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// How many entries loops may give.
const MOST: usize = 200_000;

/// How often what is passed to a file may change what that file passes on.
const ROUNDS: usize = 16;

/// An entry in its turn.
pub(super) struct Instance<'a> {
    pub(super) entry: &'a Entry<'a>,
    /// The file, among the parts of the program.
    pub(super) scope: usize,
    pub(super) around: Rc<Around<'a>>,
    pub(super) id: Option<(Cow<'a, str>, Span)>,
}

/// All entries of a program.
#[derive(Default)]
pub(super) struct Expanded<'a> {
    pub(super) instances: Vec<Instance<'a>>,
    pub(super) applications: Vec<Application<'a>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Expands every file. What a file passes to another can be a part of what that one gives, and the other way round:
/// it is repeated until nothing changes.
pub(super) fn expand<'a>(scopes: &mut [Scope<'a>], parts: &[Part<'a>]) -> Expanded<'a> {
    let mut round = 0;
    loop {
        let mut expanded = once(scopes, parts);
        let passed = meta::contexts(parts.len(), &expanded.applications);
        let same = scopes.iter().zip(&passed).all(|(scope, passed)| alike(&scope.context, passed));
        if same || round == ROUNDS {
            expanded.diagnostics.extend(meta::circles(parts.len(), &expanded.applications));
            identify(scopes, &mut expanded);
            return expanded;
        }
        for (scope, passed) in scopes.iter_mut().zip(passed) {
            scope.context.passed = passed;
        }
        round += 1;
    }
}

fn alike<'a>(context: &Context<'a>, passed: &[Passed<'a>]) -> bool {
    let same = |one: &Passed<'a>, other: &Passed<'a>| {
        std::ptr::eq(one.node, other.node) && one.around.turns == other.around.turns
    };
    context.passed.len() == passed.len() && context.passed.iter().zip(passed).all(|(one, other)| same(one, other))
}

fn once<'a>(scopes: &[Scope<'a>], parts: &[Part<'a>]) -> Expanded<'a> {
    let mut expanded = Expanded::default();
    for (at, (part, scope)) in parts.iter().zip(scopes).enumerate() {
        let mut expander = Expander { scopes, scope, at, turns: 0, looped: 0, expanded: &mut expanded };
        expander.items(&part.blueprint.entries, &Rc::default());
    }
    meta::applications(scopes, parts, &mut expanded);
    expanded
}

/// Finds out the ids of all entries.
fn identify<'a>(scopes: &mut [Scope<'a>], expanded: &mut Expanded<'a>) {
    for (index, instance) in expanded.instances.iter_mut().enumerate() {
        let Some(node) = &instance.entry.id else { continue };
        let id = if let (None, Kind::Scalar(scalar)) = (&node.tag, &node.kind) {
            Some(Cow::Borrowed(&*scalar.text))
        } else {
            dynamic_id(scopes, instance, node, &mut expanded.diagnostics)
        };
        let Some(ids) = scopes.get_mut(instance.scope).map(|scope| &mut scope.ids) else { continue };
        match id {
            Some(id) => {
                ids.add(id.clone(), EntryIndex(index), instance.entry, &instance.around, node.at());
                instance.id = Some((id, node.at()));
            }
            None => ids.open = true,
        }
    }
}

/// An id that a tag gives; none where it is not known.
fn dynamic_id<'a>(
    scopes: &[Scope<'a>],
    instance: &Instance<'a>,
    node: &'a Node<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Cow<'a, str>> {
    let scope = scopes.get(instance.scope)?;
    let mut evaluator = Evaluator::new(scopes, scope, &instance.around, None);
    let value = evaluator.eval(node);
    diagnostics.append(&mut evaluator.diagnostics);
    match value.what {
        What::Text(id) if !id.is_empty() => return Some(id),
        What::Unknown => {}
        _ => {
            let finding = value.finding(Code::Shape, format!("an `id` is a text, not {}", value.describe()));
            diagnostics.push(finding.help("for instance `id: !Format [\"stage-%s\", !Value 0]`"));
        }
    }
    None
}

struct Expander<'a, 'b> {
    scopes: &'b [Scope<'a>],
    scope: &'b Scope<'a>,
    at: usize,
    /// How many turns there were.
    turns: usize,
    /// How many entries loops gave.
    looped: usize,
    expanded: &'b mut Expanded<'a>,
}

impl<'a> Expander<'a, '_> {
    fn items(&mut self, items: &'a [Item<'a>], around: &Rc<Around<'a>>) {
        for item in items {
            match item {
                Item::Entry(entry) => self.entry(entry, around),
                Item::Loop(each) => self.each(each, around),
                Item::Choice(choice) => self.choice(choice, around),
            }
        }
    }

    fn entry(&mut self, entry: &'a Entry<'a>, around: &Rc<Around<'a>>) {
        self.looped += usize::from(!around.turns.is_empty());
        if self.looped <= MOST {
            let instance = Instance { entry, scope: self.at, around: Rc::clone(around), id: None };
            self.expanded.instances.push(instance);
        }
    }

    fn each(&mut self, each: &'a Loop<'a>, around: &Rc<Around<'a>>) {
        let mut evaluator = Evaluator::new(self.scopes, self.scope, around, None);
        let turns = evaluator.turns(&each.iterable);
        self.expanded.diagnostics.append(&mut evaluator.diagnostics);
        match turns {
            Turns::Known(pairs) => {
                for (key, value) in pairs {
                    self.turn(each, around.turn(self.turns, key, value));
                    if self.looped > MOST {
                        return self.too_many(each.at);
                    }
                }
            }
            Turns::Unknown(flow) => {
                self.must_be_known(&each.iterable, around, "what entries are made for");
                self.unknown_turn(each, around, &flow);
            }
            Turns::Wrong => self.unknown_turn(each, around, &None),
        }
    }

    /// The body in a turn of which nothing is known but what flows into it.
    fn unknown_turn(&mut self, each: &'a Loop<'a>, around: &Around<'a>, flow: &Flow) {
        let nothing = || Val::unknown(each.iterable.at());
        self.turn(each, around.turn(self.turns, nothing(), nothing().of(flow)).unsure());
    }

    fn turn(&mut self, each: &'a Loop<'a>, around: Around<'a>) {
        self.turns += 1;
        self.items(&each.body, &Rc::new(around));
    }

    fn choice(&mut self, choice: &'a Choice<'a>, around: &Rc<Around<'a>>) {
        let mut evaluator = Evaluator::new(self.scopes, self.scope, around, None);
        let truth = evaluator.eval(&choice.condition).truth();
        self.expanded.diagnostics.append(&mut evaluator.diagnostics);
        match truth {
            Some(true) => self.items(&choice.yes, around),
            Some(false) => self.items(&choice.no, around),
            None => {
                self.must_be_known(&choice.condition, around, "what decides about entries");
                let around = Rc::new(around.unsure());
                self.items(&choice.yes, &around);
                self.items(&choice.no, &around);
            }
        }
    }

    /// In a plan, which entries there are cannot wait; where evaluating it failed, that was said.
    fn must_be_known(&mut self, node: &'a Node<'a>, around: &Around<'a>, what: &str) {
        let said = self.expanded.diagnostics.iter().any(|found| found.severity == Severity::Error);
        if self.scope.purpose == Purpose::Plan && !said {
            let message = format!("{what} must be known before the plan is made");
            let help = "it cannot depend on a look-up: write it out, or pass it by `!Context` or `!Env`";
            let diagnostic = Diagnostic::at(Code::NotKnown, node.whole(), message).help(help);
            self.expanded.diagnostics.push(around.shown(diagnostic));
        }
    }

    fn too_many(&mut self, at: Span) {
        let message = format!("loops around entries give more than {MOST} entries");
        self.expanded.diagnostics.push(Diagnostic::at(Code::TooComplex, at, message).help("loops in loops multiply"));
    }
}
