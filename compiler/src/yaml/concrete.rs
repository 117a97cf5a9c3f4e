//! A text as the parser sees it, with everything that `compose.rs` drops: comments, anchors, styles, markers.
//!
//! For whoever rewrites a file and may lose nothing. Knows no types, merges or duplicates; read `fmt/` next.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event as Parsed, Parser, Span as ParsedSpan, StructureStyle};

use super::{MAX_DEPTH, Style, compose};

/// One step through a document.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    pub(crate) kind: EventKind<'a>,
    /// The bytes of the content; of no width for a missing value and at the start of block collections.
    pub(crate) range: Range<usize>,
    pub(crate) tag: Option<Property>,
    pub(crate) anchor: Option<Property>,
}

/// What stands in front of a node: its tag as it was resolved, or the name of its anchor.
#[derive(Clone, Debug)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventKind<'a> {
    /// Whether a `---` stands there.
    DocumentStart {
        explicit: bool,
    },
    DocumentEnd,
    Scalar {
        text: Cow<'a, str>,
        style: Style,
    },
    Alias {
        name: &'a str,
    },
    Seq {
        flow: bool,
    },
    Map {
        flow: bool,
    },
    End,
}

/// All steps through a text, and beside them its comments, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Concrete<'a> {
    pub(crate) events: Vec<Event<'a>>,
    /// Each from its `#` to the end of its line.
    pub(crate) comments: Vec<Range<usize>>,
}

/// Walks through a text; nothing when it is not YAML, or nests deeper than [`MAX_DEPTH`].
pub(crate) fn concrete(text: &str) -> Option<Concrete<'_>> {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut result = Concrete::default();
    for item in Parser::new_from_str_with_options(text, options) {
        let (event, span) = item.ok()?;
        result.take(event, &span, text)?;
    }
    result.comments.sort_by_key(|range| range.start);
    Some(result)
}

impl<'a> Concrete<'a> {
    /// How many documents there are.
    pub(crate) fn documents(&self) -> usize {
        self.events.iter().filter(|event| event.kind == EventKind::DocumentEnd).count()
    }

    fn take(&mut self, event: Parsed<'a>, span: &ParsedSpan, text: &'a str) -> Option<()> {
        let range = span.byte_range()?;
        let tag = event.tag().map(ToString::to_string);
        let kind = match event {
            Parsed::StreamStart | Parsed::StreamEnd => return Some(()),
            Parsed::Comment(..) => {
                self.comments.push(range);
                return Some(());
            }
            Parsed::Anchor(_, name) => {
                self.events.last_mut()?.anchor = Some(Property { name: name.into_owned(), range });
                return Some(());
            }
            Parsed::DocumentStart(explicit, _) => EventKind::DocumentStart { explicit },
            Parsed::DocumentEnd => EventKind::DocumentEnd,
            Parsed::Scalar(text, style, ..) => EventKind::Scalar { text, style: compose::style(style) },
            Parsed::Alias(_) | Parsed::UnresolvedAlias(_) => EventKind::Alias { name: text.get(range.clone())? },
            Parsed::SequenceStart(style, ..) => EventKind::Seq { flow: style == StructureStyle::Flow },
            Parsed::MappingStart(style, ..) => EventKind::Map { flow: style == StructureStyle::Flow },
            Parsed::SequenceEnd | Parsed::MappingEnd => EventKind::End,
            // A step that this version of the parser does not have: better no answer than a wrong one.
            _ => return None,
        };
        let tag = match tag {
            Some(name) => Some(Property { name, range: span.tag_span()?.byte_range()? }),
            None => None,
        };
        self.events.push(Event { kind, range, tag, anchor: None });
        Some(())
    }
}
