//! The definitions, by trying everything.

use feriematch_solver::Problem;

/// Returns the least cost of placing exactly these rows, on arcs that are admitted, or `None` if they cannot be placed.
pub(crate) fn least_cost(problem: &Problem, rows: &[u32], admits: &dyn Fn(u32, i64) -> bool) -> Option<i64> {
    let mut columns = vec![0; problem.column_count()];
    let mut groups = vec![0; problem.group_count()];
    try_all(problem, rows, admits, &mut columns, &mut groups)
}

fn try_all(
    problem: &Problem,
    rows: &[u32],
    admits: &dyn Fn(u32, i64) -> bool,
    columns: &mut [u32],
    groups: &mut [u32],
) -> Option<i64> {
    let Some((&row, rest)) = rows.split_first() else {
        return Some(0);
    };
    let mut best = None;
    for (column, cost) in problem.arcs(row).filter(|&(_, cost)| admits(row, cost)) {
        let above = groups_above(problem, column);
        let room = columns[column as usize] < problem.column_capacity(column)
            && above.iter().all(|&group| groups[group as usize] < problem.group_capacity(group));
        if room {
            columns[column as usize] += 1;
            for &group in &above {
                groups[group as usize] += 1;
            }
            let total = try_all(problem, rest, admits, columns, groups).map(|further| cost + further);
            best = [best, total].into_iter().flatten().min();
            columns[column as usize] -= 1;
            for &group in &above {
                groups[group as usize] -= 1;
            }
        }
    }
    best
}

/// Returns the groups above a column, the nearest first.
pub(crate) fn groups_above(problem: &Problem, column: u32) -> Vec<u32> {
    std::iter::successors(problem.group_of_column(column), |&group| problem.parent_of_group(group)).collect()
}
