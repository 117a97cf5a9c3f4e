//! Context keys that no `!Context` of their file reads. Keys that only hold anchors for the rest of the file are used too.
//!
//! Goes by the text: what is not evaluated in this run, as the other branch of an `!If`, may be in the next.

use std::collections::HashSet;

use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Sources;
use crate::suggest::closest;

const TAG: &str = "!Context";

pub(super) fn lint(sources: &Sources, blueprint: &Blueprint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(source) = sources.get(blueprint.file).filter(|_| !blueprint.context.is_empty()) else { return };
    // A name that is computed may be any of them.
    let Some(names) = read(&source.text) else { return };
    let keys = || blueprint.context.iter().map(|(key, ..)| &**key);
    let aliases: HashSet<&str> = words(&source.text, '*').collect();
    for (at, (key, span, value)) in blueprint.context.iter().enumerate() {
        let inside = |name: &&str| name.strip_prefix(&**key).is_some_and(|rest| rest.starts_with('.'));
        // Of a name that is nearly this one it is said that this one was meant.
        let meant = |name: &&str| closest(name, keys()) == Some(&**key) && !keys().any(|known| known == *name);
        if names.contains(&**key) || names.iter().any(inside) || names.iter().any(meant) {
            continue;
        }
        let next = blueprint.context.get(at + 1).map(|(_, span, _)| span.range().start);
        let end = next.filter(|next| *next > span.range().end).unwrap_or(value.span.range().end);
        let written = source.text.get(span.range().end..end).unwrap_or_default();
        if words(written, '&').any(|anchor| aliases.contains(anchor)) {
            continue;
        }
        diagnostics.push(
            Diagnostic::at(Code::UnusedContext, *span, format!("no `!Context` of this file reads `{key}`"))
                .help("take it out, or read it where it was meant to be used"),
        );
    }
}

/// The names behind all tags; none where one of them is not written out.
fn read(text: &str) -> Option<HashSet<&str>> {
    text.match_indices(TAG).map(|(at, _)| name(text.get(at + TAG.len()..)?)).collect()
}

/// The words behind a sign: of anchors `&`, of aliases `*`.
fn words(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let word = |rest: &'_ str| -> usize {
        rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}')).unwrap_or(rest.len())
    };
    text.match_indices(sign).filter_map(move |(at, _)| {
        let rest = text.get(at + 1..)?;
        rest.get(..word(rest)).filter(|word| !word.is_empty())
    })
}

fn name(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('[').map_or(rest, str::trim_start);
    // A block list: its first item.
    let rest = rest.strip_prefix("- ").map_or(rest, str::trim_start);
    let name = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next()?,
        '!' | '*' | '&' | '[' | '{' => return None,
        _ => rest.split([',', ']', '}', '\n', '#']).next()?.trim_end(),
    };
    // An escape hides what the name is.
    (!name.contains('\\')).then_some(name)
}
