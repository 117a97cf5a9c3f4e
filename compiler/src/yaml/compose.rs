//! Parser events to nodes: anchors, aliases within their budget, tags, one document.
//!
//! INVARIANT: no node of the result is deeper than [`MAX_DEPTH`], and aliases added at most [`ALIAS_BUDGET`] nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span as EventSpan};

use super::{ALIAS_BUDGET, Kind, MAX_DEPTH, Node, Scalar, Style, Tag, fault, map, scalar};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Our name for a style of the parser.
pub(super) fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// A collection that is still open.
struct Open {
    node: Node,
    anchor: usize,
    /// The key that waits for its value.
    key: Option<Node>,
    /// How deep the deepest child reaches.
    height: usize,
}

struct Anchored {
    node: Node,
    size: usize,
    height: usize,
}

struct Composer<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    /// Anchors whose node is still open: an alias to one would be endless.
    pending: Vec<usize>,
    added: usize,
    root: Option<Node>,
    documents: usize,
    broken: bool,
}

/// Composes the only document of a text.
pub(super) fn compose(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    let mut composer = Composer {
        file,
        text,
        diagnostics,
        open: Vec::new(),
        anchors: HashMap::new(),
        pending: Vec::new(),
        added: 0,
        root: None,
        documents: 0,
        broken: false,
    };
    for item in Parser::new_from_str_with_options(text, options) {
        match item {
            Ok((event, span)) => composer.event(event, &span),
            Err(error) => {
                composer.diagnostics.push(fault::diagnose(file, text, &error));
                return None;
            }
        }
    }
    composer.finish()
}

impl Composer<'_> {
    fn event(&mut self, event: Event<'_>, at: &EventSpan) {
        let span = Span::new(self.file, at.byte_range().unwrap_or(0..0));
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span, at),
            Event::SequenceStart(_, anchor, tag) => self.start(Kind::Seq(Vec::new()), anchor, tag, span, at),
            Event::MappingStart(_, anchor, tag) => self.start(Kind::Map(Vec::new()), anchor, tag, span, at),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => self.unknown_anchor(&name, span),
            _ => {}
        }
    }

    fn document(&mut self, span: Span) {
        self.documents += 1;
        self.anchors.clear();
        if self.documents == 2 {
            self.broken = true;
            self.diagnostics.push(
                Diagnostic::at(Code::MultipleDocuments, span, "a second document begins here")
                    .help("a blueprint file holds one document: move the rest to a file of its own"),
            );
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        span: Span,
        at: &EventSpan,
    ) {
        let style = self::style(style);
        // The parser shows a missing value as a plain `~` of no width.
        let text = if span.start == span.end && style == Style::Plain { "" } else { text };
        let span = self.trimmed(span);
        let kind = Kind::Scalar(Scalar { text: text.into(), style });
        let mut node = Node { kind, span, tag: None, alias: None };
        match tag {
            Some(tag) => self.tag(&mut node, tag, at),
            None => self.without_meaning(&node),
        }
        self.place(node, anchor, 1, 1);
    }

    /// `=` and `<<` as values have types of their own in YAML 1.1, which no reader of blueprints has.
    fn without_meaning(&mut self, node: &Node) {
        let Kind::Scalar(scalar) = &node.kind else {
            return;
        };
        let key = self.open.last().is_some_and(|open| matches!(open.node.kind, Kind::Map(_)) && open.key.is_none());
        if scalar.style == Style::Plain && (&*scalar.text == "=" || (&*scalar.text == "<<" && !key)) {
            let message = format!("a bare `{}` is no value", scalar.text);
            self.diagnostics
                .push(Diagnostic::at(Code::InvalidValue, node.span, message).help("put it in quotes if it is a text"));
        }
    }

    fn start(
        &mut self,
        kind: Kind,
        anchor: usize,
        tag: Option<Cow<'_, granit_parser::Tag>>,
        span: Span,
        at: &EventSpan,
    ) {
        let mut node = Node { kind, span, tag: None, alias: None };
        if let Some(tag) = tag {
            self.tag(&mut node, &tag, at);
        }
        if self.open.len() == MAX_DEPTH {
            self.too_deep(span);
        }
        if anchor != 0 {
            self.pending.push(anchor);
        }
        self.open.push(Open { node, anchor, key: None, height: 0 });
    }

    fn end(&mut self, span: Span) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        open.node.span.end = span.end.max(open.node.span.start);
        open.node.span = self.trimmed(open.node.span);
        if open.anchor != 0 {
            self.pending.pop();
        }
        let node = map::tidy(open.node, &mut self.added, self.diagnostics);
        // The size is only needed for anchors; counting every node again and again would not be linear.
        let size = if open.anchor == 0 { 1 } else { count(&node) };
        self.place(node, open.anchor, size, open.height + 1);
    }

    fn alias(&mut self, id: usize, span: Span) {
        if self.pending.contains(&id) {
            self.broken = true;
            self.diagnostics.push(
                Diagnostic::at(Code::TooComplex, span, "this alias stands inside the node that it repeats")
                    .help("the text would have no end"),
            );
        }
        let Some(anchored) = self.anchors.get(&id) else {
            return self.place(nothing(span), 0, 1, 1);
        };
        let (size, height) = (anchored.size, anchored.height);
        self.added = self.added.saturating_add(size);
        if self.added > ALIAS_BUDGET {
            self.over_budget(span);
            return self.place(nothing(span), 0, 1, 1);
        }
        let mut node = anchored.node.clone();
        node.alias = Some(span);
        self.place(node, 0, size, height);
    }

    fn over_budget(&mut self, span: Span) {
        if !self.broken {
            self.diagnostics.push(
                Diagnostic::at(Code::TooComplex, span, format!("aliases expand to more than {ALIAS_BUDGET} nodes"))
                    .help("repeat less by alias: what an anchor holds is copied at every use"),
            );
        }
        self.broken = true;
    }

    fn too_deep(&mut self, span: Span) {
        if !self.broken {
            let message = format!("lists and maps are nested more than {MAX_DEPTH} deep");
            self.diagnostics.push(Diagnostic::at(Code::TooComplex, span, message));
        }
        self.broken = true;
    }

    fn unknown_anchor(&mut self, name: &str, span: Span) {
        self.broken = true;
        self.diagnostics.push(
            Diagnostic::at(Code::UnknownAnchor, span, format!("there is no anchor `&{name}` before this alias"))
                .help(format!("put `&{name}` in front of the node that should be repeated, above this line")),
        );
        self.place(nothing(span), 0, 1, 1);
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize, size: usize, height: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
        }
        if self.open.len() + height > MAX_DEPTH + 1 {
            self.too_deep(node.at());
            return;
        }
        let Some(open) = self.open.last_mut() else {
            if self.root.is_none() {
                self.root = Some(node);
            }
            return;
        };
        open.height = open.height.max(height);
        match &mut open.node.kind {
            Kind::Seq(items) => items.push(node),
            Kind::Map(pairs) => match open.key.take() {
                Some(key) => pairs.push((key, node)),
                None => open.key = Some(node),
            },
            Kind::Scalar(_) => {}
        }
    }

    /// YAML's own tags act here; all others are kept by name.
    fn tag(&mut self, node: &mut Node, tag: &granit_parser::Tag, at: &EventSpan) {
        let span = at.tag_span().and_then(|span| span.byte_range());
        let span = span.map_or(node.span, |range| Span::new(self.file, range));
        let Some(kind) = tag.core_suffix().or_else(|| tag.suffix_in_namespace("tag:yaml.org,2002:").map(|_| "")) else {
            if tag.handle() == "!" && tag.suffix().is_empty() || tag.handle().is_empty() && tag.suffix() == "!" {
                if let Kind::Scalar(scalar) = &mut node.kind {
                    scalar.style = quoted(scalar.style);
                }
                return;
            }
            node.tag = Some(Box::new(Tag { name: tag.original(), span }));
            return;
        };
        self.core_tag(node, kind, tag, span);
    }

    fn core_tag(&mut self, node: &mut Node, kind: &str, tag: &granit_parser::Tag, span: Span) {
        match (&mut node.kind, kind) {
            (Kind::Scalar(scalar), "str") => scalar.style = quoted(scalar.style),
            (Kind::Scalar(scalar), "null" | "bool" | "int" | "float") => {
                if scalar::resolve_as(kind, &scalar.text).is_some() {
                    // Typed by its text from here on, quoted or not.
                    scalar.style = Style::Plain;
                } else {
                    let message = format!("`{}` is not what the tag `!!{kind}` says", scalar.text);
                    self.diagnostics.push(Diagnostic::at(Code::InvalidValue, node.span, message));
                }
            }
            (Kind::Seq(_), "seq") | (Kind::Map(_), "map") => {}
            _ => node.tag = Some(Box::new(Tag { name: tag.original(), span })),
        }
    }

    /// Block nodes end where the next begins; a message should not underline the blank lines between.
    fn trimmed(&self, span: Span) -> Span {
        let covered = self.text.get(span.range()).unwrap_or_default();
        Span::new(span.file, span.range().start..span.range().start + covered.trim_end().len())
    }

    fn finish(self) -> Option<Node> {
        let nothing = self.root.as_ref().is_none_or(|root| {
            root.tag.is_none() && root.span.start == root.span.end && matches!(root.kind, Kind::Scalar(_))
        });
        if nothing && !self.broken {
            self.diagnostics.push(
                Diagnostic::file(Code::EmptyFile, self.file, "the file holds no blueprint")
                    .help("a blueprint begins with `version: 1` and lists its `entries`"),
            );
            return None;
        }
        self.root.filter(|_| !self.broken)
    }
}

/// The style of a scalar that is text, whatever it looks like.
fn quoted(style: Style) -> Style {
    if style == Style::Plain { Style::Folded } else { style }
}

fn nothing(span: Span) -> Node {
    Node { kind: Kind::Scalar(Scalar { text: "".into(), style: Style::Plain }), span, tag: None, alias: None }
}

pub(super) fn count(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 1,
        Kind::Seq(items) => 1 + items.iter().map(count).sum::<usize>(),
        Kind::Map(pairs) => 1 + pairs.iter().map(|(key, value)| count(key) + count(value)).sum::<usize>(),
    }
}
