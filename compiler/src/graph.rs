//! A dependency graph without domain words: an order that is always the same, or the circles that prevent one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;

/// Nodes are counted from 0 in the order of the documents; an edge goes from a node to what it needs.
pub(crate) struct Graph<E> {
    graph: StableDiGraph<(), E>,
    nodes: Vec<NodeIndex>,
}

impl<E: Clone> Graph<E> {
    pub(crate) fn new(nodes: usize) -> Self {
        let mut graph = StableDiGraph::with_capacity(nodes, nodes);
        let nodes = (0..nodes).map(|_| graph.add_node(())).collect();
        Self { graph, nodes }
    }

    /// `from` needs `to`.
    pub(crate) fn need(&mut self, from: usize, to: usize, why: E) {
        if let (Some(from), Some(to)) = (self.nodes.get(from), self.nodes.get(to)) {
            self.graph.add_edge(*from, *to, why);
        }
    }

    /// What is needed comes first; among the free ones, the earliest in the documents. Nodes of circles and what
    /// needs them are left out.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut missing: Vec<usize> =
            self.nodes.iter().map(|node| self.graph.edges_directed(*node, Direction::Outgoing).count()).collect();
        let mut free: BinaryHeap<Reverse<usize>> =
            missing.iter().enumerate().filter(|(_, count)| **count == 0).map(|(node, _)| Reverse(node)).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(Reverse(node)) = free.pop() {
            order.push(node);
            let Some(index) = self.nodes.get(node) else {
                continue;
            };
            for edge in self.graph.edges_directed(*index, Direction::Incoming) {
                let needing = edge.source().index();
                if let Some(count) = missing.get_mut(needing) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(Reverse(needing));
                    }
                }
            }
        }
        order
    }

    /// One circle for each knot of nodes that need each other, as (node, why it needs the next one).
    pub(crate) fn circles(&self) -> Vec<Vec<(usize, E)>> {
        let mut circles: Vec<_> = tarjan_scc(&self.graph).into_iter().filter_map(|knot| self.circle(&knot)).collect();
        circles.sort_by_key(|circle: &Vec<(usize, E)>| circle.first().map(|(node, _)| *node));
        circles
    }

    /// Walks inside the knot from its earliest node until a node comes again.
    fn circle(&self, knot: &[NodeIndex]) -> Option<Vec<(usize, E)>> {
        let inside: std::collections::HashSet<NodeIndex> = knot.iter().copied().collect();
        let mut at = *knot.iter().min()?;
        let mut path: Vec<(usize, E)> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        loop {
            if let Some(begin) = seen.insert(at, path.len()) {
                return Some(path.split_off(begin));
            }
            let edge = self
                .graph
                .edges_directed(at, Direction::Outgoing)
                .filter(|edge| inside.contains(&edge.target()))
                .min_by_key(|edge| edge.target())?;
            path.push((at.index(), edge.weight().clone()));
            at = edge.target();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needed_first_then_document_order() {
        let mut graph = Graph::new(4);
        graph.need(0, 3, ());
        graph.need(2, 0, ());
        assert_eq!(graph.order(), [1, 3, 0, 2]);
        assert!(graph.circles().is_empty());
    }

    #[test]
    fn circles_show_every_edge() {
        let mut graph = Graph::new(5);
        graph.need(1, 2, "a");
        graph.need(2, 3, "b");
        graph.need(3, 1, "c");
        graph.need(4, 4, "self");
        graph.need(0, 1, "outside");
        assert_eq!(graph.order(), [] as [usize; 0]);
        assert_eq!(graph.circles(), [vec![(1, "a"), (2, "b"), (3, "c")], vec![(4, "self")]]);
    }
}
