//! `!Enumerate [iterable, SEQ | MAP, body]` with `!Index` and `!Value`.
//!
//! A loop counts as one level also while its own iterable is evaluated, as with the peer: there, `!Value 1` is the
//! loop around it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::context::merge;
use super::{Evaluator, Val, What};
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{Kind, Node};

const USAGE: &str = "`!Enumerate [list or map, SEQ or MAP, body]`";

type Pairs<'a> = Vec<(Cow<'a, str>, Span, Val<'a>)>;

/// Merges what a turn gives into what the turns before gave.
fn add<'a>(merged: &mut Pairs<'a>, places: &mut HashMap<Cow<'a, str>, usize>, part: Pairs<'a>) {
    for (name, at, value) in part {
        match places.get(&name).and_then(|place| merged.get_mut(*place)) {
            Some((_, _, slot)) => {
                let before = std::mem::replace(slot, Val::null(at));
                *slot = merge(before, value);
            }
            None => {
                places.insert(name.clone(), merged.len());
                merged.push((name, at, value));
            }
        }
    }
}

impl<'a> Evaluator<'a, '_> {
    pub(super) fn enumerate(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some([iterable, mode, body]) = self.args(node, 3..=3, USAGE) else {
            return Val::unknown(node.whole());
        };
        self.frames.push(None);
        let items = self.eval(iterable);
        self.frames.pop();
        let kind = self.eval(mode);
        let Some(kind) = self.label(&kind, USAGE) else {
            return Val::unknown(node.whole());
        };
        let map = match kind.to_uppercase().as_str() {
            "SEQ" => false,
            "MAP" => true,
            upper => {
                let help =
                    did_you_mean(upper, ["SEQ", "MAP"]).unwrap_or_else(|| "the modes are SEQ and MAP".to_owned());
                return self.misused(mode.whole(), format!("`!Enumerate` has no mode `{kind}`"), help);
            }
        };
        let Some(pairs) = self.pairs(items, iterable) else {
            return Val::unknown(node.whole());
        };
        let mut list = Vec::new();
        let mut merged = Vec::new();
        let mut places = HashMap::new();
        for pair in pairs {
            self.frames.push(Some(pair));
            let value = self.eval(body);
            self.frames.pop();
            if map {
                let Some(part) = self.part(value, body) else { return Val::unknown(node.whole()) };
                add(&mut merged, &mut places, part);
            } else {
                list.push(value);
            }
        }
        Val::new(if map { What::Map(merged) } else { What::List(list) }, node.whole())
    }

    /// The keys and values of what is gone through.
    fn pairs(&mut self, items: Val<'a>, iterable: &'a Node<'a>) -> Option<Vec<(Val<'a>, Val<'a>)>> {
        let span = items.span;
        let number = |at: usize| Val::new(What::Int(i64::try_from(at).unwrap_or(i64::MAX)), span);
        match items.what {
            What::List(values) => Some(values.into_iter().enumerate().map(|(at, value)| (number(at), value)).collect()),
            What::Map(pairs) => Some(pairs.into_iter().map(|(key, at, value)| (Val::text(key, at), value)).collect()),
            What::Text(text) => {
                Some(text.chars().enumerate().map(|(at, c)| (number(at), Val::text(c.to_string(), span))).collect())
            }
            What::Unknown => None,
            other => {
                let message =
                    format!("`!Enumerate` goes through a list or a map, not {}", Val::new(other, span).describe());
                self.misused(iterable.whole(), message, format!("write {USAGE}"));
                None
            }
        }
    }

    /// What a turn adds to a map: a map, or a list of a key and a value.
    fn part(&mut self, value: Val<'a>, body: &'a Node<'a>) -> Option<Pairs<'a>> {
        match value.what {
            What::Unknown => return None,
            What::Map(pairs) => return Some(pairs),
            What::List(mut items) if items.len() >= 2 => {
                items.truncate(2);
                if let (Some(value), Some(key)) = (items.pop(), items.pop()) {
                    let key_span = key.span;
                    let name = self.label(&key, "a list of a key and a value")?;
                    return Some(vec![(name.into(), key_span, value)]);
                }
            }
            _ => {}
        }
        self.misused(
            body.whole(),
            "the body of an `!Enumerate` with MAP must give a map, or a list of a key and a value",
            "write `[!Index 0, !Value 0]`",
        );
        None
    }

    /// `!Index DEPTH` and `!Value DEPTH`: 0 is the innermost loop.
    pub(super) fn frame(&mut self, node: &'a Node<'a>, index: bool) -> Val<'a> {
        let (name, what) = if index { ("!Index", "index") } else { ("!Value", "value") };
        let depth = match &node.kind {
            Kind::Scalar(scalar) => scalar.text.parse::<usize>().ok(),
            _ => None,
        };
        let Some(depth) = depth else {
            let help = format!("write `{name} 0` for the innermost loop");
            return self.misused(node.whole(), format!("`{name}` takes a number"), help);
        };
        let frame = self.frames.len().checked_sub(depth + 1).and_then(|at| self.frames.get(at));
        match frame {
            Some(Some((key, value))) => {
                let found = if index { key.clone() } else { value.clone() };
                self.spend(found.size(), node.whole());
                self.placed(found, node.whole())
            }
            Some(None) => self.misused(
                node.whole(),
                format!("this loop has no {what} yet: its list is only now evaluated"),
                format!("write `{name} {}` for the loop around it", depth + 1),
            ),
            None => {
                let message = match self.frames.len() {
                    0 => format!("`{name}` stands outside of every `!Enumerate`"),
                    loops => format!(
                        "`{name} {depth}` reaches beyond the {loops} loop{} around it",
                        if loops == 1 { "" } else { "s" }
                    ),
                };
                self.misused(node.whole(), message, "0 is the innermost loop")
            }
        }
    }

    /// The same value, with its own place kept where it has parts.
    fn placed(&self, value: Val<'a>, span: Span) -> Val<'a> {
        match value.what {
            What::List(_) | What::Map(_) => value,
            _ => Val { span, ..value },
        }
    }
}
