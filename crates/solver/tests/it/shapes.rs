//! Shapes that are hard for one part or another: long chains, plateaus, one column for all, extreme capacities.

use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, SolveError, place, select, serial_dictatorship};

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

/// One row more than there are good columns: the price of all of them must climb to what the bad one costs.
#[test]
fn price_wars() {
    for cost in [1, 1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000_000] {
        const GOOD: u32 = 300;
        let mut builder = ProblemBuilder::new();
        for _ in 0..=GOOD {
            builder.add_column(1, None).unwrap();
        }
        for row in 0..=GOOD {
            let near = [row % GOOD, (row + 1) % GOOD, (row * row + 2) % GOOD];
            let mut arcs: Vec<(u32, i64)> = near.map(|column| (column, i64::from(column % 2))).to_vec();
            arcs.push((GOOD, cost));
            arcs.sort_unstable();
            arcs.dedup_by_key(|&mut (column, _)| column);
            builder.add_row(None, arcs).unwrap();
        }
        for _ in 0..50 {
            builder.add_row(None, (0..=GOOD).map(|column| (column, 1))).unwrap();
        }
        let problem = builder.build();
        let (kept, total) = solve(&problem);
        assert_eq!(kept, GOOD as usize + 1);
        assert!((cost..=cost + i64::from(GOOD)).contains(&total), "{total}");
    }
}

/// A place for one beside a place for thousands, wanted by all alike.
#[test]
fn tiny_and_huge_capacities() {
    let mut builder = ProblemBuilder::new();
    let huge = builder.add_column(3_000, None).unwrap();
    let tiny: Vec<u32> = (0..200).map(|_| builder.add_column(1, None).unwrap()).collect();
    for row in 0..4_000_u32 {
        let second = tiny[row as usize * 7 % tiny.len()];
        let third = tiny[row as usize * 13 % tiny.len()];
        let mut arcs = vec![(huge, 2), (second, 1), (third, 3)];
        arcs.sort_unstable();
        arcs.dedup_by_key(|&mut (column, _)| column);
        builder.add_row(None, arcs).unwrap();
    }
    let (kept, total) = solve(&builder.build());
    assert_eq!((kept, total), (3_200, 3_000 * 2 + 200));
}

/// Everybody would take anything, and some prefer one column.
#[test]
fn one_class_for_all() {
    let mut builder = ProblemBuilder::new();
    let columns: Vec<u32> = (0..400).map(|_| builder.add_column(3, None).unwrap()).collect();
    let any = builder.add_class(&columns).unwrap();
    for row in 0..1_500_u32 {
        let preferred = (row % 3 == 0).then_some((columns[row as usize % 20], 0));
        builder.add_row_with_classes(None, preferred, [(any, 5)]).unwrap();
    }
    let problem = builder.build();
    let selection = select(&problem);
    assert_eq!(selection.kept().count(), 1_200);
    let placement = place(&problem, &selection).unwrap();
    assert_eq!(placement.check(&problem, &selection), Ok(()));
    assert_eq!(placement.cost, 5 * (1_200 - 3 * 20));
}

/// Costs at the end of what prices can hold, and beyond.
#[test]
fn the_largest_costs() {
    for (cost, fits) in [(i64::MAX / 64, true), (i64::MAX / 8, false), (i64::MAX, false)] {
        let mut builder = ProblemBuilder::new();
        let near = builder.add_column(1, None).unwrap();
        let far = builder.add_column(1, None).unwrap();
        for _ in 0..2 {
            builder.add_row(None, [(near, 0), (far, cost)]).unwrap();
        }
        let problem = builder.build();
        let selection = select(&problem);
        match place(&problem, &selection) {
            Ok(placement) => {
                assert!(fits);
                assert_eq!(placement.check(&problem, &selection), Ok(()));
                assert_eq!(placement.cost, cost);
            }
            Err(error) => assert!(!fits && error == SolveError::CostRange { cost, rows: 2 }, "{error}"),
        }
    }
}
