//! Secrets where everybody can read them.
//!
//! Secret is what a secret attribute holds, and every `!Env` and `!File` that feeds one, wherever in the program. It may
//! not stand in an attribute that is none. A variable whose name only sounds like a secret is a lint.

use std::collections::{HashMap, HashSet};

use super::View;
use super::flow::{Source, sources};
use crate::blueprint::Blueprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::models::Storage;
use crate::source::{FileId, Span};
use crate::yaml::{Kind, Node};

/// Words of a variable's name that say what it holds.
const WORDS: &[&str] =
    &["PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "SECRETS", "TOKEN", "KEY", "APIKEY", "CREDENTIALS"];

/// Words that say that it is none after all.
const OPEN: &[&str] =
    &["PUBLIC", "PUB", "SITE", "ID", "NAME", "PATH", "FILE", "URL", "URI", "USER", "LENGTH", "EXPIRY"];

/// Where a secret belongs: the place of the attribute, and how messages call it.
type Homes = HashMap<Source, (Span, String)>;

pub(super) fn lint(view: &View<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut homes = Homes::new();
    let mut written: HashSet<Span> = HashSet::new();
    let mut open = Vec::new();
    let files: HashMap<FileId, &Blueprint<'_>> = view.blueprints.iter().map(|it| (it.file, *it)).collect();
    for entry in view.entries.iter().filter(|entry| entry.model.storage != Storage::Meta) {
        let Some(blueprint) = files.get(&entry.file) else { continue };
        for (name, key, node) in entry.written.iter().flatten().flat_map(|pairs| pairs.iter()) {
            let secret = entry.model.field(name).is_some_and(|field| field.secret.is_some());
            if secret {
                for (source, _) in sources(blueprint, node) {
                    homes.entry(source).or_insert_with(|| (*key, format!("`{name}` of this {}", entry.model.title)));
                }
                scalars(node, &mut |scalar| written.extend([scalar.span]));
            } else {
                open.push((*blueprint, name, node));
            }
        }
    }
    let mut said = HashSet::new();
    for (blueprint, name, node) in open {
        scalars(node, &mut |scalar| {
            if scalar.alias.is_some() && written.contains(&scalar.span) && said.insert((scalar.at(), scalar.span)) {
                let message = format!("this is a secret, and `{name}` shows it to everybody who may see the object");
                diagnostics.push(
                    Diagnostic::at(Code::SecretExposed, scalar.at(), message)
                        .help("take it out: what an alias repeats is the secret itself")
                        .related(scalar.span, "the secret"),
                );
            }
        });
        outermost(node, &mut |tagged| {
            for (source, read) in sources(blueprint, tagged) {
                let found = judge(&homes, &source, name, tagged.whole(), read);
                diagnostics.extend(found.filter(|found| found.span.is_none_or(|span| said.insert((span, read)))));
            }
        });
    }
}

/// What is wrong with a source in an attribute that is no secret.
fn judge(homes: &Homes, source: &Source, name: &str, at: Span, read: Span) -> Option<Diagnostic> {
    let what = match source {
        Source::Env(variable) => format!("the variable `{variable}`"),
        Source::File(path) => format!("the file `{path}`"),
        Source::Attribute(_, attribute) => {
            let message = format!("`{attribute}` is a secret, and `{name}` would show it");
            let help = "secrets are not read back: take it out, or pass it by `!Env` to both objects that need it";
            return Some(elsewhere(Diagnostic::at(Code::SecretExposed, at, message).help(help), at, read));
        }
    };
    if let Some((home, title)) = homes.get(source) {
        let message = format!("{what} is a secret, and `{name}` shows it to everybody who may see the object");
        let diagnostic = Diagnostic::at(Code::SecretExposed, at, message)
            .help("take it out, or use a value of its own for what is not secret")
            .related(*home, format!("it is one because {title} takes it"));
        return Some(elsewhere(diagnostic, at, read));
    }
    let Source::Env(variable) = source else { return None };
    if !sounds_secret(variable) {
        return None;
    }
    let message =
        format!("`{variable}` sounds like a secret, and `{name}` shows it to everybody who may see the object");
    let diagnostic = Diagnostic::at(Code::EnvLooksSecret, at, message).help(
        "take it out, or give the variable another name; `# gatewright: allow(env-looks-secret)` says that it is none",
    );
    Some(elsewhere(diagnostic, at, read))
}

/// Where it is read, if not in the attribute itself.
fn elsewhere(diagnostic: Diagnostic, at: Span, read: Span) -> Diagnostic {
    let inside = read.file == at.file && at.start <= read.start && read.end <= at.end;
    if inside { diagnostic } else { diagnostic.related(read, "read here") }
}

fn sounds_secret(variable: &str) -> bool {
    let upper = variable.to_uppercase();
    let has = |list: &[&str]| upper.split(['_', '-', '.']).any(|word| list.contains(&word));
    has(WORDS) && !has(OPEN)
}

/// Every untagged scalar of a node.
fn scalars<'n>(node: &'n Node<'n>, show: &mut dyn FnMut(&'n Node<'n>)) {
    match &node.kind {
        _ if node.tag.is_some() => {}
        Kind::Scalar(scalar) if !scalar.text.is_empty() => show(node),
        Kind::Scalar(_) | Kind::Broken => {}
        Kind::Seq(items) => items.iter().for_each(|item| scalars(item, show)),
        Kind::Map(pairs) => pairs.iter().for_each(|(_, _, value)| scalars(value, show)),
    }
}

/// The tags of a node that stand in no other.
fn outermost<'n>(node: &'n Node<'n>, show: &mut dyn FnMut(&'n Node<'n>)) {
    match &node.kind {
        _ if node.tag.is_some() => show(node),
        Kind::Scalar(_) | Kind::Broken => {}
        Kind::Seq(items) => items.iter().for_each(|item| outermost(item, show)),
        Kind::Map(pairs) => pairs.iter().for_each(|(_, _, value)| outermost(value, show)),
    }
}
