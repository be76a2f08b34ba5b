//! Shapes that are hard for one part or another: long chains, plateaus, one column for all, extreme capacities.

use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, place, select, serial_dictatorship};

use crate::certificate::assert_proven;

/// Solves everything, checks all evidence, and returns the number of rows kept and the least cost.
fn solve(problem: &Problem) -> (usize, i64) {
    let selection = select(problem);
    assert_proven(problem, &selection);
    let placement = place(problem, &selection).unwrap();
    assert_eq!(placement.check(problem, &selection), Ok(()));
    (selection.kept().count(), placement.cost)
}

#[test]
fn nothing_at_all() {
    let problem = ProblemBuilder::new().build();
    assert_eq!(solve(&problem), (0, 0));
    assert!(serial_dictatorship(&problem).is_empty());
}

#[test]
fn rows_without_arcs_and_columns_without_rows() {
    let mut builder = ProblemBuilder::new();
    builder.add_column(3, None).unwrap();
    builder.add_row(None, []).unwrap();
    let problem = builder.build();
    assert_eq!(solve(&problem), (0, 0));
    assert_eq!(select(&problem).outcomes, [RowOutcome::NoArc]);
}

/// Each new row pushes all rows before it over by one.
#[test]
fn long_chains() {
    const LENGTH: u32 = 2_000;
    let mut builder = ProblemBuilder::new();
    for _ in 0..=LENGTH {
        builder.add_column(1, None).unwrap();
    }
    for row in 0..LENGTH {
        builder.add_row(None, [(row, 0), (row + 1, 1)]).unwrap();
    }
    builder.add_row(None, [(0, 0)]).unwrap();
    builder.add_row(None, [(0, 0), (LENGTH, 0)]).unwrap();
    let problem = builder.build();
    assert_eq!(solve(&problem), (LENGTH as usize + 1, i64::from(LENGTH)));
    assert_eq!(select(&problem).outcomes.last(), Some(&RowOutcome::Full));
}

/// Every search crosses a plateau of equal costs.
#[test]
fn all_costs_equal() {
    let mut builder = ProblemBuilder::new();
    for _ in 0..50 {
        builder.add_column(4, None).unwrap();
    }
    for row in 0..300 {
        let mut columns = [row % 50, row * 7 % 50, row * row % 50].to_vec();
        columns.sort_unstable();
        columns.dedup();
        builder.add_row(None, columns.into_iter().map(|column| (column, 5))).unwrap();
    }
    let (kept, cost) = solve(&builder.build());
    assert!(kept > 150);
    assert_eq!(cost, 5 * kept as i64);
}

#[test]
fn one_column_for_all() {
    for (capacity, group, expected) in
        [(0, u32::MAX, 0), (1, u32::MAX, 1), (u32::MAX, u32::MAX, 5_000), (u32::MAX, 0, 0), (u32::MAX, 70, 70), (80, 70, 70)]
    {
        let mut builder = ProblemBuilder::new();
        let outer = builder.add_group(group, None).unwrap();
        let inner = builder.add_group(u32::MAX, Some(outer)).unwrap();
        let column = builder.add_column(capacity, Some(inner)).unwrap();
        for row in 0..5_000 {
            builder.add_row(None, [(column, row % 3)]).unwrap();
        }
        let problem = builder.build();
        let selection = select(&problem);
        assert_eq!(selection.kept().count(), expected);
        let placement = place(&problem, &selection).unwrap();
        assert_eq!(placement.check(&problem, &selection), Ok(()));
        assert_eq!(serial_dictatorship(&problem).iter().filter(|o| matches!(o, RowOutcome::Kept(_))).count(), expected);
    }
}

/// A deep, narrow forest: the tightest cap of a path counts, wherever it is.
#[test]
fn deep_groups() {
    for tightest in 0..30 {
        let mut builder = ProblemBuilder::new();
        let mut parent = None;
        for depth in 0..30 {
            parent = Some(builder.add_group(if depth == tightest { 3 } else { 4 + depth }, parent).unwrap());
        }
        let cheap = builder.add_column(9, parent).unwrap();
        let dear = builder.add_column(2, None).unwrap();
        for _ in 0..8 {
            builder.add_row(None, [(cheap, 1), (dear, 10)]).unwrap();
        }
        assert_eq!(solve(&builder.build()), (5, 23));
    }
}
