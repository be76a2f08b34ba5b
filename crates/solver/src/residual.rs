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
//! # Moves
//!
//! To *move* a row is to place it in another column than that on which it has a claim. Each row with a claim has an arc
//! to this very column, also if it named it as one of a class only; all its other arcs are moves. So what a move costs
//! can be added to costs, or counted alone.

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
        let mut narrowing = Narrowing::new(problem, &beside_locked, candidates.len())?;
        for (&row, &claim) in keepers.iter().zip(&claims) {
            narrowing.add(row, Some(claim))?;
        }
        let mut rows = keepers;
        for &row in &candidates {
            if narrowing.add(row, None)? {
                rows.push(row);
            }
        }
        Ok(Self { problem: narrowing.builder.build(), rows, claims, candidates })
    }

    /// Returns the residual problem with other costs: of each arc, as a function of its cost and whether it is a move.
    pub(crate) fn recosted(&self, cost: impl Fn(i64, bool) -> i64) -> Problem {
        let claim = |row: u32| self.claims.get(row as usize).copied();
        self.problem.recosted(|row, node, old| cost(old, claim(row).is_some_and(|claim| claim != node)))
    }

    /// Returns how many rows a placement moves.
    pub(crate) fn moves(&self, column_of: &[Option<u32>]) -> u32 {
        self.claims.iter().zip(column_of).filter(|&(claim, column)| column.is_some_and(|column| column != *claim)).count() as u32
    }
}

/// Takes rows over from one problem to another, in which columns without room are missing.
struct Narrowing<'p> {
    problem: &'p Problem,
    builder: ProblemBuilder,
    /// Which columns have room, and which classes have such columns.
    open: Vec<bool>,
    open_classes: Vec<bool>,
    /// The arcs of the row that is being added.
    arcs: Vec<(u32, i64)>,
    class_arcs: Vec<(u32, i64)>,
}

impl<'p> Narrowing<'p> {
    /// Returns the other problem without rows, of which about so many will come.
    fn new(problem: &'p Problem, room: &Room, rows: usize) -> Result<Self, SolveError> {
        let mut builder = ProblemBuilder::with_capacity(rows, rows * problem.arc_count().div_ceil(problem.row_count().max(1)));
        room.open(problem, &mut builder)?;
        let open: Vec<bool> = (0..problem.column_count() as u32).map(|column| room.is_open(problem, column)).collect();
        let mut open_classes = Vec::with_capacity(problem.class_count());
        for class in 0..problem.class_count() as u32 {
            let columns: Vec<u32> = problem.class(class).iter().copied().filter(|&column| open[column as usize]).collect();
            builder.add_class(&columns)?;
            open_classes.push(!columns.is_empty());
        }
        Ok(Self { problem, builder, open, open_classes, arcs: Vec::new(), class_arcs: Vec::new() })
    }

    /// Adds a row if it has a claim or an arc to where there is room, and returns whether that is so.
    fn add(&mut self, row: u32, claim: Option<u32>) -> Result<bool, SolveError> {
        keep_open(self.problem.arcs(row), &self.open, &mut self.arcs);
        keep_open(self.problem.class_arcs(row), &self.open_classes, &mut self.class_arcs);
        if let Some(claim) = claim {
            let at = self.arcs.partition_point(|&(column, _)| column < claim);
            if self.arcs.get(at).is_none_or(|&(column, _)| column != claim) {
                self.arcs.insert(at, (claim, 0));
            }
            // A class may be cheaper.
            self.arcs[at].1 = self.problem.cost(row, claim).unwrap_or_default();
        }
        if self.arcs.is_empty() && self.class_arcs.is_empty() {
            return Ok(false);
        }
        let (arcs, class_arcs) = (self.arcs.iter().copied(), self.class_arcs.iter().copied());
        self.builder.add_row_with_classes(self.problem.row_group(row), arcs, class_arcs)?;
        Ok(true)
    }
}

/// Makes `kept` the arcs that lead to something open.
fn keep_open(arcs: impl ExactSizeIterator<Item = (u32, i64)>, open: &[bool], kept: &mut Vec<(u32, i64)>) {
    kept.resize(arcs.len(), (NONE, 0));
    let mut count = 0;
    // No branch: which columns are open is anybody's guess.
    for arc in arcs {
        kept[count] = arc;
        count += usize::from(open[arc.0 as usize]);
    }
    kept.truncate(count);
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

    /// Adds the nodes and row groups of a problem to another, their capacities as far as there is room.
    fn open(&self, problem: &Problem, builder: &mut ProblemBuilder) -> Result<(), SolveError> {
        let (columns, groups) = self.nodes.split_at(problem.column_count());
        for (group, &capacity) in (0..).zip(groups) {
            builder.add_group(capacity, problem.parent_of_group(group))?;
        }
        for (column, &capacity) in (0..).zip(columns) {
            builder.add_column(capacity, problem.group_of_column(column))?;
        }
        for &cap in &self.row_groups {
            builder.add_row_group(cap)?;
        }
        Ok(())
    }
}
