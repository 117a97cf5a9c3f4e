//! Maps as the peer reads them: `<<` merged in, the last of two equal keys wins.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::{ALIAS_BUDGET, Kind, Node, Plain, Style, compose};
use crate::diagnostic::{Code, Diagnostic};

/// Maps of up to this many keys are searched rather than hashed.
const FEW: usize = 8;

/// Merges, checks the keys and drops those that a later equal one replaces. Lists and scalars pass.
pub(super) fn tidy(mut node: Node, added: &mut usize, diagnostics: &mut Vec<Diagnostic>) -> Node {
    if let Kind::Map(pairs) = &mut node.kind {
        let own = unique(std::mem::take(pairs), diagnostics);
        *pairs = merged(own, added, diagnostics);
    }
    node
}

/// The same where what `<<` brings is there already.
pub(super) fn with_merged(mut node: Node, merged: Vec<(Node, Node)>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    if let Kind::Map(pairs) = &mut node.kind {
        let own = unique(std::mem::take(pairs), diagnostics);
        let names: HashSet<String> = own.iter().filter_map(|(key, _)| key_text(key)).collect();
        let others = merged.into_iter().filter(|(key, _)| key_text(key).is_none_or(|name| !names.contains(&name)));
        *pairs = others.chain(own).collect();
    }
    node
}

fn is_merge(key: &Node) -> bool {
    key.tag.is_none()
        && matches!(&key.kind, Kind::Scalar(scalar) if scalar.style == Style::Plain && &*scalar.text == "<<")
}

/// A key as text: what JSON would call it.
pub(crate) fn key_text(key: &Node) -> Option<String> {
    if key.tag.is_some() {
        return None;
    }
    Some(match key.plain()? {
        Plain::Null => "null".to_owned(),
        Plain::Bool(value) => value.to_string(),
        Plain::Int(value) => value.to_string(),
        Plain::Float(value) => value.to_string(),
        Plain::Text(text) => text,
    })
}

fn unique(pairs: Vec<(Node, Node)>, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Node, Node)> {
    let mut seen: Vec<String> = Vec::with_capacity(pairs.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut result: Vec<(Node, Node)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        // What cannot be read was reported; that something stands here is kept.
        if matches!(key.kind, Kind::Broken) {
            // No key reads so.
            seen.push("\0".to_owned());
            result.push((key, value));
            continue;
        }
        let Some(name) = usable(&key, diagnostics) else {
            continue;
        };
        let earlier = if seen.len() <= FEW && places.is_empty() {
            seen.iter().position(|other| *other == name)
        } else {
            if places.is_empty() {
                places.extend(seen.iter().cloned().zip(0..));
            }
            places.get(&name).copied()
        };
        match earlier.and_then(|at| result.get_mut(at)) {
            Some(slot) if !is_merge(&key) => {
                diagnostics.push(duplicate(&name, &key, &slot.0));
                *slot = (key, value);
            }
            _ => {
                if !places.is_empty() {
                    places.insert(name.clone(), result.len());
                }
                seen.push(name);
                result.push((key, value));
            }
        }
    }
    result
}

fn usable(key: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let name = key_text(key);
    if name.is_none() {
        let message = format!("{} cannot be a key", key.describe());
        diagnostics.push(Diagnostic::at(Code::Shape, key.whole(), message).help("a key is a text"));
    }
    name
}

fn duplicate(name: &str, key: &Node, first: &Node) -> Diagnostic {
    let written =
        |node: &Node| if let Kind::Scalar(scalar) = &node.kind { scalar.text.to_string() } else { String::new() };
    let (one, other) = (written(first), written(key));
    let (message, help) = if one == other {
        (format!("`{name}` stands twice in this map"), "the last one counts: delete one of them")
    } else {
        let message = format!("`{one}` and `{other}` are the same key: both mean `{name}`");
        (message, "the last one counts; a key that is meant as a text needs quotes")
    };
    Diagnostic::at(Code::DuplicateKey, key.span, message).help(help).related(first.span, "first here")
}

/// `<<` puts the pairs of other maps in front; the map's own win, and of several maps the first.
fn merged(own: Vec<(Node, Node)>, added: &mut usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Node, Node)> {
    if !own.iter().any(|(key, _)| is_merge(key)) {
        return own;
    }
    let (merges, own): (Vec<_>, Vec<_>) = own.into_iter().partition(|(key, _)| is_merge(key));
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut result: Vec<(Node, Node)> = Vec::new();
    // A later `<<` of the same map wins over an earlier one, as with the peer; within a list the first wins.
    for (_, value) in merges.into_iter().rev() {
        for (key, value) in sources(value, diagnostics) {
            *added = added.saturating_add(1 + compose::count(&value));
            if *added > ALIAS_BUDGET {
                diagnostics.push(Diagnostic::at(
                    Code::TooComplex,
                    key.at(),
                    format!("merges expand to more than {ALIAS_BUDGET} nodes"),
                ));
                return own;
            }
            let name = key_text(&key).unwrap_or_default();
            if let Entry::Vacant(place) = taken.entry(name) {
                place.insert(result.len());
                result.push((key, value));
            }
        }
    }
    for (key, value) in own {
        let name = key_text(&key).unwrap_or_default();
        match taken.get(&name).and_then(|at| result.get_mut(*at)) {
            Some(slot) => *slot = (key, value),
            None => result.push((key, value)),
        }
    }
    result
}

/// All pairs that a `<<` brings, those that win first.
fn sources(value: Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Node, Node)> {
    let at = value.at();
    match value.kind {
        Kind::Map(pairs) => pairs,
        Kind::Seq(items) => items.into_iter().flat_map(|item| sources_of_item(item, diagnostics)).collect(),
        Kind::Broken => Vec::new(),
        Kind::Scalar(_) => {
            diagnostics.push(not_a_map(at));
            Vec::new()
        }
    }
}

fn sources_of_item(item: Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Node, Node)> {
    let at = item.at();
    match item.kind {
        Kind::Map(pairs) => return pairs,
        Kind::Broken => {}
        Kind::Seq(_) | Kind::Scalar(_) => diagnostics.push(not_a_map(at)),
    }
    Vec::new()
}

fn not_a_map(at: crate::source::Span) -> Diagnostic {
    Diagnostic::at(Code::Shape, at, "`<<` takes a map or a list of maps").help("merge an alias of a map: `<<: *name`")
}
