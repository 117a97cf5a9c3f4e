//! Where a document can be broken, and how: one slip of the keyboard each.

use std::collections::BTreeSet;
use std::ops::Range;

use gatewright_compiler::models::{self, Model};
use granit_parser::ScalarStyle;

use crate::corpus::{Document, entries_of};
use crate::judge::STATES;
use crate::random::Random;
use crate::tree::{Body, Tree, Type};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    MisspeltKey,
    MisspeltModel,
    MisspeltTag,
    WrongType,
    MissingRequired,
    BrokenReference,
    WrongIndentation,
    WrongEnum,
    DeletedQuote,
}

impl Kind {
    /// In the order of the report.
    pub(crate) const ALL: &'static [Self] = &[
        Self::MisspeltKey,
        Self::MisspeltModel,
        Self::MisspeltTag,
        Self::WrongType,
        Self::MissingRequired,
        Self::BrokenReference,
        Self::WrongIndentation,
        Self::WrongEnum,
        Self::DeletedQuote,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MisspeltKey => "misspelt key",
            Self::MisspeltModel => "misspelt model",
            Self::MisspeltTag => "misspelt tag",
            Self::WrongType => "wrong type",
            Self::MissingRequired => "missing required",
            Self::BrokenReference => "broken reference",
            Self::WrongIndentation => "wrong indentation",
            Self::WrongEnum => "wrong enum",
            Self::DeletedQuote => "deleted quote",
        }
    }
}

/// A place that can be broken.
struct Site {
    /// The bytes that change.
    range: Range<usize>,
    how: How,
    /// Bytes whose lines a finding may point at besides the changed one: where what was broken opens.
    opens: Vec<usize>,
}

enum How {
    /// One letter goes wrong, or two of a long word.
    Misspell,
    /// Another value stands there.
    Replace(Vec<&'static str>),
    Delete,
    /// The line moves.
    Indent,
}

/// A document broken in one place.
pub(crate) struct Mutation {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// What the finding should name: where a name was misspelt, the name.
    pub(crate) original: Option<String>,
    /// The lines, in the new text, on one of which a finding has to stand.
    pub(crate) lines: BTreeSet<usize>,
    /// For the report: the line, what it was and what it is.
    pub(crate) line: usize,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// The places of one kind in a document.
pub(crate) struct Sites {
    kind: Kind,
    sites: Vec<Site>,
}

impl Sites {
    pub(crate) fn of(kind: Kind, document: &Document) -> Self {
        let Document { text, tree, .. } = document;
        let sites = match kind {
            Kind::MisspeltKey => keys(tree).filter_map(|key| word(text, key)).collect(),
            Kind::MisspeltModel => named_models(tree).filter_map(|model| word(text, model)).collect(),
            Kind::MisspeltTag => tags(tree),
            Kind::WrongType => values(text, tree),
            Kind::MissingRequired => required(tree),
            Kind::BrokenReference => references(tree).into_iter().filter_map(|name| word(text, name)).collect(),
            Kind::WrongIndentation => lines(text, tree),
            Kind::WrongEnum => choices(tree).into_iter().filter_map(|choice| word(text, choice)).collect(),
            Kind::DeletedQuote => quotes(text, tree),
        };
        Self { kind, sites }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// One of the places broken, if the slip changes anything.
    pub(crate) fn mutate(&self, text: &str, random: &mut Random) -> Option<Mutation> {
        let site = random.one(&self.sites);
        let old = &text[site.range.clone()];
        let new = match &site.how {
            How::Misspell => misspelt(old, random),
            How::Replace(values) => (*random.one(values)).to_owned(),
            How::Delete => String::new(),
            How::Indent => indented(old, random)?,
        };
        if new == old {
            return None;
        }
        let mutated = format!("{}{new}{}", &text[..site.range.start], &text[site.range.end..]);
        let line = Document::line(text, site.range.start);
        let shown = |text: &str| text.lines().nth(line - 1).unwrap_or_default().trim_end().to_owned();
        let lines = site.opens.iter().map(|at| Document::line(&mutated, *at)).chain([line]).collect();
        Some(Mutation {
            kind: self.kind,
            original: matches!(site.how, How::Misspell).then(|| old.to_owned()),
            lines,
            line,
            before: shown(text),
            after: shown(&mutated),
            text: mutated,
        })
    }
}

/// A slip: two letters change places, one is missing, doubled or a neighbour on the keyboard.
fn misspelt(word: &str, random: &mut Random) -> String {
    let slips = if word.len() >= 12 && random.below(5) == 0 { 2 } else { 1 };
    let mut letters: Vec<char> = word.chars().collect();
    for _ in 0..slips {
        let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_alphanumeric()).collect();
        let at = *random.one(&places);
        match random.below(4) {
            0 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
            1 if letters.len() > 2 => drop(letters.remove(at)),
            2 => letters.insert(at, letters[at]),
            _ => letters[at] = neighbour(letters[at], random),
        }
    }
    letters.into_iter().collect()
}

fn neighbour(letter: char, random: &mut Random) -> char {
    const ROWS: &[&str] = &["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let row = ROWS.iter().find(|row| row.contains(letter.to_ascii_lowercase()));
    let row: Vec<char> = row.unwrap_or(&"xy").chars().collect();
    let at = row.iter().position(|known| *known == letter.to_ascii_lowercase()).unwrap_or(0);
    let near = if at + 1 == row.len() || (at > 0 && random.below(2) == 0) { row[at - 1] } else { row[at + 1] };
    if letter.is_ascii_uppercase() { near.to_ascii_uppercase() } else { near }
}

/// The line with one, two or four spaces more or less.
fn indented(line: &str, random: &mut Random) -> Option<String> {
    let by = *random.one(&[1, 2, 2, 4]);
    if random.below(2) == 0 {
        return Some(format!("{}{line}", " ".repeat(by)));
    }
    line.strip_prefix(&" ".repeat(by)).map(str::to_owned)
}

/// The letters of a scalar on one line that is written as it reads.
fn word(text: &str, node: &Tree) -> Option<Site> {
    let Body::Scalar(value, style) = &node.body else { return None };
    let inner = match style {
        ScalarStyle::Plain => node.span.clone(),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => node.span.start + 1..node.span.end - 1,
        _ => return None,
    };
    let fits = !node.alias && text.get(inner.clone()) == Some(value) && value.len() >= 2;
    let fits = fits && value.is_ascii() && value.chars().any(|c| c.is_ascii_alphabetic());
    fits.then(|| Site { range: inner, how: How::Misspell, opens: Vec::new() })
}

fn own_nodes(tree: &Tree) -> impl Iterator<Item = &Tree> {
    tree.all().into_iter().filter(|node| !node.alias)
}

fn keys(tree: &Tree) -> impl Iterator<Item = &Tree> {
    let pairs = own_nodes(tree).flat_map(|node| match &node.body {
        Body::Map(pairs) => pairs.as_slice(),
        _ => &[],
    });
    pairs.map(|(key, _)| key).filter(|key| key.text().is_some_and(|text| text != "<<"))
}

/// Models of entries and of look-ups.
fn named_models(tree: &Tree) -> impl Iterator<Item = &Tree> {
    let entries = entries_of(tree).into_iter().filter_map(|entry| entry.get("model"));
    let finds = own_nodes(tree).filter(|node| node.tag_name() == Some("!Find"));
    let named = entries.chain(finds.filter_map(|find| find.items().first()));
    named.filter(|model| model.text().is_some())
}

fn tags(tree: &Tree) -> Vec<Site> {
    let tags = own_nodes(tree).filter_map(|node| node.tag.as_ref());
    let word = |(name, span): &(String, Range<usize>)| {
        let range = span.start + 1..span.start + name.len();
        Site { range, how: How::Misspell, opens: Vec::new() }
    };
    tags.map(word).collect()
}

/// Every value of a map and every item of a list, what stands inside tags left out.
fn values(text: &str, tree: &Tree) -> Vec<Site> {
    let mut sites = Vec::new();
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        if node.tag.is_some() || node.alias {
            continue;
        }
        let children: Vec<&Tree> = match &node.body {
            Body::Scalar(..) => continue,
            Body::Seq(items) => items.iter().collect(),
            Body::Map(pairs) => {
                pairs.iter().filter(|(key, _)| key.text() != Some("<<")).map(|(_, value)| value).collect()
            }
        };
        for child in children {
            sites.extend(wrong(text, child));
            open.push(child);
        }
    }
    sites
}

/// A value of a type that cannot be taken for that of the one which stands there.
fn wrong(text: &str, node: &Tree) -> Option<Site> {
    if node.tag.is_some() || node.alias || node.span.is_empty() {
        return None;
    }
    let others = match (&node.body, node.kind()) {
        (Body::Seq(_), _) => vec!["wrong", "{wrong: type}"],
        (Body::Map(_), _) => vec!["wrong", "[wrong]"],
        (_, Some(Type::Text)) => vec!["[wrong]", "{wrong: type}", "true"],
        (_, Some(Type::Null)) | (_, None) => return None,
        (_, Some(_)) => vec!["wrong", "[wrong]", "{wrong: type}"],
    };
    let mut range = node.span.clone();
    if let Body::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded) = node.body {
        range.start = text[..range.start].rfind(['|', '>'])?;
    }
    Some(Site { range, how: How::Replace(others), opens: Vec::new() })
}

/// Pairs without which an entry is not whole.
fn required(tree: &Tree) -> Vec<Site> {
    let mut sites = Vec::new();
    if let Some(metadata) = tree.get("metadata") {
        sites.extend(removed(tree, metadata, "name"));
    }
    for entry in entries_of(tree) {
        let Some(model) = entry.get("model").and_then(Tree::text).and_then(models::model) else { continue };
        for name in ["model", "identifiers"] {
            sites.extend(removed(entry, entry, name));
        }
        for part in ["attrs", "identifiers"] {
            let Some(map) = entry.get(part).filter(|map| map.is_map()) else { continue };
            for field in model.fields.iter().filter(|field| field.required) {
                sites.extend(removed(entry, map, &field.name));
            }
        }
        for permission in entry.get("permissions").map(Tree::items).unwrap_or_default() {
            for name in ["permission", "user", "role"] {
                sites.extend(removed(entry, permission, name));
            }
        }
    }
    sites
}

/// A pair taken out. What lost it opens at its first key, at the key before it and, as a part of an entry, there.
fn removed(around: &Tree, map: &Tree, name: &str) -> Option<Site> {
    let Body::Map(pairs) = &map.body else { return None };
    let at = pairs.iter().position(|(key, _)| key.text() == Some(name))?;
    if map.alias {
        return None;
    }
    let (key, value) = &pairs[at];
    let end = value.span.end.max(key.span.end);
    let range = match (pairs.get(at + 1), at.checked_sub(1).and_then(|before| pairs.get(before))) {
        (Some((next, _)), _) => key.span.start..next.tag.as_ref().map_or(next.span.start, |(_, tag)| tag.start),
        (None, Some((key, before))) => before.span.end.max(key.span.end)..end,
        (None, None) => return None,
    };
    let mut opens = vec![map.span.start, around.span.start];
    let Body::Map(outer) = &around.body else { return None };
    opens.extend(outer.iter().filter(|(_, value)| value.span == map.span).map(|(key, _)| key.span.start));
    opens.extend(outer.iter().filter(|(key, _)| key.text() == Some("model")).map(|(key, _)| key.span.start));
    // In the new text everything behind the pair has moved up.
    let moved = |open: &usize| if *open < range.end { *open } else { open - range.len() };
    let opens = opens.iter().map(moved).collect();
    Some(Site { range, how: How::Delete, opens })
}

/// Names by which something else is meant.
fn references(tree: &Tree) -> Vec<&Tree> {
    let mut found = Vec::new();
    let mut used = BTreeSet::new();
    for node in own_nodes(tree) {
        match (node.tag_name(), &node.body) {
            (Some("!KeyOf"), Body::Scalar(id, _)) => {
                used.insert(id.as_str());
                found.push(node);
            }
            (Some("!Context"), Body::Scalar(..)) => found.push(node),
            (Some("!Context"), Body::Seq(items)) => found.extend(items.first()),
            (Some("!Find"), Body::Seq(items)) => {
                let pairs = items.iter().skip(1).map(Tree::items);
                found.extend(pairs.filter_map(|pair| pair.get(1)).filter(|value| value.text().is_some()));
            }
            _ => {}
        }
    }
    let ids = entries_of(tree).into_iter().filter_map(|entry| entry.get("id"));
    found.extend(ids.filter(|id| id.text().is_some_and(|text| used.contains(text))));
    found
}

/// Words of which there is a fixed number.
fn choices(tree: &Tree) -> Vec<&Tree> {
    let mut found = Vec::new();
    for entry in entries_of(tree) {
        found.extend(entry.get("state").filter(|state| state.text().is_some_and(|text| STATES.contains(&text))));
        let Some(model) = entry.get("model").and_then(Tree::text).and_then(models::model) else { continue };
        for part in ["attrs", "identifiers"] {
            for (name, _, value) in entry.get(part).map(Tree::pairs).unwrap_or_default() {
                found.extend(chosen(model, name, value));
            }
        }
    }
    found
}

fn chosen<'a>(model: &Model, name: &str, value: &'a Tree) -> Vec<&'a Tree> {
    let property = &model.schema()["properties"][name];
    let items = value.items().iter().filter(|_| value.tag.is_none() && property["items"]["enum"].is_array());
    let own = Some(value).filter(|_| property["enum"].is_array());
    items.chain(own).filter(|value| value.kind() == Some(Type::Text)).collect()
}

/// Every line that holds something, with where what it belongs to opens.
fn lines(text: &str, tree: &Tree) -> Vec<Site> {
    let mut sites = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') && !content.starts_with("---") {
            let at = start + line.len() - line.trim_start().len();
            let range = start..start + line.trim_end_matches('\n').len();
            sites.push(Site { range, how: How::Indent, opens: openings(tree, at) });
        }
        start += line.len();
    }
    sites
}

/// Where the innermost collection or scalar opens that a byte is in: at its first byte and at the key that holds it.
fn openings(tree: &Tree, at: usize) -> Vec<usize> {
    let mut opens = vec![tree.span.start];
    let mut node = tree;
    loop {
        let inside = |child: &Tree| {
            let begin = child.tag.as_ref().map_or(child.span.start, |(_, tag)| tag.start);
            !child.alias && begin <= at && at < child.span.end
        };
        let next = match &node.body {
            Body::Scalar(..) => None,
            Body::Seq(items) => items.iter().find(|item| inside(item)).map(|item| (item.span.start, item)),
            Body::Map(pairs) => {
                let value = pairs.iter().find(|(_, value)| inside(value));
                value.map(|(key, value)| (key.span.start, value))
            }
        };
        let Some((key, child)) = next else { return opens };
        if matches!(child.body, Body::Scalar(..)) && child.span.start == at {
            return opens;
        }
        // A list item that begins here is moved as a whole: its list is what breaks.
        if child.span.start >= at {
            return opens;
        }
        opens = vec![key, child.span.start];
        node = child;
    }
}

/// Quotes around scalars, and those inside the expressions of blocks.
fn quotes(text: &str, tree: &Tree) -> Vec<Site> {
    let mut sites = Vec::new();
    for node in own_nodes(tree) {
        let Body::Scalar(_, style) = &node.body else { continue };
        let span = node.span.clone();
        match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                for at in [span.start, span.end - 1] {
                    let mut opens = openings(tree, span.start);
                    opens.push(span.start);
                    sites.push(Site { range: at..at + 1, how: How::Delete, opens });
                }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let quotes = text[span.clone()].match_indices(['"', '\'']);
                sites.extend(quotes.map(|(at, _)| {
                    let at = span.start + at;
                    Site { range: at..at + 1, how: How::Delete, opens: openings(tree, at) }
                }));
            }
            ScalarStyle::Plain => {}
        }
    }
    sites
}
