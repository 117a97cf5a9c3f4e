//! Parser events to nodes: anchors, aliases within their budget, tags, one document.
//!
//! A text is composed at once, or piece by piece where it is broken (`recover.rs`): pieces share their anchors by name.
//! INVARIANT: no node of the result is deeper than [`MAX_DEPTH`], and aliases added at most [`ALIAS_BUDGET`] nodes.

use foldhash::HashMap;
use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as EventSpan};

use super::{ALIAS_BUDGET, Keep, Kind, MAX_DEPTH, Node, Scalar, Style, Tag, fault, map, scalar};
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
struct Open<'t> {
    /// Empty as yet.
    node: Node<'t>,
    anchor: usize,
    /// Where its children begin among the finished nodes; those of a map are keys and values in turn.
    first: usize,
    /// How deep the deepest child reaches.
    height: usize,
}

#[derive(Clone)]
struct Anchored<'t> {
    node: Node<'t>,
    size: usize,
    height: usize,
}

/// What is composed: a text, or a piece of it that may be mended in one place.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) file: FileId,
    /// The whole text as the user has it.
    pub(super) text: &'a str,
    /// What is given to the parser.
    pub(super) input: &'a str,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// How many levels are around it.
    pub(super) depth: usize,
    pub(super) edit: Option<Edit>,
}

/// Where an input differs from the text: `inserted` bytes at `at` stand for `removed` bytes.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    pub(super) at: usize,
    pub(super) removed: usize,
    pub(super) inserted: usize,
}

impl Piece<'_> {
    /// The byte of the text that a byte of the input stands for.
    fn place(&self, offset: usize) -> usize {
        let within = match self.edit {
            Some(edit) if offset >= edit.at + edit.inserted => offset - edit.inserted + edit.removed,
            Some(edit) if offset > edit.at => edit.at,
            _ => offset,
        };
        self.start + within
    }
}

/// What pieces of one text share.
#[derive(Clone, Default)]
pub(super) struct Shared<'t> {
    /// Anchors of earlier pieces.
    anchors: HashMap<String, Anchored<'t>>,
    /// How many nodes aliases and merges added.
    added: usize,
}

/// A text that does not parse.
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    /// Where the parser noticed, as a byte of the text.
    pub(super) offset: Option<usize>,
    /// Where the collection opens that was being read.
    pub(super) opens: Option<Span>,
}

/// A text that does.
pub(super) struct Composed<'t> {
    pub(super) root: Option<Node<'t>>,
    /// It broke a bound, which was said.
    pub(super) complex: bool,
    /// Where a second document begins.
    pub(super) second: Option<Span>,
    /// What stands for nothing that can be read.
    pub(super) holes: Vec<Span>,
    /// Aliases, each with what it stands for.
    pub(super) aliases: Vec<(Span, Span)>,
}

struct Composer<'i, 't, 'd> {
    file: FileId,
    text: &'i str,
    piece: Piece<'i>,
    keep: Keep<'i, 't>,
    shared: &'d mut Shared<'t>,
    /// Anchors of this piece by name, where pieces share them.
    names: Vec<(String, usize)>,
    diagnostics: &'d mut Vec<Diagnostic>,
    open: Vec<Open<'t>>,
    /// Finished children of the open collections.
    nodes: Vec<Node<'t>>,
    anchors: HashMap<usize, Anchored<'t>>,
    /// Anchors whose node is still open: an alias to one would be endless.
    pending: Vec<usize>,
    root: Option<Node<'t>>,
    documents: usize,
    second: Option<Span>,
    complex: bool,
    holes: Vec<Span>,
    aliases: Vec<(Span, Span)>,
}

/// Composes the only document of a text, or a piece of it.
pub(super) fn compose<'i, 't>(
    piece: Piece<'i>,
    keep: Keep<'i, 't>,
    shared: &mut Shared<'t>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Composed<'t>, Fault> {
    let whole = piece.input.len() == piece.text.len();
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: !whole,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    let mut composer = Composer {
        file: piece.file,
        text: piece.text,
        piece,
        keep,
        shared,
        names: Vec::new(),
        diagnostics,
        open: Vec::new(),
        nodes: Vec::new(),
        anchors: HashMap::default(),
        pending: Vec::new(),
        root: None,
        documents: 0,
        second: None,
        complex: false,
        holes: Vec::new(),
        aliases: Vec::new(),
    };
    for item in Parser::new_from_str_with_options(piece.input, options) {
        match item {
            Ok((event, span)) => composer.event(event, &span),
            Err(error) => {
                let offset = error.marker().byte_offset().map(|offset| piece.place(offset));
                let opens = composer.open.last().map(|open| open.node.span);
                return Err(Fault { kind: error.kind().clone(), offset, opens });
            }
        }
    }
    Ok(composer.finish())
}

impl<'i, 't> Composer<'i, 't, '_> {
    fn span(&self, at: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.piece.place(at.start)..self.piece.place(at.end))
    }

    fn event(&mut self, event: Event<'i>, at: &EventSpan) {
        if self.documents > 1 {
            return;
        }
        let span = self.span(at.byte_range().unwrap_or(0..0));
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), span, at),
            Event::SequenceStart(_, anchor, tag) => self.start(Kind::Seq(Box::default()), anchor, tag, span, at),
            Event::MappingStart(_, anchor, tag) => self.start(Kind::Map(Box::default()), anchor, tag, span, at),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => self.earlier_anchor(&name, span),
            Event::Anchor(id, name) => self.names.push((name.into_owned(), id)),
            _ => {}
        }
    }

    fn document(&mut self, span: Span) {
        self.documents += 1;
        if self.documents == 2 {
            self.second = Some(span);
            self.diagnostics.push(
                Diagnostic::at(Code::MultipleDocuments, span, "a second document begins here")
                    .help("a blueprint file holds one document: move the rest to a file of its own"),
            );
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'i, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        span: Span,
        at: &EventSpan,
    ) {
        let style = self::style(style);
        // The parser shows a missing value as a plain `~` of no width.
        let text = if span.start == span.end && style == Style::Plain { "".into() } else { (self.keep)(text) };
        let span = self.trimmed(span);
        let mut node = Node::new(Kind::Scalar(Scalar { text, style }), span);
        match tag {
            Some(tag) => self.tag(&mut node, tag, at),
            None => self.without_meaning(&node),
        }
        self.place(node, anchor, 1, 1);
    }

    /// `=` and `<<` as values have types of their own in YAML 1.1, which no reader of blueprints has.
    fn without_meaning(&mut self, node: &Node<'t>) {
        let Kind::Scalar(scalar) = &node.kind else {
            return;
        };
        if scalar.style == Style::Plain {
            self.diagnostics.extend(fault::stray_quote(self.text, node.span));
        }
        let is_key = |open: &Open<'t>| {
            matches!(open.node.kind, Kind::Map(_)) && (self.nodes.len() - open.first).is_multiple_of(2)
        };
        let key = || self.open.last().is_some_and(is_key);
        if scalar.style == Style::Plain && (scalar.text == "=" || (scalar.text == "<<" && !key())) {
            let message = format!("a bare `{}` is no value", scalar.text);
            self.diagnostics
                .push(Diagnostic::at(Code::InvalidValue, node.span, message).help("put it in quotes if it is a text"));
        }
    }

    fn start(
        &mut self,
        kind: Kind<'t>,
        anchor: usize,
        tag: Option<Cow<'_, granit_parser::Tag>>,
        span: Span,
        at: &EventSpan,
    ) {
        let mut node = Node::new(kind, span);
        if let Some(tag) = tag {
            self.tag(&mut node, &tag, at);
        }
        if self.open.len() + self.piece.depth >= MAX_DEPTH {
            self.too_deep(span);
        }
        if anchor != 0 {
            self.pending.push(anchor);
        }
        self.open.push(Open { node, anchor, first: self.nodes.len(), height: 0 });
    }

    fn end(&mut self, span: Span) {
        let Some(Open { mut node, anchor, first, height }) = self.open.pop() else {
            return;
        };
        node.span.end = span.end.max(node.span.start);
        node.span = self.trimmed(node.span);
        if anchor != 0 {
            self.pending.pop();
        }
        if matches!(node.kind, Kind::Map(_)) && fault::is_template(self.text, node.span) {
            // To YAML it is a map whose key is a map.
            self.nodes.truncate(first);
            self.diagnostics.push(fault::template(node.span));
            self.holes.push(node.span);
            node.kind = Kind::Broken;
            return self.place(node, anchor, 1, height + 1);
        }
        let children = self.nodes.drain(first..);
        node.kind = match node.kind {
            Kind::Map(_) => Kind::Map(map::pairs(self.text, children, &mut self.shared.added, self.diagnostics)),
            _ => Kind::Seq(children.collect()),
        };
        // The size is only needed for anchors; counting every node again and again would not be linear.
        let size = if anchor == 0 { 1 } else { count(&node) };
        self.place(node, anchor, size, height + 1);
    }

    fn alias(&mut self, id: usize, span: Span) {
        if self.pending.contains(&id) {
            self.complex = true;
            self.diagnostics.push(
                Diagnostic::at(Code::TooComplex, span, "this alias stands inside the node that it repeats")
                    .help("the text would have no end"),
            );
        }
        let size = self.anchors.get(&id).map(|anchored| anchored.size);
        let anchored = if self.affords(size, span) { self.anchors.get(&id).cloned() } else { None };
        self.repeat(anchored, span);
    }

    /// Whether a node of this size may be repeated once more.
    fn affords(&mut self, size: Option<usize>, span: Span) -> bool {
        self.shared.added = self.shared.added.saturating_add(size.unwrap_or(0));
        if self.shared.added > ALIAS_BUDGET {
            self.over_budget(span);
        }
        self.shared.added <= ALIAS_BUDGET
    }

    fn repeat(&mut self, anchored: Option<Anchored<'t>>, span: Span) {
        let Some(Anchored { mut node, size, height }) = anchored else {
            return self.hole(span);
        };
        self.aliases.push((span, node.whole()));
        node.alias = Some(Box::new(span));
        self.place(node, 0, size, height);
    }

    fn over_budget(&mut self, span: Span) {
        if !self.complex {
            self.diagnostics.push(
                Diagnostic::at(Code::TooComplex, span, format!("aliases expand to more than {ALIAS_BUDGET} nodes"))
                    .help("repeat less by alias: what an anchor holds is copied at every use"),
            );
        }
        self.complex = true;
    }

    fn too_deep(&mut self, span: Span) {
        if !self.complex {
            let message = format!("lists and maps are nested more than {MAX_DEPTH} deep");
            self.diagnostics.push(Diagnostic::at(Code::TooComplex, span, message));
        }
        self.complex = true;
    }

    /// An anchor that this piece does not have: an earlier one may.
    fn earlier_anchor(&mut self, name: &str, span: Span) {
        if let Some(size) = self.shared.anchors.get(name).map(|anchored| anchored.size) {
            let affords = self.affords(Some(size), span);
            let anchored = if affords { self.shared.anchors.get(name).cloned() } else { None };
            return self.repeat(anchored, span);
        }
        // `*.example.com` is meant as it stands.
        let diagnostic = if name.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            Diagnostic::at(Code::UnknownAnchor, span, format!("there is no anchor `&{name}` before this alias"))
                .help(format!("put `&{name}` in front of the node that should be repeated, above this line"))
        } else {
            fault::reserved(span, '*')
        };
        self.diagnostics.push(diagnostic);
        self.hole(span);
    }

    fn hole(&mut self, span: Span) {
        self.holes.push(span);
        self.place(broken(span), 0, 1, 1);
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node<'t>, anchor: usize, size: usize, height: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
        }
        if self.open.len() + self.piece.depth + height > MAX_DEPTH + 1 {
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
        self.nodes.push(node);
    }

    /// YAML's own tags act here; all others are kept by name.
    fn tag(&mut self, node: &mut Node<'t>, tag: &granit_parser::Tag, at: &EventSpan) {
        let span = at.tag_span().and_then(|span| span.byte_range());
        let span = span.map_or(node.span, |range| self.span(range));
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

    fn core_tag(&mut self, node: &mut Node<'t>, kind: &str, tag: &granit_parser::Tag, span: Span) {
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

    fn finish(self) -> Composed<'t> {
        for (name, id) in self.names {
            if let Some(anchored) = self.anchors.get(&id) {
                self.shared.anchors.insert(name, anchored.clone());
            }
        }
        Composed {
            root: self.root.filter(|_| !self.complex),
            complex: self.complex,
            second: self.second,
            holes: self.holes,
            aliases: self.aliases,
        }
    }
}

/// The text of a scalar as a part of the input.
pub(super) fn borrowed(text: Cow<'_, str>) -> Cow<'_, str> {
    text
}

/// The text of a scalar without the input.
pub(super) fn copied<'t>(text: Cow<'_, str>) -> Cow<'t, str> {
    Cow::Owned(text.into_owned())
}

/// The style of a scalar that is text, whatever it looks like.
fn quoted(style: Style) -> Style {
    if style == Style::Plain { Style::Folded } else { style }
}

/// What stands where something cannot be read.
pub(super) fn broken<'t>(span: Span) -> Node<'t> {
    Node::new(Kind::Broken, span)
}

pub(super) fn count(node: &Node<'_>) -> usize {
    match &node.kind {
        Kind::Scalar(_) | Kind::Broken => 1,
        Kind::Seq(items) => 1 + items.iter().map(count).sum::<usize>(),
        Kind::Map(pairs) => 1 + pairs.iter().map(|(.., value)| 1 + count(value)).sum::<usize>(),
    }
}
