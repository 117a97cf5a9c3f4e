//! Mermaid flowcharts. Every character with a meaning is written as its number, which Mermaid turns back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Kind, shortened, texts};
use crate::diagram::{Diagram, Direction, Mark, Node, Shape};

/// Longer texts are cut.
const LONGEST: usize = 350;
/// In pixels: Mermaid wraps the texts of boxes by itself.
const WIDTH: usize = 320;

pub(super) fn text(diagram: &Diagram) -> String {
    let direction = match diagram.direction {
        Direction::Right => "LR",
        Direction::Down => "TD",
    };
    let mut text = format!(
        "---\ntitle: \"{}\"\nconfig:\n  flowchart:\n    wrappingWidth: {WIDTH}\n---\n",
        escaped(&diagram.title)
    );
    let _ = writeln!(text, "flowchart {direction}");
    let mut files: BTreeMap<(usize, &str), Vec<&Node>> = BTreeMap::new();
    for node in &diagram.nodes {
        match node.places.last().filter(|_| diagram.direction == Direction::Right) {
            Some(place) => files.entry((place.layer, &place.file)).or_default().push(node),
            None => draw(&mut text, "  ", node),
        }
    }
    for (number, ((layer, file), nodes)) in files.iter().enumerate() {
        let layer = diagram.layers.get(*layer).map_or("", String::as_str);
        let _ = writeln!(text, "  subgraph f{number}[\"{}\"]", escaped(&title(layer, file)));
        nodes.iter().for_each(|node| draw(&mut text, "    ", node));
        text.push_str("  end\n");
    }
    for edge in &diagram.edges {
        let line = if edge.dashed { "-.->" } else { "-->" };
        let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&edge.label)) };
        let _ = writeln!(text, "  n{} {line}{label} n{}", edge.from, edge.to);
    }
    for note in &diagram.notes {
        let _ = writeln!(text, "  %% {}", note.replace(['{', '}', '<', '>', '"'], ""));
    }
    classes(&mut text, diagram);
    text
}

/// A file with its layer, where the layer says more.
fn title(layer: &str, file: &str) -> String {
    if layer.is_empty() || file.starts_with(layer) { file.to_owned() } else { format!("{layer}: {file}") }
}

fn draw(text: &mut String, indent: &str, node: &Node) {
    let label: Vec<String> = texts(node)
        .into_iter()
        .map(|(kind, text)| {
            let text = escaped(&text);
            match kind {
                Kind::Heading => format!("<i>{text}</i>"),
                Kind::Name => format!("<b>{text}</b>"),
                Kind::Fact | Kind::Remark | Kind::Place => text,
            }
        })
        .collect();
    let (open, close) = match node.shape {
        Shape::Object => ("[", "]"),
        Shape::Stage => ("(", ")"),
        Shape::Conditions => ("{{", "}}"),
        Shape::Flow => ("[[", "]]"),
        Shape::End => ("([", "])"),
    };
    let _ = writeln!(text, "{indent}n{}{open}\"{}\"{close}", node.id, label.join("<br/>"));
}

fn classes(text: &mut String, diagram: &Diagram) {
    let styles = [
        (Mark::Aside, "aside", "stroke-dasharray:4 3"),
        (Mark::Absent, "absent", "opacity:0.6,stroke-dasharray:2 2"),
        (Mark::Dormant, "dormant", "opacity:0.6,stroke-dasharray:4 3"),
        (Mark::LeftOut, "leftout", "stroke:#b45309,stroke-width:2px"),
        (Mark::Broken, "broken", "stroke:#b91c1c,stroke-width:3px"),
    ];
    for (mark, name, style) in styles {
        let marked: Vec<String> =
            diagram.nodes.iter().filter(|node| node.mark == mark).map(|node| format!("n{}", node.id)).collect();
        if !marked.is_empty() {
            let _ = writeln!(text, "  classDef {name} {style}\n  class {} {name}", marked.join(","));
        }
    }
}

/// Letters, digits and a few signs as they are, everything else as `#NUMBER;`.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut last = ' ';
    for c in shortened(text, LONGEST).chars() {
        // A line break and a formula, even where they were written as numbers. A sign that nobody sees keeps them apart.
        if matches!((last, c), ('\\', 'n') | ('$', '$')) {
            escaped.push_str("#8288;");
        }
        let plain = c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',' | '/' | '…' | '·');
        if plain {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
        last = c;
    }
    escaped
}
