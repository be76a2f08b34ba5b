use std::cmp::Reverse;

use feriematch_solver::{
    Problem, ProblemBuilder, ProfileLevel, ProfileObjective, ProfilePlacement, RowOutcome, Selection, SolveError, Violation,
    place, place_by_profile, select,
};
use proptest::prelude::*;

use crate::brute_force::groups_above;
use crate::classes;
use crate::instances::{SMALL, TINY, problems, with_arcs};

const BOTH: [ProfileObjective; 2] = [ProfileObjective::RankMaximal, ProfileObjective::Fair];

fn rows_by_level(profile: &[ProfileLevel]) -> Vec<u32> {
    profile.iter().map(|level| level.rows).collect()
}

/// Returns how many rows are at these levels in another placement.
fn count(problem: &Problem, levels: &[ProfileLevel], column_of: &[Option<u32>]) -> Vec<ProfileLevel> {
    let costs: Vec<i64> = (0..).zip(column_of).filter_map(|(row, column)| problem.cost(row, (*column)?)).collect();
    let rows = |level: i64| costs.iter().filter(|&&cost| cost == level).count() as u32;
    levels.iter().map(|level| ProfileLevel { cost: level.cost, rows: rows(level.cost) }).collect()
}

/// Places by profile, and checks the certificate.
fn solve(problem: &Problem, selection: &Selection, objective: ProfileObjective) -> Result<ProfilePlacement, SolveError> {
    let placement = place_by_profile(problem, selection, objective)?;
    assert_eq!(placement.check(problem, selection, objective), Ok(()));
    Ok(placement)
}

/// Returns a key that is least for the best profile.
fn key(objective: ProfileObjective, rows: &[u32]) -> (Reverse<Vec<u32>>, Vec<u32>) {
    match objective {
        ProfileObjective::RankMaximal => (Reverse(rows.to_vec()), Vec::new()),
        ProfileObjective::Fair => (Reverse(Vec::new()), rows.iter().rev().copied().collect()),
    }
}

/// The definition, by trying everything.
struct Enumeration<'p> {
    problem: &'p Problem,
    levels: Vec<i64>,
    columns: Vec<u32>,
    groups: Vec<u32>,
    rows_by_level: Vec<u32>,
    profiles: Vec<Vec<u32>>,
}

impl<'p> Enumeration<'p> {
    /// Returns the profiles of all placements of these rows.
    fn profiles(problem: &'p Problem, rows: &[u32], levels: Vec<i64>) -> Vec<Vec<u32>> {
        let mut enumeration = Self {
            problem,
            columns: vec![0; problem.column_count()],
            groups: vec![0; problem.group_count()],
            rows_by_level: vec![0; levels.len()],
            levels,
            profiles: Vec::new(),
        };
        enumeration.place(rows);
        enumeration.profiles
    }

    fn place(&mut self, rows: &[u32]) {
        let Some((&row, rest)) = rows.split_first() else {
            self.profiles.push(self.rows_by_level.clone());
            return;
        };
        for (column, cost) in self.problem.arcs(row) {
            let above = groups_above(self.problem, column);
            let level = self.levels.binary_search(&cost).unwrap();
            if self.columns[column as usize] < self.problem.column_capacity(column)
                && above.iter().all(|&group| self.groups[group as usize] < self.problem.group_capacity(group))
            {
                self.columns[column as usize] += 1;
                for &group in &above {
                    self.groups[group as usize] += 1;
                }
                self.rows_by_level[level] += 1;
                self.place(rest);
                self.rows_by_level[level] -= 1;
                for group in above {
                    self.groups[group as usize] -= 1;
                }
                self.columns[column as usize] -= 1;
            }
        }
    }
}

/// Returns the same problem with other costs.
fn with_costs(problem: &Problem, cost: impl Fn(i64) -> i64) -> Problem {
    with_arcs(problem, |row| problem.arcs(row).map(|(column, own)| (column, cost(own))).collect())
}

/// Returns the selection without what it knows about full columns.
fn without_evidence(selection: &Selection) -> Selection {
    Selection { outcomes: selection.outcomes.clone(), closed_by: Vec::new() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn has_the_best_profile_of_all_placements(problem in problems(TINY)) {
        let selection = select(&problem);
        let rows: Vec<u32> = selection.kept().collect();
        for objective in BOTH {
            let placement = solve(&problem, &selection, objective).unwrap();
            let levels = placement.profile.iter().map(|level| level.cost).collect();
            let profiles = Enumeration::profiles(&problem, &rows, levels);
            let best = profiles.into_iter().min_by_key(|profile| key(objective, profile));
            prop_assert_eq!(Some(rows_by_level(&placement.profile)), best);
            prop_assert_eq!(solve(&problem, &selection, objective).unwrap(), placement);
        }
    }

    /// With few levels and rows, the powers of the number of rows fit 64 bits.
    #[test]
    fn agrees_with_lexicographic_costs(problem in problems(SMALL), count in 2..6_u32) {
        let problem = with_costs(&problem, |cost| cost % i64::from(count));
        let selection = select(&problem);
        let base = selection.kept().count() as i64 + 1;
        for objective in BOTH {
            let weight = |cost: i64| {
                let level = u32::try_from(cost).unwrap();
                match objective {
                    ProfileObjective::RankMaximal => base.pow(5) - base.pow(count - 1 - level),
                    ProfileObjective::Fair => base.pow(level),
                }
            };
            let least = place(&with_costs(&problem, weight), &selection).unwrap().cost;
            for selection in [&selection, &without_evidence(&selection)] {
                let placement = solve(&problem, selection, objective).unwrap();
                let total = placement.profile.iter().map(|level| weight(level.cost) * i64::from(level.rows)).sum::<i64>();
                prop_assert_eq!(total, least);
                prop_assert!(placement.stages.len() < count as usize);
            }
        }
    }

    /// Costs that ascend alike are the same levels.
    #[test]
    fn depends_on_the_order_of_costs_only(problem in problems(TINY)) {
        let other = with_costs(&problem, |cost| cost * cost * 1_000_000_007 + 5);
        let selection = select(&problem);
        for objective in BOTH {
            let (one, other) =
                (solve(&problem, &selection, objective).unwrap(), solve(&other, &selection, objective).unwrap());
            prop_assert_eq!((one.column_of, one.stages), (other.column_of, other.stages));
        }
    }

    #[test]
    fn means_the_same_by_arcs_to_classes(problem in classes::problems(40)) {
        let expanded = problem.expanded();
        let selection = select(&problem);
        for objective in BOTH {
            let [native, expanded] = [&problem, &expanded].map(|problem| {
                let placement = solve(problem, &selection, objective).unwrap();
                placement.profile.into_iter().filter(|level| level.rows > 0).collect::<Vec<_>>()
            });
            prop_assert_eq!(native, expanded);
        }
    }

    #[test]
    fn refuses_sets_that_cannot_be_placed(problem in problems(TINY)) {
        let everybody: Vec<u32> = (0..problem.row_count() as u32).collect();
        let forced = Selection { outcomes: vec![RowOutcome::Kept(0); everybody.len()], closed_by: Vec::new() };
        let possible = place(&problem, &forced).is_ok();
        for objective in BOTH {
            match solve(&problem, &forced, objective) {
                Ok(_) => prop_assert!(possible),
                Err(error) => prop_assert!(error == SolveError::Infeasible && !possible, "{}", error),
            }
        }
    }
}

/// Returns a problem of columns with these capacities, and of these rows.
fn problem_of(capacities: &[u32], rows: &[&[(u32, i64)]]) -> Problem {
    let mut builder = ProblemBuilder::new();
    for &capacity in capacities {
        builder.add_column(capacity, None).unwrap();
    }
    for arcs in rows {
        builder.add_row(None, arcs.iter().copied()).unwrap();
    }
    builder.build()
}

/// Irving's question: two rows want x most and a third wants y most; (2, 0, 1) is better than (1, 1, 1).
#[test]
fn prefers_two_first_ranks_and_a_third_to_one_of_each() {
    let problem = problem_of(&[1, 1, 1], &[&[(0, 1), (1, 2), (2, 3)], &[(0, 1), (1, 2), (2, 3)], &[(0, 2), (1, 1), (2, 3)]]);
    let placement = solve(&problem, &select(&problem), ProfileObjective::RankMaximal).unwrap();
    assert_eq!(rows_by_level(&placement.profile), [2, 0, 1]);
    assert_eq!(placement.column_of[2], Some(1));
}

/// Either all four rows get their second rank, or three their first and one its last, which has the greater cost.
#[test]
fn objectives_differ_from_each_other_and_from_least_cost() {
    let problem = problem_of(&[1, 1, 1, 1], &[&[(0, 1), (1, 2)], &[(1, 1), (2, 2)], &[(2, 1), (3, 2)], &[(0, 2), (3, 6)]]);
    let selection = select(&problem);
    assert_eq!(place(&problem, &selection).unwrap().cost, 8);
    let [rank_maximal, fair] = BOTH.map(|objective| solve(&problem, &selection, objective).unwrap());
    assert_eq!(rows_by_level(&rank_maximal.profile), [3, 0, 1]);
    assert_eq!(rows_by_level(&fair.profile), [0, 4, 0]);
}

/// After the first stage the first column has to stay full, though two second ranks are more than one.
#[test]
fn gives_up_no_better_rank_for_several_worse() {
    let rows: [&[(u32, i64)]; 3] = [&[(0, 1), (1, 2)], &[(0, 1), (2, 2)], &[(3, 2), (4, 3)]];
    let problem = problem_of(&[1; 5], &rows);
    let placement = solve(&problem, &select(&problem), ProfileObjective::RankMaximal).unwrap();
    assert_eq!(rows_by_level(&placement.profile), [1, 2, 0]);
}

/// Groups above each other fill one after the other: the inner one by first ranks, the outer one by second ranks.
#[test]
fn keeps_groups_full_that_lie_above_each_other() {
    let mut builder = ProblemBuilder::new();
    let outer = builder.add_group(3, None).unwrap();
    let inner = builder.add_group(1, Some(outer)).unwrap();
    let best = builder.add_column(5, Some(inner)).unwrap();
    let good = builder.add_column(5, Some(outer)).unwrap();
    let fair = builder.add_column(5, None).unwrap();
    let poor = builder.add_column(5, None).unwrap();
    for _ in 0..5 {
        builder.add_row(None, [(best, 1), (good, 2), (fair, 3), (poor, 4)]).unwrap();
    }
    builder.add_row(None, [(fair, 4), (poor, 3)]).unwrap();
    let problem = builder.build();
    let selection = select(&problem);
    let placement = solve(&problem, &selection, ProfileObjective::RankMaximal).unwrap();
    assert_eq!(rows_by_level(&placement.profile), [1, 2, 3, 0]);
    assert_eq!(placement.column_of[5], Some(poor));
}

/// Twelve levels and a thousand rows: to weigh them in a single number takes 120 bits.
#[test]
fn many_levels_do_not_overflow() {
    const ROWS: u32 = 1_000;
    const LEVELS: u32 = 12;
    let mut builder = ProblemBuilder::new();
    let group = builder.add_group(ROWS / 2, None).unwrap();
    for column in 0..ROWS / 4 {
        builder.add_column(4 + column % 2, (column % 3 > 0).then_some(group)).unwrap();
    }
    for row in 0..ROWS {
        let column = |rank: u32| (row * row * (rank + 1) + row * 31 + rank * 57) % (ROWS / 4);
        let mut arcs: Vec<(u32, i64)> = (0..LEVELS).map(|rank| (column(rank), rank.into())).collect();
        arcs.sort_unstable();
        arcs.dedup_by_key(|&mut (column, _)| column);
        builder.add_row(None, arcs).unwrap();
    }
    let problem = builder.build();
    let selection = select(&problem);
    let least_cost = place(&problem, &selection).unwrap();
    for objective in BOTH {
        let placement = solve(&problem, &selection, objective).unwrap();
        assert_eq!(placement.profile.len(), LEVELS as usize);
        assert!(placement.stages.len() > 3, "{} stages", placement.stages.len());
        let other = count(&problem, &placement.profile, &least_cost.column_of);
        assert!(key(objective, &rows_by_level(&placement.profile)) < key(objective, &rows_by_level(&other)));
    }
}

#[test]
fn nothing_to_decide() {
    for objective in BOTH {
        let nothing = ProblemBuilder::new().build();
        let placement = solve(&nothing, &select(&nothing), objective).unwrap();
        assert_eq!((placement.profile.len(), placement.stages.len()), (0, 0));

        // Each row has one rank only.
        let problem = problem_of(&[1, 1, 0], &[&[(0, 4), (1, 4)], &[(0, 7)], &[(2, 1)]]);
        let placement = solve(&problem, &select(&problem), objective).unwrap();
        assert_eq!(placement.column_of, [Some(1), Some(0), None]);
        assert_eq!(placement.profile, [ProfileLevel { cost: 4, rows: 1 }, ProfileLevel { cost: 7, rows: 1 }]);
        assert_eq!(placement.stages, []);
    }
}

#[test]
fn refuses_a_selection_of_another_problem() {
    let selection = Selection { outcomes: vec![RowOutcome::NoArc], closed_by: Vec::new() };
    let error = SolveError::SelectionMismatch { selected: 1, rows: 0 };
    assert_eq!(place_by_profile(&ProblemBuilder::new().build(), &selection, ProfileObjective::Fair), Err(error));
}

/// Three rows for one first rank, two of them for one second: two stages.
#[test]
fn check_refutes_every_corruption() {
    let mut builder = ProblemBuilder::new();
    let group = builder.add_group(1, None).unwrap();
    let [first, second, third] =
        [(1, Some(group)), (1, None), (3, None)].map(|(capacity, group)| builder.add_column(capacity, group).unwrap());
    for _ in 0..3 {
        builder.add_row(None, [(first, 1), (second, 2), (third, 3)]).unwrap();
    }
    builder.add_row(None, []).unwrap();
    let problem = builder.build();
    let selection = select(&problem);
    let objective = ProfileObjective::RankMaximal;
    let valid = solve(&problem, &selection, objective).unwrap();
    assert_eq!(rows_by_level(&valid.profile), [1, 1, 1]);
    assert_eq!(valid.stages.iter().map(|stage| stage.level).collect::<Vec<_>>(), [0, 1]);

    let refuted = |corrupt: &dyn Fn(&mut ProfilePlacement)| {
        let mut placement = valid.clone();
        corrupt(&mut placement);
        placement.check(&problem, &selection, objective).unwrap_err()
    };
    let seat = |column: u32| (0..).zip(&valid.column_of).find(|(_, own)| **own == Some(column)).unwrap().0;
    let row_of = [first, second].map(seat);
    assert_eq!(refuted(&|p| p.column_of.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|p| p.stages[1].column_prices.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|p| p.profile.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|p| p.profile[0].cost = 0), Violation::Shape);
    assert_eq!(refuted(&|p| p.profile[0].rows = 2), Violation::Profile { cost: 1, stated: 2, actual: 1 });
    assert_eq!(refuted(&|p| p.column_of[0] = None), Violation::NotPlaced { row: 0 });
    assert_eq!(refuted(&|p| p.column_of[3] = Some(third)), Violation::NotSelected { row: 3 });
    assert_eq!(refuted(&|p| p.column_of[0] = Some(9)), Violation::NoArc { row: 0, column: 9 });
    assert_eq!(refuted(&|p| p.column_of[..3].fill(Some(first))), Violation::ColumnOverfull { column: first });
    assert_eq!(refuted(&|p| p.stages.clear()), Violation::Stage { cost: 1 });
    assert_eq!(refuted(&|p| p.stages.swap(0, 1)), Violation::Stage { cost: 2 });
    assert_eq!(refuted(&|p| p.stages.truncate(1)), Violation::Stage { cost: 2 });
    assert_eq!(refuted(&|p| p.stages.push(p.stages[1].clone())), Violation::Stage { cost: 2 });
    assert_eq!(refuted(&|p| p.stages[0].level = 7), Violation::Shape);
    assert_eq!(refuted(&|p| p.stages[0].column_prices[third as usize] = 1), Violation::ColumnPrice { column: third });
    assert_eq!(refuted(&|p| p.stages[0].column_prices[second as usize] = -1), Violation::ColumnPrice { column: second });
    assert_eq!(refuted(&|p| p.stages[0].group_prices[0] = -1), Violation::GroupPrice { group });
    let dear = refuted(&|p| p.stages[1].column_prices[second as usize] += 1);
    assert_eq!(dear, Violation::ReducedCost { row: row_of[1], column: second });
    let worse = refuted(&|p| {
        p.column_of[row_of[0] as usize] = Some(third);
        p.profile = count(&problem, &p.profile, &p.column_of);
    });
    assert!(matches!(worse, Violation::ColumnPrice { column: 0 } | Violation::GroupPrice { group: 0 }), "{worse}");
}
