//! No text breaks out of its place, in any format.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::diagram::{Direction, Mark, Shape};

/// Texts that mean something in one of the formats.
const AWKWARD: [&str; 8] = [
    r#"a"]b"#,
    "<script>alert(1)</script>",
    "]]> & &lt; &#60; #quot; \\N \\",
    "line\nbreak\tand \u{7} bell \u{1b}[31m",
    "%% end; subgraph x --> y |z| {{}}",
    "`**bold**` $$x$$ {{y}}",
    "\u{202e}backwards \u{feff}",
    "größe 数字 🦉",
];

fn diagram() -> Diagram {
    let node = |id: usize, text: &str, shape| Node {
        id,
        shape,
        heading: text.to_owned(),
        name: text.to_owned(),
        facts: vec![text.to_owned()],
        model: None,
        mark: Mark::Broken,
        places: vec![Place { file: text.to_owned(), line: 1, layer: 0 }],
    };
    let shapes = [Shape::Object, Shape::Stage, Shape::Conditions, Shape::Flow, Shape::End];
    let nodes: Vec<Node> = AWKWARD
        .iter()
        .zip(shapes.into_iter().cycle())
        .enumerate()
        .map(|(id, (text, shape))| node(id, text, shape))
        .collect();
    let edge = |(to, text): (usize, &&str)| Edge { from: 0, to, label: (*text).to_owned(), dashed: to % 2 == 0 };
    Diagram {
        title: AWKWARD.concat(),
        direction: Direction::Right,
        layers: AWKWARD.iter().map(|text| (*text).to_owned()).collect(),
        notes: AWKWARD.iter().map(|text| (*text).to_owned()).collect(),
        edges: AWKWARD.iter().enumerate().map(edge).collect(),
        nodes,
    }
}

#[test]
fn no_line_holds_what_was_not_written_by_us() {
    let mermaid = text(&diagram(), Format::Mermaid);
    assert!(!mermaid.contains("<script") && !mermaid.contains('\u{1b}') && !mermaid.contains('\u{202e}'), "{mermaid}");
    let label = in_quotes(&mermaid);
    assert!(
        label.iter().all(|label| label.chars().all(|c| { c.is_alphanumeric() || " -_.,/…·#;<>".contains(c) })),
        "{label:#?}"
    );
    let dot = text(&diagram(), Format::Dot);
    assert!(dot.contains("a\\\"]b") && dot.contains("\\\\N") && dot.contains("&amp;lt;"), "{dot}");
    let json: serde_json::Value = serde_json::from_str(&text(&diagram(), Format::Json)).unwrap();
    assert_eq!(json.pointer("/nodes/0/name").unwrap(), r#"a"]b"#);
}

/// What stands in double quotes.
fn in_quotes(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn svg_is_xml_with_the_texts_in_it() {
    let svg = text(&diagram(), Format::Svg);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> =
        document.descendants().filter(|it| it.has_tag_name("text")).filter_map(|it| it.text()).collect();
    for text in [r#"a"]b"#, "<script>alert(1)</script>", "größe 数字 🦉"] {
        assert!(texts.contains(&text), "{texts:#?}");
    }
    for name in ["script", "image", "use", "foreignObject", "a"] {
        assert!(!document.descendants().any(|it| it.has_tag_name(name)), "{name}");
    }
    let addresses = document.descendants().flat_map(|it| it.attributes()).filter(|it| it.value().contains("://"));
    assert_eq!(addresses.count(), 0, "nothing is fetched");
}
