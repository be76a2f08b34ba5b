use std::cmp::Reverse;

use feriematch_solver::{
    Decides, Problem, ProblemBuilder, ProfileObjective, RankMaximal, RowOutcome, Selection, Violation, place, place_by_profile,
    rank_maximal, select,
};
use proptest::prelude::*;

use crate::assignments::{Assignment, each_assignment, is_feasible, placed};
use crate::classes;
use crate::instances::{Limits, MINUTE, SMALL, TINY, problems, with_arcs};

/// Places, and checks the certificate.
fn solve(problem: &Problem) -> RankMaximal {
    let found = rank_maximal(problem).unwrap();
    assert_eq!(found.check(problem), Ok(()));
    found
}

fn rows_by_level(found: &RankMaximal) -> Vec<u32> {
    found.profile.iter().map(|level| level.rows).collect()
}

/// Returns how many rows an assignment has at each level.
fn profile(problem: &Problem, seats: &Assignment, levels: &[i64]) -> Vec<u32> {
    let costs: Vec<i64> = placed(seats).map(|(row, column)| problem.cost(row, column).unwrap()).collect();
    levels.iter().map(|level| costs.iter().filter(|&cost| cost == level).count() as u32).collect()
}

/// Returns the sum of the ranks of the placed rows.
fn ranks(seats: &Assignment) -> u32 {
    placed(seats).map(|(row, _)| row + 1).sum()
}

fn placed_rows(seats: &Assignment) -> Vec<u32> {
    placed(seats).map(|(row, _)| row).collect()
}

/// As many row groups as there can be rows in them, with and without room.
const CAPPED: Limits = Limits { rows: 6, row_groups: 3, ..MINUTE };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn is_the_best_of_all_placements(problem in prop_oneof![problems(MINUTE), problems(CAPPED)]) {
        let found = solve(&problem);
        let own = found.column_of();
        prop_assert!(is_feasible(&problem, &own));
        let levels: Vec<i64> = found.profile.iter().map(|level| level.cost).collect();
        let mut costs: Vec<i64> = (0..problem.row_count() as u32).flat_map(|row| problem.arcs(row)).map(|(_, cost)| cost).collect();
        costs.sort_unstable();
        costs.dedup();
        prop_assert_eq!(&levels, &costs);
        let key = |seats: &Assignment| (Reverse(profile(&problem, seats, &levels)), ranks(seats));
        let mut best: Vec<Assignment> = Vec::new();
        each_assignment(&problem, &mut |seats| {
            if is_feasible(&problem, seats) {
                if best.first().is_some_and(|best| key(seats) < key(best)) {
                    best.clear();
                }
                if best.first().is_none_or(|best| key(seats) == key(best)) {
                    best.push(seats.clone());
                }
            }
        });
        prop_assert_eq!(key(&own), key(&best[0]));
        prop_assert_eq!(rows_by_level(&found), profile(&problem, &own, &levels));
        prop_assert!(best.contains(&own));
        prop_assert_eq!(rank_maximal(&problem).unwrap(), found);
    }

    /// The ranking decides as it does in a matroid: no other rank-maximal placement places a set that comes before.
    #[test]
    fn without_row_groups_the_first_set_is_placed(problem in problems(Limits { row_groups: 0, ..MINUTE })) {
        let own = solve(&problem).column_of();
        let levels: Vec<i64> = (0..=1_000).collect();
        let best = profile(&problem, &own, &levels);
        let mut before = None;
        each_assignment(&problem, &mut |seats| {
            if is_feasible(&problem, seats)
                && profile(&problem, seats, &levels) == best
                && placed_rows(seats) < placed_rows(&own)
            {
                before = Some(seats.clone());
            }
        });
        prop_assert_eq!(before, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Among placements of the rows that it places, it is what a placement by profile is.
    #[test]
    fn is_rank_maximal_among_placements_of_the_same_rows(problem in prop_oneof![problems(SMALL), problems(TINY)]) {
        let found = solve(&problem);
        let mut selection = select(&problem);
        selection.outcomes.clone_from(&found.outcomes);
        selection.closed_by.clear();
        let placement = place_by_profile(&problem, &selection, ProfileObjective::RankMaximal).unwrap();
        let nonzero = |profile: &[feriematch_solver::ProfileLevel]| -> Vec<_> {
            profile.iter().copied().filter(|level| level.rows > 0).collect()
        };
        prop_assert_eq!(nonzero(&found.profile), nonzero(&placement.profile));
    }

    #[test]
    fn classes_count_as_the_arcs_they_stand_for(problem in classes::problems(40)) {
        let [native, expanded] = [problem.clone(), problem.expanded()].map(|problem| {
            let found = solve(&problem);
            let seats = found.column_of();
            let profile: Vec<_> = found.profile.into_iter().filter(|level| level.rows > 0).collect();
            (profile, placed_rows(&seats))
        });
        prop_assert_eq!(native, expanded);
    }
}

/// Returns the problem in which everybody is placed, outside if nowhere else, at weights that make all levels and then the
/// ranking count one after the other.
fn weighted(problem: &Problem, levels: u32) -> Problem {
    let rows = problem.row_count() as i64 + 1;
    let mut builder = ProblemBuilder::new();
    for group in 0..problem.group_count() as u32 {
        builder.add_group(problem.group_capacity(group), problem.parent_of_group(group)).unwrap();
    }
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), problem.group_of_column(column)).unwrap();
    }
    let outside = builder.add_column(u32::MAX, None).unwrap();
    let nothing = rows.pow(levels + 2);
    for row in 0..problem.row_count() as u32 {
        let worth = |level: i64| rows.pow(levels - u32::try_from(level).unwrap() + 1);
        let arcs = problem.arcs(row).map(|(column, cost)| (column, nothing - worth(cost) + i64::from(row) + 1));
        builder.add_row(None, arcs.chain([(outside, nothing)])).unwrap();
    }
    builder.build()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// With few levels and rows, the powers of the number of rows fit 64 bits.
    #[test]
    fn agrees_with_lexicographic_costs(problem in problems(Limits { row_groups: 0, ..SMALL }), levels in 1..4_u32) {
        let problem = with_arcs(&problem, |row| problem.arcs(row).map(|(column, cost)| (column, cost % i64::from(levels))).collect());
        let weighted = weighted(&problem, levels);
        let everybody = Selection { outcomes: vec![RowOutcome::Kept(0); problem.row_count()], closed_by: Vec::new() };
        let best = place(&weighted, &everybody).unwrap();
        let outside = problem.column_count() as u32;
        let own = solve(&problem).column_of();
        let cost = (0..).zip(&own).map(|(row, column)| weighted.cost(row, column.unwrap_or(outside)).unwrap()).sum::<i64>();
        prop_assert_eq!(cost, best.cost);
    }
}

/// Builds a market of single places from lists, the best first, numbered from 1 as in the literature.
fn market(columns: u32, lists: &[&[u32]]) -> Problem {
    let mut builder = ProblemBuilder::new();
    for _ in 0..columns {
        builder.add_column(1, None).unwrap();
    }
    for list in lists {
        let mut arcs: Vec<(u32, i64)> = (1..).zip(*list).map(|(rank, &column)| (column - 1, rank)).collect();
        arcs.sort_unstable();
        builder.add_row(None, arcs).unwrap();
    }
    builder.build()
}

/// Irving's question again: two rows want x most and a third wants y most; (2, 0, 1) is better than (1, 1, 1).
#[test]
fn prefers_two_first_ranks_and_a_third_to_one_of_each() {
    let found = solve(&market(3, &[&[1, 2, 3], &[1, 2, 3], &[2, 1, 3]]));
    assert_eq!(rows_by_level(&found), [2, 0, 1]);
    assert_eq!(found.column_of(), [Some(0), Some(2), Some(1)]);
}

/// All four could be placed, with one first rank less and two second ranks more; a rank-maximal matching need not be maximum.
#[test]
fn need_not_place_as_many_as_can_be_placed() {
    let problem = market(4, &[&[1], &[1, 2], &[2, 3], &[3, 4]]);
    assert_eq!(select(&problem).kept().count(), 4);
    let found = solve(&problem);
    assert_eq!(rows_by_level(&found), [3, 0]);
    assert_eq!(found.outcomes[1], RowOutcome::Full);
}

/// The cap lets in one: the one with the better rank, and of two with the same rank the one that is ranked higher.
#[test]
fn a_cap_is_for_the_best_profile() {
    let mut builder = ProblemBuilder::new();
    let [park, office] = [1, 1].map(|capacity| builder.add_column(capacity, None).unwrap());
    let home = builder.add_row_group(1).unwrap();
    builder.add_row(Some(home), [(park, 2)]).unwrap();
    builder.add_row(Some(home), [(park, 1), (office, 2)]).unwrap();
    builder.add_row(Some(home), [(office, 1)]).unwrap();
    builder.add_row(None, [(office, 2)]).unwrap();
    builder.add_row(Some(home), []).unwrap();
    let found = solve(&builder.build());
    // One first rank either way; with the park for it, the office is left for a second.
    let cap = RowOutcome::RowCap;
    let expected = [cap, RowOutcome::Kept(park), cap, RowOutcome::Kept(office), RowOutcome::NoArc];
    assert_eq!(found.outcomes, expected);
    assert_eq!(rows_by_level(&found), [1, 1]);
}

#[test]
fn nothing_to_decide() {
    let nothing = solve(&ProblemBuilder::new().build());
    assert_eq!((nothing.outcomes.len(), nothing.profile.len(), nothing.stages.len()), (0, 0, 0));

    let mut builder = ProblemBuilder::new();
    let closed = builder.add_column(0, None).unwrap();
    builder.add_row(None, []).unwrap();
    builder.add_row(None, [(closed, 3)]).unwrap();
    let found = solve(&builder.build());
    assert_eq!(found.outcomes, [RowOutcome::NoArc, RowOutcome::Full]);
    assert_eq!(rows_by_level(&found), [0]);
}

/// Three rows, of which two may be placed, for one first rank and one second: a stage for each of these levels, and the ranking.
#[test]
fn check_refutes_every_corruption() {
    let mut builder = ProblemBuilder::new();
    let group = builder.add_group(1, None).unwrap();
    let [first, second, third] =
        [(1, Some(group)), (1, None), (3, None)].map(|(capacity, group)| builder.add_column(capacity, group).unwrap());
    let home = builder.add_row_group(2).unwrap();
    for _ in 0..3 {
        builder.add_row(Some(home), [(first, 1), (second, 2), (third, 3)]).unwrap();
    }
    builder.add_row(None, []).unwrap();
    let problem = builder.build();
    let valid = solve(&problem);
    assert_eq!(rows_by_level(&valid), [1, 1, 0]);
    let stages: Vec<Decides> = valid.stages.iter().map(|stage| stage.decides).collect();
    assert_eq!(stages, [Decides::Level(0), Decides::Level(1), Decides::Ranking]);
    assert_eq!(valid.outcomes[2], RowOutcome::RowCap);

    let refuted = |corrupt: &dyn Fn(&mut RankMaximal)| {
        let mut found = valid.clone();
        corrupt(&mut found);
        found.check(&problem).unwrap_err()
    };
    assert_eq!(refuted(&|f| f.outcomes.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|f| f.stages[1].column_prices.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|f| f.stages[1].row_group_prices.clear()), Violation::Shape);
    assert_eq!(refuted(&|f| f.profile.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|f| f.profile[0].rows = 2), Violation::Profile { cost: 1, stated: 2, actual: 1 });
    assert_eq!(refuted(&|f| f.outcomes[0] = RowOutcome::Kept(9)), Violation::NoArc { row: 0, column: 9 });
    assert_eq!(refuted(&|f| f.outcomes[3] = RowOutcome::Kept(third)), Violation::NoArc { row: 3, column: third });
    assert_eq!(refuted(&|f| f.outcomes[..2].fill(RowOutcome::Kept(first))), Violation::ColumnOverfull { column: first });
    assert_eq!(refuted(&|f| f.outcomes[2] = RowOutcome::Kept(third)), Violation::RowGroupOverfull { row_group: home });
    assert_eq!(refuted(&|f| f.outcomes[2] = RowOutcome::Full), Violation::Reason { row: 2 });
    assert_eq!(refuted(&|f| f.outcomes[3] = RowOutcome::Full), Violation::Reason { row: 3 });
    assert_eq!(refuted(&|f| f.stages.clear()), Violation::Stage { cost: 1 });
    assert_eq!(refuted(&|f| f.stages.swap(0, 1)), Violation::Stage { cost: 2 });
    assert_eq!(refuted(&|f| f.stages.truncate(1)), Violation::Stage { cost: 2 });
    assert_eq!(refuted(&|f| f.stages.truncate(2)), Violation::RankingStage);
    assert_eq!(refuted(&|f| f.stages.push(f.stages[2].clone())), Violation::RankingStage);
    assert_eq!(refuted(&|f| f.stages[0].decides = Decides::Ranking), Violation::RankingStage);
    assert_eq!(refuted(&|f| f.stages[0].decides = Decides::Level(7)), Violation::Shape);
    assert_eq!(refuted(&|f| f.stages[0].column_prices[third as usize] = 1), Violation::ColumnPrice { column: third });
    assert_eq!(refuted(&|f| f.stages[0].column_prices[second as usize] = -1), Violation::ColumnPrice { column: second });
    assert_eq!(refuted(&|f| f.stages[0].row_group_prices[0] = -1), Violation::RowGroupPrice { row_group: home });

    // Another row than the ranking says, in the same place.
    let swapped = refuted(&|f| f.outcomes.swap(1, 2));
    assert!(matches!(swapped, Violation::OutsideCost { row: 1 } | Violation::ReducedCost { row: 2, .. }), "{swapped}");
    // A place less: nothing has a price where there is room.
    let fewer = refuted(&|f| {
        let row = f.column_of().iter().position(|&column| column == Some(second)).unwrap();
        f.outcomes[row] = RowOutcome::Full;
        f.outcomes[2] = RowOutcome::Full;
        f.profile[1].rows = 0;
    });
    let expected = [Violation::ColumnPrice { column: second }, Violation::RowGroupPrice { row_group: home }];
    assert!(expected.contains(&fewer), "{fewer}");
    // A worse rank for the same row.
    let worse = refuted(&|f| {
        let row = f.column_of().iter().position(|&column| column == Some(second)).unwrap();
        f.outcomes[row] = RowOutcome::Kept(third);
        (f.profile[1].rows, f.profile[2].rows) = (0, 1);
    });
    assert!(matches!(worse, Violation::ColumnPrice { .. } | Violation::ReducedCost { .. }), "{worse}");
}
