//! Where the slots of each rank stand: as near to the middle of their neighbours as their order allows.

use super::order::{Neighbours, mean};
use super::{BARE_GAP, GAP, LINE_SPACE, Pair, Part, SPACE, Slot};

/// How often all ranks are moved.
const ROUNDS: usize = 24;

/// Places all slots of a part, and says how long and how wide it is.
pub(super) fn settle(part: &mut Part) -> Pair {
    let length = along(part);
    let neighbours = Neighbours::of(part);
    for number in 0..part.ranks.len() {
        across(part, number, |_, slot| slot.c);
    }
    for round in 0..ROUNDS {
        let forward = round % 2 == 0;
        let near = if forward { &neighbours.before } else { &neighbours.after };
        let count = part.ranks.len();
        for number in 0..count {
            let number = if forward { number } else { count - 1 - number };
            let wanted: Vec<Option<f64>> = part
                .ranks
                .get(number)
                .into_iter()
                .flatten()
                .map(|slot| {
                    let middles: Vec<f64> = near
                        .get(*slot)
                        .into_iter()
                        .flatten()
                        .filter_map(|other| part.slots.get(*other))
                        .map(|it| it.c)
                        .collect();
                    mean(&middles)
                })
                .collect();
            across(part, number, |at, slot| wanted.get(at).copied().flatten().unwrap_or(slot.c));
        }
    }
    let edge = |sign: f64| part.slots.iter().map(move |slot| slot.c + sign * slot.width / 2.0);
    let (low, high) = (edge(-1.0).fold(f64::MAX, f64::min), edge(1.0).fold(f64::MIN, f64::max));
    part.slots.iter_mut().for_each(|slot| slot.c -= low);
    Pair { x: length, y: if high > low { high - low } else { 0.0 } }
}

/// Ranks one after the other, each as long as its longest slot.
fn along(part: &mut Part) -> f64 {
    let mut at = 0.0;
    for (number, rank) in part.ranks.iter().enumerate() {
        let length = rank.iter().filter_map(|slot| part.slots.get(*slot)).map(|slot| slot.length).fold(0.0, f64::max);
        if number > 0 {
            at += if length > 0.0 || number % 2 == 0 { GAP } else { BARE_GAP };
        }
        for slot in rank {
            part.slots.get_mut(*slot).into_iter().for_each(|slot| slot.a = at + length / 2.0);
        }
        at += length;
    }
    at
}

/// Moves the slots of a rank to where they are wanted, as near as their order and their widths allow: those that would
/// overlap form a block, which stands where the sum of the squares of what its members have to give is least.
fn across(part: &mut Part, number: usize, wanted: impl Fn(usize, &Slot) -> f64) {
    let Some(rank) = part.ranks.get(number) else { return };
    let mut offset = 0.0;
    let mut last: Option<Slot> = None;
    // Weight, sum of weighted wishes, how many members.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut offsets = Vec::with_capacity(rank.len());
    for (at, slot) in rank.iter().enumerate() {
        let Some(slot) = part.slots.get(*slot) else { continue };
        if let Some(last) = last {
            let space = if last.is_point && slot.is_point { LINE_SPACE } else { SPACE };
            offset += (last.width + slot.width) / 2.0 + space;
        }
        last = Some(*slot);
        offsets.push(offset);
        let weight = if slot.is_point { 2.0 } else { 1.0 };
        blocks.push((weight, weight * (wanted(at, slot) - offset), 1));
        while let [.., one, two] = blocks.as_slice() {
            if one.1 / one.0 <= two.1 / two.0 {
                break;
            }
            let joined = (one.0 + two.0, one.1 + two.1, one.2 + two.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    let begins = blocks.into_iter().flat_map(|(weight, sum, count)| std::iter::repeat_n(sum / weight, count));
    let places: Vec<f64> = begins.zip(offsets).map(|(begin, offset)| begin + offset).collect();
    for (slot, place) in rank.iter().zip(places) {
        part.slots.get_mut(*slot).into_iter().for_each(|slot| slot.c = place);
    }
}
