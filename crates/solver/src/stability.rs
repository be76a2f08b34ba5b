//! The check of stability: which arcs block an assignment, whatever made it.
//!
//! The definition is that of [`deferred_acceptance`](crate::deferred_acceptance()). A node that is full has a last arc,
//! and fewer arcs than its capacity come before another if and only if that last one does not. So one bound for each
//! node, and the least of the bounds on the way up from each column, answer for every arc in constant time.
//!
//! # References
//!
//! T. Fleiner: A fixed-point approach to stable matchings and some applications, Math. Oper. Res. 28, 2003.
//! A. Abdulkadiroğlu, T. Sönmez: School choice: a mechanism design approach, Amer. Econ. Rev. 93, 2003 (justified envy).
//! M. Balinski, T. Sönmez: A tale of two mechanisms: student placement, J. Econ. Theory 84, 1999 (waste).

use crate::problem::NONE;
use crate::{Problem, Violation};

/// A row and a column that would both rather have each other, so that the assignment is not stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockingPair {
    /// The row, which is unplaced or sits at a higher cost.
    pub row: u32,
    /// The column, where the row has an arc.
    pub column: u32,
    /// The row that holds a place by a later arc, in the column or in the lowest full group above it: the envy of
    /// `row` towards it is justified. `None` if no place has to be taken from anybody: one is wasted.
    pub over: Option<u32>,
}

/// Returns the blocking pairs of an assignment, ascending by row, then column; a stable one has none.
///
/// `priority(row, column)` is that of [`deferred_acceptance`](crate::deferred_acceptance()). An unplaced row in a full
/// row group blocks only if the last row that its group has placed comes after it.
///
/// # Errors
///
/// The first [`Violation`] found if the assignment does not keep arcs, capacities and caps.
///
/// # Complexity
///
/// Time O(rows · depth of the forest + nodes) at once, and O(arcs) over all pairs; memory O(nodes + row groups).
///
/// # References
///
/// Fleiner 2003; Balinski and Sönmez 1999.
pub fn blocking_pairs<'a, P>(
    problem: &'a Problem,
    column_of: &'a [Option<u32>],
    priority: P,
) -> Result<impl Iterator<Item = BlockingPair> + use<'a, P>, Violation>
where
    P: Fn(u32, u32) -> u32,
{
    let bounds = Bounds::of(problem, column_of, &priority)?;
    let wishes = (0..).zip(column_of).flat_map(move |(row, seat)| {
        let cost = seat.and_then(|column| problem.cost(row, column));
        let dearer = move |&(_, other): &(u32, i64)| cost.is_none_or(|own| other < own);
        problem.arcs(row).filter(dearer).map(move |(column, _)| (row, column, seat.is_some()))
    });
    Ok(wishes.filter_map(move |(row, column, placed)| {
        let bound = bounds.of_column[column as usize];
        let admitted = key(row, column, &priority) < bound && (placed || bounds.admit_to_row_group(problem, row));
        let over = || Some((bound - 1) as u32).filter(|&over| bound != OPEN && over != row);
        admitted.then(|| BlockingPair { row, column, over: over() })
    }))
}

/// Bounds no arc.
const OPEN: u64 = u64::MAX;

/// What an arc has to come before.
struct Bounds {
    /// One more than the key of the last arc in the column or the lowest full group above it, if any is full.
    of_column: Vec<u64>,
    /// One more than the last row of each row group that is full; the number of rows for others.
    of_row_group: Vec<u32>,
}

impl Bounds {
    fn of(problem: &Problem, column_of: &[Option<u32>], priority: &impl Fn(u32, u32) -> u32) -> Result<Self, Violation> {
        if column_of.len() != problem.row_count() {
            return Err(Violation::Shape);
        }
        let mut load = vec![0; problem.node_count()];
        let mut bound = vec![0; problem.node_count()];
        let mut row_group_load = vec![0; problem.row_group_caps().len()];
        let mut of_row_group = row_group_load.clone();
        for (row, column) in (0..).zip(column_of).filter_map(|(row, column)| Some((row, (*column)?))) {
            problem.cost(row, column).ok_or(Violation::NoArc { row, column })?;
            let after = key(row, column, priority) + 1;
            let mut node = column;
            while node != NONE {
                load[node as usize] += 1;
                bound[node as usize] = after.max(bound[node as usize]);
                node = problem.node_parent(node);
            }
            if let Some(row_group) = problem.row_group(row) {
                row_group_load[row_group as usize] += 1;
                of_row_group[row_group as usize] = row + 1;
            }
        }
        for node in problem.nodes_top_down() {
            let capacity = problem.node_capacity(node);
            if load[node as usize] > capacity {
                return Err(match node.checked_sub(problem.column_count() as u32) {
                    None => Violation::ColumnOverfull { column: node },
                    Some(group) => Violation::GroupOverfull { group },
                });
            }
            let own = if load[node as usize] == capacity { bound[node as usize] } else { OPEN };
            let above = match problem.node_parent(node) {
                NONE => OPEN,
                parent => bound[parent as usize],
            };
            bound[node as usize] = own.min(above);
        }
        for (row_group, (&cap, load)) in (0..).zip(problem.row_group_caps().iter().zip(row_group_load)) {
            if load > cap {
                return Err(Violation::RowGroupOverfull { row_group });
            }
            if load < cap {
                of_row_group[row_group as usize] = problem.row_count() as u32;
            }
        }
        bound.truncate(problem.column_count());
        Ok(Self { of_column: bound, of_row_group })
    }

    fn admit_to_row_group(&self, problem: &Problem, row: u32) -> bool {
        problem.row_group(row).is_none_or(|group| row < self.of_row_group[group as usize])
    }
}

/// Returns what an arc is ordered by: its priority, then its row.
fn key(row: u32, column: u32, priority: &impl Fn(u32, u32) -> u32) -> u64 {
    u64::from(priority(row, column)) << u32::BITS | u64::from(row)
}
