//! SVG: one file that asks for nothing, readable without colours, with every text in full behind the pointer.

use std::fmt::Write as _;

use super::{lines, shortened};
use crate::diagram::layout::{Pair, Places, Sizes, layout};
use crate::diagram::{Diagram, Edge, Mark, Node, Shape};

/// Longer texts are cut.
const MOST: usize = 44;
const MARGIN: f64 = 24.0;
const PAD: f64 = 12.0;
const LINE: f64 = 15.0;

/// The colours of the layers, from the shipped set up; then again from the second.
const COLOURS: [&str; 6] = ["#64748b", "#2563eb", "#0f766e", "#7c3aed", "#be185d", "#a16207"];

const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;fill:#1f2937}\
.title{font-size:16px;font-weight:600}.heading{font-size:11px;fill:#6b7280}.name{font-size:13px;font-weight:600}\
.fact{font-size:11px;fill:#374151}.place{font-size:10px;fill:#6b7280}.label{font-size:11px;fill:#4b5563}\
.remark{font-size:11px;font-weight:600;fill:#b91c1c}.line{fill:none;stroke:#94a3b8;stroke-width:1.4}\
.dashed{stroke-dasharray:5 4}.box{fill:#fff;stroke-width:1.4}.end text{fill:#fff}.back{fill:#fff;fill-opacity:.85}";

/// The texts of a box with their classes and, in pixels, their sizes.
struct Texts(Vec<(&'static str, f64, String)>);

pub(super) fn text(diagram: &Diagram) -> String {
    let texts: Vec<Texts> = diagram.nodes.iter().map(Texts::of).collect();
    let sizes = Sizes {
        direction: diagram.direction,
        nodes: diagram.nodes.iter().zip(&texts).map(|(node, texts)| texts.size(node.shape)).collect(),
        edges: diagram.edges.iter().map(|edge| (edge.from, edge.to, label_size(&edge.label))).collect(),
    };
    let places = layout(&sizes);
    let top = MARGIN + 44.0;
    let foot: Vec<&str> = diagram.notes.iter().map(String::as_str).collect();
    let widest = foot.iter().map(|note| width(note, 11.0)).fold(legend_width(diagram), f64::max);
    let wide = (places.size.x.max(widest).max(width(&diagram.title, 16.0)) + 2.0 * MARGIN).ceil();
    let high = (top + places.size.y + MARGIN + f64::from(u32::try_from(foot.len()).unwrap_or(0)) * LINE).ceil();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" \
         refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#94a3b8\"/>\
         </marker></defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escaped(&diagram.title)
    );
    put(&mut svg, "title", MARGIN, MARGIN + 8.0, "start", &diagram.title);
    legend(&mut svg, diagram);
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {top})\">");
    for (edge, line) in diagram.edges.iter().zip(&places.edges) {
        curve(&mut svg, edge, line, diagram);
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
    notes(&mut svg, &foot, top + places.size.y + MARGIN, &places);
    svg.push_str("</svg>\n");
    svg
}

impl Texts {
    fn of(node: &Node) -> Self {
        let mut texts = Vec::new();
        if !node.heading.is_empty() {
            texts.push(("heading", 11.0, shortened(&node.heading, MOST)));
        }
        texts.push(("name", 13.0, shortened(&node.name, MOST)));
        let remark = node.remark();
        let facts = node.facts.len();
        for (at, line) in lines(node).into_iter().enumerate() {
            let (class, size) = match at {
                at if at < facts => ("fact", 11.0),
                at if at == facts && remark == Some(line.as_str()) => ("remark", 11.0),
                _ => ("place", 10.0),
            };
            // Of a path, the end says more.
            let line = if class == "place" { ending(&line, MOST) } else { shortened(&line, MOST) };
            texts.push((class, size, line));
        }
        Self(texts)
    }

    fn size(&self, shape: Shape) -> Pair {
        let bold = |class: &str| if class == "name" || class == "remark" { 1.07 } else { 1.0 };
        let wide = self.0.iter().map(|(class, size, text)| width(text, *size) * bold(class)).fold(0.0, f64::max);
        let count = f64::from(u32::try_from(self.0.len()).unwrap_or(0));
        let side = match shape {
            Shape::Conditions | Shape::End => 2.2 * PAD,
            Shape::Object | Shape::Stage | Shape::Flow => PAD,
        };
        Pair { x: (wide + 2.0 * side).max(80.0).ceil(), y: count * LINE + PAD * 1.2 }
    }
}

fn shape(svg: &mut String, node: &Node, texts: &Texts, at: Pair, size: Pair) {
    let colour = colour(node.layer());
    let stroke = match node.mark {
        Mark::Broken => "#b91c1c",
        Mark::LeftOut => "#b45309",
        Mark::None | Mark::Aside | Mark::Absent | Mark::Dormant => colour,
    };
    let dash = match node.mark {
        Mark::Aside | Mark::Dormant => " stroke-dasharray=\"5 4\"",
        Mark::Absent => " stroke-dasharray=\"2 3\"",
        Mark::None | Mark::LeftOut | Mark::Broken => "",
    };
    let faint = if matches!(node.mark, Mark::Absent | Mark::Dormant) { " opacity=\".6\"" } else { "" };
    let end = if node.shape == Shape::End { " class=\"end\"" } else { "" };
    let _ = write!(svg, "<g{end}{faint}><title>{}</title>", escaped(&full(node)));
    let (x, y, w, h) = (at.x, at.y, size.x, size.y);
    let rect = |radius: f64, fill: &str| {
        format!(
            "<rect class=\"box\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{radius}\" \
             stroke=\"{stroke}\"{dash}{fill}/>"
        )
    };
    let bar = format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"5\" height=\"{h:.1}\" rx=\"2\" fill=\"{colour}\"/>");
    let body = match node.shape {
        Shape::Object => rect(4.0, "") + &bar,
        Shape::Stage => rect(12.0, " style=\"fill:#f8fafc\""),
        Shape::Flow => rect(4.0, " style=\"fill:#eff6ff;stroke-width:2.4\""),
        Shape::End => rect(h / 2.0, " style=\"fill:#334155;stroke:#334155\""),
        Shape::Conditions => {
            let cut = PAD;
            let points = [
                (x + cut, y),
                (x + w - cut, y),
                (x + w, y + h / 2.0),
                (x + w - cut, y + h),
                (x + cut, y + h),
                (x, y + h / 2.0),
            ];
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            format!(
                "<polygon class=\"box\" points=\"{}\" stroke=\"{stroke}\"{dash} style=\"fill:#fffbeb\"/>",
                points.join(" ")
            )
        }
    };
    svg.push_str(&body);
    let left = node.shape == Shape::Object;
    let (anchor, x) = if left { ("start", at.x + PAD + 2.0) } else { ("middle", at.x + size.x / 2.0) };
    for ((class, _, text), line) in texts.0.iter().zip(1_u32..) {
        put(svg, class, x, at.y + PAD * 0.6 + f64::from(line) * LINE - 4.0, anchor, text);
    }
    svg.push_str("</g>\n");
}

/// Everything that a box could say.
fn full(node: &Node) -> String {
    let head = [node.heading.clone(), node.name.clone()].into_iter().chain(node.model.map(str::to_owned));
    head.chain(lines(node)).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn curve(svg: &mut String, edge: &Edge, line: &[Pair], diagram: &Diagram) {
    use crate::diagram::Direction;

    let mut points = line.iter();
    let Some(first) = points.next() else { return };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let mut from = *first;
    for (point, bent) in points.zip([true, false].into_iter().cycle()) {
        let half = |one: f64, other: f64| (one + other) / 2.0;
        let _ = match (bent, diagram.direction) {
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

fn legend(svg: &mut String, diagram: &Diagram) {
    let mut x = MARGIN;
    for (number, layer) in diagram.layers.iter().enumerate() {
        let y = MARGIN + 20.0;
        let _ = write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y}\" width=\"10\" height=\"10\" rx=\"2\" fill=\"{}\"/>",
            colour(Some(number))
        );
        put(svg, "label", x + 15.0, y + 9.0, "start", layer);
        x += legend_entry(layer);
    }
    svg.push('\n');
}

fn legend_width(diagram: &Diagram) -> f64 {
    diagram.layers.iter().map(|layer| legend_entry(layer)).sum()
}

fn legend_entry(layer: &str) -> f64 {
    width(&shortened(layer, MOST), 11.0) + 34.0
}

fn notes(svg: &mut String, notes: &[&str], top: f64, _: &Places) {
    for (note, line) in notes.iter().zip(0_u32..) {
        put(svg, "label", MARGIN, top + f64::from(line) * LINE, "start", note);
    }
}

fn put(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
    let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{}</text>", escaped(text));
}

fn colour(layer: Option<usize>) -> &'static str {
    let at = match layer {
        None | Some(0) => 0,
        Some(layer) => 1 + (layer - 1) % (COLOURS.len() - 1),
    };
    COLOURS.get(at).copied().unwrap_or("#64748b")
}

fn label_size(label: &str) -> Pair {
    if label.is_empty() { Pair::default() } else { Pair { x: width(label, 11.0) + 8.0, y: 15.0 } }
}

/// The last characters of a text.
fn ending(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(count + 1 - most).collect();
    format!("…{kept}")
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
