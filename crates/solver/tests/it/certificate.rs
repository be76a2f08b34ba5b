//! The evidence of a selection, recomputed from what it says.

use feriematch_solver::{Problem, RowOutcome, Selection};

/// Asserts that the closed columns prove of every full row that it could not be placed.
pub(crate) fn assert_proven(problem: &Problem, selection: &Selection) {
    let closers: Vec<u32> = selection.closed_by.iter().flatten().copied().collect();
    assert!(closers.iter().all(|&row| selection.outcomes[row as usize] == RowOutcome::Full));
    for (t, outcome) in (0..).zip(&selection.outcomes) {
        if *outcome != RowOutcome::Full {
            continue;
        }
        let closed: Vec<bool> = selection.closed_by.iter().map(|closer| closer.is_some_and(|row| row <= t)).collect();
        let confined = |row: u32| problem.arcs(row).all(|(column, _)| closed[column as usize]);
        assert!(confined(t), "an arc of row {t} leads out of the closed columns");
        let violators: Vec<u32> = selection.kept().filter(|&row| confined(row)).collect();
        assert!(violators.iter().all(|&row| row < t), "a row after {t} is kept within the columns closed by then");
        assert_eq!(violators.len() as u64, rank(problem, &closed), "the columns closed by row {t} are not full");
    }
}

/// Returns how many rows capacities and groups admit into a set of columns.
fn rank(problem: &Problem, within: &[bool]) -> u64 {
    let mut below_group = vec![0; problem.group_count()];
    let mut total = 0;
    let mut add = |parent: Option<u32>, amount: u64, below_group: &mut [u64]| match parent {
        Some(group) => below_group[group as usize] += amount,
        None => total += amount,
    };
    for column in (0..problem.column_count() as u32).filter(|&column| within[column as usize]) {
        add(problem.group_of_column(column), problem.column_capacity(column).into(), &mut below_group);
    }
    // Groups are numbered after their parents.
    for group in (0..problem.group_count() as u32).rev() {
        let amount = below_group[group as usize].min(problem.group_capacity(group).into());
        add(problem.parent_of_group(group), amount, &mut below_group);
    }
    total
}
