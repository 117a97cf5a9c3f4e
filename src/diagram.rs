//! A drawing before it has a format: boxes with texts, and lines between them.
//!
//! Knows no blueprint and no format. [`objects`] and [`flow`] make one of what the compiler saw; `render/diagram` writes it,
//! for SVG at the places that [`layout`] finds.

use serde::Serialize;

pub(crate) mod flow;
pub(crate) mod layout;
pub(crate) mod objects;

/// A drawing.
#[derive(Debug, Serialize)]
pub(crate) struct Diagram {
    /// What it shows.
    pub(crate) title: String,
    /// Which way its lines run.
    #[serde(skip)]
    pub(crate) direction: Direction,
    /// The names of the layers, from the shipped set up.
    pub(crate) layers: Vec<String>,
    /// What has to be known to read it.
    pub(crate) notes: Vec<String>,
    /// The boxes.
    pub(crate) nodes: Vec<Node>,
    /// The lines.
    pub(crate) edges: Vec<Edge>,
}

/// Which way lines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Right,
    Down,
}

/// A box.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Node {
    /// Its number, by which lines name it.
    pub(crate) id: usize,
    /// What stands for.
    pub(crate) shape: Shape,
    /// What kind of thing it is: `flow`.
    pub(crate) heading: String,
    /// What it is called.
    pub(crate) name: String,
    /// What else is worth a line.
    pub(crate) facts: Vec<String>,
    /// The model, where it is an object.
    pub(crate) model: Option<&'static str>,
    /// What is special about it.
    pub(crate) mark: Mark,
    /// Where it is declared, the highest layer last. Nowhere for what only the drawing needs.
    pub(crate) places: Vec<Place>,
}

/// The shape of a box, by what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    /// An object.
    Object,
    /// A stage of a flow.
    Stage,
    /// Conditions: the way parts here.
    Conditions,
    /// A flow: where a way begins, or leads to.
    Flow,
    /// Where a way ends.
    End,
}

/// What is special about a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mark {
    /// Nothing.
    None,
    /// It stands here for what refers to it.
    Aside,
    /// It must not exist.
    Absent,
    /// Its conditions are not met.
    Dormant,
    /// Something that it needs is not there.
    LeftOut,
    /// There is a mistake in it.
    Broken,
}

/// Where something is declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    /// Counts in [`Diagram::layers`].
    pub(crate) layer: usize,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: String,
    /// It is no step of the way.
    pub(crate) dashed: bool,
}

impl Diagram {
    fn new(title: String, direction: Direction, layers: &[String]) -> Self {
        Self { title, direction, layers: layers.to_vec(), notes: Vec::new(), nodes: Vec::new(), edges: Vec::new() }
    }

    /// Adds a box and says its number.
    fn add(&mut self, node: Node) -> usize {
        let id = self.nodes.len();
        self.nodes.push(Node { id, ..node });
        id
    }

    fn connect(&mut self, from: usize, to: usize, label: &str) {
        self.edges.push(Edge { from, to, label: label.to_owned(), dashed: false });
    }

    fn hint(&mut self, from: usize, to: usize, label: &str) {
        let edge = Edge { from, to, label: label.to_owned(), dashed: true };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }
}

impl Node {
    fn new(shape: Shape, heading: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: 0,
            shape,
            heading: heading.into(),
            name: name.into(),
            facts: Vec::new(),
            model: None,
            mark: Mark::None,
            places: Vec::new(),
        }
    }

    fn fact(mut self, fact: impl Into<String>) -> Self {
        self.facts.push(fact.into());
        self
    }

    fn marked(mut self, mark: Mark) -> Self {
        self.mark = self.mark.max(mark);
        self
    }

    /// The layer of its highest declaration.
    pub(crate) fn layer(&self) -> Option<usize> {
        self.places.last().map(|place| place.layer)
    }

    /// What its mark means, for people.
    pub(crate) fn remark(&self) -> Option<&'static str> {
        match self.mark {
            Mark::None | Mark::Aside => None,
            Mark::Absent => Some("absent"),
            Mark::Dormant => Some("conditions not met"),
            Mark::LeftOut => Some("left out"),
            Mark::Broken => Some("has a mistake"),
        }
    }
}
