//! Maps as the peer reads them: `<<` merged in, the last of two equal keys wins.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::{ALIAS_BUDGET, Kind, Node, Pair, Pairs, Plain, Style, compose};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Maps of up to this many keys are searched rather than hashed.
const FEW: usize = 8;

/// The pairs of a map from its nodes, which are keys and values in turn: merges, checks the keys and drops those that a
/// later equal one replaces.
pub(super) fn pairs<'t>(
    text: &str,
    mut nodes: impl ExactSizeIterator<Item = Node<'t>>,
    added: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Pairs<'t> {
    let mut own = Distinct::new(text, nodes.len() / 2);
    let mut merges = Vec::new();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        if is_merge(&key) {
            merges.push(value);
        } else if let Some(pair) = pair(key, value, diagnostics) {
            own.add(pair, diagnostics);
        }
    }
    if merges.is_empty() { own.pairs.into() } else { merged(own.pairs, merges, added, diagnostics).into() }
}

/// The same from pairs of several pieces, where what `<<` brings is there already.
pub(super) fn with_merged<'t>(
    text: &str,
    pairs: Vec<Pair<'t>>,
    merged: Vec<Pair<'t>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Pairs<'t> {
    let mut own = Distinct::new(text, pairs.len());
    pairs.into_iter().for_each(|pair| own.add(pair, diagnostics));
    let names: HashSet<Cow<'t, str>> = own.pairs.iter().map(|(name, ..)| name.clone()).collect();
    merged.into_iter().filter(|(name, ..)| !names.contains(name)).chain(own.pairs).collect()
}

fn is_merge(key: &Node<'_>) -> bool {
    key.tag.is_none()
        && matches!(&key.kind, Kind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "<<")
}

/// A key with its value; none where no map can have such a key, which is reported.
pub(super) fn pair<'t>(key: Node<'t>, value: Node<'t>, diagnostics: &mut Vec<Diagnostic>) -> Option<Pair<'t>> {
    let span = key.at();
    let typed = match key.plain().filter(|_| key.tag.is_none()) {
        Some(Plain::Null) => Some("null".to_owned()),
        Some(Plain::Bool(value)) => Some(value.to_string()),
        Some(Plain::Int(value)) => Some(value.to_string()),
        Some(Plain::Float(value)) => Some(value.to_string()),
        Some(Plain::Text(_)) => None,
        // What cannot be read was reported; that something stands here is kept.
        None if matches!(key.kind, Kind::Broken) => return Some(broken(span)),
        None => {
            let message = format!("{} cannot be a key", key.describe());
            diagnostics.push(Diagnostic::at(Code::Shape, key.whole(), message).help("a key is a text"));
            return None;
        }
    };
    match (typed, key.kind) {
        (Some(typed), _) => Some((typed.into(), span, value)),
        (None, Kind::Scalar(scalar)) => Some((scalar.text, span, value)),
        (None, _) => None,
    }
}

/// A pair that cannot be read.
pub(super) fn broken<'t>(span: Span) -> Pair<'t> {
    (Cow::Borrowed(""), span, compose::broken(span))
}

/// Whether it is one.
pub(crate) fn is_broken((name, _, value): &Pair<'_>) -> bool {
    name.is_empty() && matches!(value.kind, Kind::Broken)
}

/// Pairs with different keys: a later one replaces an earlier.
struct Distinct<'t, 's> {
    text: &'s str,
    pairs: Vec<Pair<'t>>,
    /// Where each key stands, filled once there are more than are quickly looked through.
    places: HashMap<Cow<'t, str>, usize>,
}

impl<'t, 's> Distinct<'t, 's> {
    fn new(text: &'s str, size: usize) -> Self {
        Self { text, pairs: Vec::with_capacity(size), places: HashMap::new() }
    }

    fn add(&mut self, pair: Pair<'t>, diagnostics: &mut Vec<Diagnostic>) {
        let earlier = if is_broken(&pair) { None } else { self.place(&pair.0) };
        match earlier.and_then(|at| self.pairs.get_mut(at)) {
            Some(slot) => {
                diagnostics.push(duplicate(self.text, &pair, slot.1));
                *slot = pair;
            }
            None => self.pairs.push(pair),
        }
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if self.pairs.len() <= FEW {
            return self.pairs.iter().position(|pair| pair.0 == name && !is_broken(pair));
        }
        // Everything that came since the last look.
        let known = self.places.len();
        self.places.extend(self.pairs.iter().enumerate().skip(known).map(|(at, (name, ..))| (name.clone(), at)));
        self.places.get(name).copied()
    }
}

fn duplicate(text: &str, (name, key, _): &Pair<'_>, first: Span) -> Diagnostic {
    let written = |span: Span| text.get(span.range()).unwrap_or_default().trim_matches(['"', '\'']);
    let (one, other) = (written(first), written(*key));
    let (message, help) = if one == other {
        (format!("`{name}` stands twice in this map"), "the last one counts: delete one of them")
    } else {
        let message = format!("`{one}` and `{other}` are the same key: both mean `{name}`");
        (message, "the last one counts; a key that is meant as a text needs quotes")
    };
    Diagnostic::at(Code::DuplicateKey, *key, message).help(help).related(first, "first here")
}

/// `<<` puts the pairs of other maps in front; the map's own win, and of several maps the first.
fn merged<'t>(
    own: Vec<Pair<'t>>,
    merges: Vec<Node<'t>>,
    added: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Pair<'t>> {
    let mut taken: HashMap<Cow<'t, str>, usize> = HashMap::new();
    let mut result = Vec::new();
    // A later `<<` of the same map wins over an earlier one, as with the peer; within a list the first wins.
    for merge in merges.into_iter().rev() {
        for (name, span, value) in sources(merge, diagnostics) {
            *added = added.saturating_add(1 + compose::count(&value));
            if *added > ALIAS_BUDGET {
                let message = format!("merges expand to more than {ALIAS_BUDGET} nodes");
                diagnostics.push(Diagnostic::at(Code::TooComplex, span, message));
                return own;
            }
            if let Entry::Vacant(place) = taken.entry(name.clone()) {
                place.insert(result.len());
                result.push((name, span, value));
            }
        }
    }
    for (name, span, value) in own {
        match taken.get(&name).and_then(|at| result.get_mut(*at)) {
            Some(slot) => *slot = (name, span, value),
            None => result.push((name, span, value)),
        }
    }
    result
}

/// All pairs that a `<<` brings, those that win first.
fn sources<'t>(value: Node<'t>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Pair<'t>> {
    let at = value.at();
    match value.kind {
        Kind::Map(pairs) => pairs.into(),
        Kind::Seq(items) => items.into_iter().flat_map(|item| sources_of_item(item, diagnostics)).collect(),
        Kind::Broken => Vec::new(),
        Kind::Scalar(_) => {
            diagnostics.push(not_a_map(at));
            Vec::new()
        }
    }
}

fn sources_of_item<'t>(item: Node<'t>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Pair<'t>> {
    let at = item.at();
    match item.kind {
        Kind::Map(pairs) => return pairs.into(),
        Kind::Broken => {}
        Kind::Seq(_) | Kind::Scalar(_) => diagnostics.push(not_a_map(at)),
    }
    Vec::new()
}

fn not_a_map(at: Span) -> Diagnostic {
    Diagnostic::at(Code::Shape, at, "`<<` takes a map or a list of maps").help("merge an alias of a map: `<<: *name`")
}
