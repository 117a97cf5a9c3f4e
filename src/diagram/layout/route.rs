//! The lines: from the edge of one box by the points of its ranks to the edge of the other.

use std::collections::HashMap;

use super::{Pair, Part, Places, Sizes, Slot, turned};

/// How far apart the ends of lines at one box are at most.
const PORT: f64 = 14.0;

/// Puts a part where it belongs on the page.
pub(super) fn route(part: &Part, sizes: &Sizes, corner: Pair, places: &mut Places) {
    let page = |a: f64, c: f64| {
        let at = turned(Pair { x: a, y: c }, sizes.direction);
        Pair { x: corner.x + at.x, y: corner.y + at.y }
    };
    for (slot, node) in part.slots.iter().zip(&part.nodes) {
        if let Some(place) = places.nodes.get_mut(*node) {
            *place = page(slot.a - slot.length / 2.0, slot.c - slot.width / 2.0);
        }
    }
    let ports = ports(part);
    let lengths: Vec<f64> = (0..part.ranks.len()).map(|rank| rank_length(part, rank)).collect();
    for ((number, (edge, slots)), turned) in part.edges.iter().enumerate().zip(&part.turned) {
        let ([first, .., last], Some(line)) = (slots.as_slice(), places.edges.get_mut(*edge)) else { continue };
        let slot = |at: &usize| part.slots.get(*at).copied().unwrap_or_default();
        let port = |at: &usize, out: bool| ports.get(&(number, out)).copied().unwrap_or_else(|| slot(at).c);
        let (from, to) = (slot(first), slot(last));
        // Curves keep to the space between two ranks: out of a box that is shorter than others of its rank, and into one,
        // a line runs straight.
        let reach = |slot: Slot| lengths.get(slot.rank).copied().unwrap_or(slot.length) / 2.0;
        let begin = page(from.a + from.length / 2.0, port(first, true));
        line.extend([begin, begin, page(from.a + reach(from), port(first, true))]);
        for at in slots.iter().skip(1).take(slots.len().saturating_sub(2)) {
            let point = slot(at);
            // Straight through what stands beside it, boxes and labels.
            let length = lengths.get(point.rank).copied().unwrap_or(0.0);
            // Between boxes without labels a line needs no point.
            if length <= 0.0 {
                continue;
            }
            line.push(page(point.a - length / 2.0, point.c));
            line.push(page(point.a + length / 2.0, point.c));
            if point.length > 0.0
                && let Some(label) = places.labels.get_mut(*edge)
            {
                *label = page(point.a, point.c);
            }
        }
        let end = page(to.a - to.length / 2.0, port(last, false));
        line.extend([page(to.a - reach(to), port(last, false)), end, end]);
        if *turned {
            line.reverse();
        }
    }
    for (edge, node) in &part.loops {
        let slot = part.slots.get(*node).copied().unwrap_or_default();
        let (side, top) = (slot.a + slot.length / 2.0, slot.c);
        let points = [(side, top - 8.0), (side + 22.0, top - 8.0), (side + 22.0, top + 8.0), (side, top + 8.0)];
        if let (Some(line), Some(label)) = (places.edges.get_mut(*edge), places.labels.get_mut(*edge)) {
            *line = points.iter().map(|(a, c)| page(*a, *c)).collect();
            *label = page(side + 22.0, top);
        }
    }
}

fn rank_length(part: &Part, rank: usize) -> f64 {
    let slots = part.ranks.get(rank).into_iter().flatten().filter_map(|slot| part.slots.get(*slot));
    slots.map(|slot| slot.length).fold(0.0, f64::max)
}

/// Where the lines of each box begin and end, in the order of where they come from and go to, so that they do not cross.
fn ports(part: &Part) -> HashMap<(usize, bool), f64> {
    let mut ends: HashMap<(usize, bool), Vec<(f64, usize)>> = HashMap::new();
    let across = |slot: Option<&usize>| slot.and_then(|slot| part.slots.get(*slot)).map_or(0.0, |slot| slot.c);
    for (number, (_, slots)) in part.edges.iter().enumerate() {
        if let [first, .., last] = slots.as_slice() {
            ends.entry((*first, true)).or_default().push((across(slots.get(1)), number));
            ends.entry((*last, false)).or_default().push((across(slots.get(slots.len() - 2)), number));
        }
    }
    let mut ports = HashMap::new();
    for ((node, out), mut lines) in ends {
        lines.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let Slot { c, width, .. } = part.slots.get(node).copied().unwrap_or_default();
        let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let step = PORT.min(width * 0.8 / f64::from(count.max(1)));
        let begin = c - step * f64::from(count.saturating_sub(1)) / 2.0;
        for ((_, number), at) in lines.into_iter().zip(0_u32..) {
            ports.insert((number, out), begin + step * f64::from(at));
        }
    }
    ports
}
