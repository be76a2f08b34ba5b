//! Serial dictatorship with ties: each row in turn gets the best cost that is possible while all before keep theirs.
//!
//! # Problem
//!
//! A row's arcs of equal cost are one *level*, among which the row is indifferent. In ranking order, row t gets the
//! cheapest level at which it can be placed together with every earlier row at that row's own level. Which column of
//! the level it will be stays open until the end.
//!
//! # Invariant
//!
//! After each row a placement is at hand in which every row sits in a column of its level. A search admits only arcs
//! of the row's own level, so augmenting keeps all levels. As levels never change, what a failing search visited
//! stays closed for good, for this row's further levels and for all later rows (see [`search`](crate::search)).
//!
//! # Complexity
//!
//! O((kept + nodes) × (arcs + nodes)) at worst: a failing search either closes nodes or visits only the arcs of its
//! row.
//!
//! # References
//!
//! L.-G. Svensson: Queue allocation of indivisible goods, Soc. Choice Welfare 1994.
//! P. Krysta, D. Manlove, B. Rastegari, J. Zhang: Size versus truthfulness in the house allocation problem, EC 2014
//! (SDMT-1: serial dictatorship mechanism with ties).

use crate::flow::Flow;
use crate::labels::Lengths;
use crate::search::{Found, Search};
use crate::select::Turns;
use crate::{Problem, RowOutcome};

/// Runs serial dictatorship: each row in ranking order gets the least cost that leaves every earlier row its own.
///
/// Row groups count as in [`select`](crate::select()): a row whose group is full gets nothing. A row gets nothing,
/// and is [`RowOutcome::Full`], if no level is possible.
///
/// # Complexity
///
/// Time O((kept + nodes) × (arcs + nodes)) at worst; memory O(rows + nodes + places).
///
/// # References
///
/// Svensson 1994; Krysta, Manlove, Rastegari and Zhang 2014.
pub fn serial_dictatorship(problem: &Problem) -> Vec<RowOutcome> {
    let mut flow = Flow::new(problem);
    let mut search = Search::new(problem);
    let mut turns = Turns::new(problem);
    let mut own = Levels { problem, of_row: vec![0; problem.row_count()] };
    let mut levels = Vec::new();
    for row in 0..problem.row_count() as u32 {
        turns.take(row, || {
            levels.clear();
            levels.extend(problem.arc_range(row).map(|arc| problem.arc_cost(arc)));
            levels.sort_unstable();
            levels.dedup();
            levels.iter().any(|&level| {
                own.of_row[row as usize] = level;
                let found = search.place(&mut flow, row, &own, usize::MAX);
                if found == Found::Nothing {
                    search.close();
                }
                found != Found::Nothing
            })
        });
    }
    turns.outcomes(&flow)
}

/// The level that each row got; only its arcs are tight.
#[derive(Debug)]
struct Levels<'p> {
    problem: &'p Problem,
    of_row: Vec<i64>,
}

impl Lengths for Levels<'_> {
    fn arc(&self, row: u32, arc: usize) -> i64 {
        i64::from(self.problem.arc_cost(arc) != self.of_row[row as usize])
    }

    fn link(&self, _node: u32) -> i64 {
        0
    }

    fn out(&self, _class: u32, _column: u32) -> i64 {
        0
    }
}
