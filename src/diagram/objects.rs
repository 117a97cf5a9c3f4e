//! The objects of a program and what they need of each other.

use std::collections::BTreeMap;

use gatewright_compiler::desired::Presence;
use gatewright_compiler::picture::{self, Picture, Standing};

use super::{Diagram, Direction, Mark, Node, Place, Shape};

/// All objects of the user's layers, and those of the shipped set that they refer to; without a layer of the user's, the
/// whole shipped set.
pub(crate) fn draw(picture: &Picture, layers: &[String]) -> Diagram {
    let whole = layers.len() <= 1;
    let own = |at: usize| whole || picture.nodes.get(at).is_some_and(|node| node.layer() > 0);
    // In the order of the documents, which is that of the numbers.
    let mut shown: BTreeMap<usize, usize> = BTreeMap::new();
    for at in (0..picture.nodes.len()).filter(|at| own(*at)) {
        shown.insert(at, 0);
    }
    for edge in picture.edges.iter().filter(|edge| own(edge.from)) {
        shown.insert(edge.to, 0);
    }
    let mut diagram = Diagram::new("objects and what they need".to_owned(), Direction::Right, layers);
    for (at, id) in &mut shown {
        if let Some(node) = object(picture, *at, Shape::Object) {
            *id = diagram.add(if own(*at) { node } else { node.marked(Mark::Aside) });
        }
    }
    for edge in picture.edges.iter().filter(|edge| own(edge.from)) {
        if let (Some(from), Some(to)) = (shown.get(&edge.from), shown.get(&edge.to)) {
            diagram.connect(*from, *to, edge.field);
        }
    }
    diagram
}

/// A box for an object.
pub(super) fn object(picture: &Picture, at: usize, shape: Shape) -> Option<Node> {
    let node = picture.nodes.get(at)?;
    let mut object = Node::new(shape, node.model.title, picture.name(at)).marked(mark(node));
    object.model = Some(node.model.name);
    object.places = node
        .origins
        .iter()
        .map(|origin| Place {
            file: origin.file.clone(),
            line: origin.line,
            layer: usize::try_from(origin.layer).unwrap_or(usize::MAX),
        })
        .collect();
    Some(match node.presence {
        Presence::Created => object.fact("state: created"),
        Presence::MustCreated => object.fact("state: must_created"),
        Presence::Present | Presence::Absent => object,
    })
}

/// What is special about an object.
pub(super) fn mark(node: &picture::Node) -> Mark {
    match (node.standing, node.presence) {
        (Standing::Broken, _) => Mark::Broken,
        (Standing::LeftOut, _) => Mark::LeftOut,
        (Standing::Dormant, _) => Mark::Dormant,
        (Standing::Live, Presence::Absent) => Mark::Absent,
        (Standing::Live, _) => Mark::None,
    }
}
