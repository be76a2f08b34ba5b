//! One row at a time: Dijkstra's algorithm from the row to the nearest place.
//!
//! # Invariant
//!
//! Let D be the distance, in reduced costs, from the row to the sink. Raising each node's potential by D − dist(v)
//! wherever dist(v) < D keeps all reduced costs ≥ 0 and makes those of the path zero.
//!
//! Nodes at the current distance go on a stack, not on the heap: ranks tie a lot, and full nodes form plateaus of equal
//! distance that are crossed depth first.
//!
//! # Complexity
//!
//! O((arcs + nodes) log nodes) a row at worst, and much less as long as places are near.
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972.
//! R. Jonker, A. Volgenant: A shortest augmenting path algorithm for dense and sparse linear assignment problems,
//! Computing 1987.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::Problem;
use crate::duals::Duals;
use crate::flow::{Flow, Step};
use crate::labels::Lengths;
use crate::problem::NONE;

/// Memory of forward searches, reused.
#[derive(Debug)]
pub(crate) struct ShortestPath {
    /// The distances found by the current search, [`i64::MAX`] elsewhere.
    distance: Vec<i64>,
    steps: Vec<Step>,
    /// The nodes with a distance, and which nodes' distance is final.
    reached: Vec<u32>,
    finished: Vec<bool>,
    /// Nodes to scan: at the current distance, and further away.
    plateau: Vec<u32>,
    frontier: BinaryHeap<Reverse<(i64, u32)>>,
    current: i64,
    /// The distance beyond which the current search does not go.
    farthest: i64,
    /// How many arcs all searches together have looked at.
    work: usize,
}

impl ShortestPath {
    pub(crate) fn new(problem: &Problem) -> Self {
        let nodes = problem.vertex_count();
        Self {
            distance: vec![i64::MAX; nodes],
            steps: vec![Step::Down; nodes],
            reached: Vec::new(),
            finished: vec![false; nodes],
            plateau: Vec::new(),
            frontier: BinaryHeap::new(),
            current: 0,
            farthest: i64::MAX,
            work: 0,
        }
    }

    /// Returns how many arcs all searches together have looked at.
    pub(crate) fn work(&self) -> usize {
        self.work
    }

    /// Places a row at least cost; returns whether that was possible within so many arcs looked at.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, duals: &mut Duals<'_>, row: u32, patience: usize) -> bool {
        duals.settle(row);
        self.current = 0;
        let end = self.find(flow, duals, row, self.work.saturating_add(patience));
        if let Some(end) = end {
            self.raise_to(self.current, flow, duals);
            flow.augment(end, &self.steps);
            duals.settle(row);
        }
        self.forget();
        end.is_some()
    }

    /// Places a row at least cost if that raises the total cost by at most so much, and returns by how much.
    ///
    /// If it does not, the potentials are raised to tell so: later searches with no larger bound do not go there.
    pub(crate) fn place_within(&mut self, flow: &mut Flow<'_>, duals: &mut Duals<'_>, row: u32, most: i64) -> Option<i64> {
        duals.settle(row);
        let spare = most.checked_sub(duals.row(row)).filter(|&spare| spare >= 0)?;
        self.current = 0;
        self.farthest = spare;
        let end = self.find(flow, duals, row, usize::MAX);
        self.farthest = i64::MAX;
        self.raise_to(if end.is_some() { self.current } else { spare.saturating_add(1) }, flow, duals);
        self.forget();
        flow.augment(end?, &self.steps);
        duals.settle(row);
        Some(duals.row(row))
    }

    /// Raises the potentials of nodes nearer than this distance, which is at most that of the sink.
    fn raise_to(&self, distance: i64, flow: &Flow<'_>, duals: &mut Duals<'_>) {
        for &node in &self.reached {
            let rise = distance - self.distance[node as usize];
            if rise > 0 {
                duals.raise(flow, node, rise);
            }
        }
    }

    /// Makes ready for the next search.
    fn forget(&mut self) {
        for node in self.reached.drain(..) {
            self.distance[node as usize] = i64::MAX;
            self.finished[node as usize] = false;
        }
        self.plateau.clear();
        self.frontier.clear();
    }

    /// Finds the nearest node with room above the sink; its distance is then the current one.
    fn find(&mut self, flow: &Flow<'_>, duals: &Duals<'_>, row: u32, limit: usize) -> Option<u32> {
        let mut end = self.leave_row(flow, duals, row);
        while end.is_none() {
            if self.work > limit {
                return None;
            }
            let node = self.next()?;
            end = self.scan(flow, duals, node);
        }
        end
    }

    /// Takes the nearest node that is not finished.
    fn next(&mut self) -> Option<u32> {
        loop {
            let node = if let Some(node) = self.plateau.pop() {
                node
            } else {
                let Reverse((distance, node)) = self.frontier.pop()?;
                if distance > self.farthest {
                    return None;
                }
                if !self.finished[node as usize] {
                    self.current = distance;
                }
                node
            };
            if !std::mem::replace(&mut self.finished[node as usize], true) {
                return Some(node);
            }
        }
    }

    /// Follows the residual arcs that leave a node; returns a node with room above the sink at the current distance.
    fn scan(&mut self, flow: &Flow<'_>, duals: &Duals<'_>, node: u32) -> Option<u32> {
        let problem = flow.problem();
        if flow.has_room(node) {
            let parent = problem.node_parent(node);
            if parent == NONE {
                return Some(node);
            }
            let end = self.relax(flow, parent, duals.link(node), Step::Up(node));
            if end.is_some() {
                return end;
            }
        }
        let children = problem.node_children(node);
        self.work += 1 + children.len();
        for &child in children {
            if flow.load(child) > 0 {
                // A child is not directly above the sink, so it never ends the search.
                self.relax(flow, child, -duals.link(child), Step::Down);
            }
        }
        let columns = problem.class_of(node);
        self.work += columns.len();
        for &column in columns {
            let end = self.relax(flow, column, duals.out(node, column), Step::Out(node));
            if end.is_some() {
                return end;
            }
        }
        for class in flow.held_for(node) {
            self.relax(flow, class, -duals.out(class, node), Step::Back(node));
        }
        flow.occupants(node).iter().find_map(|&row| self.leave_row(flow, duals, row))
    }

    fn leave_row(&mut self, flow: &Flow<'_>, duals: &Duals<'_>, row: u32) -> Option<u32> {
        let mut arcs = flow.problem().arc_range(row);
        self.work += arcs.len();
        arcs.find_map(|arc| {
            let step = Step::Arc { row, arc: arc as u32 };
            self.relax(flow, flow.problem().arc_column(arc), duals.arc(row, arc), step)
        })
    }

    /// Reaches a node by a residual arc from the current distance.
    ///
    /// Returns the node if it ends the search: at the current distance, nothing can be nearer.
    #[inline]
    fn relax(&mut self, flow: &Flow<'_>, node: u32, length: i64, step: Step) -> Option<u32> {
        let distance = self.current + length;
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
        if flow.has_room(node) && flow.problem().node_parent(node) == NONE {
            return Some(node);
        }
        self.plateau.push(node);
        None
    }
}
