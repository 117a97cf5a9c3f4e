//! Nodes to values: the one evaluator of tags, used for `check` and for the plan alike.
//!
//! What only the plan, the database or the environment can tell is [`What::Unknown`] and spreads through every tag.
//! Knows no model's fields and no object: `!Find` asks a [`Finder`], which `link/` implements. The tags are in
//! `logic.rs`, `lookup.rs`, `enumerate.rs`, `format.rs` and `context.rs`.

mod context;
mod enumerate;
mod format;
mod logic;
mod lookup;
mod path;
mod value;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::Purpose;
use crate::diagnostic::{Code, Diagnostic};
use crate::models::{self, Model};
use crate::source::{SourceFile, Span};
use crate::suggest::{Names, did_you_mean};
use crate::world::{ExistingKey, World};
use crate::yaml::{self, Kind, Node};

pub(crate) use context::{Context, defaults};
pub(crate) use value::{EntryIndex, ObjectId, Val, What};

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
    ("!KeyOf", Forms::Scalar),
    ("!Find", Forms::List),
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
    ("!ParseJSON", Forms::Scalar),
];

/// How many values one entry may evaluate to, repeats included: loops in loops grow fast.
const STEPS: usize = 500_000;

/// How deep evaluation may nest: the text's own depth is bounded, this is for context values that name others.
const DEPTH: usize = 160;

/// How an answer to `!Find` can look.
pub(crate) enum Lookup {
    Declared(ObjectId),
    Existing(ExistingKey),
    Nothing,
    Unknown,
}

/// Answers `!Find` among the declared objects, then in the database.
pub(crate) trait Finder<'a> {
    fn find(&self, target: &Target, conditions: &[(String, Val<'a>)]) -> Lookup;
}

/// What a `!Find` looks through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// One model.
    Model(&'static str),
    /// A base class of the peer: every model of this kind.
    Kind(&'static str),
}

impl Target {
    /// The models that are looked through.
    pub(crate) fn models(&self) -> Vec<&'static Model> {
        match self {
            Self::Model(name) => models::model(name).into_iter().collect(),
            Self::Kind(kind) => models::models().iter().copied().filter(|model| model.kinds.contains(kind)).collect(),
        }
    }
}

/// The ids of a file: the first entry that has one counts.
#[derive(Debug, Default)]
pub(crate) struct Ids<'a> {
    pub(crate) entries: HashMap<&'a str, (EntryIndex, Span)>,
    /// The same, for those who look for what was meant.
    pub(crate) names: OnceCell<Names<'a>>,
    /// Which ones somebody referred to.
    pub(crate) used: RefCell<HashSet<&'a str>>,
}

/// What all entries of a file share.
pub(crate) struct Scope<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) world: &'a dyn World,
    pub(crate) purpose: Purpose,
    pub(crate) context: &'a Context<'a>,
    pub(crate) ids: &'a Ids<'a>,
}

/// Evaluates the nodes of one entry.
pub(crate) struct Evaluator<'a, 'b> {
    scope: &'b Scope<'a>,
    /// None in the first pass, in which every `!Find` is unknown.
    finder: Option<&'b dyn Finder<'a>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How deep `!Find`s were nested, 0 when there was none.
    pub(crate) find_depth: usize,
    finding: usize,
    /// The entries that `!KeyOf`s named.
    pub(crate) named: Vec<EntryIndex>,
    /// One frame for each loop around the node: its key and value, or nothing while its iterable is evaluated.
    frames: Vec<Option<(Val<'a>, Val<'a>)>>,
    steps: usize,
    depth: usize,
}

impl<'a, 'b> Evaluator<'a, 'b> {
    pub(crate) fn new(scope: &'b Scope<'a>, finder: Option<&'b dyn Finder<'a>>) -> Self {
        Self {
            scope,
            finder,
            diagnostics: Vec::new(),
            find_depth: 0,
            finding: 0,
            named: Vec::new(),
            frames: Vec::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// Evaluates a node with everything in it.
    pub(crate) fn eval(&mut self, node: &'a Node<'a>) -> Val<'a> {
        if !self.spend(1, node.at()) || self.depth >= DEPTH {
            return self.too_deep(node);
        }
        self.depth += 1;
        let value = if let Some(tag) = &node.tag {
            let mut value = self.tag(node, &tag.name, tag.span);
            value.node = None;
            value
        } else {
            self.untagged(node)
        };
        self.depth -= 1;
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
        Val { what, span, node: Some(node) }
    }

    fn tag(&mut self, node: &'a Node<'a>, name: &str, at: Span) -> Val<'a> {
        match name {
            "!KeyOf" => self.key_of(node),
            "!Find" => self.find(node),
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
        self.diagnostics.push(diagnostic);
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
                let message = format!("a name is wanted here, not {}", value.describe());
                self.misused(value.span, message, format!("write {usage}"));
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
                Diagnostic::at(Code::TooComplex, node.whole(), "context values name each other without an end")
                    .help("a context value cannot refer to itself, not even by way of others"),
            );
        }
        Val::unknown(node.whole())
    }
}
