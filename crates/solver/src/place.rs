//! Placement: where the selected rows go, at least total cost, by successive shortest augmenting paths.
//!
//! # Problem and notation
//!
//! As in [`placement`](crate::placement). Each node v of the capacity forest has a potential π_v ≥ 0, the sink 0. Along residual arcs,
//! reduced costs are c_ij + π_j − u_i from row i to column j, zero back from a column to who sits there, π_parent − π_v up
//! from a node with room, and π_child − π_group down to a child that holds somebody.
//!
//! # Invariant
//!
//! All residual reduced costs are ≥ 0; hence the rows placed so far are placed at least cost. At the start nobody is placed and π = 0.
//!
//! A row is added by Dijkstra's algorithm on reduced costs, from u_i = min c_ij + π_j. Let D be the distance of the nearest node
//! with room above the sink. Raising π_v by D − dist(v) wherever dist(v) < D keeps all reduced costs ≥ 0 and makes the path's zero; augmenting then
//! only creates residual arcs of reduced cost zero.
//!
//! Nodes at the current distance go on a stack, not on the heap: ranks tie a lot, and full nodes form plateaus of equal
//! distance that are crossed depth first.
//!
//! # Termination and overflow
//!
//! Each search places one row for good. Distances in original costs are those of paths that re-place each row at most once, so |cost| ≤
//! rows × max cost =: B. A potential is at most B where the sink is within reach, and at most 2 B where it was raised for the last time before the
//! sink went out of reach. [`SolveError::CostRange`] is returned unless 8 (B + …) fits an `i64`.
//!
//! # Complexity
//!
//! Time O(selected × (arcs + nodes) log nodes) at worst, memory O(rows + nodes + places).
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972.
//! R. Jonker, A. Volgenant: A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 1987.
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, section 9.7.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::flow::{Flow, Step};
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
/// Time O(selected × (arcs + nodes) log nodes) at worst; memory O(rows + nodes + places).
///
/// # References
///
/// Edmonds and Karp 1972; Jonker and Volgenant 1987; Ahuja, Magnanti and Orlin 1993, section 9.7.
pub fn place(problem: &Problem, selection: &Selection) -> Result<Placement, SolveError> {
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    potential_bound(rows, problem.max_cost())?;
    let mut paths = ShortestPaths::new(problem);
    for row in selection.kept() {
        if !paths.add(row) {
            return Err(SolveError::Infeasible { row });
        }
    }
    let column_of = (0..rows as u32).map(|row| paths.flow.column_of(row)).collect();
    let placement = Placement::from_potentials(problem, column_of, paths.potential);
    debug_assert_eq!(placement.check(problem, selection), Ok(()));
    Ok(placement)
}

/// A least-cost placement of some rows, to which rows are added one by one.
#[derive(Debug)]
struct ShortestPaths<'p> {
    flow: Flow<'p>,
    potential: Vec<i64>,
    /// The distances found by the current search, [`i64::MAX`] elsewhere.
    distance: Vec<i64>,
    steps: Vec<Step>,
    /// The nodes with a distance, and those of them whose distance is final.
    reached: Vec<u32>,
    finished: Vec<bool>,
    /// Nodes to scan: at the current distance, and further away.
    plateau: Vec<u32>,
    frontier: BinaryHeap<Reverse<(i64, u32)>>,
    current: i64,
}

impl<'p> ShortestPaths<'p> {
    fn new(problem: &'p Problem) -> Self {
        let nodes = problem.node_count();
        Self {
            flow: Flow::new(problem),
            potential: vec![0; nodes],
            distance: vec![i64::MAX; nodes],
            steps: vec![Step::Down; nodes],
            reached: Vec::new(),
            finished: vec![false; nodes],
            plateau: Vec::new(),
            frontier: BinaryHeap::new(),
            current: 0,
        }
    }

    /// Adds a row at least cost; returns whether that was possible.
    fn add(&mut self, row: u32) -> bool {
        let end = self.find(row);
        if let Some(end) = end {
            for &node in &self.reached {
                let node = node as usize;
                self.potential[node] += (self.current - self.distance[node]).max(0);
            }
            self.flow.augment(end, &self.steps);
        }
        for node in self.reached.drain(..) {
            self.distance[node as usize] = i64::MAX;
            self.finished[node as usize] = false;
        }
        self.plateau.clear();
        self.frontier.clear();
        end.is_some()
    }

    /// Finds the nearest node with room above the sink; its distance is then the current one.
    fn find(&mut self, row: u32) -> Option<u32> {
        let problem = self.flow.problem();
        let potential = problem.arcs(row).map(|(column, cost)| cost + self.potential[column as usize]).min()?;
        self.current = 0;
        let mut end = self.leave_row(row, -potential);
        while end.is_none() {
            let node = self.next()?;
            end = self.scan(node);
        }
        end
    }

    /// Takes the nearest node that is not finished.
    fn next(&mut self) -> Option<u32> {
        loop {
            let node = match self.plateau.pop() {
                Some(node) => node,
                None => {
                    let Reverse((distance, node)) = self.frontier.pop()?;
                    if !self.finished[node as usize] {
                        self.current = distance;
                    }
                    node
                }
            };
            if !std::mem::replace(&mut self.finished[node as usize], true) {
                return Some(node);
            }
        }
    }

    /// Follows the residual arcs that leave a node; returns a node with room above the sink at the current distance.
    fn scan(&mut self, node: u32) -> Option<u32> {
        let problem = self.flow.problem();
        let base = self.current - self.potential[node as usize];
        if self.flow.has_room(node) {
            let parent = problem.node_parent(node);
            if parent == NONE {
                return Some(node);
            }
            let end = self.relax(parent, base, Step::Up(node));
            if end.is_some() {
                return end;
            }
        }
        for &child in problem.node_children(node) {
            if self.flow.load(child) > 0 {
                // A child is no way to the sink that its parent is not: it never ends the search.
                self.relax(child, base, Step::Down);
            }
        }
        for seat in 0..self.flow.occupants(node).len() {
            let row = self.flow.occupants(node)[seat];
            let cost = self.flow.arc_of(row).map_or(0, |arc| problem.arc_cost(arc));
            let end = self.leave_row(row, base - cost);
            if end.is_some() {
                return end;
            }
        }
        None
    }

    fn leave_row(&mut self, row: u32, base: i64) -> Option<u32> {
        let problem = self.flow.problem();
        for arc in problem.arc_range(row) {
            let end = self.relax(problem.arc_column(arc), base + problem.arc_cost(arc), Step::Arc { row, arc: arc as u32 });
            if end.is_some() {
                return end;
            }
        }
        None
    }

    /// Reaches a node by a residual arc, where `base` plus the node's potential is the distance along it.
    ///
    /// Returns the node if it ends the search: at the current distance, nothing can be nearer.
    fn relax(&mut self, node: u32, base: i64, step: Step) -> Option<u32> {
        let distance = base + self.potential[node as usize];
        let known = &mut self.distance[node as usize];
        if distance >= *known {
            return None;
        }
        if *known == i64::MAX {
            self.reached.push(node);
        }
        *known = distance;
        self.steps[node as usize] = step;
        if distance > self.current {
            self.frontier.push(Reverse((distance, node)));
            return None;
        }
        if self.flow.has_room(node) && self.flow.problem().node_parent(node) == NONE {
            return Some(node);
        }
        self.plateau.push(node);
        None
    }
}
