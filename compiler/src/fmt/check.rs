//! Whether two texts say the same and have the same comments at the same places.

use crate::yaml::Style;
use crate::yaml::concrete::{Concrete, Event, EventKind, Property, concrete};

/// What differs, if something does.
pub(super) fn same(one: &str, other: &str) -> Result<(), &'static str> {
    let (Some(before), Some(after)) = (concrete(one), concrete(other)) else {
        return Err("what it wrote is not YAML");
    };
    if before.events.len() != after.events.len() || !before.events.iter().zip(&after.events).all(equal) {
        return Err("what it wrote means something else");
    }
    if comments(one, &before) != comments(other, &after) {
        return Err("comments were lost or moved");
    }
    Ok(())
}

fn equal((one, other): (&Event<'_>, &Event<'_>)) -> bool {
    let named = |property: &Option<Property>, other: &Option<Property>| {
        property.as_ref().map(|it| &it.name) == other.as_ref().map(|it| &it.name)
    };
    one.kind == other.kind && named(&one.tag, &other.tag) && named(&one.anchor, &other.anchor)
}

/// Every comment without the white space at its end, and how many scalars and aliases stand before it.
fn comments<'t>(text: &'t str, concrete: &Concrete<'_>) -> Vec<(&'t str, usize)> {
    let is_leaf = |event: &&Event<'_>| {
        matches!(event.kind, EventKind::Scalar { .. } | EventKind::Alias { .. }) && !event.range.is_empty()
    };
    let starts: Vec<usize> = concrete.events.iter().filter(is_leaf).map(|event| event.range.start).collect();
    let shown = concrete.comments.iter().map(|range| {
        let text = text.get(range.clone()).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n']);
        (text, starts.partition_point(|start| *start < range.start))
    });
    shown.collect()
}

/// A comment that the parser read over inside a plain text: behind a tab it takes one for white space.
pub(super) fn swallowed(concrete: &Concrete<'_>) -> Option<std::ops::Range<usize>> {
    let plain = |event: &&Event<'_>| matches!(event.kind, EventKind::Scalar { style: Style::Plain, .. });
    let mut texts = concrete.events.iter().filter(plain).peekable();
    let inside = |comment: &&std::ops::Range<usize>| {
        while texts.next_if(|text| text.range.end <= comment.start).is_some() {}
        texts.peek().is_some_and(|text| text.range.start < comment.start)
    };
    concrete.comments.iter().find(inside).cloned()
}
