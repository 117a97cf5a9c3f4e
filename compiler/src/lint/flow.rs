//! Where values come from, as far as secrets go: which `!Env`, `!File` and secret attribute feeds which place.
//!
//! Goes through the nodes as they are written, both branches of an `!If` alike, so that it does not hang on what this run
//! knows. Maps, lists and the turns of loops are kept apart: beside a secret, a name is still a name. What only decides
//! (a condition, a key) does not flow.

use std::rc::Rc;

use crate::blueprint::Blueprint;
use crate::models;
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// How many nodes one value may lead through: loops in loops grow fast.
const STEPS: usize = 20_000;

/// How deep context values may name each other.
const DEPTH: usize = 100;

/// Something that can be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// `!Env NAME`
    Env(String),
    /// `!File PATH`
    File(String),
    /// An attribute of an object that is secret: its model and its name.
    Attribute(&'static str, String),
}

/// A source and where it is read.
pub(super) type Read = (Source, Span);

/// What a value is made of.
#[derive(Clone)]
enum Shape {
    /// No parts of interest: everything that flows into it.
    Leaf(Vec<Read>),
    List(Vec<Rc<Shape>>),
    Map(Vec<(String, Rc<Shape>)>),
    /// `!FindObject` of this model.
    Object(&'static str, Span),
}

/// What flows into the value of a node.
pub(super) fn sources(blueprint: &Blueprint<'_>, node: &Node<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    Tracer { blueprint, frames: Vec::new(), steps: 0, depth: 0 }.shape(node).flatten(&mut found);
    found.dedup();
    found
}

struct Tracer<'a> {
    blueprint: &'a Blueprint<'a>,
    frames: Vec<Rc<Shape>>,
    steps: usize,
    depth: usize,
}

impl Shape {
    fn nothing() -> Self {
        Self::Leaf(Vec::new())
    }

    fn flatten(&self, into: &mut Vec<Read>) {
        match self {
            Self::Leaf(reads) => into.extend(reads.iter().cloned()),
            Self::List(items) => items.iter().for_each(|item| item.flatten(into)),
            Self::Map(pairs) => pairs.iter().for_each(|(_, value)| value.flatten(into)),
            // What the server shows of an object holds no secret.
            Self::Object(..) => {}
        }
    }

    fn leaf<'b>(shapes: impl IntoIterator<Item = &'b Self>) -> Self
    where
        Self: 'b,
    {
        let mut reads = Vec::new();
        shapes.into_iter().for_each(|shape| shape.flatten(&mut reads));
        Self::Leaf(reads)
    }
}

impl<'a> Tracer<'a> {
    fn shape(&mut self, node: &'a Node<'a>) -> Shape {
        self.steps += 1;
        if self.steps > STEPS || self.depth >= DEPTH {
            return Shape::nothing();
        }
        self.depth += 1;
        let shape = match &node.tag {
            Some(tag) => self.tag(node, &tag.name),
            None => self.untagged(node),
        };
        self.depth -= 1;
        shape
    }

    fn untagged(&mut self, node: &'a Node<'a>) -> Shape {
        match &node.kind {
            Kind::Scalar(_) | Kind::Broken => Shape::nothing(),
            Kind::Seq(items) => Shape::List(items.iter().map(|item| Rc::new(self.shape(item))).collect()),
            Kind::Map(pairs) => Shape::Map(
                pairs.iter().map(|(name, _, value)| (name.to_string(), Rc::new(self.shape(value)))).collect(),
            ),
        }
    }

    fn tag(&mut self, node: &'a Node<'a>, tag: &str) -> Shape {
        let args: &'a [Node<'a>] = if let Kind::Seq(items) = &node.kind { items } else { &[] };
        match (tag, args) {
            ("!Env", _) => self.outside(node, args, Source::Env),
            ("!File", _) => self.outside(node, args, Source::File),
            ("!Context", _) => self.context(node, args),
            ("!Format" | "!ParseJSON", _) => {
                let shapes: Vec<Shape> = args.iter().map(|arg| self.shape(arg)).collect();
                Shape::leaf(&shapes)
            }
            ("!If", [_, yes, no]) => Shape::List(vec![Rc::new(self.shape(yes)), Rc::new(self.shape(no))]).one(),
            ("!AtIndex", [whole, key, rest @ ..]) => self.at_index(whole, key, rest),
            ("!Enumerate", [items, _, body]) => self.each(items, body),
            ("!Value", _) => self.frame(node),
            ("!FindObject", [model, ..]) => match literal(model).and_then(models::model) {
                Some(model) => Shape::Object(model.name, node.whole()),
                None => Shape::nothing(),
            },
            _ => Shape::nothing(),
        }
    }

    /// `!Env` and `!File`, with what stands in for them.
    fn outside(&mut self, node: &'a Node<'a>, args: &'a [Node<'a>], source: fn(String) -> Source) -> Shape {
        let name = scalar(node).or_else(|| args.first().and_then(literal));
        let mut reads: Vec<Read> = name.map(|name| (source(name.to_owned()), node.whole())).into_iter().collect();
        if let Some(default) = args.get(1) {
            self.shape(default).flatten(&mut reads);
        }
        Shape::Leaf(reads)
    }

    fn context(&mut self, node: &'a Node<'a>, args: &'a [Node<'a>]) -> Shape {
        let blueprint = self.blueprint;
        let Some(path) = scalar(node).or_else(|| args.first().and_then(literal)) else { return Shape::nothing() };
        let ends = std::iter::once(path.len()).chain(path.rmatch_indices('.').map(|(at, _)| at));
        for end in ends {
            let (Some(key), Some(rest)) = (path.get(..end), path.get(end..)) else { continue };
            let Some((_, _, value)) = blueprint.context.iter().find(|(known, ..)| *known == key) else { continue };
            // Loops of the entry mean nothing inside the context.
            let frames = std::mem::take(&mut self.frames);
            let mut shape = self.shape(value);
            self.frames = frames;
            for step in rest.split('.').filter(|step| !step.is_empty()) {
                shape = shape.part(step);
            }
            return shape;
        }
        args.get(1).map_or_else(Shape::nothing, |default| self.shape(default))
    }

    fn at_index(&mut self, whole: &'a Node<'a>, key: &'a Node<'a>, rest: &'a [Node<'a>]) -> Shape {
        let whole = self.shape(whole);
        let part = match literal(key) {
            Some(name) => whole.part(name),
            None => whole.one(),
        };
        match rest.first() {
            Some(default) => Shape::leaf(&[part, self.shape(default)]),
            None => part,
        }
    }

    fn each(&mut self, items: &'a Node<'a>, body: &'a Node<'a>) -> Shape {
        // While its list is evaluated, a loop counts already.
        self.frames.push(Rc::new(Shape::nothing()));
        let items = self.shape(items);
        self.frames.pop();
        let turns: Vec<Rc<Shape>> = match items {
            Shape::List(items) => items,
            Shape::Map(pairs) => pairs.into_iter().map(|(_, value)| value).collect(),
            other => vec![Rc::new(other)],
        };
        let mut results = Vec::new();
        for turn in turns {
            self.frames.push(turn);
            results.push(Rc::new(self.shape(body)));
            self.frames.pop();
        }
        Shape::List(results)
    }

    fn frame(&mut self, node: &'a Node<'a>) -> Shape {
        let depth = scalar(node).and_then(|text| text.parse::<usize>().ok());
        let at = depth.and_then(|depth| self.frames.len().checked_sub(depth + 1));
        match at.and_then(|at| self.frames.get(at)) {
            Some(shape) => (**shape).clone(),
            None => Shape::nothing(),
        }
    }
}

impl Shape {
    /// Any of its parts, whichever it will be.
    fn one(self) -> Self {
        match self {
            Self::List(items) if items.len() == 1 => items.first().map_or_else(Self::nothing, |item| (**item).clone()),
            other => Self::leaf([&other]),
        }
    }

    /// The part of a name or number; of what has none it may be anything.
    fn part(&self, name: &str) -> Self {
        match self {
            Self::Map(pairs) => match pairs.iter().find(|(known, _)| known == name) {
                Some((_, value)) => (**value).clone(),
                None => Self::nothing(),
            },
            Self::List(items) => match name.parse().ok().and_then(|at: usize| items.get(at)) {
                Some(item) => (**item).clone(),
                None => Self::leaf([self]),
            },
            Self::Object(model, at) => {
                let field = models::model(model).and_then(|model| model.field(name));
                match field.filter(|field| field.secret.is_some()) {
                    Some(_) => Self::Leaf(vec![(Source::Attribute(model, name.to_owned()), *at)]),
                    None => Self::nothing(),
                }
            }
            Self::Leaf(reads) => Self::Leaf(reads.clone()),
        }
    }
}

/// The text of a scalar, tagged or not.
fn scalar<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    match &node.kind {
        Kind::Scalar(scalar) if !scalar.text.is_empty() => Some(&scalar.text),
        _ => None,
    }
}

/// The text of a scalar that is no tag.
fn literal<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    scalar(node).filter(|_| node.tag.is_none())
}
