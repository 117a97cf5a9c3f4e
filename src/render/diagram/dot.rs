//! Graphviz.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::lines;
use crate::diagram::{Diagram, Direction, Mark, Node, Shape};

pub(super) fn text(diagram: &Diagram) -> String {
    let direction = match diagram.direction {
        Direction::Right => "LR",
        Direction::Down => "TB",
    };
    let mut text = format!("digraph {{\n  label={}\n  rankdir={direction}\n", quoted(&diagram.title));
    text.push_str("  fontname=\"sans-serif\"\n  node [fontname=\"sans-serif\" fontsize=11]\n");
    text.push_str("  edge [fontname=\"sans-serif\" fontsize=10]\n");
    let mut files: BTreeMap<(usize, &str), Vec<&Node>> = BTreeMap::new();
    for node in &diagram.nodes {
        match node.places.last().filter(|_| diagram.direction == Direction::Right) {
            Some(place) => files.entry((place.layer, &place.file)).or_default().push(node),
            None => draw(&mut text, "  ", node),
        }
    }
    for (number, ((layer, file), nodes)) in files.iter().enumerate() {
        let layer = diagram.layers.get(*layer).map_or("", String::as_str);
        let title =
            if layer.is_empty() || file.starts_with(layer) { (*file).to_owned() } else { format!("{layer}: {file}") };
        let _ = writeln!(text, "  subgraph cluster_{number} {{\n    label={}\n    color=gray", quoted(&title));
        nodes.iter().for_each(|node| draw(&mut text, "    ", node));
        text.push_str("  }\n");
    }
    for edge in &diagram.edges {
        let style = if edge.dashed { " style=dashed" } else { "" };
        let _ = writeln!(text, "  n{} -> n{} [label={}{style}]", edge.from, edge.to, quoted(&edge.label));
    }
    for note in &diagram.notes {
        let _ = writeln!(text, "  // {note}");
    }
    text.push_str("}\n");
    text
}

fn draw(text: &mut String, indent: &str, node: &Node) {
    let shape = match node.shape {
        Shape::Object => "box style=\"",
        Shape::Stage => "box style=\"rounded",
        Shape::Conditions => "hexagon style=\"",
        Shape::Flow => "box peripheries=2 style=\"",
        Shape::End => "oval style=\"",
    };
    let style = match node.mark {
        Mark::None => "\"",
        Mark::Aside | Mark::Dormant => ",dashed\"",
        Mark::Absent => ",dotted\"",
        Mark::LeftOut => "\" color=orange penwidth=2",
        Mark::Broken => "\" color=red penwidth=2",
    };
    let label: Vec<String> = lines(node).iter().map(|(_, line)| escaped(line)).collect();
    let _ = writeln!(text, "{indent}n{} [label=\"{}\" shape={shape}{style}]", node.id, label.join("\\n"));
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Labels know quotes, escapes and entities.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}
