//! Document to blueprint: every part in its place, every misplaced part reported, nothing evaluated yet.
//!
//! Knows no model, and of the tags those two that may stand in the place of an entry (`dynamic.rs`). What is wrong
//! here leaves its entry out; the rest goes on. Read `resolve/` next.

mod dynamic;

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::misplaced::{self, Keys};
use crate::source::{FileId, Span};
use crate::suggest::{closest, did_you_mean};
use crate::yaml::{self, Kind, Node, Pairs, Plain};

pub(crate) use dynamic::{Choice, Item, Loop};

const TOP: Keys = Keys {
    known: &["version", "metadata", "context", "entries"],
    maps: &["metadata", "context"],
    required: &["entries"],
};
const METADATA: Keys = Keys { known: &["name", "labels"], maps: &["labels"], required: &["name"] };
const ENTRY: Keys = Keys {
    known: &["model", "state", "conditions", "identifiers", "attrs", "id", "permissions"],
    maps: &["identifiers", "attrs"],
    required: &["model", "identifiers"],
};
const INSTANTIATE: &str = "blueprints.goauthentik.io/instantiate";
const PREFIX: &str = "blueprints.goauthentik.io/";
/// The labels that say something to the peer or to people there.
const LABELS: &[&str] = &[
    INSTANTIATE,
    "blueprints.goauthentik.io/description",
    "blueprints.goauthentik.io/system",
    "blueprints.goauthentik.io/system-bootstrap",
    "blueprints.goauthentik.io/generated",
];

/// One file.
#[derive(Debug)]
pub(crate) struct Blueprint<'t> {
    pub(crate) file: FileId,
    pub(crate) name: Option<Cow<'t, str>>,
    pub(crate) labels: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    pub(crate) context: Pairs<'t>,
    pub(crate) entries: Vec<Item<'t>>,
    /// How many entries are written in it.
    pub(crate) written: usize,
}

/// One entry, as it is written.
#[derive(Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) span: Span,
    /// None when it is missing or not a text; then the entry is not usable.
    pub(crate) model: Option<Node<'t>>,
    /// Boxed, as `conditions` and `permissions` are, because few entries have one.
    pub(crate) state: Option<Box<Node<'t>>>,
    /// A list, or a tag that gives one; so are `permissions`, and maps the two between them.
    pub(crate) conditions: Option<Box<Node<'t>>>,
    pub(crate) identifiers: Option<Node<'t>>,
    pub(crate) attrs: Option<Node<'t>>,
    pub(crate) permissions: Option<Box<Node<'t>>>,
    pub(crate) id: Option<Node<'t>>,
    /// A part of it has the wrong shape: it is checked, but declares nothing.
    pub(crate) broken: bool,
    /// Where its attributes begin.
    pub(crate) attrs_at: Option<Span>,
    /// A key of it is a misspelt `attrs`, which was said: no attribute is missed.
    pub(crate) attrs_misspelt: bool,
}

impl Entry<'_> {
    /// The names of the identifiers and attributes that are written out.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let maps = self.identifiers.iter().chain(&self.attrs).filter(|node| node.tag.is_none());
        let pairs = maps.flat_map(|node| if let Kind::Map(pairs) = &node.kind { &**pairs } else { &[] });
        pairs.map(|(name, ..)| &**name)
    }
}

impl Blueprint<'_> {
    /// Whether its label keeps it from taking part by itself.
    pub(crate) fn on_demand(&self) -> bool {
        self.labels.iter().any(|(name, value)| name == INSTANTIATE && value.eq_ignore_ascii_case("false"))
    }
}

struct Shaper<'a> {
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Parts of the document cannot be read.
    gaps: bool,
    written: usize,
    /// A key of an entry stands among those of the blueprint, which was said.
    stray: bool,
}

/// Takes a document apart. With `gaps`, parts of it could not be read.
pub(crate) fn shape<'t>(file: FileId, root: Node<'t>, gaps: bool, diagnostics: &mut Vec<Diagnostic>) -> Blueprint<'t> {
    let mut blueprint =
        Blueprint { file, name: None, labels: Vec::new(), context: Pairs::default(), entries: Vec::new(), written: 0 };
    let mut shaper = Shaper { diagnostics, gaps, written: 0, stray: false };
    let Some(pairs) = shaper.map(root, "a blueprint", "it begins with `version: 1` and lists its `entries`") else {
        return blueprint;
    };
    let pairs = misplaced::settle("a blueprint", pairs, &TOP, shaper.diagnostics);
    let tight = pairs.iter().any(|(name, ..)| is_tight(name));
    let mut named = false;
    for (name, key, value) in pairs {
        named |= name == "entries";
        match &*name {
            // What `entries` should hold stands beside it, as was said.
            "entries" if tight && value.plain() == Some(Plain::Null) => {}
            "version" => shaper.version(&value),
            "metadata" => shaper.metadata(value, key, &mut blueprint),
            "context" => {
                blueprint.context = shaper.map(value, "`context`", "leave it out, or write `{}`").unwrap_or_default()
            }
            "entries" => blueprint.entries = shaper.entries(value),
            _ => shaper.unknown(&name, key, "a blueprint", TOP.known),
        }
    }
    blueprint.written = shaper.written;
    if blueprint.entries.is_empty() && !shaper.diagnostics.iter().any(|found| found.file == Some(file)) {
        let message = if named { "the blueprint has no entries" } else { "the blueprint has no `entries`" };
        shaper.diagnostics.push(
            Diagnostic::file(Code::EmptyFile, file, message)
                .severity(Severity::Warning)
                .help("list what should exist under `entries`, or delete the file"),
        );
    }
    blueprint
}

/// Whether this is a key of a blueprint.
pub(crate) fn is_top_key(name: &str) -> bool {
    TOP.known.contains(&name)
}

/// Whether this is a key of an entry.
pub(crate) fn is_entry_key(name: &str) -> bool {
    ENTRY.known.contains(&name)
}

/// `-model`: the dash of a list item without its space.
fn is_tight(name: &str) -> bool {
    name.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()))
}

/// `is_superuser true` or `is_superuser:true`, where a map is wanted.
fn without_colon(node: &Node<'_>) -> Option<Diagnostic> {
    let Kind::Scalar(scalar) = &node.kind else { return None };
    let (text, at) = (&*scalar.text, place(node));
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|end| *end > 0)?;
    let (word, rest) = text.split_at(end);
    let value = rest.get(1..).filter(|value| !value.is_empty() && !value.contains([' ', ':', '/']))?;
    if at.range().len() != word.len() + 1 + value.len() {
        return None;
    }
    let colon = Span { start: at.start + u32::try_from(end).ok()?, end: at.start + u32::try_from(end).ok()? + 1, ..at };
    let (span, message) = match rest.chars().next()? {
        ':' => (colon, "a space is missing after this `:`".to_owned()),
        ' ' => (Span { end: colon.start, ..at }, format!("a `:` is missing after `{word}`")),
        _ => return None,
    };
    Some(Diagnostic::at(Code::Shape, span, message).help("write `key: value`"))
}

impl Shaper<'_> {
    /// Whether something in it cannot be read, which was said: nothing is missed there.
    fn gap(&self, node: &Node<'_>) -> bool {
        self.gaps && node.has_gap()
    }

    fn wrong(&mut self, node: &Node<'_>, what: &str, wanted: &str, help: &str) {
        if matches!(node.kind, Kind::Broken) {
            return;
        }
        if wanted == "a map"
            && let Some(found) = without_colon(node)
        {
            self.diagnostics.push(found);
            return;
        }
        let message = format!("{what} must be {wanted}, not {}", node.describe());
        self.diagnostics.push(Diagnostic::at(Code::Shape, place(node), message).help(help));
    }

    fn unknown(&mut self, name: &str, key: Span, whose: &str, known: &[&str]) {
        if is_tight(name) {
            let dash = Span { end: key.start + 1, ..key };
            self.diagnostics.push(
                Diagnostic::at(Code::Syntax, dash, "a space is missing after this `-`")
                    .help("write `- ` before the items of a list"),
            );
            return;
        }
        if known == TOP.known && is_entry_key(name) {
            // One finding for all of them.
            if !std::mem::replace(&mut self.stray, true) {
                let message = format!("`{name}` is a key of an entry, and stands outside of `entries`");
                let help = "write `entries:`, and below it `- model: …` with the other keys in the column of `model`";
                self.diagnostics.push(Diagnostic::at(Code::Shape, key, message).help(help));
            }
            return;
        }
        let rest = if is_entry_key(known.first().copied().unwrap_or_default()) {
            "; attributes stand under `attrs`"
        } else {
            ""
        };
        let help =
            did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("{whose} has {}{rest}", list(known)));
        let message = format!("{whose} has no key `{name}`: it does nothing");
        self.diagnostics.push(Diagnostic::at(Code::UnknownField, key, message).help(help));
    }

    fn map<'t>(&mut self, node: Node<'t>, what: &str, help: &str) -> Option<Pairs<'t>> {
        if node.tag.is_some() || !matches!(node.kind, Kind::Map(_)) {
            self.wrong(&node, what, "a map", help);
            return None;
        }
        match node.kind {
            // Only where parts cannot be read, pairs are taken out.
            Kind::Map(pairs) if self.gaps => Some(pairs.into_iter().filter(|pair| !yaml::is_broken(pair)).collect()),
            Kind::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    fn list<'t>(&mut self, node: Node<'t>, what: &str, help: &str) -> Option<Box<[Node<'t>]>> {
        if node.tag.is_some() || !matches!(node.kind, Kind::Seq(_)) {
            self.wrong(&node, what, "a list", help);
            return None;
        }
        if let Kind::Seq(items) = node.kind { Some(items) } else { None }
    }

    /// A text that is no tag; numbers and truth values are refused as the peer does.
    fn text<'t>(&mut self, node: &Node<'t>, what: &str) -> Option<Cow<'t, str>> {
        if node.tag.is_none()
            && let (Kind::Scalar(scalar), Some(Plain::Text(_))) = (&node.kind, node.plain())
        {
            return Some(scalar.text.clone());
        }
        let help = match node.plain() {
            Some(Plain::Text(_) | Plain::Null) | None => "write a text",
            Some(_) => "put it in quotes",
        };
        self.wrong(node, what, "a text", help);
        None
    }

    fn version(&mut self, node: &Node<'_>) {
        if matches!(node.kind, Kind::Broken) {
            return;
        }
        if node.tag.is_some() || node.plain() != Some(Plain::Int(1)) {
            let message =
                format!("the version must be the number 1, not {}", node.describe().replace("the number ", ""));
            self.diagnostics.push(
                Diagnostic::at(Code::UnknownVersion, place(node), message)
                    .help("write `version: 1`: there is no other version of the format"),
            );
        }
    }

    fn metadata<'t>(&mut self, node: Node<'t>, at: Span, blueprint: &mut Blueprint<'t>) {
        let gap = self.gap(&node);
        let Some(pairs) = self.map(node, "`metadata`", "it has a `name` and may have `labels`") else {
            return;
        };
        let pairs = misplaced::settle("`metadata`", pairs, &METADATA, self.diagnostics);
        if !gap && !pairs.iter().any(|(name, ..)| name == "name") {
            let diagnostic = Diagnostic::at(Code::Shape, at, "`metadata` has no `name`");
            self.diagnostics.push(diagnostic.help("give the blueprint a name, or leave `metadata` out"));
        }
        for (name, key, value) in pairs {
            match &*name {
                "name" => blueprint.name = self.text(&value, "the name of a blueprint"),
                "labels" => self.labels(value, blueprint),
                _ => self.unknown(&name, key, "`metadata`", METADATA.known),
            }
        }
    }

    fn labels<'t>(&mut self, node: Node<'t>, blueprint: &mut Blueprint<'t>) {
        for (name, key, value) in self.map(node, "`labels`", "leave it out, or write `{}`").unwrap_or_default() {
            self.label(&name, key);
            if let Some(text) = self.text(&value, "a label") {
                blueprint.labels.push((name, text));
            }
        }
    }

    /// A label that only nearly is one of those that mean something. Others are free.
    fn label(&mut self, name: &str, key: Span) {
        let own = name.rsplit('/').next().unwrap_or_default();
        if LABELS.contains(&name) {
            return;
        }
        // Of the prefix, any part may be missing.
        let bare = closest(own, LABELS.iter().filter_map(|label| label.rsplit('/').next()));
        let prefix = name.strip_suffix(own).unwrap_or_default();
        let near = prefix.is_empty() || closest(prefix, [PREFIX]).is_some();
        let Some(meant) = bare.filter(|_| near).and_then(|bare| LABELS.iter().find(|label| label.ends_with(bare)))
        else {
            return;
        };
        let message = format!("the label `{name}` means nothing");
        let found = Diagnostic::at(Code::UnknownField, key, message).help(format!("did you mean `{meant}`?"));
        self.diagnostics.push(found);
    }

    fn entries<'t>(&mut self, node: Node<'t>) -> Vec<Item<'t>> {
        let help = "write a list of entries, or a map of sections that each hold such a list";
        if node.tag.is_none() && matches!(node.kind, Kind::Map(_)) {
            let sections = self.map(node, "`entries`", help).unwrap_or_default();
            return sections
                .into_iter()
                .flat_map(|(_, _, section)| self.items(section, "a section of `entries`", help))
                .collect();
        }
        self.items(node, "`entries`", help)
    }

    fn entry<'t>(&mut self, node: Node<'t>) -> Option<Entry<'t>> {
        let before = self.diagnostics.len();
        let at = place(&node);
        let gap = self.gap(&node);
        let pairs = self.map(node, "an entry", "it has at least a `model` and `identifiers`")?;
        let pairs = misplaced::settle("an entry", pairs, &ENTRY, self.diagnostics);
        let span = pairs.iter().find(|(name, ..)| name == "model").map_or(at, |(_, _, value)| place(value));
        let mut entry = Entry {
            span: first_line(span, &pairs),
            model: None,
            state: None,
            conditions: None,
            identifiers: None,
            attrs: None,
            permissions: None,
            id: None,
            broken: false,
            attrs_at: None,
            attrs_misspelt: false,
        };
        let start = pairs.first().map_or(span, |(_, key, _)| *key);
        for (name, key, value) in pairs {
            self.entry_field(&mut entry, &name, key, value);
        }
        if entry.model.is_none() && !gap && !self.diagnostics.iter().skip(before).any(|found| found.code == Code::Shape)
        {
            let diagnostic = Diagnostic::at(Code::Shape, start, "this entry has no `model`");
            self.diagnostics.push(diagnostic.help("name what it declares, for instance `model: authentik_flows.flow`"));
        }
        entry.broken = gap || self.diagnostics.iter().skip(before).any(|found| found.code == Code::Shape);
        self.written += 1;
        Some(entry)
    }

    fn entry_field<'t>(&mut self, entry: &mut Entry<'t>, name: &str, key: Span, value: Node<'t>) {
        match name {
            "model" if value.tag.is_some() || self.text(&value, "`model`").is_some() => entry.model = Some(value),
            "model" => {}
            "state" => entry.state = Some(Box::new(value)),
            "conditions" => {
                let help = "a list of values that must all be true";
                entry.conditions = self.part(value, false, "`conditions`", help).map(Box::new);
            }
            "identifiers" => {
                let help = "they say which object is meant, for instance `slug: my-flow`";
                entry.identifiers = self.part(value, true, "`identifiers`", help);
            }
            "attrs" => {
                entry.attrs_at = Some(key);
                entry.attrs = self.part(value, true, "`attrs`", "leave it out, or write `{}`");
            }
            "id" if value.tag.is_some() || self.text(&value, "`id`").is_some() => entry.id = Some(value),
            "id" => {}
            "permissions" => {
                let help = "a list of maps with `permission` and `user` or `role`";
                entry.permissions = self.part(value, false, "`permissions`", help).map(Box::new);
            }
            _ => {
                entry.attrs_misspelt |= closest(name, ENTRY.known.iter().copied()) == Some("attrs");
                self.unknown(name, key, "an entry", ENTRY.known);
            }
        }
    }

    /// A map or a list, or a tag that gives one.
    fn part<'t>(&mut self, node: Node<'t>, map: bool, what: &str, help: &str) -> Option<Node<'t>> {
        let fits = match node.kind {
            Kind::Map(_) => map,
            Kind::Seq(_) => !map,
            Kind::Scalar(_) | Kind::Broken => false,
        };
        if fits || node.tag.is_some() {
            return Some(node);
        }
        self.wrong(&node, what, if map { "a map" } else { "a list" }, help);
        None
    }
}

/// Where to point at a node: the tag included; of a map or list in block form only its begin.
fn place(node: &Node<'_>) -> Span {
    node.alias.as_ref().map_or_else(|| node.whole(), |alias| **alias)
}

/// An entry without a model is shown at its first key.
fn first_line(span: Span, pairs: &Pairs<'_>) -> Span {
    if pairs.iter().any(|(name, ..)| name == "model") { span } else { pairs.first().map_or(span, |(_, key, _)| *key) }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
