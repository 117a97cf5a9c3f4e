//! The language cell by cell: each file of `cells/` is one cell of a table, with what it needs and what comes of it.
//!
//! A file has `about` (which cell), then `value` (the text of one value, evaluated for a plan) or `blueprint`, or
//! `blueprints` by name; what the world holds in `env`, `files`, `objects`, `context`; `purpose: check` where no plan is
//! made; and `expect`: the value or the objects, then what is found, each at its line and column.
//! `UPDATE_CELLS=1` writes `expect` anew: read the difference before you believe it.

use std::path::{Path, PathBuf};

use super::*;
use crate::source::FileId;
use crate::yaml::{self, Kind, Node, Plain};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/cells")
}

fn json(node: &Node<'_>) -> Json {
    match (&node.kind, node.plain()) {
        (Kind::Seq(items), _) => items.iter().map(json).collect(),
        (Kind::Map(pairs), _) => pairs.iter().map(|(name, _, value)| (name.to_string(), json(value))).collect(),
        (_, Some(Plain::Bool(value))) => value.into(),
        (_, Some(Plain::Int(value))) => value.into(),
        (_, Some(Plain::Float(value))) => value.into(),
        (_, Some(Plain::Text(text))) => text.into(),
        _ => Json::Null,
    }
}

fn world(case: &Json) -> TestWorld {
    let texts = |name: &str| {
        let pairs = case.get(name).and_then(Json::as_object).into_iter().flatten();
        pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
    };
    let file = |text: String| match text.as_str() {
        "<outside>" => FileAnswer::Outside,
        "<broken>" => FileAnswer::Broken("it is not UTF-8".to_owned()),
        _ => FileAnswer::Text(text),
    };
    let objects = case.get("objects").and_then(Json::as_array).into_iter().flatten().zip(1_u128..);
    TestWorld {
        env: texts("env").collect(),
        files: texts("files").map(|(name, text)| (name, file(text))).collect(),
        objects: objects.map(|(it, key)| (it[0].as_str().unwrap().to_owned(), it[1].clone(), key)).collect(),
    }
}

/// The blueprint around one value.
fn around(case: &Json, value: &str) -> String {
    let context = case.get("context").and_then(Json::as_str).unwrap_or("{}");
    let value = value.trim_end().replace('\n', "\n        ");
    format!(
        "context: {context}\nentries:\n- {{model: authentik_core.group, id: other, identifiers: {{name: other}}, attrs: {{attributes: {{ship: Beagle}}}}}}\n- model: authentik_core.group\n  identifiers: {{name: subject}}\n  attrs:\n    attributes:\n      x: {value}\n"
    )
}

fn run(case: &Json) -> String {
    let value = case.get("value").and_then(Json::as_str);
    let mut files = Vec::new();
    if let Some(value) = value {
        files.push(file("a.yaml", &around(case, value)));
    }
    files.extend(case.get("blueprint").map(|text| file("a.yaml", text.as_str().unwrap())));
    let more = case.get("blueprints").and_then(Json::as_object).into_iter().flatten();
    files.extend(more.map(|(name, text)| file(name, text.as_str().unwrap())));
    let options = if case.get("purpose").is_some_and(|purpose| purpose == "check") { &CHECK } else { &PLAN };
    let sources = sources(files);
    let mut compilation = compile(&sources, &world(case), options);
    compilation.diagnostics.iter_mut().for_each(|found| found.help = None);
    let mut result = String::new();
    if value.is_some() {
        let named = |object: &&DesiredObject| show(object).contains("name=\"subject\"");
        let subject = compilation.desired.objects.iter().find(named);
        let attributes = subject.and_then(|object| object.fields.get("attributes"));
        let shown = match attributes.map(|field| &field.value) {
            Some(Value::Map(pairs)) => pairs.first().map_or_else(String::new, |(_, value)| show_value(value)),
            _ => "nothing".to_owned(),
        };
        writeln!(result, "= {shown}").unwrap();
    } else {
        compilation.desired.objects.iter().for_each(|object| writeln!(result, "{}", show(object)).unwrap());
        let dormant = &compilation.desired.dormant;
        dormant.iter().for_each(|object| writeln!(result, "dormant {}", show(object)).unwrap());
    }
    result + &findings(&sources, &compilation)
}

#[test]
fn every_cell_gives_what_its_file_says() {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = String::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let mut found = Vec::new();
        let document = yaml::parse(FileId(0), &text, &mut found);
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        let case = json(&document.root.unwrap());
        assert!(case["about"].is_string(), "{}: say in `about` which cell this is", path.display());
        let actual = run(&case);
        if case["expect"].as_str() == Some(actual.as_str()) {
            continue;
        }
        if std::env::var_os("UPDATE_CELLS").is_some() {
            let kept = text.split("expect: |\n").next().unwrap().trim_end();
            let lines: String = actual.lines().map(|line| format!("  {line}\n")).collect();
            std::fs::write(path, format!("{kept}\nexpect: |\n{lines}")).unwrap();
        } else {
            let expected = case["expect"].as_str().unwrap_or("nothing");
            writeln!(wrong, "{}\nexpected:\n{expected}\nfound:\n{actual}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(paths.len() > 150, "cells are missing: {}", paths.len());
}
