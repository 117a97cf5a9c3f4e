//! Drawings in their formats. Each escapes every text for itself; what no text may hold is taken out here, before.

use serde_json::{Value as Json, json};

use crate::diagram::{Diagram, Edge, Node, Place};

mod dot;
mod mermaid;
mod svg;
mod wrap;

use wrap::wrapped;

/// How a drawing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Text that Markdown pages show as a drawing
    Mermaid,
    /// Text for Graphviz
    Dot,
    /// A drawing that needs nothing else
    Svg,
    /// One JSON object (docs/json.md)
    Json,
}

/// The whole text, with its last line ended.
pub(crate) fn text(diagram: &Diagram, format: Format) -> String {
    let diagram = cleaned(diagram);
    match format {
        Format::Mermaid => mermaid::text(&diagram),
        Format::Dot => dot::text(&diagram),
        Format::Svg => svg::text(&diagram),
        Format::Json => format!("{:#}\n", json(&diagram)),
    }
}

fn json(diagram: &Diagram) -> Json {
    let mut object = json!({ "version": 1 });
    if let (Some(object), Ok(Json::Object(parts))) = (object.as_object_mut(), serde_json::to_value(diagram)) {
        object.extend(parts);
    }
    object
}

/// The same with what has no place in a drawing written out: control characters, and those that turn the direction of text
/// or are no characters at all.
fn cleaned(diagram: &Diagram) -> Diagram {
    let all = |texts: &[String]| texts.iter().map(|text| clean(text)).collect();
    let place = |place: &Place| Place { file: clean(&place.file), ..place.clone() };
    let node = |node: &Node| Node {
        heading: clean(&node.heading),
        name: clean(&node.name),
        facts: all(&node.facts),
        places: node.places.iter().map(place).collect(),
        ..node.clone()
    };
    Diagram {
        title: clean(&diagram.title),
        direction: diagram.direction,
        layers: all(&diagram.layers),
        notes: all(&diagram.notes),
        nodes: diagram.nodes.iter().map(node).collect(),
        edges: diagram.edges.iter().map(|edge| Edge { label: clean(&edge.label), ..edge.clone() }).collect(),
    }
}

fn clean(text: &str) -> String {
    let unfit = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            || matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff)
    };
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if unfit(c) { clean.extend(c.escape_unicode()) } else { clean.push(c) }
    }
    clean
}

/// A text of at most so many characters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// What a text of a box says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Heading,
    Name,
    Fact,
    Remark,
    Place,
}

/// Longer lines of a box are wrapped.
const MOST: usize = 44;

/// The texts of a box.
fn texts(node: &Node) -> Vec<(Kind, String)> {
    let heading = Some(&node.heading).filter(|heading| !heading.is_empty()).map(|text| (Kind::Heading, text.clone()));
    let facts = node.facts.iter().map(|fact| (Kind::Fact, fact.clone()));
    let remark = node.remark().map(|remark| (Kind::Remark, remark.to_owned()));
    let place = |place: &Place| format!("{}:{}", place.file, place.line);
    let here = node.places.last().map(|last| (Kind::Place, place(last)));
    let over = node.places.iter().rev().skip(1).map(|other| (Kind::Place, format!("over {}", place(other))));
    let name = (Kind::Name, node.name.clone());
    heading.into_iter().chain([name]).chain(facts).chain(remark).chain(here).chain(over).collect()
}

/// The texts of a box, each on as many lines as it needs.
fn lines(node: &Node) -> Vec<(Kind, String)> {
    let lines = |(kind, text): (Kind, String)| wrapped(&text, MOST).into_iter().map(move |line| (kind, line));
    texts(node).into_iter().flat_map(lines).collect()
}

#[cfg(test)]
mod tests;
