//! The state that all algorithms share: who sits where, how full every node is, and how an augmenting path changes
//! that.
//!
//! The network has an arc row → column for each arc of the problem, and an arc of the node's capacity from each node
//! of the forest to its parent (or the sink). In the residual graph a path may
//!
//! - go from a row to any of its columns ([`Step::Arc`]),
//! - go back from a column to any row that sits there, and on to another column of that row,
//! - go up from a node with room to its parent ([`Step::Up`]),
//! - go down from a group to a child that holds somebody, and push one of them out ([`Step::Down`]).
//!
//! A path from an unplaced row to the sink is an augmenting path. Rows that are placed stay placed.

use crate::Problem;
use crate::problem::NONE;

/// How a search came to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// By an arc of a row, which is unplaced or sits elsewhere.
    Arc { row: u32, arc: u32 },
    /// Up from a child that has room.
    Up(u32),
    /// Down from the parent.
    Down,
}

/// A placement under construction.
#[derive(Debug, Clone)]
pub(crate) struct Flow<'p> {
    problem: &'p Problem,
    /// The arc that each row is placed by, or [`NONE`].
    arc_of: Vec<u32>,
    /// Where each placed row is in `seats`.
    seat_of: Vec<u32>,
    /// The rows that sit in each column, in the first `load` of the column's seats.
    seats: Vec<u32>,
    seat_start: Vec<u32>,
    /// How many rows each node holds.
    load: Vec<u32>,
}

impl<'p> Flow<'p> {
    /// Returns the empty placement.
    pub(crate) fn new(problem: &'p Problem) -> Self {
        let rows = problem.row_count();
        let seat_start = seat_starts(problem);
        Self {
            problem,
            arc_of: vec![NONE; rows],
            seat_of: vec![NONE; rows],
            seats: vec![NONE; seat_start[problem.column_count()] as usize],
            seat_start,
            load: vec![0; problem.node_count()],
        }
    }

    pub(crate) fn problem(&self) -> &'p Problem {
        self.problem
    }

    /// Returns the arc that a row is placed by.
    pub(crate) fn arc_of(&self, row: u32) -> Option<usize> {
        let arc = self.arc_of[row as usize];
        (arc != NONE).then_some(arc as usize)
    }

    /// Returns the column where a row sits.
    pub(crate) fn column_of(&self, row: u32) -> Option<u32> {
        self.arc_of(row).map(|arc| self.problem.arc_column(arc))
    }

    /// Returns the rows that sit in a column; nobody sits in a group itself.
    pub(crate) fn occupants(&self, node: u32) -> &[u32] {
        if !self.problem.is_column(node) {
            return &[];
        }
        let start = self.seat_start[node as usize] as usize;
        &self.seats[start..start + self.load[node as usize] as usize]
    }

    pub(crate) fn load(&self, node: u32) -> u32 {
        self.load[node as usize]
    }

    /// Returns whether a node can hold one more, regardless of the nodes above it.
    pub(crate) fn has_room(&self, node: u32) -> bool {
        self.load[node as usize] < self.problem.node_capacity(node)
    }

    /// Returns whether there is room from a node all the way up to the sink.
    pub(crate) fn has_way(&self, mut node: u32) -> bool {
        while node != NONE {
            if !self.has_room(node) {
                return false;
            }
            node = self.problem.node_parent(node);
        }
        true
    }

    /// Places an unplaced row by one of its arcs, where there is a way to the sink.
    pub(crate) fn place(&mut self, row: u32, arc: usize) {
        let column = self.problem.arc_column(arc);
        self.seat(row, arc as u32, column);
        let mut node = self.problem.node_parent(column);
        while node != NONE {
            self.load[node as usize] += 1;
            node = self.problem.node_parent(node);
        }
    }

    /// Augments along the path that `steps` lead back from `end`, a node with room directly above the sink.
    ///
    /// Works from the sink backwards, so that everybody moves to a seat that has just become free.
    pub(crate) fn augment(&mut self, end: u32, steps: &[Step]) {
        let columns = self.problem.column_count() as u32;
        let mut node = end;
        // A column's load changes with the rows that come and go, a group's with the path's steps.
        if node >= columns {
            self.load[node as usize] += 1;
        }
        loop {
            match steps[node as usize] {
                Step::Up(child) => {
                    node = child;
                    if node >= columns {
                        self.load[node as usize] += 1;
                    }
                }
                Step::Down => {
                    if node >= columns {
                        self.load[node as usize] -= 1;
                    }
                    node = self.problem.node_parent(node);
                }
                Step::Arc { row, arc } => {
                    let left = self.unseat(row);
                    self.seat(row, arc, node);
                    match left {
                        Some(column) => node = column,
                        None => return,
                    }
                }
            }
        }
    }

    fn seat(&mut self, row: u32, arc: u32, column: u32) {
        let seat = self.seat_start[column as usize] + self.load[column as usize];
        self.load[column as usize] += 1;
        self.seats[seat as usize] = row;
        self.seat_of[row as usize] = seat;
        self.arc_of[row as usize] = arc;
    }

    /// Takes a row from its column, if it sits in one; the last occupant takes the seat.
    fn unseat(&mut self, row: u32) -> Option<u32> {
        let column = self.column_of(row)?;
        self.load[column as usize] -= 1;
        let last = self.seat_start[column as usize] + self.load[column as usize];
        let seat = self.seat_of[row as usize];
        let moved = self.seats[last as usize];
        self.seats[seat as usize] = moved;
        self.seat_of[moved as usize] = seat;
        Some(column)
    }
}

/// Returns where each column's seats start: as many as its capacity, but no more than rows could come.
fn seat_starts(problem: &Problem) -> Vec<u32> {
    let columns = problem.column_count();
    let mut seats: Vec<u32> = (0..columns as u32).map(|column| problem.column_capacity(column)).collect();
    if seats.iter().map(|&count| u64::from(count)).sum::<u64>() > problem.arc_count() as u64 {
        let mut degree = vec![0_u32; columns];
        for &column in problem.arc_columns() {
            degree[column as usize] += 1;
        }
        for (seats, degree) in seats.iter_mut().zip(degree) {
            *seats = degree.min(*seats);
        }
    }
    let mut end = 0;
    let mut starts = vec![0];
    starts.extend(seats.into_iter().map(|count| {
        end += count;
        end
    }));
    starts
}
