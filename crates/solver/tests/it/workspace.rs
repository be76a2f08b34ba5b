use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, SolveError, Workspace, place, select};
use proptest::prelude::*;

use crate::instances::{SMALL, problems, with_rows};

/// Returns the problem with its rows in another order.
fn reordered(problem: &Problem, ranking: &[u32]) -> Problem {
    with_rows(problem, ranking.iter().map(|&row| (problem.row_group(row), problem.arcs(row).collect())))
}

fn with_rankings() -> impl Strategy<Value = (Problem, Vec<Vec<u32>>)> {
    problems(SMALL).prop_flat_map(|problem| {
        let ranking = Just((0..problem.row_count() as u32).collect::<Vec<u32>>()).prop_shuffle();
        (Just(problem), prop::collection::vec(ranking, 1..5))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn decides_as_if_the_rows_had_been_in_this_order((problem, rankings) in with_rankings()) {
        let mut workspace = Workspace::new(&problem);
        for ranking in &rankings {
            let in_order = reordered(&problem, ranking);
            let expected = select(&in_order);
            let selection = workspace.select(ranking).unwrap().clone();
            for (turn, &row) in ranking.iter().enumerate() {
                prop_assert_eq!(selection.outcomes[row as usize], expected.outcomes[turn]);
            }
            let closed_by: Vec<_> = expected.closed_by.iter().map(|by| by.map(|turn| ranking[turn as usize])).collect();
            prop_assert_eq!(&selection.closed_by, &closed_by);
            let placement = workspace.place().unwrap();
            prop_assert_eq!(placement.check(&problem, &selection), Ok(()));
            prop_assert_eq!(placement.cost, place(&in_order, &expected).unwrap().cost);
        }
    }

    #[test]
    fn remembers_nothing((problem, rankings) in with_rankings()) {
        let mut used = Workspace::new(&problem);
        let mut fresh = used.clone();
        for ranking in &rankings {
            used.select(ranking).unwrap();
            used.place().unwrap();
        }
        let last = rankings.last().unwrap();
        prop_assert_eq!(used.select(last).unwrap(), fresh.select(last).unwrap());
        prop_assert_eq!(used.place().unwrap(), fresh.place().unwrap());
    }
}

#[test]
fn refuses_what_is_not_a_ranking() {
    let mut builder = ProblemBuilder::new();
    let column = builder.add_column(1, None).unwrap();
    for _ in 0..3 {
        builder.add_row(None, [(column, 0)]).unwrap();
    }
    let problem = builder.build();
    let mut workspace = Workspace::new(&problem);
    for (ranking, row) in [(&[0, 1][..], 2), (&[0, 1, 1, 2], 1), (&[0, 1, 3], 3)] {
        assert_eq!(workspace.select(ranking).err(), Some(SolveError::Ranking { row }));
    }
    assert_eq!(workspace.select(&[2, 1, 0]).unwrap().outcomes[2], RowOutcome::Kept(0));
}
