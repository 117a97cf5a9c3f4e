//! Places for boxes and lines: layers, few crossings, short lines. Knows sizes only.
//!
//! The way of Sugiyama: turn lines round that close circles, give every box a rank by its longest way, put a point on each
//! rank that a line passes (the first of them carries its label), sort the ranks by the middle of their neighbours, then
//! move everything as near to its neighbours as the order allows. Parts without a connection are laid out one by one and
//! packed like words on a page. `a` runs along the lines, `c` across them.

use super::Direction;

mod order;
mod rank;
mod route;
mod settle;

/// Between two ranks.
const GAP: f64 = 26.0;
/// More of it where no label stands between them.
const BARE_GAP: f64 = 10.0;
/// Between two boxes of a rank.
const SPACE: f64 = 18.0;
/// Between two lines of a rank.
const LINE_SPACE: f64 = 6.0;
/// Between two parts.
const PART_SPACE: f64 = 36.0;

/// A size or a point, across the page and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pair {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// What has to be placed: sizes of boxes, and lines with the sizes of their labels.
pub(crate) struct Sizes {
    pub(crate) direction: Direction,
    pub(crate) nodes: Vec<Pair>,
    pub(crate) edges: Vec<(usize, usize, Pair)>,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) size: Pair,
    /// The upper left corners of the boxes.
    pub(crate) nodes: Vec<Pair>,
    /// The points of each line: a curve runs from the first to the second, a straight line to the third, and so on.
    pub(crate) edges: Vec<Vec<Pair>>,
    /// The middles of the labels.
    pub(crate) labels: Vec<Pair>,
}

/// A box of one part: how long it is along the lines, how wide across them, and where its middle is.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    length: f64,
    width: f64,
    a: f64,
    c: f64,
    rank: usize,
    /// A point of a line, no box.
    is_point: bool,
}

/// One part: boxes first, then the points of its lines.
#[derive(Debug, Default)]
struct Part {
    /// The number of each box in [`Sizes`].
    nodes: Vec<usize>,
    /// The number of each line in [`Sizes`], and its slots from end to end, in the direction of the ranks.
    edges: Vec<(usize, Vec<usize>)>,
    /// Lines that were turned round.
    turned: Vec<bool>,
    /// Lines from a box to itself.
    loops: Vec<(usize, usize)>,
    slots: Vec<Slot>,
    /// The slots of each rank, in their order.
    ranks: Vec<Vec<usize>>,
}

/// Finds places.
pub(crate) fn layout(sizes: &Sizes) -> Places {
    let mut places = Places {
        size: Pair::default(),
        nodes: vec![Pair::default(); sizes.nodes.len()],
        edges: vec![Vec::new(); sizes.edges.len()],
        labels: vec![Pair::default(); sizes.edges.len()],
    };
    let mut parts = rank::parts(sizes);
    let mut extents = Vec::new();
    for part in &mut parts {
        order::order(part);
        extents.push(settle::settle(part));
    }
    let corners = pack(&extents, sizes.direction);
    for ((part, corner), extent) in parts.iter().zip(&corners).zip(&extents) {
        let far = turned(*extent, sizes.direction);
        places.size.x = places.size.x.max(corner.x + far.x);
        places.size.y = places.size.y.max(corner.y + far.y);
        route::route(part, sizes, *corner, &mut places);
    }
    places
}

/// From along and across to the page.
fn turned(pair: Pair, direction: Direction) -> Pair {
    match direction {
        Direction::Right => pair,
        Direction::Down => Pair { x: pair.y, y: pair.x },
    }
}

/// Parts beside each other like words on lines.
fn pack(extents: &[Pair], direction: Direction) -> Vec<Pair> {
    let pages: Vec<Pair> = extents.iter().map(|extent| turned(*extent, direction)).collect();
    let area: f64 = pages.iter().map(|page| (page.x + PART_SPACE) * (page.y + PART_SPACE)).sum();
    let widest = pages.iter().map(|page| page.x).fold(0.0, f64::max);
    let width = widest.max((area * 1.3).sqrt());
    let (mut at, mut line) = (Pair::default(), 0.0_f64);
    let mut corners = Vec::with_capacity(pages.len());
    for page in pages {
        if at.x > 0.0 && at.x + page.x > width {
            at = Pair { x: 0.0, y: at.y + line + PART_SPACE };
            line = 0.0;
        }
        corners.push(at);
        at.x += page.x + PART_SPACE;
        line = line.max(page.y);
    }
    corners
}

#[cfg(test)]
mod tests;
