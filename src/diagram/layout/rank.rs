//! Parts, circles and ranks: which boxes belong together, and how far along the lines each of them stands.

use std::collections::VecDeque;

use super::{Direction, Pair, Part, Sizes, Slot};

/// More points than these are not put on lines: very long lines of a very large drawing run straight.
const POINTS: usize = 100_000;

/// The connected parts, in the order of their first boxes, ranked.
pub(super) fn parts(sizes: &Sizes) -> Vec<Part> {
    let groups = groups(sizes);
    let mut parts: Vec<Part> = Vec::new();
    let mut local = vec![(0, 0); sizes.nodes.len()];
    let mut place = vec![None; sizes.nodes.len()];
    for (node, (group, size)) in groups.iter().zip(&sizes.nodes).enumerate() {
        let Some(slot) = place.get_mut(*group) else { continue };
        let at = *slot.get_or_insert_with(|| {
            parts.push(Part::default());
            parts.len() - 1
        });
        if let (Some(part), Some(local)) = (parts.get_mut(at), local.get_mut(node)) {
            *local = (at, part.nodes.len());
            part.nodes.push(node);
            let (length, width) = match sizes.direction {
                Direction::Right => (size.x, size.y),
                Direction::Down => (size.y, size.x),
            };
            part.slots.push(Slot { length, width, ..Slot::default() });
        }
    }
    let mut lines: Vec<Vec<(usize, usize, usize, Pair)>> = vec![Vec::new(); parts.len()];
    for (edge, (from, to, label)) in sizes.edges.iter().enumerate() {
        if let (Some((at, from)), Some((_, to))) = (local.get(*from), local.get(*to))
            && let Some(lines) = lines.get_mut(*at)
        {
            lines.push((edge, *from, *to, *label));
        }
    }
    let mut points = 0;
    for (part, lines) in parts.iter_mut().zip(lines) {
        rank(part, &lines, sizes.direction, &mut points);
    }
    parts
}

/// The first box of the part that each box belongs to.
fn groups(sizes: &Sizes) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..sizes.nodes.len()).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while let Some(up) = parent.get(node).copied().filter(|up| *up != node) {
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(node) {
                *slot = above;
            }
            node = up;
        }
        node
    }
    for (from, to, _) in &sizes.edges {
        let (one, other) = (root(&mut parent, *from), root(&mut parent, *to));
        if let Some(slot) = parent.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
    (0..sizes.nodes.len()).map(|node| root(&mut parent, node)).collect()
}

fn rank(part: &mut Part, lines: &[(usize, usize, usize, Pair)], direction: Direction, points: &mut usize) {
    let count = part.nodes.len();
    let real: Vec<_> = lines.iter().filter(|(_, from, to, _)| from != to).collect();
    part.loops = lines.iter().filter(|(_, from, to, _)| from == to).map(|(edge, from, ..)| (*edge, *from)).collect();
    let pairs: Vec<(usize, usize)> = real.iter().map(|(_, from, to, _)| (*from, *to)).collect();
    let turned = closing(count, &pairs);
    let forward: Vec<(usize, usize)> = pairs
        .iter()
        .zip(&turned)
        .map(|((from, to), turned)| if *turned { (*to, *from) } else { (*from, *to) })
        .collect();
    let ranks = longest(count, &forward);
    for (slot, rank) in part.slots.iter_mut().zip(&ranks) {
        slot.rank = rank * 2;
    }
    for (((edge, _, _, label), (from, to)), turned) in real.into_iter().zip(forward).zip(turned) {
        let rank = |node: usize| ranks.get(node).map_or(0, |rank| rank * 2);
        let mut slots = vec![from];
        let between = rank(from) + 1..rank(to);
        *points += between.len();
        let between = if *points > POINTS { rank(from) + 1..rank(from) + 2 } else { between };
        // The label stands where the line begins, whichever way it was turned.
        let labelled = if turned { between.end.saturating_sub(1) } else { between.start };
        for rank in between {
            let (length, width) = match direction {
                _ if rank != labelled => (0.0, 0.0),
                Direction::Right => (label.x, label.y),
                Direction::Down => (label.y, label.x),
            };
            slots.push(part.slots.len());
            part.slots.push(Slot { length, width, rank, is_point: true, ..Slot::default() });
        }
        slots.push(to);
        part.edges.push((*edge, slots));
        part.turned.push(turned);
    }
}

/// Which lines close a circle, walking from the boxes that nothing leads to, then from the others.
fn closing(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let mut outgoing: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
    let mut incoming = vec![0_usize; count];
    for (edge, (from, to)) in edges.iter().enumerate() {
        outgoing.get_mut(*from).into_iter().for_each(|list| list.push((edge, *to)));
        incoming.get_mut(*to).into_iter().for_each(|count| *count += 1);
    }
    let first = (0..count).filter(|node| incoming.get(*node) == Some(&0));
    let rest = (0..count).filter(|node| incoming.get(*node) != Some(&0));
    let mut turned = vec![false; edges.len()];
    // 0 new, 1 on the way, 2 done
    let mut state = vec![0_u8; count];
    for start in first.chain(rest) {
        if state.get(start) != Some(&0) {
            continue;
        }
        let mut way = vec![(start, 0_usize)];
        state.get_mut(start).into_iter().for_each(|state| *state = 1);
        while let Some((node, next)) = way.last_mut() {
            let node = *node;
            let Some((edge, to)) = outgoing.get(node).and_then(|list| list.get(*next)).copied() else {
                state.get_mut(node).into_iter().for_each(|state| *state = 2);
                way.pop();
                continue;
            };
            *next += 1;
            match state.get_mut(to) {
                Some(state @ 0) => {
                    *state = 1;
                    way.push((to, 0));
                }
                Some(1) => turned.get_mut(edge).into_iter().for_each(|turned| *turned = true),
                _ => {}
            }
        }
    }
    turned
}

/// Each box as far as its longest way, then what only leads away as near as possible to where it leads.
fn longest(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut outgoing: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut missing = vec![0_usize; count];
    for (from, to) in edges {
        outgoing.get_mut(*from).into_iter().for_each(|list| list.push(*to));
        missing.get_mut(*to).into_iter().for_each(|count| *count += 1);
    }
    let is_first: Vec<bool> = missing.iter().map(|count| *count == 0).collect();
    let mut free: VecDeque<usize> = (0..count).filter(|node| is_first.get(*node) == Some(&true)).collect();
    let mut ranks = vec![0_usize; count];
    while let Some(node) = free.pop_front() {
        let after = ranks.get(node).map_or(0, |rank| rank + 1);
        for to in outgoing.get(node).into_iter().flatten() {
            ranks.get_mut(*to).into_iter().for_each(|rank| *rank = (*rank).max(after));
            if let Some(count) = missing.get_mut(*to) {
                *count -= 1;
                if *count == 0 {
                    free.push_back(*to);
                }
            }
        }
    }
    for node in (0..count).filter(|node| is_first.get(*node) == Some(&true)) {
        let nearest = outgoing.get(node).into_iter().flatten().filter_map(|to| ranks.get(*to)).min().copied();
        if let (Some(nearest), Some(rank)) = (nearest, ranks.get_mut(node)) {
            *rank = nearest.saturating_sub(1);
        }
    }
    ranks
}
