use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, Selection, select};
use proptest::prelude::*;

use crate::brute_force::{groups_above, least_cost};
use crate::certificate::assert_proven;
use crate::instances::{Limits, SMALL, TINY, problems};

/// Replays the definition row by row.
fn assert_as_defined(problem: &Problem, selection: &Selection) {
    let mut group_left = problem.row_group_caps().to_vec();
    let mut kept = Vec::new();
    for (row, outcome) in (0..).zip(&selection.outcomes) {
        let group = problem.row_group(row).map(|group| group as usize);
        kept.push(row);
        let expected = if problem.arcs(row).len() == 0 {
            Some(RowOutcome::NoArc)
        } else if group.is_some_and(|group| group_left[group] == 0) {
            Some(RowOutcome::RowCap)
        } else if least_cost(problem, &kept, &|_, _| true).is_none() {
            Some(RowOutcome::Full)
        } else {
            None
        };
        if let Some(refusal) = expected {
            kept.pop();
            assert_eq!(*outcome, refusal, "row {row}");
        } else {
            if let Some(group) = group {
                group_left[group] -= 1;
            }
            assert!(matches!(outcome, RowOutcome::Kept(_)), "row {row} is {outcome:?}");
        }
    }
}

/// Asserts that the columns stated for the kept rows are a placement.
fn assert_witness(problem: &Problem, selection: &Selection) {
    let mut columns = vec![0; problem.column_count()];
    let mut groups = vec![0; problem.group_count()];
    for (row, outcome) in (0..).zip(&selection.outcomes) {
        if let RowOutcome::Kept(column) = *outcome {
            assert!(problem.cost(row, column).is_some(), "row {row} is kept where it has no arc");
            columns[column as usize] += 1;
            for group in groups_above(problem, column) {
                groups[group as usize] += 1;
            }
        }
    }
    assert!((0..).zip(columns).all(|(column, load)| load <= problem.column_capacity(column)));
    assert!((0..).zip(groups).all(|(group, load)| load <= problem.group_capacity(group)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn keeps_whom_the_definition_keeps(problem in problems(TINY)) {
        let selection = select(&problem);
        assert_as_defined(&problem, &selection);
        assert_witness(&problem, &selection);
        assert_proven(&problem, &selection);
        prop_assert_eq!(&select(&problem), &selection);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn proves_whom_it_refuses(problem in problems(SMALL)) {
        let selection = select(&problem);
        assert_witness(&problem, &selection);
        assert_proven(&problem, &selection);
    }

    /// Rado and Gale: of all sets that can be placed, the greedy one is largest and best in ranking order.
    #[test]
    fn is_largest_and_best_without_row_groups(
        problem in problems(Limits { row_groups: 0, ..TINY })
    ) {
        let rows = problem.row_count() as u32;
        let kept: Vec<u32> = select(&problem).kept().collect();
        for set in 0_u32..1 << rows {
            let members: Vec<u32> = (0..rows).filter(|row| set >> row & 1 == 1).collect();
            if least_cost(&problem, &members, &|_, _| true).is_some() {
                prop_assert!(members.len() <= kept.len());
                // The k-th best row kept ranks no lower than the k-th best of any other set.
                prop_assert!(members.iter().zip(&kept).all(|(other, own)| own <= other));
            }
        }
    }
}

/// Everybody moves over by one to let the last one in.
#[test]
fn moves_a_chain_to_let_somebody_in() {
    let mut builder = ProblemBuilder::new();
    let columns: Vec<u32> = (0..4).map(|_| builder.add_column(1, None).unwrap()).collect();
    for row in 0..3 {
        builder.add_row(None, [(columns[row], 1), (columns[row + 1], 1)]).unwrap();
    }
    builder.add_row(None, [(columns[0], 1)]).unwrap();
    builder.add_row(None, [(columns[2], 1)]).unwrap();
    let selection = select(&builder.build());
    assert_eq!(selection.kept().collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(selection.outcomes[4], RowOutcome::Full);
    // Rows 0, 1 and 3 fill the first three columns and have no other; the last is row 2's and no part of that.
    assert_eq!(selection.closed_by, [Some(4), Some(4), Some(4), None]);
}

/// A full department is left downwards: the row in its other column can move out of the department.
#[test]
fn leaves_a_full_group_through_another_column_of_it() {
    let mut builder = ProblemBuilder::new();
    let stream = builder.add_group(5, None).unwrap();
    let department = builder.add_group(1, Some(stream)).unwrap();
    let wanted = builder.add_column(3, Some(department)).unwrap();
    let held = builder.add_column(3, Some(department)).unwrap();
    let empty = builder.add_column(3, Some(department)).unwrap();
    let outside = builder.add_column(1, Some(stream)).unwrap();
    builder.add_row(None, [(held, 1), (outside, 9)]).unwrap();
    builder.add_row(None, [(wanted, 1)]).unwrap();
    builder.add_row(None, [(wanted, 1), (outside, 1)]).unwrap();
    builder.add_row(None, [(empty, 1)]).unwrap();
    let problem = builder.build();
    let selection = select(&problem);
    assert_eq!(selection.outcomes[0], RowOutcome::Kept(outside));
    assert_eq!(selection.outcomes[1], RowOutcome::Kept(wanted));
    assert_eq!(selection.outcomes[2..], [RowOutcome::Full; 2]);
    // The empty column is no part of row 2's trouble; row 3 finds it closed in by its department.
    assert_eq!(selection.closed_by, [Some(2), Some(2), Some(3), Some(2)]);
    assert_proven(&problem, &selection);
}

#[test]
fn counts_row_groups_in_ranking_order() {
    let mut builder = ProblemBuilder::new();
    let column = builder.add_column(9, None).unwrap();
    let narrow = builder.add_row_group(1).unwrap();
    let shut = builder.add_row_group(0).unwrap();
    for group in [Some(narrow), Some(shut), Some(narrow), None] {
        builder.add_row(group, [(column, 1)]).unwrap();
    }
    builder.add_row(Some(narrow), []).unwrap();
    let selection = select(&builder.build());
    let kept = RowOutcome::Kept(column);
    assert_eq!(selection.outcomes, [kept, RowOutcome::RowCap, RowOutcome::RowCap, kept, RowOutcome::NoArc]);
    assert_eq!(selection.closed_by, [None]);
}
