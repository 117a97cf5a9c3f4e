//! Ids that no `!KeyOf` of the file names: left over, or there for the reader.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::walk;
use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::yaml::{Kind, Node};

pub(super) fn lint(blueprint: &Blueprint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut ids: HashMap<&str, Span> = HashMap::new();
    // Of two with one id, the second is reported already. What a tag gives is called by tags.
    walk::entries(&blueprint.entries, &mut |entry| {
        let id = entry.id.as_ref().and_then(|node| Some((written(node)?, node.at())));
        id.into_iter().for_each(|(id, at)| _ = ids.entry(id).or_insert(at));
    });
    if ids.is_empty() {
        return;
    }
    let (mut used, mut open) = (HashSet::default(), false);
    walk::tags(blueprint, &mut |node, tag| {
        if tag == "!KeyOf" {
            match called(node) {
                Some(id) => _ = used.insert(id),
                None => open = true,
            }
        }
    });
    // An id that is computed may be any of them.
    if open {
        return;
    }
    for (id, at) in ids.into_iter().filter(|(id, _)| !used.contains(id)) {
        let message = format!("no `!KeyOf` of this file refers to the id `{id}`");
        diagnostics.push(Diagnostic::at(Code::UnusedId, at, message).help("take it out"));
    }
}

/// The id that a `!KeyOf` names; none when a tag gives it.
fn called<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    match &node.kind {
        Kind::Scalar(scalar) => Some(&scalar.text),
        Kind::Seq(args) => args.first().and_then(written),
        _ => None,
    }
}

/// A text that no tag gives.
fn written<'a>(node: &'a Node<'_>) -> Option<&'a str> {
    match &node.kind {
        Kind::Scalar(scalar) if node.tag.is_none() => Some(Cow::as_ref(&scalar.text)),
        _ => None,
    }
}
