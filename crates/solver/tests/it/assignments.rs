//! Who sits where: all that there could be, and what capacities and rows make of it.

use feriematch_solver::{Problem, RowOutcome};

use crate::brute_force::groups_above;
use crate::instances::with_arcs;

/// The column of each row.
pub(crate) type Assignment = Vec<Option<u32>>;

/// Returns the columns of the rows that are kept.
pub(crate) fn assignment(outcomes: &[RowOutcome]) -> Assignment {
    let column = |outcome: &RowOutcome| match *outcome {
        RowOutcome::Kept(column) => Some(column),
        _ => None,
    };
    outcomes.iter().map(column).collect()
}

/// Returns what a row pays in a column, and more than anything where it has none.
pub(crate) fn cost_of(problem: &Problem, row: u32, column: Option<u32>) -> i64 {
    column.map_or(i64::MAX, |column| problem.cost(row, column).unwrap())
}

/// Returns the problem with costs that rank the arcs of each row as now, and without ties: the lower column first.
pub(crate) fn strict(problem: &Problem) -> Problem {
    let list = |row| problem.arcs(row).map(|(column, cost)| (column, cost * 1_000 + i64::from(column))).collect();
    with_arcs(problem, list)
}

/// What capacities and caps speak of: a column, a group and all columns below it, or a row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Column(u32),
    Group(u32),
    RowGroup(u32),
}

/// Returns everything that holds rows, with what it can hold.
pub(crate) fn holders(problem: &Problem) -> Vec<(Holder, u32)> {
    let columns = (0..problem.column_count() as u32).map(|c| (Holder::Column(c), problem.column_capacity(c)));
    let groups = (0..problem.group_count() as u32).map(|g| (Holder::Group(g), problem.group_capacity(g)));
    let row_groups = (0..).zip(problem.row_group_caps()).map(|(r, &cap)| (Holder::RowGroup(r), cap));
    columns.chain(groups).chain(row_groups).collect()
}

/// Returns whether an arc counts where something is held.
pub(crate) fn holds(problem: &Problem, holder: Holder, (row, column): (u32, u32)) -> bool {
    match holder {
        Holder::Column(own) => own == column,
        Holder::Group(group) => groups_above(problem, column).contains(&group),
        Holder::RowGroup(group) => problem.row_group(row) == Some(group),
    }
}

/// Returns how many arcs count there.
pub(crate) fn load(problem: &Problem, holder: Holder, seats: &Assignment) -> u32 {
    placed(seats).filter(|&arc| holds(problem, holder, arc)).count() as u32
}

/// Returns the arcs of an assignment: (row, column).
pub(crate) fn placed(seats: &Assignment) -> impl Iterator<Item = (u32, u32)> {
    (0..).zip(seats).filter_map(|(row, column)| Some((row, (*column)?)))
}

/// Returns whether an assignment keeps all capacities and caps.
pub(crate) fn is_feasible(problem: &Problem, seats: &Assignment) -> bool {
    holders(problem).into_iter().all(|(holder, capacity)| load(problem, holder, seats) <= capacity)
}

/// Calls `visit` with every assignment of rows to columns that they have arcs to, feasible or not.
pub(crate) fn each_assignment(problem: &Problem, visit: &mut dyn FnMut(&Assignment)) {
    fn rest(problem: &Problem, seats: &mut Assignment, visit: &mut dyn FnMut(&Assignment)) {
        let row = seats.len() as u32;
        if row as usize == problem.row_count() {
            return visit(seats);
        }
        for column in std::iter::once(None).chain(problem.arcs(row).map(|(column, _)| Some(column))) {
            seats.push(column);
            rest(problem, seats, visit);
            seats.pop();
        }
    }
    rest(problem, &mut Vec::new(), visit);
}

/// Returns all lists of some of the columns.
pub(crate) fn lists_of(columns: &[u32]) -> Vec<Vec<u32>> {
    let mut lists = vec![Vec::new()];
    for (place, &column) in columns.iter().enumerate() {
        let others: Vec<u32> = columns[..place].iter().chain(&columns[place + 1..]).copied().collect();
        lists.extend(lists_of(&others).into_iter().map(|rest| [&[column], &*rest].concat()));
    }
    lists
}
