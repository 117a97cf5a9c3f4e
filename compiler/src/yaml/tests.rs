//! The YAML reader: types, merges, keys, bounds, places, and the YAML test suite.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "tests"
)]

mod awkward;
mod suite;

use std::path::Path;

use super::*;
use crate::diagnostic::Code;
use crate::fuzz::show;

fn read(text: &str) -> (Option<Node<'_>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let document = parse(FileId(0), text, &mut diagnostics);
    (document.root, diagnostics)
}

fn value(text: &str) -> String {
    let (node, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    show(&node.unwrap())
}

fn codes(text: &str) -> Vec<(Code, String)> {
    let (_, diagnostics) = read(text);
    let covered = |d: &Diagnostic| d.span.map_or("", |span| &text[span.range()]).to_owned();
    diagnostics.iter().map(|d| (d.code, covered(d))).collect()
}

#[test]
fn scalars_are_yaml_1_1() {
    let table = [
        ("yes", "true"),
        ("On", "true"),
        ("off", "false"),
        ("NO", "false"),
        ("y", "\"y\""),
        ("n", "\"n\""),
        ("yEs", "\"yEs\""),
        ("0777", "511"),
        ("010", "8"),
        ("0o7", "\"0o7\""),
        ("089", "\"089\""),
        ("0x1F", "31"),
        ("0b101", "5"),
        ("-0b1", "-1"),
        ("1_000", "1000"),
        ("_1", "\"_1\""),
        ("1e3", "\"1e3\""),
        ("1.0e3", "\"1.0e3\""),
        ("1.0e+3", "1000.0"),
        ("1.5", "1.5"),
        ("1.", "1.0"),
        (".5", "0.5"),
        (".", "\".\""),
        ("+12", "12"),
        ("-x", "\"-x\""),
        (".inf", "inf"),
        ("-.INF", "-inf"),
        (".nan", "NaN"),
        ("12:30:45", "45045"),
        ("1:30", "90"),
        ("190:20:30.15", "685230.15"),
        ("1:60", "\"1:60\""),
        ("01:30", "\"01:30\""),
        ("2024-01-01", "\"2024-01-01\""),
        ("1.2.3", "\"1.2.3\""),
        ("~", "null"),
        ("Null", "null"),
        ("nULL", "\"nULL\""),
        ("9223372036854775808", "9.223372036854776e18"),
        ("'yes'", "\"yes\""),
        ("!!str 5", "\"5\""),
        ("!!int \"5\"", "5"),
        ("!!float 3", "3"),
        ("! 5", "\"5\""),
        ("!Context 5", "!Context \"5\""),
    ];
    for (text, expected) in table {
        // `!!float 3` stays the number 3: JSON knows no difference.
        let text_of_map = format!("a: {text}");
        let (node, _) = read(&text_of_map);
        assert_eq!(show(&node.unwrap()), format!("{{\"a\": {expected}}}"), "{text}");
    }
}

#[test]
fn bare_equals_and_merge_are_no_values() {
    assert_eq!(codes("a: ="), [(Code::InvalidValue, "=".to_owned())]);
    assert_eq!(codes("a: <<"), [(Code::InvalidValue, "<<".to_owned())]);
    assert_eq!(codes("a: '='"), []);
}

#[test]
fn merges_and_aliases() {
    assert_eq!(
        value("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n"),
        r#"{"base": {"x": 1, "y": 2}, "use": {"x": 1, "y": 3}}"#
    );
    assert_eq!(value("use:\n  <<: [{x: 1}, {x: 2, z: 3}]\n  y: 3\n"), r#"{"use": {"x": 1, "z": 3, "y": 3}}"#);
    assert_eq!(value("a: &t !KeyOf flow\nb: *t"), r#"{"a": !KeyOf "flow", "b": !KeyOf "flow"}"#);
    assert_eq!(codes("a:\n  <<: 5"), [(Code::Shape, "5".to_owned())]);
    assert_eq!(
        codes("a: *nope\nb: *nada"),
        [(Code::UnknownAnchor, "*nope".to_owned()), (Code::UnknownAnchor, "*nada".to_owned())]
    );
    assert_eq!(codes("a: &a [*a]"), [(Code::TooComplex, "*a".to_owned())]);
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    let (node, diagnostics) = read("a: 1\nb: 2\na: 3\n");
    assert_eq!(show(&node.unwrap()), r#"{"a": 3, "b": 2}"#);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].span.unwrap().range(), 10..11);
    assert_eq!(diagnostics[0].related[0].0.range(), 0..1);
    let many: String = (0..30).map(|n| format!("k{n}: {n}\n")).collect();
    assert_eq!(codes(&format!("{many}k3: 1\nk29: 1\n")).len(), 2);
}

#[test]
fn bounds() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    assert_eq!(codes(&bomb).len(), 1);
    assert_eq!(codes(&bomb)[0].0, Code::TooComplex);
    assert_eq!(codes(&"[".repeat(100_000))[0].0, Code::TooComplex);
    assert_eq!(codes(&"{a: ".repeat(1000))[0].0, Code::TooComplex);
    assert_eq!(codes(&(0..500).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>())[0].0, Code::TooComplex);
    let mut tower = "a0: &a0 [x]\n".to_owned();
    for n in 1..600 {
        tower.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
    }
    assert_eq!(codes(&tower)[0].0, Code::TooComplex);
}

#[test]
fn documents() {
    assert_eq!(codes("")[0].0, Code::EmptyFile);
    assert_eq!(codes("# only a comment\n")[0].0, Code::EmptyFile);
    assert_eq!(codes("---\n...\n")[0].0, Code::EmptyFile);
    assert_eq!(codes("a: 1\n---\nb: 2\n")[0].0, Code::MultipleDocuments);
    assert_eq!(codes("a: 1\n")[..], []);
}

#[test]
fn faults_have_a_place() {
    assert_eq!(codes("a: [1, 2\nb: 3\n")[0].0, Code::Syntax);
    assert_eq!(codes("a: 'x\n"), [(Code::Syntax, "'".to_owned())]);
    let (_, diagnostics) = read("a: b: c\n");
    assert_eq!(diagnostics[0].span.unwrap().start, 4);
}

fn placed(text: &str, needle: &str) -> String {
    let (node, _) = read(text);
    let Kind::Map(pairs) = node.unwrap().kind else { panic!() };
    let node = &pairs[0].2;
    let Kind::Scalar(scalar) = &node.kind else { panic!() };
    let at = scalar.text.find(needle).unwrap();
    let span = place(text, node, at..at + needle.len());
    text[span.range()].to_owned()
}

#[test]
fn places_in_decoded_text() {
    assert_eq!(placed("a: |\n  größe = 1\n    if x:\n\n  return nope\n", "nope"), "nope");
    assert_eq!(placed("a: |\n\n\n    one\n      two\n", "two"), "two");
    assert_eq!(placed("a: |2\n    one\n  two\n", "two"), "two");
    assert_eq!(placed("a: |-\r\n  one\r\n  two\r\n", "two"), "two");
    assert_eq!(placed("a: >\n  one\n  two three\n\n  four\n", "four"), "four");
    assert_eq!(placed("a: \"x\\ty \\u00e9 nope\"", "nope"), "nope");
    assert_eq!(placed("a: \"x \\\n   nope\"", "nope"), "nope");
    assert_eq!(placed("a: 'it''s nope'", "nope"), "nope");
    assert_eq!(placed("a: one\n  two nope\n", "nope"), "nope");
    assert_eq!(placed("a: return nope", "return"), "return");
}

/// What is left of a text that does not parse, and what was said.
fn recovered(text: &str) -> String {
    let mut diagnostics = Vec::new();
    let document = parse(FileId(0), text, &mut diagnostics);
    let mut shown = format!("{text}=> {}\n", document.root.as_ref().map_or("nothing".to_owned(), show));
    for found in diagnostics {
        let span = found.span.unwrap();
        let line = text[..span.range().start].matches('\n').count() + 1;
        shown.push_str(&format!("{line}: `{}` {}\n", &text[span.range()], found.message));
    }
    shown
}

#[test]
fn one_mistake_does_not_hide_the_rest() {
    let cases = [
        "version: 1\nentries:\n  - model: a\n    attrs: [x\n  - model: b\n    id: 'c\n  - model: d\n",
        "entries:\n  - model: a\n    x: b: c\n  - model: b\n    y: @\n    z: ok\nlast: 1\n",
        "entries:\n  - model: a\n     id: b\n    attrs:\n      x: 1\n  - model: c\n",
        "entries:\n  - model: a\n    attrs:\n      x: 1\n       y: 2\n      z: 3\n  - model: b\n",
        "entries:\n  - model: a\n    attrs:\n        x: 1\n      y: 2\n      z: 3\n  - model: b\n",
        "entries:\n  - model: a\n    id: x\n - model: b\n    id: y\n  - model: c\n",
        "entries:\n    - model: a\n    id: x\n  - model: b\n",
        "a: {x: 1, y: \"2, z: 3}\nb: [1, 2\nc: 3\n",
        "entries:\n  one:\n    - a: 1\n    - b: [\n  two:\n    - c: 1\n    - d: }\n",
        "entries:\n  - model:a\n    id: x\n  - model: b\n",
        "entries:\n  - x: \"one\n    y: 2\n    z: \"three\"\n  - model: b\n",
        "context: &c\n  a: [\nentries:\n  - b: &d 1\n    c: *c\n    d: *d\n",
        "base: &b {x: 1}\nuse:\n  <<: *b\n  y: 2\n  x: 3\n  z: [\n",
        "a:\n\t- b: 1\n\t  c: 2\n\t- d: [\nlist: [1]\n",
        "a: 1\n---\nb: 2\n",
        "a: 1\nb\nc: 3\n",
        "- a\n- [b\n- c\n",
        "text: |\n  one\n two\nlast: 1\n",
        "{\"a\": 1,\n \"b\": }\n",
        "    metadata:\n  name: x\nversion: 1\nentries:\n  - a: 1\n",
        "  version: 1\nmetadata:\n  name: x\nentries:\n  - a: 1\n",
        "entries:\n  - a:\n      b: |\n            {\n        }\n    c: 1\n",
        "entries:\n  - a: 1 # why\n      b: 2\n    c: 3\n",
    ];
    insta::with_settings!({omit_expression => true}, {
        insta::assert_snapshot!(cases.map(recovered).join("---\n"))
    });
}
