//! Potentials of nodes and rows, and the reduced costs that they make of costs.
//!
//! Along residual arcs, reduced costs are c_ij + π_j − u_i from row i to column j, zero back from a column to who
//! sits there, π_j − π_k from class k to a column j of it, the negative of that back from j where it holds somebody for
//! k, π_parent − π_v up from a node with room (the sink's potential is 0), and π_child − π_group down to a
//! child that holds somebody. They are ≥ 0 at all times.

use crate::Problem;
use crate::flow::Flow;
use crate::labels::{Labels, Lengths};
use crate::problem::NONE;

/// The potentials of a placement of least cost.
#[derive(Debug)]
pub(crate) struct Duals<'p> {
    problem: &'p Problem,
    /// Of nodes: π.
    node: Vec<i64>,
    /// Of rows: u.
    row: Vec<i64>,
}

impl Lengths for Duals<'_> {
    #[inline]
    fn arc(&self, row: u32, arc: usize) -> i64 {
        self.price(arc) - self.row[row as usize]
    }

    fn link(&self, node: u32) -> i64 {
        let above = match self.problem.node_parent(node) {
            NONE => 0,
            parent => self.node[parent as usize],
        };
        above - self.node[node as usize]
    }

    fn out(&self, class: u32, column: u32) -> i64 {
        self.node[column as usize] - self.node[class as usize]
    }
}

impl<'p> Duals<'p> {
    /// Returns potentials of a placement in which everybody sits by a cheapest arc: those of the nodes are zero.
    pub(crate) fn seated(flow: &Flow<'p>) -> Self {
        let problem = flow.problem();
        let mut duals = Self { problem, node: vec![0; problem.vertex_count()], row: vec![0; problem.row_count()] };
        for row in (0..problem.row_count() as u32).filter(|&row| flow.arc_of(row).is_some()) {
            duals.settle(row);
        }
        duals
    }

    /// Returns the potentials of columns and groups.
    pub(crate) fn into_nodes(mut self) -> Vec<i64> {
        self.node.truncate(self.problem.node_count());
        self.node
    }

    /// Returns the potential of a row.
    pub(crate) fn row(&self, row: u32) -> i64 {
        self.row[row as usize]
    }

    /// Makes the cheapest arcs of an unplaced row tight.
    pub(crate) fn settle(&mut self, row: u32) {
        let prices = self.problem.arc_range(row).map(|arc| self.price(arc));
        self.row[row as usize] = prices.min().unwrap_or_default();
    }

    /// Raises a node and who sits there.
    pub(crate) fn raise(&mut self, flow: &Flow<'_>, node: u32, by: i64) {
        self.node[node as usize] += by;
        for &row in flow.occupants(node) {
            self.row[row as usize] += by;
        }
    }

    /// Adds to each potential the node's distance to the sink.
    ///
    /// Where the sink is out of reach, it is so for good; there all potentials rise together, as far as keeps the
    /// reduced costs of the arcs that lead there ≥ 0. Returns whether every unplaced row has an arc to where the sink
    /// is in reach; `None` on overflow.
    pub(crate) fn add_distances(&mut self, flow: &Flow<'_>, unplaced: &[u32], labels: &Labels) -> Option<bool> {
        let nodes = 0..self.problem.vertex_count() as u32;
        let mut rise = 0;
        for node in nodes.clone() {
            if let Some(distance) = labels.distance(node).filter(|&distance| distance > 0) {
                self.raise(flow, node, distance);
                rise = distance.max(rise);
            }
        }
        for &row in unplaced {
            let (mut open, mut shut) = (i64::MAX, i64::MAX);
            for arc in self.problem.arc_range(row) {
                let in_reach = labels.distance(self.problem.arc_column(arc)).is_some();
                let least = if in_reach { &mut open } else { &mut shut };
                *least = self.price(arc).min(*least);
            }
            if open == i64::MAX {
                return Some(false);
            }
            self.row[row as usize] = open;
            rise = open.saturating_sub(shut).max(rise);
        }
        if rise > 0 {
            for node in nodes.filter(|&node| labels.distance(node).is_none()) {
                self.node[node as usize].checked_add(rise).filter(|&raised| raised <= i64::MAX / 2)?;
                self.raise(flow, node, rise);
            }
        }
        Some(true)
    }

    /// Returns the cost of an arc plus the price of the place.
    #[inline]
    fn price(&self, arc: usize) -> i64 {
        self.problem.arc_cost(arc) + self.node[self.problem.arc_column(arc) as usize]
    }
}
