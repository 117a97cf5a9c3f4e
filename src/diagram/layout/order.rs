//! The order of each rank: by the middle of the neighbours, back and forth, then by exchanging those that stand side by
//! side, keeping the order with the fewest crossings.

use super::Part;

/// How often the ranks are sorted.
const SWEEPS: usize = 16;

/// Nothing is exchanged in a part with more slots than these: it would take long, and nobody sees it.
const EXCHANGED: usize = 10_000;

/// Fills the ranks of a part.
pub(super) fn order(part: &mut Part) {
    let ranks = part.slots.iter().map(|slot| slot.rank + 1).max().unwrap_or(0);
    part.ranks = vec![Vec::new(); ranks];
    let neighbours = Neighbours::of(part);
    begin(part, &neighbours);
    let mut best = (crossings(part, &neighbours), part.ranks.clone());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        sort(part, &neighbours, sweep % 2 == 0);
        if part.slots.len() <= EXCHANGED {
            // Those that cross as often either way make room for others.
            exchange(part, &neighbours, sweep % 4 > 1);
            exchange(part, &neighbours, false);
        }
        let found = crossings(part, &neighbours);
        if found < best.0 {
            best = (found, part.ranks.clone());
        }
    }
    part.ranks = best.1;
}

/// The slots before and after each slot.
pub(super) struct Neighbours {
    pub(super) before: Vec<Vec<usize>>,
    pub(super) after: Vec<Vec<usize>>,
}

impl Neighbours {
    pub(super) fn of(part: &Part) -> Self {
        let none = || vec![Vec::new(); part.slots.len()];
        let mut neighbours = Self { before: none(), after: none() };
        for (_, slots) in &part.edges {
            for pair in slots.windows(2) {
                if let [from, to] = pair {
                    neighbours.after.get_mut(*from).into_iter().for_each(|list| list.push(*to));
                    neighbours.before.get_mut(*to).into_iter().for_each(|list| list.push(*from));
                }
            }
        }
        neighbours
    }
}

/// The first order: walking from the boxes of the first ranks, in the order in which they were given.
fn begin(part: &mut Part, neighbours: &Neighbours) {
    let mut seen = vec![false; part.slots.len()];
    let mut starts: Vec<usize> = (0..part.nodes.len()).collect();
    starts.sort_by_key(|slot| part.slots.get(*slot).map(|slot| slot.rank));
    for start in starts {
        let mut way = vec![start];
        while let Some(slot) = way.pop() {
            let Some(seen) = seen.get_mut(slot).filter(|seen| !**seen) else { continue };
            *seen = true;
            let rank = part.slots.get(slot).map_or(0, |slot| slot.rank);
            part.ranks.get_mut(rank).into_iter().for_each(|rank| rank.push(slot));
            way.extend(neighbours.after.get(slot).into_iter().flatten().rev());
        }
    }
}

/// Where each slot stands in its rank.
fn positions(part: &Part) -> Vec<f64> {
    let mut positions = vec![0.0; part.slots.len()];
    for rank in &part.ranks {
        for (slot, at) in rank.iter().zip(0_u32..) {
            positions.get_mut(*slot).into_iter().for_each(|position| *position = f64::from(at));
        }
    }
    positions
}

fn sort(part: &mut Part, neighbours: &Neighbours, forward: bool) {
    let mut positions = positions(part);
    let near = if forward { &neighbours.before } else { &neighbours.after };
    let numbers: Vec<usize> =
        if forward { (0..part.ranks.len()).collect() } else { (0..part.ranks.len()).rev().collect() };
    for number in numbers {
        let Some(rank) = part.ranks.get_mut(number) else { continue };
        let middle = |slot: &usize| {
            let list: Vec<f64> =
                near.get(*slot).into_iter().flatten().filter_map(|other| positions.get(*other)).copied().collect();
            mean(&list).or_else(|| positions.get(*slot).copied()).unwrap_or(0.0)
        };
        let mut keyed: Vec<(f64, usize)> = rank.iter().map(|slot| (middle(slot), *slot)).collect();
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        *rank = keyed.into_iter().map(|(_, slot)| slot).collect();
        for (slot, at) in rank.iter().zip(0_u32..) {
            positions.get_mut(*slot).into_iter().for_each(|position| *position = f64::from(at));
        }
    }
}

/// Exchanges slots that stand side by side and cross less often then, or as often.
fn exchange(part: &mut Part, neighbours: &Neighbours, or_as_often: bool) {
    let mut positions = positions(part);
    for rank in &mut part.ranks {
        for at in 1..rank.len() {
            let Some([one, other]) = rank.get_mut(at - 1..=at) else { continue };
            let (mut now, mut then) = (0, 0);
            for near in [&neighbours.before, &neighbours.after] {
                let ends = |slot: usize| {
                    let mut ends: Vec<f64> =
                        near.get(slot).into_iter().flatten().filter_map(|it| positions.get(*it)).copied().collect();
                    ends.sort_by(f64::total_cmp);
                    ends
                };
                let (ones, others) = (ends(*one), ends(*other));
                now += inverted(&ones, &others);
                then += inverted(&others, &ones);
            }
            if then < now || or_as_often && then == now && now > 0 {
                let place = |slot: usize| positions.get(slot).copied().unwrap_or_default();
                let (first, second) = (place(*one), place(*other));
                positions.get_mut(*one).into_iter().for_each(|place| *place = second);
                positions.get_mut(*other).into_iter().for_each(|place| *place = first);
                std::mem::swap(one, other);
            }
        }
    }
}

/// How many pairs are the wrong way round, of sorted ends of what stands first and of what stands second.
fn inverted(first: &[f64], second: &[f64]) -> usize {
    first.iter().map(|end| second.partition_point(|other| other < end)).sum()
}

/// The mean of some numbers.
pub(super) fn mean(list: &[f64]) -> Option<f64> {
    let count = u32::try_from(list.len()).ok().filter(|count| *count > 0)?;
    Some(list.iter().sum::<f64>() / f64::from(count))
}

/// How many lines cross, counted rank by rank.
fn crossings(part: &Part, neighbours: &Neighbours) -> usize {
    let positions = positions(part);
    let at = |slot: &usize| positions.get(*slot).map_or(0.0, |position| *position);
    let mut count = 0;
    for (number, rank) in part.ranks.iter().enumerate() {
        let wide = part.ranks.get(number + 1).map_or(0, Vec::len);
        // Ends in the order of the begins: each pair that is the wrong way round is a crossing.
        let mut tree = vec![0_usize; wide + 1];
        let mut before = 0;
        for slot in rank {
            let mut ends: Vec<usize> =
                neighbours.after.get(*slot).into_iter().flatten().map(|to| whole(at(to))).collect();
            ends.sort_unstable();
            for end in &ends {
                count += before - sum(&tree, *end);
            }
            for end in ends {
                add(&mut tree, end);
                before += 1;
            }
        }
    }
    count
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count that was made a number")]
fn whole(position: f64) -> usize {
    position as usize
}

/// How many ends were added at this place or before it, of a tree of sums.
fn sum(tree: &[usize], end: usize) -> usize {
    let (mut at, mut sum) = (end + 1, 0);
    while at > 0 {
        sum += tree.get(at).copied().unwrap_or(0);
        at -= at & at.wrapping_neg();
    }
    sum
}

fn add(tree: &mut [usize], end: usize) {
    let mut at = end + 1;
    while let Some(slot) = tree.get_mut(at) {
        *slot += 1;
        at += at & at.wrapping_neg();
    }
}
