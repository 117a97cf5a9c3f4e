//! Goes through the nodes of a blueprint as they are written, for lints that are about the text and not about values.

use foldhash::HashSet;

use crate::blueprint::{Blueprint, Entry, Item};
use crate::yaml::{Kind, Node};

/// Shows every node with a tag, each place once however often aliases repeat it.
pub(super) fn tags<'a>(blueprint: &'a Blueprint<'_>, show: &mut dyn FnMut(&'a Node<'a>, &'a str)) {
    let mut seen = HashSet::default();
    let mut show = |node: &'a Node<'a>| {
        if let Some(tag) = &node.tag
            && seen.insert(tag.span)
        {
            show(node, &tag.name);
        }
    };
    let mut all: Vec<&Node<'_>> = blueprint.context.iter().map(|(_, _, node)| node).collect();
    items(&blueprint.entries, &mut all);
    all.into_iter().for_each(|node| walk(node, &mut show));
}

/// Every entry, whatever loops and choices stand around it.
pub(super) fn entries<'a, 't>(written: &'a [Item<'t>], show: &mut dyn FnMut(&'a Entry<'t>)) {
    for item in written {
        match item {
            Item::Entry(entry) => show(entry),
            Item::Loop(each) => entries(&each.body, show),
            Item::Choice(choice) => [&choice.yes, &choice.no].into_iter().for_each(|items| entries(items, show)),
        }
    }
}

/// The nodes of entries and of the loops and choices around them.
fn items<'a>(written: &'a [Item<'a>], all: &mut Vec<&'a Node<'a>>) {
    for item in written {
        match item {
            Item::Entry(entry) => {
                all.extend(entry.model.iter().chain(entry.state.as_deref()).chain(entry.conditions.as_deref()));
                all.extend(entry.identifiers.iter().chain(&entry.attrs).chain(entry.permissions.as_deref()));
            }
            Item::Loop(each) => {
                all.push(&each.iterable);
                items(&each.body, all);
            }
            Item::Choice(choice) => {
                all.push(&choice.condition);
                items(&choice.yes, all);
                items(&choice.no, all);
            }
        }
    }
}

fn walk<'a>(node: &'a Node<'a>, show: &mut dyn FnMut(&'a Node<'a>)) {
    show(node);
    match &node.kind {
        Kind::Scalar(_) | Kind::Broken => {}
        Kind::Seq(items) => items.iter().for_each(|item| walk(item, show)),
        Kind::Map(pairs) => pairs.iter().for_each(|(_, _, value)| walk(value, show)),
    }
}
