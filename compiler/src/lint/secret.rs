//! Secrets where everybody can read them.
//!
//! Secret is every `!Env` and `!File` that feeds a secret attribute, wherever in the program, and every written text that
//! is one as it stands. It may not flow into an attribute that is none. A variable whose name only sounds like a secret is a
//! lint.

use std::collections::{HashMap, HashSet};

use super::{EntryView, View};
use crate::check::Field;
use crate::diagnostic::{Code, Diagnostic};
use crate::models::Storage;
use crate::resolve::{Read, Source, Val, What};
use crate::source::Span;
use crate::yaml::{Kind, Node, is_broken};

/// Words of a variable's name that say what it holds.
const WORDS: &[&str] =
    &["PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "SECRETS", "TOKEN", "KEY", "APIKEY", "CREDENTIALS"];

/// Words that say that it is none after all.
const OPEN: &[&str] =
    &["PUBLIC", "PUB", "SITE", "ID", "NAME", "PATH", "FILE", "URL", "URI", "USER", "LENGTH", "EXPIRY"];

/// Where a secret belongs: the place of the attribute, and how messages call it.
type Homes = HashMap<Source, (Span, String)>;

pub(super) fn lint(view: &View<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    let entries = || view.entries.iter().filter(|entry| entry.model.storage != Storage::Meta);
    let mut homes = Homes::new();
    for entry in entries() {
        for (name, key, value) in entry.fields().filter(|field| is_secret(entry, field)) {
            value.reads(&mut |read| {
                let makes_secret = match read.source {
                    Source::Env(_) | Source::File(_) => true,
                    // Other texts are only a part of it, as a host name in a map of credentials.
                    Source::Written(_) => read.whole && !value.has_parts(),
                    Source::Object(_) => false,
                };
                if makes_secret && !homes.contains_key(&read.source) {
                    homes.insert(read.source.clone(), (*key, format!("`{name}` of this {}", entry.model.title)));
                }
            });
        }
    }
    let texts = homes.keys().any(|source| matches!(source, Source::Written(_)));
    let mut said = HashSet::new();
    for entry in entries() {
        for field in entry.fields().filter(|field| !is_secret(entry, field)) {
            let (name, _, value) = field;
            let matters = |read: &Read| match &read.source {
                Source::Env(_) | Source::File(_) => true,
                source @ Source::Written(_) => texts && homes.contains_key(source),
                Source::Object(_) => false,
            };
            let mut any = false;
            value.reads(&mut |read| any |= matters(read));
            if !any {
                continue;
            }
            places(node_of(entry, field), None, value, &mut |at, read| {
                let found = judge(&homes, &read.source, name, at, read.at);
                diagnostics.extend(found.filter(|_| said.insert((at, read.source.clone()))));
            });
        }
    }
}

fn is_secret(entry: &EntryView<'_, '_>, (name, ..): &Field<'_>) -> bool {
    entry.model.field(name).is_some_and(|field| field.secret.is_some())
}

/// The node that a field is written as: its own, or the tag that gives all fields.
fn node_of<'a>(entry: &EntryView<'a, '_>, (_, key, _): &Field<'a>) -> Option<&'a Node<'a>> {
    let own = |node: &'a Node<'a>| match &node.kind {
        Kind::Map(pairs) if node.tag.is_none() => pairs.iter().find(|(_, at, _)| at == key).map(|(_, _, value)| value),
        _ => None,
    };
    let [identifiers, attrs] = entry.written;
    let tagged = |node: &&Node<'_>| node.tag.is_some();
    let written = [identifiers, attrs].into_iter().flatten();
    written.clone().find_map(own).or_else(|| attrs.filter(tagged)).or_else(|| identifiers.filter(tagged))
}

/// Shows what flows into a value, each with its place: that of the outermost tag or alias, or of the text.
fn places(node: Option<&Node<'_>>, alias: Option<Span>, value: &Val<'_>, show: &mut dyn FnMut(Span, &Read)) {
    let alias = alias.or_else(|| node.and_then(|node| node.alias.as_deref().copied()));
    let untagged = node.filter(|node| node.tag.is_none()).map(|node| &node.kind);
    match (untagged, &value.what) {
        (Some(Kind::Seq(nodes)), What::List(values)) if nodes.len() == values.len() => {
            nodes.iter().zip(values).for_each(|(node, value)| places(Some(node), alias, value, show));
        }
        (Some(Kind::Map(pairs)), What::Map(values)) => {
            let nodes = pairs.iter().filter(|pair| !is_broken(pair)).map(|(_, _, node)| Some(node));
            let nodes = nodes.chain(std::iter::repeat(None));
            nodes.zip(values).for_each(|(node, (_, _, value))| places(node, alias, value, show));
        }
        _ => {
            let at = alias.or_else(|| node.map(Node::whole)).unwrap_or(value.span);
            value.reads(&mut |read| show(at, read));
        }
    }
}

/// What is wrong with a source in an attribute that is no secret.
fn judge(homes: &Homes, source: &Source, name: &str, at: Span, read: Span) -> Option<Diagnostic> {
    let shows = format!("`{name}` shows it to everybody who may see the object");
    if let Some((home, title)) = homes.get(source) {
        let (what, reads) = match source {
            Source::Env(variable) => (format!("the variable `{variable}`"), "read here"),
            Source::File(path) => (format!("the file `{path}`"), "read here"),
            Source::Written(_) | Source::Object(_) => ("this".to_owned(), "written here"),
        };
        let diagnostic = Diagnostic::at(Code::SecretExposed, at, format!("{what} is a secret, and {shows}"))
            .help("take it out, or use a value of its own for what is not secret")
            .related(*home, format!("it is one because {title} takes it"));
        return Some(elsewhere(diagnostic, at, read, reads));
    }
    let Source::Env(variable) = source else { return None };
    if !sounds_secret(variable) {
        return None;
    }
    let message = format!("`{variable}` sounds like a secret, and {shows}");
    let diagnostic = Diagnostic::at(Code::EnvLooksSecret, at, message).help(
        "take it out, or give the variable another name; `# gatewright: allow(env-looks-secret)` says that it is none",
    );
    Some(elsewhere(diagnostic, at, read, "read here"))
}

/// Where it is read, if not in the attribute itself.
fn elsewhere(diagnostic: Diagnostic, at: Span, read: Span, label: &str) -> Diagnostic {
    let inside = read.file == at.file && at.start <= read.start && read.end <= at.end;
    if inside { diagnostic } else { diagnostic.related(read, label) }
}

fn sounds_secret(variable: &str) -> bool {
    let upper = variable.to_uppercase();
    let has = |list: &[&str]| upper.split(['_', '-', '.']).any(|word| list.contains(&word));
    has(WORDS) && !has(OPEN)
}
