use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, serial_dictatorship};
use proptest::prelude::*;

use crate::assignments::{assignment, cost_of, lists_of};
use crate::brute_force::least_cost;
use crate::instances::{MINUTE, TINY, problems, with_arcs};

/// Returns the cost each row gets by the definition, or why it gets nothing.
fn definition(problem: &Problem) -> Vec<Result<i64, RowOutcome>> {
    let mut group_left = problem.row_group_caps().to_vec();
    let mut placed = Vec::new();
    let mut level = vec![i64::MIN; problem.row_count()];
    let mut turn = |row: u32| {
        if problem.arcs(row).len() == 0 {
            return Err(RowOutcome::NoArc);
        }
        let group = problem.row_group(row).map(|group| group as usize);
        if group.is_some_and(|group| group_left[group] == 0) {
            return Err(RowOutcome::RowCap);
        }
        let mut levels: Vec<i64> = problem.arcs(row).map(|(_, cost)| cost).collect();
        levels.sort_unstable();
        placed.push(row);
        for own in levels {
            level[row as usize] = own;
            if least_cost(problem, &placed, &|row, cost| cost == level[row as usize]).is_some() {
                if let Some(group) = group {
                    group_left[group] -= 1;
                }
                return Ok(own);
            }
        }
        placed.pop();
        Err(RowOutcome::Full)
    };
    (0..problem.row_count() as u32).map(&mut turn).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn gives_each_row_what_the_definition_gives(problem in problems(TINY)) {
        let got: Vec<Result<i64, RowOutcome>> = (0..)
            .zip(serial_dictatorship(&problem))
            .map(|(row, outcome)| match outcome {
                RowOutcome::Kept(column) => Ok(problem.cost(row, column).unwrap()),
                refusal => Err(refusal),
            })
            .collect();
        prop_assert_eq!(got, definition(&problem));
    }

    /// Svensson 1994; with ties Krysta, Manlove, Rastegari and Zhang 2014.
    #[test]
    fn no_other_list_gets_a_row_more(problem in problems(MINUTE)) {
        let own = assignment(&serial_dictatorship(&problem));
        let columns: Vec<u32> = (0..problem.column_count() as u32).collect();
        for liar in 0..problem.row_count() as u32 {
            let truth = cost_of(&problem, liar, own[liar as usize]);
            for list in lists_of(&columns) {
                let mut stated: Vec<(u32, i64)> = (0..).zip(&list).map(|(rank, &column)| (column, rank)).collect();
                stated.sort_unstable();
                let other = with_arcs(&problem, |row| if row == liar { stated.clone() } else { problem.arcs(row).collect() });
                if let RowOutcome::Kept(column) = serial_dictatorship(&other)[liar as usize] {
                    // A place without an arc is worth less than none.
                    let worth = problem.cost(liar, column).unwrap_or(i64::MAX);
                    prop_assert!(truth <= worth, "row {} gets {} by stating {:?}", liar, column, list);
                }
            }
        }
    }
}

/// With ties a row's column stays open: the first row moves within its rank, and nobody is the worse for it.
#[test]
fn leaves_ties_open() {
    let mut builder = ProblemBuilder::new();
    let park = builder.add_column(1, None).unwrap();
    let office = builder.add_column(1, None).unwrap();
    builder.add_row(None, [(park, 1), (office, 1)]).unwrap();
    builder.add_row(None, [(park, 1), (office, 2)]).unwrap();
    builder.add_row(None, [(park, 1), (office, 2)]).unwrap();
    let outcomes = serial_dictatorship(&builder.build());
    assert_eq!(outcomes, [RowOutcome::Kept(office), RowOutcome::Kept(park), RowOutcome::Full]);
}

/// Unlike selection it moves nobody down a rank: the second row goes without.
#[test]
fn takes_no_better_rank_from_those_before() {
    let mut builder = ProblemBuilder::new();
    let park = builder.add_column(1, None).unwrap();
    let office = builder.add_column(1, None).unwrap();
    builder.add_row(None, [(park, 1), (office, 2)]).unwrap();
    builder.add_row(None, [(park, 1)]).unwrap();
    let outcomes = serial_dictatorship(&builder.build());
    assert_eq!(outcomes, [RowOutcome::Kept(park), RowOutcome::Full]);
}
