//! The residual market: what a present placement leaves to decide.
//!
//! # Claims
//!
//! A row that sits somewhere has a *claim* on its column as long as it still has an arc to it and there is room for it:
//! in the column, in every group above it and in its row group, beside all locked rows and beside the higher-ranked
//! rows that have a claim. Where places were lost, it is therefore the lowest-ranked who lose theirs. (Apart from row
//! groups, sets that fit are the independent sets of a laminar matroid: no other set that fits is larger or ranks
//! higher.) Rows that have a claim *keep* a place, here or elsewhere; who lost it is *displaced*.
//!
//! # The market
//!
//! Locked rows are taken out, and the places that they use. So are columns without room beside the locked rows, and
//! rows with no arc to any other. The remaining rows are numbered by turn: first who keeps a place, then the displaced,
//! then the waiting, each in ranking order.
//!
//! # Lexicographic costs
//!
//! To *move* a row that has a claim, from its column to another, costs more than any placement of all rows does: M =
//! rows × largest cost + 1. So a placement of least cost is one of fewest moves, and of least cost among those; moves
//! and cost are the quotient and the remainder of the total divided by M.

use crate::placement::potential_bound;
use crate::problem::NONE;
use crate::{Problem, ProblemBuilder, SolveError};

/// Where a row stands before a rematch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It sits in this column, to which it need not have an arc, and stays there.
    Locked(u32),
    /// It sits in this column, and may be moved to another.
    Movable(u32),
    /// It has no place and wants one.
    Waiting,
    /// It takes no part any more, and its place is free.
    Gone,
}

/// What is left to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Residual {
    pub(crate) problem: Problem,
    /// The rows of the residual problem, as numbered in the whole.
    pub(crate) rows: Vec<u32>,
    /// The columns on which the first rows have a claim.
    pub(crate) claims: Vec<u32>,
    /// All displaced rows and then all waiting ones, whether part of the residual problem or not.
    pub(crate) candidates: Vec<u32>,
    /// What a move costs; zero where nobody can be moved.
    pub(crate) move_cost: i64,
}

impl Residual {
    pub(crate) fn new(problem: &Problem, standings: &[Standing]) -> Result<Self, SolveError> {
        let rows = problem.row_count();
        if standings.len() != rows {
            return Err(SolveError::StandingsMismatch { standings: standings.len(), rows });
        }
        let mut room = Room::new(problem);
        for (row, standing) in (0..).zip(standings) {
            if let Standing::Locked(column) | Standing::Movable(column) = *standing
                && column as usize >= problem.column_count()
            {
                return Err(SolveError::UnknownColumn { row, column });
            }
            if let Standing::Locked(column) = *standing
                && !room.take(problem, row, column)
            {
                return Err(SolveError::LockedOverfull { row, column });
            }
        }
        let beside_locked = room.clone();
        let mut keepers = Vec::new();
        let mut claims = Vec::new();
        let mut candidates = Vec::new();
        let mut waiting = Vec::new();
        for (row, standing) in (0..).zip(standings) {
            match *standing {
                Standing::Movable(column) if problem.cost(row, column).is_some() && room.take(problem, row, column) => {
                    keepers.push(row);
                    claims.push(column);
                }
                Standing::Movable(_) => candidates.push(row),
                Standing::Waiting => waiting.push(row),
                Standing::Locked(_) | Standing::Gone => {}
            }
        }
        candidates.append(&mut waiting);
        let mut move_cost = 0;
        if !claims.is_empty() {
            let rows = keepers.len() + candidates.len();
            move_cost = potential_bound(rows, problem.max_cost())?;
            potential_bound(rows, problem.max_cost() + move_cost)?;
        }
        let mut builder = beside_locked.builder(problem)?;
        let open: Vec<bool> = (0..problem.column_count() as u32).map(|column| beside_locked.is_open(problem, column)).collect();
        let open_arcs = |row: u32| problem.arcs(row).filter(|&(column, _)| open[column as usize]);
        for (&row, &claim) in keepers.iter().zip(&claims) {
            let lexicographic = |(column, cost)| (column, if column == claim { cost } else { cost + move_cost });
            builder.add_row(problem.row_group(row), open_arcs(row).map(lexicographic))?;
        }
        let mut rows = keepers;
        for &row in &candidates {
            if open_arcs(row).next().is_some() {
                builder.add_row(problem.row_group(row), open_arcs(row))?;
                rows.push(row);
            }
        }
        Ok(Self { problem: builder.build(), rows, claims, candidates, move_cost })
    }
}

/// How much room is left in each node of the capacity forest and in each row group.
#[derive(Debug, Clone)]
struct Room {
    nodes: Vec<u32>,
    row_groups: Vec<u32>,
}

impl Room {
    fn new(problem: &Problem) -> Self {
        let nodes = (0..problem.node_count() as u32).map(|node| problem.node_capacity(node)).collect();
        Self { nodes, row_groups: problem.row_group_caps().to_vec() }
    }

    /// Returns whether there is room from a column all the way up.
    fn is_open(&self, problem: &Problem, mut node: u32) -> bool {
        while node != NONE {
            if self.nodes[node as usize] == 0 {
                return false;
            }
            node = problem.node_parent(node);
        }
        true
    }

    /// Seats a row if there is room, and returns whether there was.
    fn take(&mut self, problem: &Problem, row: u32, column: u32) -> bool {
        let group = problem.row_group(row).map(|group| group as usize);
        if !self.is_open(problem, column) || group.is_some_and(|group| self.row_groups[group] == 0) {
            return false;
        }
        if let Some(group) = group {
            self.row_groups[group] -= 1;
        }
        let mut node = column;
        while node != NONE {
            self.nodes[node as usize] -= 1;
            node = problem.node_parent(node);
        }
        true
    }

    /// Returns a builder with the nodes and row groups of a problem, their capacities as far as there is room.
    fn builder(&self, problem: &Problem) -> Result<ProblemBuilder, SolveError> {
        let (columns, groups) = self.nodes.split_at(problem.column_count());
        let mut builder = ProblemBuilder::new();
        for (group, &capacity) in (0..).zip(groups) {
            builder.add_group(capacity, problem.parent_of_group(group))?;
        }
        for (column, &capacity) in (0..).zip(columns) {
            builder.add_column(capacity, problem.group_of_column(column))?;
        }
        for &cap in &self.row_groups {
            builder.add_row_group(cap)?;
        }
        Ok(builder)
    }
}
