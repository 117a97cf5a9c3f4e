//! Files that are something else: what lies beside blueprints in a folder, told apart before any rule is held against it.
//!
//! Knows the shapes of common files, not their meaning. A blueprint with mistakes must never be taken for one of them: in
//! doubt a file is a blueprint. A file of another kind is one finding, and takes no part.

use crate::blueprint::{is_entry_key, is_top_key};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{FileId, SourceFile, Span};
use crate::suggest::closest;
use crate::yaml::{self, Document, Kind, Node, Pairs, Plain};

/// A kind of file that is known by its topmost keys: all of `all`, and one of `any` unless that is empty.
struct Format {
    noun: &'static str,
    all: &'static [&'static str],
    any: &'static [&'static str],
}

const FORMATS: &[Format] = &[
    Format { noun: "a Helm chart", all: &["apiVersion", "name", "version"], any: &[] },
    // `on` is a truth value in YAML 1.1.
    Format { noun: "a workflow of GitHub Actions", all: &["jobs"], any: &["on", "true"] },
    Format { noun: "a Docker Compose file", all: &["services"], any: &[] },
    Format {
        noun: "a JSON Schema",
        all: &["$schema"],
        any: &["type", "properties", "definitions", "$defs", "$ref", "anyOf", "oneOf", "allOf"],
    },
    Format { noun: "an OpenAPI description", all: &["info"], any: &["openapi", "swagger"] },
    Format { noun: "a `package.json`", all: &["name"], any: &["dependencies", "devDependencies", "scripts"] },
    Format {
        noun: "a Kustomize file",
        all: &[],
        any: &["configMapGenerator", "secretGenerator", "patchesStrategicMerge", "patchesJson6902"],
    },
    Format {
        noun: "the values of a Helm chart",
        all: &["authentik"],
        any: &["server", "worker", "global", "postgresql"],
    },
];

/// Files that are known by their names.
const NAMES: &[(&str, &str)] = &[
    ("kustomization", "a Kustomize file"),
    ("chart", "a Helm chart"),
    ("values", "the values of a Helm chart"),
    ("docker-compose", "a Docker Compose file"),
    ("compose", "a Docker Compose file"),
];

const OWN_FOLDER: &str = "keep blueprints in a folder of their own, or write `# gatewright: allow(not-a-blueprint)` above everything in this file";

/// Whether a text is a blueprint, perhaps one with mistakes: so much of one that its author meant it to be one.
#[must_use]
pub fn is_blueprint(name: &str, text: &str) -> bool {
    let mut found = Vec::new();
    let document = yaml::parse(FileId(0), text, &mut found);
    let faulty = faulty(&document, &found);
    document.root.as_ref().is_none_or(|root| near(root, kind(name, root, text).is_some(), faulty, text))
}

/// The same for JSON, which says less by being there.
#[must_use]
pub fn is_json_blueprint(name: &str, text: &str) -> bool {
    let mut found = Vec::new();
    let document = yaml::parse(FileId(0), text, &mut found);
    let Some(root) = &document.root else { return false };
    let says = match &root.kind {
        Kind::Map(pairs) => {
            has_entries(pairs) || is_entry(root) || pairs.iter().any(|(.., value)| holds_entries(value))
        }
        Kind::Seq(items) => !items.is_empty(),
        Kind::Broken => true,
        Kind::Scalar(_) => false,
    };
    says && near(root, kind(name, root, text).is_some(), faulty(&document, &found), text)
}

/// The one finding for a file that is something else.
pub(crate) fn finding(
    file: FileId,
    source: &SourceFile,
    document: &Document<'_>,
    found: &[Diagnostic],
) -> Option<Diagnostic> {
    let (root, faulty) = (document.root.as_ref()?, faulty(document, found));
    let kind = kind(&source.relative, root, &source.text);
    if near(root, kind.is_some(), faulty, &source.text) {
        return None;
    }
    let noun = match kind {
        Some(noun) => noun,
        None if faulty && source.text.contains("{{") => "a template, not yet filled in".to_owned(),
        // What was named is meant: where it breaks off says more.
        None if faulty && source.named => return None,
        None => return Some(leave_out(unknown(file, root), source)),
    };
    let message = format!("this is {noun}, and no blueprint");
    let mut diagnostic = match mark(root) {
        Some(span) => Diagnostic::at(Code::NotABlueprint, span, message),
        None => Diagnostic::file(Code::NotABlueprint, file, message),
    };
    let inside = inside(root);
    if !inside.is_empty() {
        let names: Vec<String> = inside.iter().map(|(name, _)| format!("`{name}`")).collect();
        let files = if names.len() == 1 { "a file of its own" } else { "files of their own" };
        diagnostic = diagnostic.help(format!(
            "save what stands under {} as {files}: the `configMapGenerator` of Kustomize, or `kubectl create configmap \
             --from-file`, puts it into a ConfigMap again",
            names.join(" and ")
        ));
        diagnostic.related.extend(inside.into_iter().map(|(_, span)| (span, "here is a blueprint".to_owned())));
    } else if faulty && source.text.contains("{{") {
        diagnostic = diagnostic.help("let Helm, or what else fills it in, make the file first, and check that");
    }
    Some(leave_out(diagnostic, source))
}

/// A file that was named is wanted; one that lies in a folder may lie there for others.
fn leave_out(mut diagnostic: Diagnostic, source: &SourceFile) -> Diagnostic {
    let help = if source.named { "a blueprint begins with `version: 1` and lists its `entries`" } else { OWN_FOLDER };
    diagnostic.help.get_or_insert_with(|| help.to_owned());
    if source.named {
        return diagnostic.severity(Severity::Error);
    }
    diagnostic.message.push_str(": it is left out");
    diagnostic
}

fn unknown(file: FileId, root: &Node<'_>) -> Diagnostic {
    let message = match &root.kind {
        Kind::Map(pairs) => {
            let names: Vec<String> = keys(pairs).take(3).map(|name| format!("`{name}`")).collect();
            let more = keys(pairs).count() - names.len();
            let others = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("this is no blueprint: it has no `entries`, but {}{others}", names.join(", "))
        }
        Kind::Seq(_) => "this is no blueprint, but a list of other things".to_owned(),
        Kind::Scalar(_) | Kind::Broken => "this is no blueprint".to_owned(),
    };
    match mark(root) {
        Some(span) => Diagnostic::at(Code::NotABlueprint, span, message),
        None => Diagnostic::file(Code::NotABlueprint, file, message),
    }
}

/// Whether it is no YAML throughout, even if it was guessed what was meant.
fn faulty(document: &Document<'_>, found: &[Diagnostic]) -> bool {
    !document.gaps.is_empty() || found.iter().any(|found| found.code == Code::Syntax)
}

fn keys<'n>(pairs: &'n Pairs<'_>) -> impl Iterator<Item = &'n str> {
    pairs.iter().filter(|pair| !yaml::is_broken(pair)).map(|(name, ..)| &**name)
}

fn get<'n, 't>(node: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
    let Kind::Map(pairs) = &node.kind else { return None };
    pairs.iter().find(|(known, ..)| known == name).map(|(.., value)| value)
}

fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.kind {
        Kind::Scalar(scalar) => Some(&scalar.text),
        Kind::Seq(_) | Kind::Map(_) | Kind::Broken => None,
    }
}

/// What a file is, if it is something that is known.
fn kind(name: &str, root: &Node<'_>, written: &str) -> Option<String> {
    match &root.kind {
        Kind::Map(pairs) => {
            let has = |name: &&str| keys(pairs).any(|known| known == *name);
            if has(&"apiVersion") {
                if let Some(kind) = get(root, "kind").and_then(text) {
                    return Some(if kind == "Kustomization" {
                        "a Kustomize file".to_owned()
                    } else {
                        format!("a Kubernetes object (`{kind}`)")
                    });
                }
                if has(&"generated") {
                    return Some("the index of a Helm repository".to_owned());
                }
            }
            if has(&"entries") {
                return None;
            }
            let fits =
                |format: &&Format| format.all.iter().all(has) && (format.any.is_empty() || format.any.iter().any(has));
            FORMATS.iter().find(fits).map(|format| format.noun.to_owned()).or_else(|| by_name(name, pairs))
        }
        Kind::Seq(items) if items.iter().any(|item| get(item, "hosts").is_some()) => {
            Some("an Ansible playbook".to_owned())
        }
        Kind::Broken | Kind::Seq(_) | Kind::Scalar(_) => {
            let kubernetes =
                ["apiVersion:", "kind:"].iter().all(|key| written.lines().any(|line| line.starts_with(key)));
            kubernetes.then(|| "a Kubernetes object".to_owned())
        }
    }
}

fn by_name(name: &str, pairs: &Pairs<'_>) -> Option<String> {
    let stem = name.rsplit('/').next()?.split('.').next()?.to_ascii_lowercase();
    let known = NAMES.iter().find(|(known, _)| *known == stem)?;
    (!keys(pairs).any(is_top_key)).then(|| known.1.to_owned())
}

/// Whether somebody meant this to be a blueprint. `known`: it is something that is known.
fn near(root: &Node<'_>, known: bool, faulty: bool, text: &str) -> bool {
    if known {
        return false;
    }
    // What is not even text is said where it is noticed.
    if faulty && ["entries", "identifiers", "authentik_", "\0"].iter().any(|word| text.contains(word)) {
        return true;
    }
    match &root.kind {
        Kind::Map(pairs) => {
            let meant = |name: &str| is_top_key(name) || closest(name, ["entries", "version", "metadata"]).is_some();
            let others = keys(pairs).filter(|name| !meant(name)).count();
            has_entries(pairs)
                || is_entry(root)
                || pairs.iter().any(|(.., value)| holds_entries(value))
                || others == 0
                || (others == 1 && (is_version(root) || is_metadata(root)))
        }
        Kind::Seq(items) => items.is_empty() || holds_entries(root),
        Kind::Scalar(_) => true,
        Kind::Broken => false,
    }
}

/// Spelt rightly or not.
fn has_entries(pairs: &Pairs<'_>) -> bool {
    keys(pairs).any(|name| name == "entries" || closest(name, ["entries"]).is_some())
}

fn is_entry(node: &Node<'_>) -> bool {
    let Kind::Map(pairs) = &node.kind else { return false };
    let others = || keys(pairs).filter(|name| is_entry_key(name)).count() > 1;
    get(node, "model").and_then(text).is_some_and(|model| {
        model.starts_with("authentik_") || ((model.contains('.') || model.contains("authentik")) && others())
    })
}

/// A list of entries, or sections of such lists.
fn holds_entries(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Seq(items) => items.iter().any(is_entry),
        Kind::Map(pairs) => {
            pairs.iter().any(|(.., value)| matches!(&value.kind, Kind::Seq(items) if items.iter().any(is_entry)))
        }
        Kind::Scalar(_) | Kind::Broken => false,
    }
}

fn is_version(root: &Node<'_>) -> bool {
    get(root, "version").is_some_and(|version| matches!(version.plain(), Some(Plain::Int(_))))
}

fn is_metadata(root: &Node<'_>) -> bool {
    let Some(Kind::Map(pairs)) = get(root, "metadata").map(|node| &node.kind) else { return false };
    keys(pairs).all(|name| matches!(name, "name" | "labels"))
}

/// Where to point at a file: the word that says what it is, or its first key.
fn mark(root: &Node<'_>) -> Option<Span> {
    match &root.kind {
        Kind::Map(pairs) => {
            let kind = get(root, "kind").filter(|_| get(root, "apiVersion").is_some()).map(Node::at);
            kind.or_else(|| pairs.iter().find(|pair| !yaml::is_broken(pair)).map(|(_, key, _)| *key))
        }
        Kind::Seq(items) => items.first().and_then(mark),
        Kind::Scalar(_) | Kind::Broken => None,
    }
}

/// Blueprints that a ConfigMap or a Secret carries as texts, by their keys.
fn inside(root: &Node<'_>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for holder in ["data", "stringData"] {
        let Some(Kind::Map(pairs)) = get(root, holder).map(|node| &node.kind) else { continue };
        for (name, key, value) in pairs {
            let is_text =
                |node: &Node<'_>| text(node).is_some_and(|text| text.contains("entries:") && text.contains("model:"));
            if is_text(value) {
                found.push((format!("{holder}.{name}"), *key));
            }
        }
    }
    found
}
