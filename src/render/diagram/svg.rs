//! SVG: one file that asks for nothing, readable without colours, with every text in full behind the pointer.

use std::fmt::Write as _;

use super::{Kind, lines, shortened, texts, wrapped};
use crate::diagram::layout::{Pair, Sizes, layout};
use crate::diagram::{Diagram, Direction, Edge, Mark, Node, Shape};

mod style;

use style::{STYLE, layer_class};

/// Longer titles are cut.
const TITLE: usize = 100;
/// Longer notes and names of layers are wrapped.
const NOTE: usize = 100;
const MARGIN: f64 = 24.0;
const PAD: f64 = 12.0;
const LINE: f64 = 15.0;
/// Between the names of two layers, and the square before each.
const LEGEND_SPACE: f64 = 34.0;

/// The lines of a box.
struct Texts(Vec<(Kind, String)>);

pub(super) fn text(diagram: &Diagram) -> String {
    let texts: Vec<Texts> = diagram.nodes.iter().map(|node| Texts(lines(node))).collect();
    let sizes = Sizes {
        direction: diagram.direction,
        nodes: diagram.nodes.iter().zip(&texts).map(|(node, texts)| texts.size(node.shape)).collect(),
        edges: diagram.edges.iter().map(|edge| (edge.from, edge.to, label_size(&edge.label))).collect(),
    };
    let places = layout(&sizes);
    let title = shortened(&diagram.title, TITLE);
    let notes: Vec<String> = diagram.notes.iter().flat_map(|note| wrapped(note, NOTE)).collect();
    let legend = Legend::of(diagram, places.size.x);
    let widest = notes.iter().map(|note| width(note, 11.0)).fold(legend.width.max(width(&title, 16.0)), f64::max);
    let top = MARGIN + 20.0 + legend.height + PAD;
    let foot = top + places.size.y + MARGIN;
    let wide = (places.size.x.max(widest) + 2.0 * MARGIN).ceil();
    let high = (foot + count(notes.len()) * LINE).ceil();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" \
         refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L8 4L0 8z\"/>\
         </marker></defs>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n",
        escaped(&diagram.title)
    );
    put(&mut svg, "title", MARGIN, MARGIN + 8.0, "start", &title);
    legend.draw(&mut svg);
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {top})\">");
    for (edge, line) in diagram.edges.iter().zip(&places.edges) {
        curve(&mut svg, edge, line, diagram.direction);
    }
    for (edge, at) in diagram.edges.iter().zip(&places.labels).filter(|(edge, _)| !edge.label.is_empty()) {
        let size = label_size(&edge.label);
        let _ = write!(
            svg,
            "<rect class=\"back\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            at.x - size.x / 2.0,
            at.y - size.y / 2.0,
            size.x,
            size.y
        );
        put(&mut svg, "label", at.x, at.y + 4.0, "middle", &edge.label);
    }
    for ((node, texts), (at, size)) in diagram.nodes.iter().zip(&texts).zip(places.nodes.iter().zip(&sizes.nodes)) {
        shape(&mut svg, node, texts, *at, *size);
    }
    svg.push_str("</g>\n");
    for (number, note) in notes.iter().enumerate() {
        put(&mut svg, "label", MARGIN, foot + count(number) * LINE, "start", note);
    }
    svg.push_str("</svg>\n");
    svg
}

impl Texts {
    fn size(&self, shape: Shape) -> Pair {
        let wide = self.0.iter().map(|(kind, text)| {
            let (_, size, bold) = look(*kind);
            width(text, size) * if bold { 1.07 } else { 1.0 }
        });
        let side = match shape {
            Shape::Conditions | Shape::End => 2.2 * PAD,
            Shape::Object | Shape::Stage | Shape::Flow => PAD,
        };
        Pair { x: (wide.fold(0.0, f64::max) + 2.0 * side).max(80.0).ceil(), y: count(self.0.len()) * LINE + PAD * 1.2 }
    }
}

/// The class of a text, its size in pixels, and whether it is bold.
fn look(kind: Kind) -> (&'static str, f64, bool) {
    match kind {
        Kind::Heading => ("heading", 11.0, false),
        Kind::Name => ("name", 13.0, true),
        Kind::Fact => ("fact", 11.0, false),
        Kind::Remark => ("remark", 11.0, true),
        Kind::Place => ("place", 11.0, false),
    }
}

fn shape(svg: &mut String, node: &Node, texts: &Texts, at: Pair, size: Pair) {
    let layer = layer_class(node.layer());
    let (mark, faint) = match node.mark {
        Mark::None => ("", false),
        Mark::Aside => (" aside", false),
        Mark::Dormant => (" aside", true),
        Mark::Absent => (" absent", true),
        Mark::LeftOut => (" left-out", false),
        Mark::Broken => (" broken", false),
    };
    let faint = if faint { " opacity=\".6\"" } else { "" };
    let end = if node.shape == Shape::End { " class=\"end\"" } else { "" };
    let _ = write!(svg, "<g{end}{faint}><title>{}</title>", escaped(&full(node)));
    let (x, y, w, h) = (at.x, at.y, size.x, size.y);
    let rect = |class: &str, radius: f64| {
        format!(
            "<rect class=\"box {class} {layer}{mark}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" \
             rx=\"{radius}\"/>"
        )
    };
    let body = match node.shape {
        Shape::Object => {
            let bar = format!(
                "<rect class=\"bar {layer}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"5\" height=\"{h:.1}\" rx=\"2\"/>"
            );
            rect("object", 4.0) + &bar
        }
        Shape::Stage => rect("stage", 12.0),
        Shape::Flow => rect("flow", 4.0),
        Shape::End => rect("done", h / 2.0),
        Shape::Conditions => {
            let points = [
                (x + PAD, y),
                (x + w - PAD, y),
                (x + w, y + h / 2.0),
                (x + w - PAD, y + h),
                (x + PAD, y + h),
                (x, y + h / 2.0),
            ];
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            format!("<polygon class=\"box conditions {layer}{mark}\" points=\"{}\"/>", points.join(" "))
        }
    };
    svg.push_str(&body);
    let left = node.shape == Shape::Object;
    let (anchor, x) = if left { ("start", at.x + PAD + 2.0) } else { ("middle", at.x + size.x / 2.0) };
    for (number, (kind, text)) in texts.0.iter().enumerate() {
        put(svg, look(*kind).0, x, at.y + PAD * 0.6 + count(number + 1) * LINE - 4.0, anchor, text);
    }
    svg.push_str("</g>\n");
}

/// Everything that a box could say.
fn full(node: &Node) -> String {
    let texts = texts(node).into_iter().map(|(_, text)| text);
    texts.chain(node.model.map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

fn curve(svg: &mut String, edge: &Edge, line: &[Pair], direction: Direction) {
    let mut points = line.iter();
    let Some(first) = points.next() else { return };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let mut from = *first;
    for (point, bent) in points.zip([true, false].into_iter().cycle()) {
        // The tip points where the last piece leads, so that no piece may lead nowhere.
        if *point == from {
            continue;
        }
        let half = |one: f64, other: f64| (one + other) / 2.0;
        let _ = match (bent, direction) {
            (false, _) => write!(path, "L{:.1} {:.1}", point.x, point.y),
            (true, Direction::Right) => {
                let x = half(from.x, point.x);
                write!(path, "C{x:.1} {:.1} {x:.1} {:.1} {:.1} {:.1}", from.y, point.y, point.x, point.y)
            }
            (true, Direction::Down) => {
                let y = half(from.y, point.y);
                write!(path, "C{:.1} {y:.1} {:.1} {y:.1} {:.1} {:.1}", from.x, point.x, point.x, point.y)
            }
        };
        from = *point;
    }
    let dashed = if edge.dashed { " dashed" } else { "" };
    let _ = writeln!(svg, "<path class=\"line{dashed}\" d=\"{path}\" marker-end=\"url(#tip)\"/>");
}

/// The layers that something in the drawing is of, in rows.
struct Legend {
    entries: Vec<(Pair, usize, String)>,
    width: f64,
    height: f64,
}

impl Legend {
    /// Rows as wide as the drawing, where a name is not wider.
    fn of(diagram: &Diagram, most: f64) -> Self {
        let mut legend = Self { entries: Vec::new(), width: 0.0, height: 0.0 };
        let mut x = 0.0;
        for (number, layer) in diagram.layers.iter().enumerate() {
            if diagram.nodes.iter().all(|node| node.layer() != Some(number)) {
                continue;
            }
            let name = shortened(layer, NOTE);
            let wide = width(&name, 11.0) + LEGEND_SPACE;
            if x > 0.0 && x + wide > most {
                x = 0.0;
                legend.height += LINE;
            }
            legend.entries.push((Pair { x, y: legend.height }, number, name));
            x += wide;
            legend.width = legend.width.max(x);
        }
        legend.height += LINE;
        legend
    }

    fn draw(&self, svg: &mut String) {
        for (at, layer, name) in &self.entries {
            let (x, y) = (MARGIN + at.x, MARGIN + 20.0 + at.y);
            let class = layer_class(Some(*layer));
            let _ = write!(
                svg,
                "<rect class=\"bar {class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"10\" height=\"10\" rx=\"2\"/>"
            );
            put(svg, "label", x + 15.0, y + 9.0, "start", name);
        }
        svg.push('\n');
    }
}

fn put(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
    let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{}</text>", escaped(text));
}

fn label_size(label: &str) -> Pair {
    if label.is_empty() { Pair::default() } else { Pair { x: width(label, 11.0) + 8.0, y: 15.0 } }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// About how wide a text is in a font without serifs; rather too wide than too narrow.
fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 0.29,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | ' ' | '-' => 0.37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.92,
        'A'..='Z' => 0.70,
        c if c.is_ascii() => 0.57,
        '\u{300}'..='\u{36f}' => 0.0,
        c if u32::from(c) >= 0x1100 => 1.05,
        _ => 0.65,
    };
    text.chars().map(em).sum::<f64>() * size
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
