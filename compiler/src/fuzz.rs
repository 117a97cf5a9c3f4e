//! What has to hold for every text, however little of a blueprint it is.
//!
//! Each function panics where it does not hold. `compiler/fuzz` calls them with random texts, the tests with those that
//! are kept in its `corpus/` and `regressions/`, and those of the formatter with their own.

use std::ops::Range;

use gatewright_expression::{Kind as Use, Problem};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::diagnostic::Diagnostic;
use crate::fmt::{self, Failure};
use crate::foreign;
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::world::{Answer, ExistingKey, FileAnswer, UnknownWorld, World};
use crate::yaml::{self, Kind, Node, Plain};
use crate::{Options, Purpose, compile, draw};

const FILE: FileId = FileId(0);

/// Reading YAML ends, and every place that it names is one in the text.
pub fn document(text: &str) {
    let mut found = Vec::new();
    let document = yaml::parse(FILE, text, &mut found);
    document.root.iter().for_each(|root| node(text, root));
    for &gap in &document.gaps {
        inside(text, gap);
    }
    for &(alias, anchor) in &document.aliases {
        inside(text, alias);
        inside(text, anchor);
    }
    diagnostics(text, &found);
    assert!(document.root.is_some() || !found.is_empty(), "nothing was read and nothing was said");
}

/// Compiling one file ends, whether the world is known or not; every place that is shown is one in the text, and a
/// second time the same comes out.
pub fn program(text: &str) {
    let mut sources = Sources::default();
    sources.add(file("a.yaml", text, true));
    let worlds: [(&dyn World, Options); 2] = [
        (&UnknownWorld, Options { strict: false, purpose: Purpose::Check }),
        (&SmallWorld, Options { strict: true, purpose: Purpose::Plan }),
    ];
    for (world, options) in worlds {
        let first = compile(&sources, world, &options);
        diagnostics(text, &first.diagnostics);
        let (second, _) = draw(&sources, world, &options);
        assert_eq!(first.diagnostics, second.diagnostics);
        // As text, where not a number is itself.
        assert_eq!(format!("{:?}", first.desired), format!("{:?}", second.desired));
    }
    // The second name alone says what it would be.
    for name in ["a.yaml", "values.yaml"] {
        told_apart(name, text);
    }
}

/// Whoever asks what a file is hears the same, and what is said of one that is something else is at a place in the text.
fn told_apart(name: &str, text: &str) {
    let mut found = Vec::new();
    let document = yaml::parse(FILE, text, &mut found);
    let left_out = foreign::finding(FILE, &file(name, text, false), &document, &found);
    let refused = foreign::finding(FILE, &file(name, text, true), &document, &found);
    let blueprint = foreign::is_blueprint(name, text);
    assert_eq!(left_out.is_none(), blueprint, "{left_out:?}");
    // What breaks off says more of a file that was named.
    assert!(refused.is_none() || !blueprint, "{refused:?}");
    assert!(blueprint || !foreign::is_json_blueprint(name, text), "a blueprint only as JSON");
    diagnostics(text, left_out.as_slice());
    diagnostics(text, refused.as_slice());
}

/// Whatever is YAML has a layout that means the same and is its own layout.
pub fn layout(text: &str) {
    if let Err(failure) = formatted(text) {
        assert!(matches!(failure, Failure::Mistakes(_)), "{failure:?}");
    }
}

/// Compiling an expression ends, and every mistake in it is at a place in the text.
pub fn expression(text: &str) {
    for usage in [Use::Policy, Use::Prompt, Use::Mapping] {
        let problems = match gatewright_expression::compile(text, usage) {
            Ok(compiled) => compiled.warnings().to_vec(),
            Err(problems) => {
                assert!(!problems.is_empty(), "refused for no reason");
                problems
            }
        };
        problems.iter().for_each(|problem| inside_expression(text, problem));
    }
}

/// The layout of a text, after everything was tried that has to hold.
pub(crate) fn formatted(text: &str) -> Result<String, Failure> {
    let result = fmt::format(FILE, text)?;
    assert_eq!(meaning(&result), meaning(text), "\n{text}\n=>\n{result}");
    assert_eq!(fmt::format(FILE, &result).as_ref(), Ok(&result), "a second time, of\n{text}");
    assert!(result.is_empty() || result.ends_with('\n'));
    assert!(!result.contains('\r') && !result.starts_with(['\n', '\u{feff}']));
    Ok(result)
}

/// The tree of a text as one line, and the codes of what is wrong with it.
fn meaning(text: &str) -> (Option<String>, Vec<&'static str>) {
    let mut found = Vec::new();
    let root = yaml::parse(FILE, text, &mut found).root;
    (root.as_ref().map(show), found.iter().map(|diagnostic| diagnostic.code.name()).collect())
}

/// One line of text for a tree, tags and types included.
pub(crate) fn show(node: &Node<'_>) -> String {
    let body = match (&node.kind, node.plain()) {
        (Kind::Scalar(scalar), _) if node.tag.is_some() => format!("{:?}", scalar.text),
        (Kind::Scalar(_), Some(Plain::Null)) => "null".to_owned(),
        (Kind::Scalar(_), Some(Plain::Bool(value))) => value.to_string(),
        (Kind::Scalar(_), Some(Plain::Int(value))) => value.to_string(),
        (Kind::Scalar(_), Some(Plain::Float(value))) => format!("{value:?}"),
        (Kind::Scalar(_), Some(Plain::Text(text))) => format!("{text:?}"),
        (Kind::Seq(items), _) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        (Kind::Map(pairs), _) => {
            let pairs: Vec<_> = pairs.iter().map(|(key, _, value)| format!("{key:?}: {}", show(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        (Kind::Broken | Kind::Scalar(_), _) => "?".to_owned(),
    };
    node.tag.as_ref().map_or(body.clone(), |tag| format!("{} {body}", tag.name))
}

fn node(text: &str, at: &Node<'_>) {
    inside(text, at.span);
    inside(text, at.at());
    inside(text, at.whole());
    match &at.kind {
        Kind::Seq(items) => items.iter().for_each(|item| node(text, item)),
        Kind::Map(pairs) => {
            for (_, key, value) in pairs {
                inside(text, *key);
                node(text, value);
            }
        }
        Kind::Scalar(scalar) => {
            // The way back from what was decoded, which messages about a part of a value take.
            let whole = yaml::place(text, at, 0..scalar.text.len());
            inside(text, whole);
        }
        Kind::Broken => {}
    }
}

fn diagnostics(text: &str, found: &[Diagnostic]) {
    for diagnostic in found {
        assert!(!diagnostic.message.is_empty());
        let related = diagnostic.related.iter().map(|(span, _)| span);
        for span in diagnostic.span.iter().chain(related) {
            assert!(holds(text, span.file, span.range()), "{diagnostic:?} is not in the text");
        }
    }
}

fn inside_expression(text: &str, problem: &Problem) {
    assert!(holds(text, FILE, problem.range.clone()), "{problem:?} is not in the text");
    if let Some(before) = problem.line_before(text) {
        assert!(holds(text, FILE, before), "the line before {problem:?} is not in the text");
    }
}

fn inside(text: &str, span: Span) {
    assert!(holds(text, span.file, span.range()), "{span:?} is not in the text");
}

fn file(name: &str, text: &str, named: bool) -> SourceFile {
    SourceFile { path: name.to_owned(), relative: name.to_owned(), layer: 0, named, included: true, text: text.into() }
}

/// Whether it is a range of the text, and cuts no character in two.
fn holds(text: &str, file: FileId, range: Range<usize>) -> bool {
    file == FILE && text.get(range).is_some()
}

/// A world that has something for most questions, told apart by the first letter of what is asked for.
struct SmallWorld;

impl World for SmallWorld {
    fn env(&self, name: &str) -> Answer<String> {
        if name.starts_with(['a', 'A']) { Answer::Missing } else { Answer::Found(name.to_owned()) }
    }

    fn file(&self, _: &SourceFile, path: &str) -> FileAnswer {
        match path.chars().next() {
            Some('a') => FileAnswer::Missing("it does not exist".to_owned()),
            Some('b') => FileAnswer::Broken("it is no text".to_owned()),
            Some('/' | '.') => FileAnswer::Outside,
            _ => FileAnswer::Text(path.to_owned()),
        }
    }

    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey> {
        let found = self.find_all(model, conditions).unwrap_or_default();
        found.into_iter().next().map_or(Answer::Missing, Answer::Found)
    }

    fn find_all(&self, model: &str, conditions: &[(String, Json)]) -> Option<Vec<ExistingKey>> {
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = |id: Uuid| ExistingKey { id, model: model.to_owned(), key: json!(id) };
        let missing = conditions.iter().any(|(_, value)| value.as_str().is_some_and(|text| text.starts_with('a')));
        Some(if missing { Vec::new() } else { vec![key(id), key(other)] })
    }

    fn object(&self, key: &ExistingKey) -> Option<Map<String, Json>> {
        Some(Map::from_iter([("name".to_owned(), json!("x")), ("pk".to_owned(), key.key.clone())]))
    }
}

#[cfg(test)]
mod tests;
