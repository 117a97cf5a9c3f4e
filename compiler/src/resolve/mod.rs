//! Nodes to values: the one evaluator of tags, used for `check` and for the plan alike.
//!
//! What only the plan, the database or the environment can tell is [`What::Unknown`] and spreads through every tag.
//! Knows no model's fields and no object: `!Find` asks a [`Finder`], which `link/` implements. The tags are in
//! `logic.rs`, `lookup.rs`, `enumerate.rs`, `format.rs` and `context.rs`.

mod around;
mod context;
mod enumerate;
mod find;
mod flow;
mod format;
mod logic;
mod lookup;
mod path;
mod sibling;
mod trail;
mod value;

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::models;
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{self, Kind, Node};

pub(crate) use around::{Around, Ids, Scope};
pub(crate) use context::{Context, Passed, defaults};
pub(crate) use enumerate::{Mode, Turns};
pub(crate) use find::{Finder, Held, Lookup, Target};
pub(crate) use flow::{Flow, Read, Source};
pub(crate) use value::{EntryIndex, ObjectId, Val, What, every};

/// How the arguments of a tag are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forms {
    /// `!Tag text`
    Scalar,
    /// `!Tag [a, b]`
    List,
    /// Either.
    Both,
}

/// Every tag of the language.
pub(crate) const TAGS: &[(&str, Forms)] = &[
    ("!KeyOf", Forms::Both),
    ("!Find", Forms::List),
    ("!FindMany", Forms::List),
    ("!FindObject", Forms::List),
    ("!Context", Forms::Both),
    ("!Env", Forms::Both),
    ("!File", Forms::Both),
    ("!Format", Forms::List),
    ("!If", Forms::List),
    ("!Condition", Forms::List),
    ("!Enumerate", Forms::List),
    ("!Index", Forms::Scalar),
    ("!Value", Forms::Scalar),
    ("!AtIndex", Forms::List),
    ("!ParseJSON", Forms::Both),
];

/// How many values one entry may evaluate to, repeats included: loops in loops grow fast.
const STEPS: usize = 500_000;

/// How deep evaluation may nest: the text's own depth is bounded, this is for context values that name others.
const DEPTH: usize = 160;

/// Evaluates the nodes of one entry.
pub(crate) struct Evaluator<'a, 'b> {
    /// All files of the program.
    scopes: &'b [Scope<'a>],
    /// The one that the node stands in.
    scope: &'b Scope<'a>,
    around: Around<'a>,
    /// None in the first pass, in which every `!Find` is unknown.
    finder: Option<&'b dyn Finder<'a>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How deep `!Find`s were nested, 0 when there was none.
    pub(crate) find_depth: usize,
    finding: usize,
    /// The entries that `!KeyOf`s named.
    pub(crate) named: Vec<EntryIndex>,
    /// The context values that are being evaluated: their files and keys.
    asked: Vec<(*const Scope<'a>, String)>,
    /// The field that is evaluated, when null will not do for it.
    wanted: Option<&'static models::Field>,
    steps: usize,
    depth: usize,
}

impl<'a, 'b> Evaluator<'a, 'b> {
    pub(crate) fn new(
        scopes: &'b [Scope<'a>],
        scope: &'b Scope<'a>,
        around: &Around<'a>,
        finder: Option<&'b dyn Finder<'a>>,
    ) -> Self {
        Self {
            scopes,
            scope,
            around: around.clone(),
            finder,
            diagnostics: Vec::new(),
            find_depth: 0,
            finding: 0,
            named: Vec::new(),
            asked: Vec::new(),
            wanted: None,
            steps: 0,
            depth: 0,
        }
    }

    /// Evaluates the node of a field.
    pub(crate) fn eval_field(&mut self, node: &'a Node<'a>, field: Option<&'static models::Field>) -> Val<'a> {
        self.wanted = field.filter(|field| field.required || field.secret.is_some());
        let value = self.eval(node);
        self.wanted = None;
        value
    }

    /// Why null will not do.
    fn why_wanted(&self) -> Option<String> {
        let field = self.wanted?;
        let why = if field.secret.is_some() { "a secret" } else { "required" };
        Some(format!("`{}` is {why}", field.name))
    }

    /// Evaluates what is only asked whether it is there.
    fn eval_asked(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let wanted = self.wanted.take();
        let value = self.eval(node);
        self.wanted = wanted;
        value
    }

    pub(crate) fn purpose(&self) -> crate::Purpose {
        self.scope.purpose
    }

    /// Evaluates a node with everything in it.
    pub(crate) fn eval(&mut self, node: &'a Node<'a>) -> Val<'a> {
        if !self.spend(1, node.at()) || self.depth >= DEPTH {
            return self.too_deep(node);
        }
        self.depth += 1;
        let mut value = if let Some(tag) = &node.tag {
            let mut value = self.tag(node, &tag.name, tag.span);
            // A text that came here through a tag may go to other places, too.
            value.flow = value.flow.take().or_else(|| value.written().map(|read| Rc::new(vec![read])));
            value.node = None;
            value
        } else {
            self.untagged(node)
        };
        if value.trail.is_none() {
            value.trail.clone_from(&self.around.trail);
        }
        self.depth -= 1;
        value
    }

    /// Evaluates inside a turn of a loop.
    fn eval_turn(&mut self, body: &'a Node<'a>, key: Val<'a>, value: Val<'a>) -> Val<'a> {
        let trail = trail::turn(&key, &value, &self.around.trail);
        let before = std::mem::replace(&mut self.around.trail, trail);
        self.around.frames.push(Some(Rc::new((key, value))));
        let value = self.eval(body);
        self.around.frames.pop();
        self.around.trail = before;
        value
    }

    fn untagged(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let span = node.at();
        if matches!(node.kind, Kind::Broken) {
            return Val::unknown(span);
        }
        if let Some((text, why)) = node.beyond() {
            self.report(
                Diagnostic::at(Code::InvalidValue, span, format!("`{text}` {why}"))
                    .help("put it in quotes if it is a text"),
            );
            return Val::unknown(span);
        }
        let what = match &node.kind {
            Kind::Scalar(_) | Kind::Broken => What::of_plain(node.plain().unwrap_or(crate::yaml::Plain::Null)),
            Kind::Seq(items) => What::List(items.iter().map(|item| self.eval(item)).collect()),
            Kind::Map(pairs) => {
                let pairs = pairs.iter().filter(|pair| !yaml::is_broken(pair));
                What::Map(pairs.map(|(key, at, value)| (key.clone(), *at, self.eval(value))).collect())
            }
        };
        Val { node: Some(node), ..Val::new(what, span) }
    }

    fn tag(&mut self, node: &'a Node<'a>, name: &str, at: Span) -> Val<'a> {
        match name {
            "!KeyOf" => self.key_of(node),
            "!Find" => self.find(node),
            "!FindMany" => self.find_many(node),
            "!FindObject" => self.find_object(node),
            "!Context" => self.context(node),
            "!Env" => self.env(node),
            "!File" => self.file(node),
            "!Format" => self.format(node),
            "!If" => self.branch(node),
            "!Condition" => self.condition(node),
            "!Enumerate" => self.enumerate(node),
            "!Index" => self.frame(node, true),
            "!Value" => self.frame(node, false),
            "!AtIndex" => self.at_index(node),
            "!ParseJSON" => self.parse_json(node),
            _ => {
                let help = did_you_mean(name, TAGS.iter().map(|(name, _)| *name)).unwrap_or_else(|| {
                    "the tags are `!KeyOf`, `!Find`, `!Context`, `!Env`, `!Format`, `!If`, `!Condition` and others"
                        .to_owned()
                });
                self.report(Diagnostic::at(Code::UnknownTag, at, format!("there is no tag `{name}`")).help(help));
                Val::unknown(node.whole())
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(trail::shown(diagnostic, &self.around.trail));
    }

    /// A tag with the wrong arguments.
    fn misused(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Val<'a> {
        self.report(Diagnostic::at(Code::TagArguments, span, message).help(help));
        Val::unknown(span)
    }

    /// The arguments of a tag in list form.
    fn args(
        &mut self,
        node: &'a Node<'a>,
        counts: std::ops::RangeInclusive<usize>,
        usage: &str,
    ) -> Option<&'a [Node<'a>]> {
        let name = node.tag.as_ref().map_or("", |tag| tag.name.as_str());
        let message = match &node.kind {
            Kind::Seq(items) if counts.contains(&items.len()) => return Some(items),
            Kind::Seq(items) => {
                format!("`{name}` has {} argument{}", items.len(), if items.len() == 1 { "" } else { "s" })
            }
            Kind::Scalar(_) | Kind::Broken => format!("`{name}` needs a list of arguments"),
            Kind::Map(_) => format!("`{name}` has a map for its arguments"),
        };
        self.misused(node.whole(), message, format!("write {usage}"));
        None
    }

    /// `!Tag NAME` and `!Tag [NAME, default]`.
    fn named(&mut self, node: &'a Node<'a>, usage: &str) -> Option<(String, Option<&'a Node<'a>>)> {
        if let Kind::Scalar(scalar) = &node.kind {
            if scalar.text.is_empty() {
                let name = node.tag.as_ref().map_or("", |tag| tag.name.as_str());
                self.misused(node.whole(), format!("`{name}` needs a name"), format!("write {usage}"));
                return None;
            }
            return Some((scalar.text.to_string(), None));
        }
        let args = self.args(node, 1..=2, usage)?;
        let first = args.first()?;
        let name = self.eval(first);
        Some((self.label(&name, usage)?, args.get(1)))
    }

    /// An argument that must be a text, or a number that stands for one.
    fn label(&mut self, value: &Val<'a>, usage: &str) -> Option<String> {
        match &value.what {
            What::Text(text) => Some(text.to_string()),
            What::Int(_) | What::Bool(_) => Some(format::display(value)?),
            What::Unknown => None,
            _ => {
                let message = format!("a text is wanted here, not {}", value.describe());
                self.diagnostics.push(value.finding(Code::TagArguments, message).help(format!("write {usage}")));
                None
            }
        }
    }

    /// Counts work; false once there was too much.
    fn spend(&mut self, steps: usize, at: Span) -> bool {
        let before = self.steps;
        self.steps = self.steps.saturating_add(steps);
        if self.steps > STEPS && before <= STEPS {
            self.report(
                Diagnostic::at(Code::TooComplex, at, format!("this entry evaluates to more than {STEPS} values"))
                    .help("loops in loops and context values that repeat each other multiply"),
            );
        }
        self.steps <= STEPS
    }

    fn too_deep(&mut self, node: &'a Node<'a>) -> Val<'a> {
        if self.steps <= STEPS {
            self.steps = STEPS + 1;
            self.report(
                Diagnostic::at(Code::TooComplex, node.whole(), "context values nest too deep")
                    .help("so many context values that name each other cannot be followed"),
            );
        }
        Val::unknown(node.whole())
    }
}
