//! `!Enumerate [iterable, mode, body]` with `!Index` and `!Value`.
//!
//! A loop counts as one level also while its own iterable is evaluated, as with the peer: there, `!Value 1` is the
//! loop around it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::context::merge;
use super::flow::{Flow, gather};
use super::{Evaluator, Val, What};
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::yaml::{Kind, Node};

const USAGE: &str = "`!Enumerate [list or map, SEQ or MAP, body]`";

type Pairs<'a> = Vec<(Cow<'a, str>, Span, Val<'a>)>;

/// What a loop makes of what its turns give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A list.
    Seq,
    /// A map of the maps, or of the pairs.
    Map,
    /// One list of the lists.
    FlatSeq,
    /// A list in which nothing stands twice.
    UniqSeq,
}

impl Mode {
    const ALL: [(&str, Self); 4] =
        [("SEQ", Self::Seq), ("MAP", Self::Map), ("FLAT_SEQ", Self::FlatSeq), ("UNIQ_SEQ", Self::UniqSeq)];

    /// The mode of this name, in any case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, mode)| *mode)
    }
}

/// What a loop goes through: keys and values.
pub(crate) enum Turns<'a> {
    Known(Vec<(Val<'a>, Val<'a>)>),
    /// What flowed into what is not known.
    Unknown(Flow),
    /// It was said why.
    Wrong,
}

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

/// What the turns gave so far.
#[derive(Default)]
struct Collected<'a> {
    list: Vec<Val<'a>>,
    /// What stands in the list, for a list in which nothing stands twice.
    known: HashSet<String>,
    map: Pairs<'a>,
    /// Where each key of the map stands.
    places: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Evaluator<'a, '_> {
    pub(super) fn enumerate(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some([iterable, mode, body]) = self.args(node, 3..=3, USAGE) else {
            return Val::unknown(node.whole());
        };
        let turns = self.turns(iterable);
        let mode = self.mode(mode);
        let (Turns::Known(pairs), Some(mode)) = (&turns, mode) else {
            // Its mistakes are shown all the same.
            let nothing = || Val::unknown(iterable.at());
            let flow = if let Turns::Unknown(flow) = &turns { flow } else { &None };
            let value = self.eval_turn(body, nothing(), nothing().of(flow));
            return Val::unknown(node.whole()).of(&gather([&value], true));
        };
        let mut collected = Collected::default();
        for (key, value) in pairs {
            let value = self.eval_turn(body, key.clone(), value.clone());
            let flow = if value.has_unknown() { gather([&value], true) } else { None };
            if self.collect(&mut collected, mode, value, body).is_none() {
                return Val::unknown(node.whole()).of(&flow);
            }
        }
        let what = if mode == Mode::Map { What::Map(collected.map) } else { What::List(collected.list) };
        Val::new(what, node.whole())
    }

    fn mode(&mut self, node: &'a Node<'a>) -> Option<Mode> {
        let value = self.eval(node);
        let name = self.label(&value, USAGE)?;
        let mode = Mode::parse(&name);
        if mode.is_none() {
            let names = Mode::ALL.map(|(name, _)| name);
            let help = did_you_mean(&name.to_uppercase(), names)
                .unwrap_or_else(|| format!("the modes are {}", names.join(", ")));
            self.misused(node.whole(), format!("`!Enumerate` has no mode `{name}`"), help);
        }
        mode
    }

    /// Puts what a turn gave to the rest; none when that cannot be.
    fn collect(&mut self, into: &mut Collected<'a>, mode: Mode, value: Val<'a>, body: &'a Node<'a>) -> Option<()> {
        match mode {
            Mode::Map => {
                let part = self.part(value, body)?;
                add(&mut into.map, &mut into.places, part);
            }
            Mode::Seq => into.list.push(value),
            Mode::UniqSeq => {
                // Entries count evenly, objects oddly.
                let name = value.canonical(&|what| match what {
                    What::Entry(entry) => Some(entry.0 * 2),
                    What::Object(object) => Some(object.0 * 2 + 1),
                    _ => None,
                });
                if name.is_none_or(|name| into.known.insert(name)) {
                    into.list.push(value);
                }
            }
            Mode::FlatSeq => match value.what {
                What::List(items) => into.list.extend(items),
                What::Unknown => return None,
                _ => {
                    let message =
                        format!("the body of an `!Enumerate` with FLAT_SEQ must give a list, not {}", value.describe());
                    self.misused(body.whole(), message, "SEQ collects values that are no lists");
                    return None;
                }
            },
        }
        Some(())
    }

    /// The keys and values that a loop goes through.
    pub(crate) fn turns(&mut self, iterable: &'a Node<'a>) -> Turns<'a> {
        self.around.frames.push(None);
        let items = self.eval(iterable);
        self.around.frames.pop();
        let span = items.span;
        let flow = gather([&items].into_iter().filter(|items| !items.has_parts()), true);
        let number = |at: usize| Val::new(What::Int(i64::try_from(at).unwrap_or(i64::MAX)), span);
        Turns::Known(match items.what {
            What::List(values) => values.into_iter().enumerate().map(|(at, value)| (number(at), value)).collect(),
            What::Map(pairs) => pairs.into_iter().map(|(key, at, value)| (Val::text(key, at), value)).collect(),
            What::Text(text) => {
                let letter = |c: char| Val::text(c.to_string(), span).of(&flow);
                text.chars().enumerate().map(|(at, c)| (number(at), letter(c))).collect()
            }
            What::Unknown => return Turns::Unknown(flow),
            _ => {
                let message = format!("`!Enumerate` goes through a list or a map, not {}", items.describe());
                self.misused(iterable.whole(), message, format!("write {USAGE}"));
                return Turns::Wrong;
            }
        })
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
        let text = match &node.kind {
            Kind::Scalar(scalar) => &*scalar.text,
            Kind::Seq(_) | Kind::Map(_) | Kind::Broken => "",
        };
        let Ok(depth) = text.parse::<usize>() else {
            let help = format!("write `{name} 0` for the innermost loop, `{name} 1` for the one around it");
            let message = match &node.kind {
                Kind::Scalar(_) if !text.is_empty() => format!("`{name}` takes a whole number from 0, not `{text}`"),
                _ => format!("`{name}` takes a whole number from 0"),
            };
            return self.misused(node.whole(), message, help);
        };
        let frames = &self.around.frames;
        match depth.checked_add(1).and_then(|depth| frames.len().checked_sub(depth)).and_then(|at| frames.get(at)) {
            Some(Some(turn)) => {
                let found = if index { turn.0.clone() } else { turn.1.clone() };
                self.spend(found.size(), node.whole());
                found.placed(node.whole())
            }
            Some(None) => self.misused(
                node.whole(),
                format!("this loop has no {what} yet: its list is only now evaluated"),
                format!("write `{name} {}` for the loop around it", depth.saturating_add(1)),
            ),
            None => {
                let message = match frames.len() {
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
}
