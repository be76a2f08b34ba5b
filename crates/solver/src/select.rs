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

use std::cmp::Reverse;

use crate::Problem;
use crate::flow::Flow;
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
    let mut selector = Selector::new(problem);
    selector.run(0..problem.row_count() as u32);
    let outcomes = selector.turns.outcomes(&selector.flow);
    Selection { outcomes, closed_by: selector.closed_by }
}

/// Selects, as often as wanted, with memory that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Selector<'p> {
    problem: &'p Problem,
    flow: Flow<'p>,
    paths: Paths,
    vacancies: Vacancies,
    turns: Turns<'p>,
    closed_by: Vec<Option<u32>>,
}

impl<'p> Selector<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Self {
        Self {
            problem,
            flow: Flow::new(problem),
            paths: Paths::new(problem),
            vacancies: Vacancies::new(problem),
            turns: Turns::new(problem),
            closed_by: vec![None; problem.column_count()],
        }
    }

    /// Selects in an order, in which each row comes once.
    fn run(&mut self, ranking: impl IntoIterator<Item = u32>) {
        let Self { problem, flow, paths, vacancies, turns, closed_by } = self;
        for row in ranking {
            turns.take(row, || {
                vacancies.place(flow, row)
                    || match paths.place_near(flow, row) {
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
    }

    /// Selects anew, in another order, in which each row comes once.
    pub(crate) fn select(&mut self, ranking: &[u32], selection: &mut Selection) {
        self.flow.clear();
        self.paths.clear();
        self.vacancies.clear();
        self.turns.clear();
        self.closed_by.fill(None);
        self.run(ranking.iter().copied());
        self.turns.write_outcomes(&self.flow, &mut selection.outcomes);
        selection.closed_by.clone_from(&self.closed_by);
    }
}

/// Where there is room.
#[derive(Debug, Clone)]
struct Vacancies {
    /// How many arcs there are to each place of a column, in 256ths; [`u32::MAX`] once there was no room.
    pressure: Vec<u32>,
    at_first: Vec<u32>,
    /// The columns of each class, the least wanted last, and how many there are up to the last one where there was room.
    of_class: Vec<Vec<u32>>,
    left: Vec<usize>,
}

impl Vacancies {
    fn new(problem: &Problem) -> Self {
        let mut arcs = vec![0_u64; problem.column_count()];
        for &column in problem.arc_columns() {
            if let Some(arcs) = arcs.get_mut(column as usize) {
                *arcs += 1;
            }
        }
        let pressure = (0..).zip(arcs).map(|(column, arcs)| {
            let pressure = (arcs << 8).checked_div(u64::from(problem.column_capacity(column)));
            pressure.and_then(|pressure| u32::try_from(pressure).ok()).unwrap_or(u32::MAX)
        });
        let pressure: Vec<u32> = pressure.collect();
        let mut of_class: Vec<Vec<u32>> =
            (0..problem.class_count() as u32).map(|class| Vec::with_capacity(problem.class(class).len())).collect();
        if !of_class.is_empty() {
            // Sorted once, and then shared out.
            let mut columns: Vec<u32> = (0..problem.column_count() as u32).collect();
            columns.sort_unstable_by_key(|&column| (Reverse(pressure[column as usize]), Reverse(column)));
            for column in columns {
                for &class in problem.classes_of(column) {
                    of_class[class as usize - problem.node_count()].push(column);
                }
            }
        }
        Self { left: of_class.iter().map(Vec::len).collect(), of_class, at_first: pressure.clone(), pressure }
    }

    /// Notes that there is room everywhere again.
    fn clear(&mut self) {
        self.pressure.copy_from_slice(&self.at_first);
        self.left = self.of_class.iter().map(Vec::len).collect();
    }

    /// Places a row where there is room, if it can be found at once: in the column that the fewest others want.
    ///
    /// Room that comes back is not seen, which costs a search but no place.
    fn place(&mut self, flow: &mut Flow<'_>, row: u32) -> bool {
        let problem = flow.problem();
        let range = problem.arc_range(row);
        let mut best = None;
        let mut least = u32::MAX;
        for (arc, &column) in (range.start..).zip(&problem.arc_columns()[range.clone()]) {
            let Some(pressure) = self.pressure.get_mut(column as usize) else { break };
            if *pressure < least {
                if flow.has_way(column) {
                    least = *pressure;
                    best = Some((arc, column));
                } else {
                    *pressure = u32::MAX;
                }
            }
        }
        if best.is_none() && !self.of_class.is_empty() {
            best = range.rev().find_map(|arc| {
                let class = (problem.arc_column(arc) as usize).checked_sub(problem.node_count())?;
                let (columns, left) = (&self.of_class[class], &mut self.left[class]);
                while columns[..*left].last().is_some_and(|&column| !flow.has_way(column)) {
                    *left -= 1;
                }
                Some((arc, *columns[..*left].last()?))
            });
        }
        if let Some((arc, column)) = best {
            flow.place(row, arc, column);
        }
        best.is_some()
    }
}

/// Gives each row its turn, and counts the row groups.
#[derive(Debug, Clone)]
pub(crate) struct Turns<'p> {
    problem: &'p Problem,
    group_left: Vec<u32>,
    /// Why each row was refused, if it has had its turn and was.
    refusals: Vec<Option<RowOutcome>>,
}

impl<'p> Turns<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Self {
        Self { problem, group_left: problem.row_group_caps().to_vec(), refusals: vec![None; problem.row_count()] }
    }

    fn clear(&mut self) {
        self.group_left.copy_from_slice(self.problem.row_group_caps());
        self.refusals.fill(None);
    }

    /// Lets a row try to get a place, if it has any arc and its row group has room.
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
        self.refusals[row as usize] = refusal;
    }

    /// Returns what became of each row, the kept ones with their columns in the final placement.
    pub(crate) fn outcomes(&self, flow: &Flow<'_>) -> Vec<RowOutcome> {
        let mut outcomes = Vec::with_capacity(self.refusals.len());
        self.write_outcomes(flow, &mut outcomes);
        outcomes
    }

    fn write_outcomes(&self, flow: &Flow<'_>, outcomes: &mut Vec<RowOutcome>) {
        let outcome = |(refusal, column): (&Option<RowOutcome>, Option<u32>)| match refusal {
            Some(refusal) => *refusal,
            None => column.map_or(RowOutcome::Full, RowOutcome::Kept),
        };
        outcomes.clear();
        outcomes.extend(self.refusals.iter().zip(flow.columns()).map(outcome));
    }
}
