//! Items of `entries`: an entry, or an `!Enumerate` or `!If` that gives entries.
//!
//! Their bodies are taken apart once, here, so that a misplaced part is reported once. How often and whether they
//! count is for `link/expand.rs` to find out.

use super::{Entry, Shaper, place};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::Mode;
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{Kind, Node, Plain};

const LOOP: &str = "`!Enumerate [list or map, SEQ, entry or list of entries]`";
const CHOICE: &str = "`!If [condition, entries when true, entries when false]`, with `[]` where none is meant";

/// What may stand in a list of entries.
#[derive(Debug)]
pub(crate) enum Item<'t> {
    Entry(Box<Entry<'t>>),
    Loop(Box<Loop<'t>>),
    Choice(Box<Choice<'t>>),
}

/// `!Enumerate` around entries.
#[derive(Debug)]
pub(crate) struct Loop<'t> {
    /// The tag.
    pub(crate) at: Span,
    pub(crate) iterable: Node<'t>,
    pub(crate) body: Vec<Item<'t>>,
}

/// `!If` around entries.
#[derive(Debug)]
pub(crate) struct Choice<'t> {
    pub(crate) condition: Node<'t>,
    pub(crate) yes: Vec<Item<'t>>,
    pub(crate) no: Vec<Item<'t>>,
}

impl Shaper<'_> {
    /// The items of a list, or of a tag that gives one.
    pub(super) fn items<'t>(&mut self, node: Node<'t>, what: &str, help: &str) -> Vec<Item<'t>> {
        if is_dynamic(&node) {
            return self.dynamic(node).into_iter().collect();
        }
        let nodes = self.list(node, what, help).unwrap_or_default();
        nodes.into_iter().filter_map(|node| self.item(node)).collect()
    }

    fn item<'t>(&mut self, node: Node<'t>) -> Option<Item<'t>> {
        if is_dynamic(&node) {
            return self.dynamic(node);
        }
        if let Some(tag) = &node.tag {
            let message =
                format!("an entry is a map, or an `!Enumerate` or `!If` that gives entries, not `{}`", tag.name);
            self.diagnostics.push(Diagnostic::at(Code::Shape, place(&node), message).help(format!("write {LOOP}")));
            return None;
        }
        self.entry(node).map(|entry| Item::Entry(Box::new(entry)))
    }

    fn dynamic<'t>(&mut self, node: Node<'t>) -> Option<Item<'t>> {
        let at = node.tag.as_ref().map_or(node.span, |tag| tag.span);
        let is_loop = is(&node, "!Enumerate");
        if matches!(node.kind, Kind::Broken) {
            return None;
        }
        let Kind::Seq(args) = node.kind else {
            let message =
                if is_loop { "`!Enumerate` needs a list of arguments" } else { "`!If` needs a list of arguments" };
            return self.misused(at, message, is_loop);
        };
        let count = args.len();
        let [first, second, third]: [Node<'t>; 3] = match args.into_vec().try_into() {
            Ok(args) => args,
            Err(_) => {
                let name = if is_loop { "!Enumerate" } else { "!If" };
                let message = format!("`{name}` around entries has 3 arguments, not {count}");
                return self.misused(at, &message, is_loop);
            }
        };
        if !is_loop {
            let (yes, no) = (self.body(second), self.body(third));
            return Some(Item::Choice(Box::new(Choice { condition: first, yes, no })));
        }
        self.mode(&second);
        let body = self.body(third);
        Some(Item::Loop(Box::new(Loop { at, iterable: first, body })))
    }

    /// One entry, a list of them, or nothing.
    fn body<'t>(&mut self, node: Node<'t>) -> Vec<Item<'t>> {
        let is_map = matches!(node.kind, Kind::Map(_));
        if matches!(node.kind, Kind::Broken) || (node.tag.is_none() && node.plain() == Some(Plain::Null)) {
            return Vec::new();
        }
        if is_map || (node.tag.is_some() && !is_dynamic(&node)) {
            return self.item(node).into_iter().collect();
        }
        self.items(node, "what an `!Enumerate` or `!If` gives here", "write an entry, or a list of entries")
    }

    /// Every mode that gives a list does, and the lists of the turns are one list of entries anyway.
    fn mode(&mut self, node: &Node<'_>) {
        if matches!(node.kind, Kind::Broken) {
            return;
        }
        let name = match (&node.tag, &node.kind) {
            (None, Kind::Scalar(scalar)) => &*scalar.text,
            _ => "",
        };
        let message = match Mode::parse(name) {
            Some(Mode::Map) => "entries are a list: MAP does not give one".to_owned(),
            Some(_) => return,
            None if name.is_empty() => "the mode of an `!Enumerate` around entries is written out".to_owned(),
            None => format!("`!Enumerate` has no mode `{name}`"),
        };
        let help = did_you_mean(&name.to_uppercase(), ["SEQ"]).unwrap_or_else(|| format!("write {LOOP}"));
        self.diagnostics.push(Diagnostic::at(Code::TagArguments, place(node), message).help(help));
    }

    fn misused<'t>(&mut self, at: Span, message: &str, is_loop: bool) -> Option<Item<'t>> {
        let usage = if is_loop { LOOP } else { CHOICE };
        self.diagnostics.push(Diagnostic::at(Code::TagArguments, at, message).help(format!("write {usage}")));
        None
    }
}

fn is(node: &Node<'_>, name: &str) -> bool {
    node.tag.as_ref().is_some_and(|tag| tag.name == name)
}

fn is_dynamic(node: &Node<'_>) -> bool {
    is(node, "!Enumerate") || is(node, "!If")
}
