use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, Selection, SolveError, place, place_reference, select};
use proptest::prelude::*;

use crate::brute_force::least_cost;
use crate::instances::{SMALL, TINY, problems};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn costs_the_least_of_all_placements(problem in problems(TINY)) {
        let selection = select(&problem);
        let rows: Vec<u32> = selection.kept().collect();
        let placement = place(&problem, &selection).unwrap();
        prop_assert_eq!(placement.check(&problem, &selection), Ok(()));
        prop_assert_eq!(Some(placement.cost), least_cost(&problem, &rows, &|_, _| true));
        prop_assert_eq!(place(&problem, &selection).unwrap(), placement);
    }

    #[test]
    fn refuses_sets_that_cannot_be_placed(problem in problems(TINY)) {
        let everybody: Vec<u32> = (0..problem.row_count() as u32).collect();
        let forced = Selection { outcomes: vec![RowOutcome::Kept(0); everybody.len()], closed_by: Vec::new() };
        let least = least_cost(&problem, &everybody, &|_, _| true);
        for result in [place(&problem, &forced), place_reference(&problem, &forced)] {
            match result {
                Ok(placement) => {
                    prop_assert_eq!(placement.check(&problem, &forced), Ok(()));
                    prop_assert_eq!(Some(placement.cost), least);
                }
                Err(error) => prop_assert!(error == SolveError::Infeasible && least.is_none(), "{}", error),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn agrees_with_the_reference(problem in problems(SMALL)) {
        let selection = select(&problem);
        let placement = place(&problem, &selection).unwrap();
        let reference = place_reference(&problem, &selection).unwrap();
        prop_assert_eq!(placement.check(&problem, &selection), Ok(()));
        prop_assert_eq!(reference.check(&problem, &selection), Ok(()));
        prop_assert_eq!(placement.cost, reference.cost);
    }
}

/// The cost matrix of Kuhn's and many a textbook's first example, with the optimum 5 on (1,2), (2,1), (3,3).
fn textbook() -> Problem {
    let mut builder = ProblemBuilder::new();
    let columns = [(); 3].map(|()| builder.add_column(1, None).unwrap());
    for costs in [[4, 1, 3], [2, 0, 5], [3, 2, 2]] {
        builder.add_row(None, columns.into_iter().zip(costs)).unwrap();
    }
    builder.build()
}

#[test]
fn solves_a_textbook_matrix() {
    let problem = textbook();
    let selection = select(&problem);
    for placement in [place(&problem, &selection).unwrap(), place_reference(&problem, &selection).unwrap()] {
        assert_eq!(placement.cost, 5);
        assert_eq!(placement.column_of, [Some(1), Some(0), Some(2)]);
        assert_eq!(placement.check(&problem, &selection), Ok(()));
    }
}

#[test]
fn refuses_a_selection_of_another_problem() {
    let selection = Selection { outcomes: vec![RowOutcome::NoArc], closed_by: Vec::new() };
    let error = SolveError::SelectionMismatch { selected: 1, rows: 3 };
    assert_eq!(place(&textbook(), &selection), Err(error.clone()));
    assert_eq!(place_reference(&textbook(), &selection), Err(error));
}

#[test]
fn refuses_costs_beyond_64_bits() {
    let mut builder = ProblemBuilder::new();
    let column = builder.add_column(1, None).unwrap();
    builder.add_row(None, [(column, i64::MAX)]).unwrap();
    let problem = builder.build();
    let error = SolveError::CostRange { cost: i64::MAX, rows: 1 };
    assert_eq!(place(&problem, &select(&problem)), Err(error.clone()));
    assert_eq!(place_reference(&problem, &select(&problem)), Err(error));
}

#[test]
fn reference_refuses_a_matrix_that_is_too_large() {
    let mut builder = ProblemBuilder::new();
    let column = builder.add_column(u32::MAX, None).unwrap();
    (0..2_049).for_each(|_| {
        builder.add_row(None, [(column, 1)]).unwrap();
    });
    let problem = builder.build();
    let cells = 2_049 * 2_049;
    assert_eq!(
        place_reference(&problem, &select(&problem)),
        Err(SolveError::TooLarge { cells, limit: feriematch_solver::REFERENCE_CELLS })
    );
}
