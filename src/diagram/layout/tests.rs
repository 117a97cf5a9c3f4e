//! Boxes do not overlap, lines begin and end at their boxes, and nothing grows beyond measure.

#![expect(clippy::indexing_slicing, reason = "tests")]

use super::*;

fn sizes(direction: Direction, nodes: usize, edges: &[(usize, usize)]) -> Sizes {
    let label = Pair { x: 40.0, y: 14.0 };
    Sizes {
        direction,
        nodes: vec![Pair { x: 120.0, y: 50.0 }; nodes],
        edges: edges.iter().map(|(from, to)| (*from, *to, label)).collect(),
    }
}

fn check(sizes: &Sizes) -> Places {
    let places = layout(sizes);
    let boxes: Vec<(Pair, Pair)> = places.nodes.iter().copied().zip(sizes.nodes.iter().copied()).collect();
    for (number, (at, size)) in boxes.iter().enumerate() {
        assert!(at.x >= -0.01 && at.y >= -0.01, "{at:?}");
        assert!(at.x + size.x <= places.size.x + 0.01 && at.y + size.y <= places.size.y + 0.01, "{at:?}");
        for (other, extent) in &boxes[number + 1..] {
            let apart = at.x + size.x <= other.x + 0.01
                || other.x + extent.x <= at.x + 0.01
                || at.y + size.y <= other.y + 0.01
                || other.y + extent.y <= at.y + 0.01;
            assert!(apart, "{at:?} and {other:?} overlap");
        }
    }
    let touches = |point: Pair, node: usize| {
        let (at, size) = boxes[node];
        (at.x - 0.1..=at.x + size.x + 0.1).contains(&point.x) && (at.y - 0.1..=at.y + size.y + 0.1).contains(&point.y)
    };
    for ((from, to, _), line) in sizes.edges.iter().zip(&places.edges) {
        let (first, last) = (line[0], line[line.len() - 1]);
        assert!(touches(first, *from) && touches(last, *to), "{line:?}");
    }
    places
}

#[test]
fn a_chain_runs_in_its_direction() {
    let places = check(&sizes(Direction::Right, 3, &[(0, 1), (1, 2)]));
    assert!(places.nodes[0].x < places.nodes[1].x && places.nodes[1].x < places.nodes[2].x);
    assert!((places.nodes[0].y - places.nodes[2].y).abs() < 0.5, "it is straight");
    let places = check(&sizes(Direction::Down, 3, &[(0, 1), (1, 2)]));
    assert!(places.nodes[0].y < places.nodes[1].y && places.nodes[1].y < places.nodes[2].y);
}

#[test]
fn circles_loops_and_parallels_are_drawn() {
    for direction in [Direction::Right, Direction::Down] {
        check(&sizes(direction, 3, &[(0, 1), (1, 2), (2, 0), (1, 1), (0, 1), (0, 2)]));
        check(&sizes(direction, 0, &[]));
        check(&sizes(direction, 1, &[(0, 0)]));
        check(&sizes(direction, 7, &[]));
    }
}

#[test]
fn trees_have_no_crossings() {
    let mut part = rank::parts(&sizes(Direction::Down, 7, &[(0, 1), (0, 2), (2, 3), (1, 4), (2, 5), (1, 6)])).remove(0);
    order::order(&mut part);
    let rank: Vec<usize> = part.ranks[4].iter().map(|slot| part.nodes[*slot]).collect();
    assert!(rank == [4, 6, 3, 5] || rank == [3, 5, 4, 6], "{rank:?}");
}

#[test]
fn no_line_runs_along_a_box() {
    let mut sizes = sizes(Direction::Down, 4, &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]);
    sizes.edges.iter_mut().for_each(|(_, _, label)| *label = Pair::default());
    let places = check(&sizes);
    for line in &places.edges {
        for ends in line.windows(2) {
            assert!(ends[0] == ends[1] || (ends[0].y - ends[1].y).abs() > 1.0, "{line:?}");
        }
    }
}

/// Neither the order of the boxes nor that of the lines alone can be mended.
#[test]
fn a_way_round_a_box_crosses_no_way_aside() {
    // A gate, the stage behind it, the next stage that both lead to, and what the first stage leads to beside it.
    let mut part = rank::parts(&sizes(Direction::Down, 4, &[(0, 1), (1, 2), (0, 2), (1, 3)])).remove(0);
    order::order(&mut part);
    assert_eq!(part.ranks[4], [3, 2]);
}

#[test]
fn many_boxes_take_their_places() {
    let edges: Vec<(usize, usize)> = (0..300).map(|at| (at, 300 + (at * 7) % 40)).collect();
    check(&sizes(Direction::Right, 340, &edges));
    let chain: Vec<(usize, usize)> = (0..499).map(|at| (at, at + 1)).chain((0..499).map(|at| (0, at + 1))).collect();
    check(&sizes(Direction::Down, 500, &chain));
}
