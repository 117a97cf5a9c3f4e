//! The compiler by input and output: files in, findings and objects out.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

/// A snapshot file without the text of the call.
macro_rules! snapshot {
    ($value:expr) => {
        insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!($value) })
    };
}

mod cells;
mod corpus;
mod entries;
mod explain;
mod layers;
mod lints;
mod slips;
mod tags;
mod wild;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::desired::{DesiredObject, Presence, Value};
use crate::diagnostic::Diagnostic;
use crate::lookup::Operator;
use crate::source::{SourceFile, Sources};
use crate::world::{Answer, ExistingKey, FileAnswer, UnknownWorld, World};
use crate::{Compilation, Options, Purpose, compile};

/// A file of a test, in layer 0.
fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        relative: path.to_owned(),
        layer: 0,
        named: false,
        included: false,
        text: text.into(),
    }
}

fn sources(files: Vec<SourceFile>) -> Sources {
    let mut sources = Sources::default();
    for file in files {
        sources.add(file);
    }
    sources
}

const CHECK: Options = Options { strict: false, purpose: Purpose::Check };
const PLAN: Options = Options { strict: false, purpose: Purpose::Plan };

/// What is wrong. Lints have tests of their own: what they miss in a few lines would only distract in the others.
fn findings(sources: &Sources, compilation: &Compilation) -> String {
    show_findings(sources, compilation.diagnostics.iter().filter(|found| !found.code.lint()))
}

/// The same with the lints, but for what has to be asked for by name.
fn findings_with_lints(sources: &Sources, compilation: &Compilation) -> String {
    show_findings(sources, compilation.diagnostics.iter().filter(|found| !found.code.quiet()))
}

/// `file line:column-line:column severity code: message | help`, one line a finding.
fn show_findings<'a>(sources: &Sources, diagnostics: impl Iterator<Item = &'a Diagnostic>) -> String {
    let mut result = String::new();
    for found in diagnostics {
        let path = found.file.and_then(|file| sources.get(file)).map_or("", |file| &file.path);
        let place = |span: crate::source::Span| {
            let (start, end) = (sources.position(span.file, span.start), sources.position(span.file, span.end));
            format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
        };
        let severity = format!("{:?}", found.severity).to_lowercase();
        let at = found.span.map(place).unwrap_or_default();
        let path = if sources.len() == 1 { String::new() } else { format!("{path} ") };
        write!(result, "{path}{at} {severity} {}: {}", found.code.name(), found.message).unwrap();
        if let Some(help) = &found.help {
            write!(result, " | {help}").unwrap();
        }
        for (span, label) in &found.related {
            write!(result, " | {} {label}", place(*span)).unwrap();
        }
        result.push('\n');
    }
    result
}

/// Checks one file.
fn check(text: &str) -> String {
    let sources = sources(vec![file("a.yaml", text)]);
    findings(&sources, &compile(&sources, &UnknownWorld, &CHECK))
}

/// Checks a list of entries; their first line is line 2.
fn check_entries(entries: &str) -> String {
    check(&format!("entries:\n{entries}"))
}

/// Compiles files for a plan and shows what came out.
fn plan(files: Vec<SourceFile>, world: &TestWorld) -> String {
    let sources = sources(files);
    let compilation = compile(&sources, world, &PLAN);
    let mut result = findings(&sources, &compilation);
    for object in &compilation.desired.objects {
        writeln!(result, "{}", show(object)).unwrap();
    }
    for object in &compilation.desired.dormant {
        writeln!(result, "dormant {}", show(object)).unwrap();
    }
    result
}

fn show(object: &DesiredObject) -> String {
    let state = match object.presence {
        Presence::Present => "",
        Presence::Created => "created ",
        Presence::MustCreated => "must_created ",
        Presence::Absent => "absent ",
    };
    let model = object.model.rsplit('.').next().unwrap();
    let fields: Vec<String> = object
        .fields
        .iter()
        .map(|(name, field)| {
            let mark = if field.enforced { "" } else { "?" };
            let over = field.overrides.as_ref().map(|lost| format!(" over {}:{}", lost.file, lost.line));
            format!("{name}{mark}={}{}", show_value(&field.value), over.unwrap_or_default())
        })
        .collect();
    format!("{state}{model} {}", fields.join(", "))
}

fn show_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::String(value) => format!("{value:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(show_value).collect::<Vec<_>>().join(", ")),
        Value::Map(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}: {}", show_value(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Declared(index) => format!("@{}", index.0),
        Value::Existing(key) => format!("#{}", key.key),
        Value::Unknown => "unknown".to_owned(),
    }
}

/// A world that knows what the test tells it, and for certain nothing else.
#[derive(Default)]
struct TestWorld {
    env: BTreeMap<String, String>,
    files: BTreeMap<String, FileAnswer>,
    /// Model, attributes, key.
    objects: Vec<(String, Json, u128)>,
}

impl TestWorld {
    /// A world with one object.
    fn with(model: &str, attrs: Json, key: u128) -> Self {
        Self { objects: vec![(model.to_owned(), attrs, key)], ..Self::default() }
    }
}

impl World for TestWorld {
    fn env(&self, name: &str) -> Answer<String> {
        self.env.get(name).map_or(Answer::Missing, |value| Answer::Found(value.clone()))
    }

    fn file(&self, _: &SourceFile, path: &str) -> FileAnswer {
        let missing = || FileAnswer::Missing("it does not exist".to_owned());
        self.files.get(path).cloned().unwrap_or_else(missing)
    }

    fn find(&self, model: &str, conditions: &[(String, Json)]) -> Answer<ExistingKey> {
        let found = self.find_all(model, conditions).and_then(|found| found.into_iter().next());
        found.map_or(Answer::Missing, Answer::Found)
    }

    fn find_all(&self, model: &str, conditions: &[(String, Json)]) -> Option<Vec<ExistingKey>> {
        let holds = |attrs: &Json, key: u128, field: &str, json: &Json| {
            let (field, operator) = match field.rsplit_once("__") {
                Some((field, suffix)) if Operator::parse(suffix).is_some() => (field, Operator::parse(suffix).unwrap()),
                _ => (field, Operator::Exact),
            };
            attrs.get(field).is_some_and(|held| operator.matches(held, json))
                || (field == "pk" && *json == uuid::Uuid::from_u128(key).to_string())
        };
        let found = self.objects.iter().filter(|(name, attrs, key)| {
            name == model && conditions.iter().all(|(field, json)| holds(attrs, *key, field, json))
        });
        let key = |(name, _, key): &(String, Json, u128)| {
            let id = uuid::Uuid::from_u128(*key);
            ExistingKey { id, model: name.clone(), key: Json::String(id.to_string()) }
        };
        Some(found.map(key).collect())
    }

    fn object(&self, key: &ExistingKey) -> Option<Map<String, Json>> {
        let found = self.objects.iter().find(|(_, _, number)| uuid::Uuid::from_u128(*number) == key.id);
        found.and_then(|(_, attrs, _)| attrs.as_object().cloned())
    }
}
