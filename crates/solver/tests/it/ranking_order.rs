use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, Selection, SolveError, place, place_in_ranking_order, select};
use proptest::prelude::*;

use crate::assignments::{Assignment, is_feasible, placed};
use crate::brute_force::least_cost;
use crate::classes;
use crate::instances::{Limits, SMALL, TINY, problems, with_arcs};

/// Returns the cost of each placed row, none for others.
fn costs(problem: &Problem, seats: &Assignment) -> Vec<Option<i64>> {
    (0..).zip(seats).map(|(row, &column)| problem.cost(row, column?)).collect()
}

/// Returns the costs that the definition gives, if the question whether rows can be placed on admitted arcs is answered.
fn definition(
    problem: &Problem,
    rows: &[u32],
    can_place: impl Fn(&dyn Fn(u32, i64) -> bool) -> bool,
) -> Option<Vec<Option<i64>>> {
    let mut own: Vec<Option<i64>> = vec![None; problem.row_count()];
    for &row in rows {
        let mut levels: Vec<i64> = problem.arcs(row).map(|(_, cost)| cost).collect();
        levels.sort_unstable();
        let level = levels.into_iter().find(|&level| {
            own[row as usize] = Some(level);
            can_place(&|row, cost| own[row as usize].is_none_or(|own| own == cost))
        });
        own[row as usize] = Some(level?);
    }
    Some(own)
}

/// Returns the problem with the admitted arcs of the selected rows only.
fn narrowed(problem: &Problem, rows: &[u32], admits: &dyn Fn(u32, i64) -> bool) -> Problem {
    with_arcs(problem, |row| {
        problem.arcs(row).filter(|&(_, cost)| rows.binary_search(&row).is_ok() && admits(row, cost)).collect()
    })
}

/// Many rows for each column, so that exchanges are long.
const CROWDED: Limits = Limits { rows: 150, columns: 60, degree: 5, capacity: 2, group_capacity: 60, row_groups: 1 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn gives_each_row_what_the_definition_gives(problem in problems(TINY)) {
        let selection = select(&problem);
        let rows: Vec<u32> = selection.kept().collect();
        let seats = place_in_ranking_order(&problem, &selection).unwrap();
        prop_assert!(is_feasible(&problem, &seats));
        let expected = definition(&problem, &rows, |admits| least_cost(&problem, &rows, admits).is_some());
        prop_assert_eq!(Some(costs(&problem, &seats)), expected);
        prop_assert_eq!(place_in_ranking_order(&problem, &selection).unwrap(), seats);
    }

    #[test]
    fn refuses_sets_that_cannot_be_placed(problem in problems(TINY)) {
        let everybody = vec![RowOutcome::Kept(0); problem.row_count()];
        let forced = Selection { outcomes: everybody, closed_by: Vec::new() };
        match place_in_ranking_order(&problem, &forced) {
            Ok(seats) => prop_assert_eq!(placed(&seats).count(), problem.row_count()),
            Err(error) => {
                prop_assert_eq!(error, SolveError::Infeasible);
                prop_assert!(place(&problem, &forced).is_err());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn gives_each_row_what_the_definition_gives_where_exchanges_are_long(
        problem in prop_oneof![problems(SMALL), problems(CROWDED)]
    ) {
        let selection = select(&problem);
        let rows: Vec<u32> = selection.kept().collect();
        let seats = place_in_ranking_order(&problem, &selection).unwrap();
        prop_assert!(is_feasible(&problem, &seats));
        let can_place = |admits: &dyn Fn(u32, i64) -> bool| select(&narrowed(&problem, &rows, admits)).kept().eq(rows.iter().copied());
        prop_assert_eq!(Some(costs(&problem, &seats)), definition(&problem, &rows, can_place));
    }

    #[test]
    fn classes_count_as_the_arcs_they_stand_for(problem in classes::problems(40)) {
        let selection = select(&problem);
        let [native, expanded] = [problem.clone(), problem.expanded()].map(|problem| {
            let seats = place_in_ranking_order(&problem, &selection).unwrap();
            assert!(is_feasible(&problem, &seats));
            costs(&problem, &seats)
        });
        prop_assert_eq!(native, expanded);
    }
}

#[test]
fn refuses_a_selection_of_another_problem() {
    let selection = Selection { outcomes: vec![RowOutcome::NoArc], closed_by: Vec::new() };
    let error = SolveError::SelectionMismatch { selected: 1, rows: 0 };
    assert_eq!(place_in_ranking_order(&ProblemBuilder::new().build(), &selection), Err(error));
}

/// The first takes the best for itself, whatever that costs the others: they all move on by one.
#[test]
fn moves_everybody_after_a_row_for_it() {
    const LENGTH: u32 = 2_000;
    let mut builder = ProblemBuilder::new();
    for _ in 0..=LENGTH {
        builder.add_column(1, None).unwrap();
    }
    // Rows are ranked against the chain, so that each finds its best column free at first.
    for row in (0..LENGTH).rev() {
        builder.add_row(None, [(row, 0), (row + 1, 1)]).unwrap();
    }
    builder.add_row(None, [(0, 0)]).unwrap();
    let problem = builder.build();
    let selection = select(&problem);
    let seats = place_in_ranking_order(&problem, &selection).unwrap();
    let last = (0..LENGTH).rev().map(|row| Some(row + 1)).chain([Some(0)]);
    assert_eq!(seats, last.collect::<Vec<_>>());
}

/// Two placements of everybody: the total is least in the one where the first row gets its second choice.
#[test]
fn does_not_trade_a_rank_above_for_two_below() {
    let mut builder = ProblemBuilder::new();
    let [park, office, pool] = [1, 1, 1].map(|capacity| builder.add_column(capacity, None).unwrap());
    builder.add_row(None, [(park, 1), (office, 2)]).unwrap();
    builder.add_row(None, [(park, 1), (pool, 5)]).unwrap();
    builder.add_row(None, [(office, 1), (pool, 3)]).unwrap();
    let problem = builder.build();
    let selection = select(&problem);
    assert_eq!(place_in_ranking_order(&problem, &selection).unwrap(), [park, pool, office].map(Some));
    assert_eq!(place(&problem, &selection).unwrap().column_of, [office, park, pool].map(Some));
}
