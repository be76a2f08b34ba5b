//! Placement: where the selected rows go, at least total cost, by a primal-dual method.
//!
//! # Problem and notation
//!
//! As in [`placement`](crate::placement). Each node v of the capacity forest has a potential π_v ≥ 0, the sink 0, each row a potential u_i.
//! Residual arcs have reduced costs: c_ij + π_j − u_i from row i to column j, zero back from a column to who sits there, π_parent − π_v up
//! from a node with room, and π_child − π_group down to a child that holds somebody.
//!
//! # Invariant
//!
//! All residual reduced costs are ≥ 0; hence the rows placed so far are placed at least cost. At the start nobody is placed and π = 0.
//!
//! # A phase
//!
//! 1. Dijkstra's algorithm, backwards from the sink, finds each node's reduced distance to the sink, which is added to its
//!    potential. That keeps reduced costs ≥ 0, and now every node from which the sink is in reach has a path of tight arcs (reduced cost zero) to it.
//! 2. The nodes from which the sink is out of reach stay so for good. Their potentials rise together, as far as keeps the reduced
//!    costs of the arcs that lead to them ≥ 0.
//! 3. Unplaced rows are placed along tight paths, found by distance [labels](crate::labels), until there is no such path from any of them.
//!    Reversing tight arcs creates tight arcs only.
//!
//! With ranks as costs, tight paths abound, and few phases place everybody.
//!
//! # Termination and overflow
//!
//! After step 1, the first unplaced row that can be placed at all has a tight path, so each phase places somebody. A potential is at most
//! the cost of a path that re-places each row at most once, B = rows × max cost, while the sink is in reach; [`SolveError::CostRange`] is returned
//! unless 8 (B + …) fits an `i64`, or if the rises of step 2 should exceed the rest.
//!
//! # Complexity
//!
//! Time O(phases × (arcs + nodes) log nodes) plus the paths, with at most as many phases as rows and in practice some dozens;
//! memory O(rows + arcs + nodes).
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972.
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, section 9.8 (primal-dual algorithm).
//! A. Goldberg, R. Kennedy: Global price updates help, SIAM J. Discrete Math. 1997.

use crate::flow::Flow;
use crate::labels::{Labels, Lengths};
use crate::paths::Paths;
use crate::placement::potential_bound;
use crate::problem::NONE;

use crate::{Placement, Problem, Selection, SolveError};

/// Places exactly the selected rows at least total cost.
///
/// Of several placements of least cost, one is returned that depends on the problem and the selected rows only.
///
/// # Errors
///
/// [`SolveError::SelectionMismatch`] or [`SolveError::Infeasible`] if the selection is not of this problem;
/// [`SolveError::CostRange`] if prices could overflow.
///
/// # Complexity
///
/// Time O(selected × (arcs + nodes) log nodes) at worst, in practice some dozens of passes over the arcs; memory
/// O(rows + arcs + nodes).
///
/// # References
///
/// Edmonds and Karp 1972; Ahuja, Magnanti and Orlin 1993, section 9.8.
pub fn place(problem: &Problem, selection: &Selection) -> Result<Placement, SolveError> {
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    let cost = problem.max_cost();
    potential_bound(rows, cost)?;
    let mut unplaced: Vec<u32> = selection.kept().collect();
    let mut flow = Flow::new(problem);
    let mut paths = Paths::new(problem, unplaced.iter().copied());
    let mut duals = Duals::new(problem);
    while !unplaced.is_empty() {
        let labels = paths.measure(&flow, &duals);
        let placeable = duals.update(&flow, &unplaced, labels).ok_or(SolveError::CostRange { cost, rows })?;
        if !placeable {
            return Err(SolveError::Infeasible);
        }
        unplaced.retain(|&row| paths.place(&mut flow, row, &duals).is_err());
    }
    let column_of = (0..rows as u32).map(|row| flow.column_of(row)).collect();
    let placement = Placement::from_potentials(problem, column_of, duals.potential);
    debug_assert_eq!(placement.check(problem, selection), Ok(()));
    Ok(placement)
}

/// The potentials, which make reduced costs of costs.
#[derive(Debug)]
struct Duals<'p> {
    problem: &'p Problem,
    /// Of nodes.
    potential: Vec<i64>,
    row_potential: Vec<i64>,
}

impl Lengths for Duals<'_> {
    fn arc(&self, row: u32, arc: usize) -> i64 {
        self.price(arc) - self.row_potential[row as usize]
    }

    fn link(&self, node: u32) -> i64 {
        let above = match self.problem.node_parent(node) {
            NONE => 0,
            parent => self.potential[parent as usize],
        };
        above - self.potential[node as usize]
    }
}

impl<'p> Duals<'p> {
    fn new(problem: &'p Problem) -> Self {
        Self { problem, potential: vec![0; problem.node_count()], row_potential: vec![0; problem.row_count()] }
    }

    /// Returns the cost of an arc plus the price of the place.
    fn price(&self, arc: usize) -> i64 {
        self.problem.arc_cost(arc) + self.potential[self.problem.arc_column(arc) as usize]
    }

    /// Adds each node's distance to its potential, and lets the rows follow.
    ///
    /// Returns whether every unplaced row has an arc to where the sink is in reach; `None` on overflow.
    fn update(&mut self, flow: &Flow<'_>, unplaced: &[u32], labels: &Labels) -> Option<bool> {
        let mut rise = 0;
        for node in 0..self.problem.node_count() as u32 {
            if let Some(distance) = labels.distance(node) {
                self.potential[node as usize] += distance;
                rise = distance.max(rise);
            }
        }
        for &row in unplaced {
            let (mut open, mut shut) = (i64::MAX, i64::MAX);
            for arc in self.problem.arc_range(row) {
                let reaches = labels.distance(self.problem.arc_column(arc)).is_some();
                let least = if reaches { &mut open } else { &mut shut };
                *least = self.price(arc).min(*least);
            }
            if open == i64::MAX {
                return Some(false);
            }
            self.row_potential[row as usize] = open;
            rise = rise.max(open.saturating_sub(shut));
        }
        for node in 0..self.problem.node_count() as u32 {
            let potential = &mut self.potential[node as usize];
            if labels.distance(node).is_none() {
                *potential = potential.checked_add(rise).filter(|&raised| raised <= i64::MAX / 2)?;
            }
        }
        for column in 0..self.problem.column_count() as u32 {
            for &row in flow.occupants(column) {
                if let Some(arc) = flow.arc_of(row) {
                    self.row_potential[row as usize] = self.price(arc);
                }
            }
        }
        Some(true)
    }
}
