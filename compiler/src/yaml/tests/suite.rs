//! The YAML test suite: what is refused, the steps of every text, and its values. `deviations.tsv` says where we differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::*;
use crate::yaml::concrete::{EventKind, concrete};

/// One text of the suite.
struct Case {
    /// The name of its file; with a number where the file has several.
    id: String,
    yaml: String,
    fail: bool,
    tree: Option<String>,
    json: Option<String>,
}

fn field<'a>(case: &'a Node<'a>, name: &str) -> Option<&'a str> {
    let Kind::Map(pairs) = &case.kind else {
        return None;
    };
    let (.., value) = pairs.iter().find(|(key, ..)| key == name)?;
    if let Kind::Scalar(scalar) = &value.kind { Some(&scalar.text) } else { None }
}

/// A text of the suite without the marks that it shows invisible characters by.
fn visible(text: &str) -> String {
    let text = text.replace('␣', " ").replace('↵', "").replace('←', "\r").replace('⇔', "\u{feff}");
    let mut result = String::new();
    let mut rest = text.as_str();
    // A tab is drawn as any number of em dashes and a closing mark.
    while let Some(at) = rest.find('»') {
        result.push_str(rest[..at].trim_end_matches('—'));
        result.push('\t');
        rest = &rest[at + '»'.len_utf8()..];
    }
    result.push_str(rest);
    match result.find('∎') {
        Some(at) => result[..at].to_owned(),
        None => result,
    }
}

/// The texts of a file. One takes from the text before what it does not say itself.
fn cases(name: &str, text: &str) -> Vec<Case> {
    let (root, diagnostics) = read(text);
    let Some(Node { kind: Kind::Seq(list), .. }) = root else { panic!("{name}: {diagnostics:?}") };
    let mut cases: Vec<Case> = Vec::new();
    if field(&list[0], "skip").is_some() {
        return cases;
    }
    for (number, case) in list.iter().enumerate() {
        let id = if list.len() == 1 { name.to_owned() } else { format!("{name}/{number:02}") };
        let fail = field(case, "fail").is_some();
        let before = cases.last();
        let yaml = field(case, "yaml").map_or_else(|| before.unwrap().yaml.clone(), visible);
        let (mut tree, mut json) = (field(case, "tree").map(visible), field(case, "json").map(ToOwned::to_owned));
        if tree.is_none() && !fail {
            tree = before.and_then(|before| before.tree.clone());
            json = json.or_else(|| before.and_then(|before| before.json.clone()));
        }
        cases.push(Case { id, yaml, fail, tree, json });
    }
    cases
}

/// The steps through a text, in the notation of the suite.
fn steps(text: &str) -> Option<String> {
    let concrete = concrete(text)?;
    let mut shown = "+STR\n".to_owned();
    let mut open = Vec::new();
    for event in &concrete.events {
        let mut body = match &event.kind {
            EventKind::DocumentStart { explicit } => if *explicit { "+DOC ---" } else { "+DOC" }.to_owned(),
            EventKind::DocumentEnd => "-DOC".to_owned(),
            EventKind::Seq { flow } => if *flow { "+SEQ []" } else { "+SEQ" }.to_owned(),
            EventKind::Map { flow } => if *flow { "+MAP {}" } else { "+MAP" }.to_owned(),
            EventKind::End => open.pop().unwrap(),
            EventKind::Alias { .. } => "=ALI".to_owned(),
            EventKind::Scalar { .. } => "=VAL".to_owned(),
        };
        match event.kind {
            EventKind::Seq { .. } => open.push("-SEQ".to_owned()),
            EventKind::Map { .. } => open.push("-MAP".to_owned()),
            _ => {}
        }
        if let Some(anchor) = &event.anchor {
            write!(body, " &{}", anchor.name).unwrap();
        }
        if let Some(tag) = &event.tag {
            write!(body, " <{}>", tag.name).unwrap();
        }
        match &event.kind {
            EventKind::Alias { name } => write!(body, " {name}").unwrap(),
            EventKind::Scalar { text, style } => {
                let missing = event.range.is_empty() && *style == Style::Plain;
                let mark = match style {
                    Style::Plain => ':',
                    Style::SingleQuoted => '\'',
                    Style::DoubleQuoted => '"',
                    Style::Literal => '|',
                    Style::Folded => '>',
                };
                write!(body, " {mark}{}", if missing { String::new() } else { escaped(text) }).unwrap();
            }
            _ => {}
        }
        shown.push_str(&body);
        shown.push('\n');
    }
    shown.push_str("-STR\n");
    Some(shown)
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
    text.replace('\r', "\\r").replace('\u{8}', "\\b")
}

/// The steps that the suite gives. Whether a `...` ends a document means nothing to us.
fn given(tree: &str) -> String {
    let lines = tree.lines().map(|line| line.trim_start_matches(' ')).filter(|line| !line.is_empty());
    lines.map(|line| if line.starts_with("-DOC") { "-DOC\n".to_owned() } else { format!("{line}\n") }).collect()
}

/// The value of a node, whatever its own tags mean.
pub(super) fn json(node: &Node<'_>) -> Json {
    match &node.kind {
        Kind::Broken => Json::from("?"),
        Kind::Scalar(scalar) if node.tag.is_some() => Json::from(&*scalar.text),
        Kind::Scalar(_) => match node.plain().unwrap() {
            Plain::Null => Json::Null,
            Plain::Bool(value) => value.into(),
            Plain::Int(value) => value.into(),
            Plain::Float(value) => value.into(),
            Plain::Text(text) => text.into(),
        },
        Kind::Seq(items) => items.iter().map(json).collect(),
        Kind::Map(pairs) => pairs.iter().map(|(key, _, value)| (key.to_string(), json(value))).collect(),
    }
}

/// Whether two values are one: JSON knows no whole numbers.
pub(super) fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// How we differ from a case, by name, with the particulars.
fn deviations(case: &Case) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let (root, diagnostics) = read(&case.yaml);
    let rejected = diagnostics.iter().any(|d| matches!(d.code, Code::Syntax | Code::UnknownAnchor));
    if rejected != case.fail {
        found.push((if rejected { "refused" } else { "accepted" }, format!("{diagnostics:#?}")));
    }
    if case.fail || rejected {
        return found;
    }
    let (expected, steps) = (given(case.tree.as_ref().unwrap()), steps(&case.yaml).unwrap_or_default());
    if expected != steps {
        found.push(("steps", format!("suite:\n{expected}ours:\n{steps}")));
    }
    let Some(values) = &case.json else {
        return found;
    };
    let values: Vec<Json> = serde_json::Deserializer::from_str(values).into_iter().map(Result::unwrap).collect();
    let several = diagnostics.iter().any(|d| d.code == Code::MultipleDocuments);
    if several != (values.len() > 1) {
        found.push(("documents", format!("{} in the suite", values.len())));
    }
    // Of several documents the first is read; a file without any has no value, as `null` has none.
    let (expected, ours) = (values.first().unwrap_or(&Json::Null), root.as_ref().map_or(Json::Null, json));
    if !same(expected, &ours) {
        found.push(("value", format!("suite: {expected}\nours:  {ours}")));
    }
    found
}

#[test]
fn every_deviation_has_a_reason() {
    let Some(shared) = std::env::var_os("GATEWRIGHT_SHARED") else {
        return;
    };
    let mut listed: BTreeMap<(String, String), &str> = BTreeMap::new();
    for line in include_str!("deviations.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [id, what, why] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert!(!why.is_empty() && listed.insert((id.to_owned(), what.to_owned()), why).is_none(), "{line}");
    }
    let mut paths: Vec<_> = std::fs::read_dir(Path::new(&shared).join("corpus/yaml-test-suite/src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let (mut wrong, mut count) = (String::new(), 0);
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        for case in cases(name, &std::fs::read_to_string(&path).unwrap()) {
            count += 1;
            for (what, particulars) in deviations(&case) {
                if listed.remove(&(case.id.clone(), what.to_owned())).is_none() {
                    writeln!(wrong, "{}\t{what}\n{}\n{particulars}", case.id, case.yaml).unwrap();
                }
            }
        }
    }
    assert!(count >= 400, "{count}");
    assert!(wrong.is_empty() && listed.is_empty(), "{wrong}\nlisted, and no longer so: {listed:#?}");
}
