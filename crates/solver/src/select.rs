//! Selection: which rows, greedily in ranking order.
//!
//! # Problem
//!
//! Row t is kept if its row group has room and the rows kept before it can be placed together with it, all at once.
//!
//! # Invariant
//!
//! After each row, a placement of exactly the kept rows is at hand. By the augmenting path theorem the next row fits
//! if and only if the residual graph has a path from it to the sink; the path re-places kept rows but leaves none
//! out. A failing search closes what it visited for good (see [`search`](crate::search)). What fails is always that
//! search: [labels](crate::labels) only make successes cheap.
//!
//! # What the result means
//!
//! Sets of rows that can be placed at once are the independent sets of a matroid (a transversal matroid; with groups,
//! which add a forest of capacities, a gammoid), so without row groups the kept set is as large as possible and,
//! compared in ranking order, the best. Row groups of a bounded size are a second, partition matroid, and there the
//! greedy set is what it is by definition: neither need hold.
//!
//! # Complexity
//!
//! O(kept × (arcs + nodes)) in the worst case; nearly linear where most searches end near their row.
//!
//! # References
//!
//! J. Edmonds, D. R. Fulkerson: Transversals and matroid partition, J. Res. Nat. Bur. Standards 69B, 1965.
//! R. Rado: Note on independence functions, Proc. London Math. Soc. 1957.
//! D. Gale: Optimal assignments in an ordered set, J. Combin. Theory 1968.
//! H. Perfect: Applications of Menger's graph theorem, J. Math. Anal. Appl. 1968.

use crate::Problem;
use crate::flow::Flow;
use crate::labels::Unweighted;
use crate::paths::Paths;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOutcome {
    /// It is kept, and can be placed in this column at the same time as all other kept rows.
    Kept(u32),
    /// It has no arc.
    NoArc,
    /// Its row group was full when its turn came.
    RowCap,
    /// It could not be placed together with the rows kept before it.
    Full,
}

/// The rows kept by [`select`], and why the others were not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// What became of each row. The columns together are a placement, but not one of least cost.
    pub outcomes: Vec<RowOutcome>,
    /// The row whose failing search closed each column, if one did.
    ///
    /// Let V be the columns closed by row t or earlier, where t is [`Full`](RowOutcome::Full). All arcs of t lead
    /// into V, the kept rows with all arcs in V come before t, and they are as many as capacities and groups admit
    /// into V.
    pub closed_by: Vec<Option<u32>>,
}

impl Selection {
    /// Returns the kept rows, in ranking order.
    pub fn kept(&self) -> impl Iterator<Item = u32> + Clone {
        (0..).zip(&self.outcomes).filter(|(_, outcome)| matches!(outcome, RowOutcome::Kept(_))).map(|(row, _)| row)
    }
}

/// Selects rows greedily in ranking order.
///
/// A row is kept if its row group has room and it can be placed at once with everyone kept before.
///
/// # Complexity
///
/// Time O(kept × (arcs + nodes)) at worst, and in practice close to linear; memory O(rows + nodes + places).
///
/// # References
///
/// Edmonds and Fulkerson 1965; Rado 1957; Gale 1968.
pub fn select(problem: &Problem) -> Selection {
    let rows = problem.row_count() as u32;
    let mut flow = Flow::new(problem);
    let mut paths = Paths::new(problem);
    let mut closed_by = vec![None; problem.column_count()];
    let mut turns = Turns::new(problem);
    let mut pressure = pressure(problem);
    for row in 0..rows {
        turns.take(row, || {
            place_at_once(&mut flow, row, &mut pressure)
                || match paths.place_near(&mut flow, row, &Unweighted) {
                    Ok(()) => true,
                    Err(closed) => {
                        for &node in closed.iter().filter(|&&node| problem.is_column(node)) {
                            closed_by[node as usize] = Some(row);
                        }
                        false
                    }
                }
        });
    }
    Selection { outcomes: turns.outcomes(&flow), closed_by }
}

/// Returns how many arcs there are to each place of a column, in 256ths.
fn pressure(problem: &Problem) -> Vec<u32> {
    let mut arcs = vec![0_u64; problem.column_count()];
    for &column in problem.arc_columns() {
        arcs[column as usize] += 1;
    }
    let part =
        |(column, arcs): (u32, u64)| (arcs << 8).checked_div(u64::from(problem.column_capacity(column))).unwrap_or(u64::MAX);
    (0..).zip(arcs).map(|pair| u32::try_from(part(pair)).unwrap_or(u32::MAX)).collect()
}

/// Places a row where there is room, if there is any: in the column that the fewest others could need.
fn place_at_once(flow: &mut Flow<'_>, row: u32, pressure: &mut [u32]) -> bool {
    let problem = flow.problem();
    let range = problem.arc_range(row);
    let mut best = None;
    let mut least = u32::MAX;
    for (arc, &column) in (range.start..).zip(&problem.arc_columns()[range]) {
        let own = &mut pressure[column as usize];
        if *own < least {
            if flow.has_way(column) {
                least = *own;
                best = Some(arc);
            } else {
                *own = u32::MAX;
            }
        }
    }
    if let Some(arc) = best {
        flow.place(row, arc);
    }
    best.is_some()
}

/// Gives each row its turn, and counts the row groups.
#[derive(Debug)]
pub(crate) struct Turns<'p> {
    problem: &'p Problem,
    group_left: Vec<u32>,
    refusals: Vec<Option<RowOutcome>>,
}

impl<'p> Turns<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Self {
        Self { problem, group_left: problem.row_group_caps().to_vec(), refusals: Vec::with_capacity(problem.row_count()) }
    }

    /// Lets the next row try to get a place, if it has any arc and its row group has room.
    pub(crate) fn take(&mut self, row: u32, place: impl FnOnce() -> bool) {
        let group = self.problem.row_group(row).map(|group| group as usize);
        let refusal = if self.problem.arc_range(row).is_empty() {
            Some(RowOutcome::NoArc)
        } else if group.is_some_and(|group| self.group_left[group] == 0) {
            Some(RowOutcome::RowCap)
        } else if !place() {
            Some(RowOutcome::Full)
        } else {
            if let Some(group) = group {
                self.group_left[group] -= 1;
            }
            None
        };
        self.refusals.push(refusal);
    }

    /// Returns what became of each row, the kept ones with their columns in the final placement.
    pub(crate) fn outcomes(self, flow: &Flow<'_>) -> Vec<RowOutcome> {
        let outcome = |(row, refusal): (u32, Option<RowOutcome>)| match refusal {
            Some(refusal) => refusal,
            None => flow.column_of(row).map_or(RowOutcome::Full, RowOutcome::Kept),
        };
        (0..).zip(self.refusals).map(outcome).collect()
    }
}
