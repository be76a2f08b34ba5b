use feriematch_solver::{
    BlockingPair, DeferredAcceptance, Problem, ProblemBuilder, RowOutcome, Violation, blocking_pairs, deferred_acceptance,
    serial_dictatorship,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assignments::{
    Assignment, Holder, assignment, cost_of, each_assignment, holders, holds, is_feasible, lists_of, load, placed, strict,
};
use crate::brute_force::groups_above;
use crate::instances::{Limits, MINUTE, SMALL, problems, with_arcs};

/// Lists that are longer than what a row looks through again and again.
const LONG: Limits = Limits { degree: 25, columns: 40, ..SMALL };

/// How columns rank rows: numbers drawn at random.
#[derive(Debug, Clone, Copy)]
struct Priorities {
    seed: u64,
    levels: u64,
    /// Whether all columns rank alike.
    alike: bool,
}

impl Priorities {
    fn of(self, row: u32, column: u32) -> u32 {
        let arc = u64::from(row) << 32 | u64::from(if self.alike { 0 } else { column });
        let mixed = (arc ^ self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        ((mixed >> 32) % self.levels) as u32
    }
}

/// Returns priorities that always tie, tie a lot or hardly tie.
fn priorities() -> impl Strategy<Value = Priorities> {
    let levels = prop_oneof![Just(1_u64), Just(3), Just(1 << 32)];
    (any::<u64>(), levels, any::<bool>()).prop_map(|(seed, levels, alike)| Priorities { seed, levels, alike })
}

/// Returns the arcs that block by the definition: (row, column).
fn blocking(problem: &Problem, seats: &Assignment, priority: impl Fn(u32, u32) -> u32) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for row in 0..problem.row_count() as u32 {
        let own = seats[row as usize];
        for (column, cost) in problem.arcs(row) {
            let key = (priority(row, column), row);
            let admits = |(holder, capacity): (Holder, u32)| {
                let mut ahead = placed(seats).filter(|&arc| holds(problem, holder, arc)).collect::<Vec<_>>();
                match holder {
                    _ if !holds(problem, holder, (row, column)) => return true,
                    Holder::RowGroup(_) if own.is_some() => return true,
                    Holder::RowGroup(_) => ahead.retain(|&(other, _)| other < row),
                    _ => ahead.retain(|&(other, at)| (priority(other, at), other) < key),
                }
                (ahead.len() as u32) < capacity
            };
            if cost < cost_of(problem, row, own) && holders(problem).into_iter().all(admits) {
                found.push((row, column));
            }
        }
    }
    found
}

fn stable_assignments(problem: &Problem, priority: &dyn Fn(u32, u32) -> u32) -> Vec<Assignment> {
    let mut stable = Vec::new();
    each_assignment(problem, &mut |seats| {
        if is_feasible(problem, seats) && blocking(problem, seats, priority).is_empty() {
            stable.push(seats.clone());
        }
    });
    stable
}

/// Runs the textbook's algorithm: in each step some rows propose, and each tree keeps the best that it can.
///
/// Who may propose and who does is up to the seed, so that every order of proposals can occur.
fn textbook(problem: &Problem, priority: &dyn Fn(u32, u32) -> u32, mut seed: u64) -> Vec<RowOutcome> {
    let rows = problem.row_count() as u32;
    let mut lists: Vec<Vec<u32>> = (0..rows)
        .map(|row| {
            let mut arcs: Vec<(i64, u32)> = problem.arcs(row).map(|(column, cost)| (cost, column)).collect();
            arcs.sort_unstable();
            arcs.into_iter().map(|(_, column)| column).collect()
        })
        .collect();
    let mut held: Vec<(u32, u32)> = Vec::new();
    let may_propose = |lists: &[Vec<u32>], row: u32| {
        let before = |&other: &u32| !lists[other as usize].is_empty() && problem.row_group(other) == problem.row_group(row);
        let cap = problem.row_group(row).map(|group| problem.row_group_caps()[group as usize]);
        !lists[row as usize].is_empty() && cap.is_none_or(|cap| ((0..row).filter(before).count() as u32) < cap)
    };
    loop {
        let mut proposers: Vec<u32> =
            (0..rows).filter(|&row| may_propose(&lists, row) && !held.iter().any(|&(other, _)| other == row)).collect();
        if proposers.is_empty() {
            break;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let first = seed.rotate_left(20) as usize % proposers.len();
        proposers.rotate_left(first);
        proposers.truncate(1 + seed.rotate_left(40) as usize % 4);
        held.extend(proposers.iter().map(|&row| (row, lists[row as usize][0])));
        held.sort_by_key(|&(row, column)| (priority(row, column), row));
        let mut kept: Assignment = vec![None; rows as usize];
        for &(row, column) in &held {
            kept[row as usize] = Some(column);
            let capacities = holders(problem).into_iter().filter(|(holder, _)| !matches!(holder, Holder::RowGroup(_)));
            if capacities.into_iter().any(|(holder, capacity)| load(problem, holder, &kept) > capacity) {
                kept[row as usize] = None;
                lists[row as usize].remove(0);
            }
        }
        held = placed(&kept).collect();
    }
    let outcome = |row: u32| match held.iter().find(|&&(other, _)| other == row) {
        Some(&(_, column)) => RowOutcome::Kept(column),
        None if problem.arcs(row).len() == 0 => RowOutcome::NoArc,
        None if lists[row as usize].is_empty() => RowOutcome::Full,
        None => RowOutcome::RowCap,
    };
    (0..rows).map(outcome).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Gale and Shapley 1962, theorems 1 and 2.
    #[test]
    fn is_stable_and_best_for_the_rows((problem, priorities) in (problems(MINUTE), priorities())) {
        let priority = |row, column| priorities.of(row, column);
        let outcomes = deferred_acceptance(&problem, priority);
        let own = assignment(&outcomes);
        prop_assert!(is_feasible(&problem, &own));
        prop_assert_eq!(blocking(&problem, &own, priority), []);

        let problem = strict(&problem);
        prop_assert_eq!(&deferred_acceptance(&problem, priority), &outcomes);
        let stable = stable_assignments(&problem, &priority);
        prop_assert!(stable.contains(&own));
        for other in stable {
            for row in (0..).zip(&outcomes).filter(|(_, outcome)| **outcome != RowOutcome::RowCap).map(|(row, _)| row) {
                let [cost, other] = [&own, &other].map(|seats| cost_of(&problem, row, seats[row as usize]));
                prop_assert!(cost <= other, "row {} could have {}", row, other);
            }
        }
    }

    /// The rural hospitals theorem (Roth 1986: On the allocation of residents to rural hospitals), as it holds for ordered
    /// matroids: every stable assignment fills the same number of places in each column without a group, and places the
    /// same rows of those without a row group.
    #[test]
    fn what_is_left_empty_is_so_in_every_stable_assignment((problem, priorities) in (problems(MINUTE), priorities())) {
        let problem = strict(&problem);
        let priority = |row, column| priorities.of(row, column);
        let own = assignment(&deferred_acceptance(&problem, priority));
        let room = |seats: &Assignment, column: u32| {
            let groups = groups_above(&problem, column).into_iter().map(Holder::Group);
            let way_up: Vec<Holder> = std::iter::once(Holder::Column(column)).chain(groups).collect();
            let mut capacities = holders(&problem).into_iter().filter(|(holder, _)| way_up.contains(holder));
            capacities.all(|(holder, capacity)| load(&problem, holder, seats) < capacity)
        };
        for other in stable_assignments(&problem, &priority) {
            for column in 0..problem.column_count() as u32 {
                prop_assert_eq!(room(&own, column), room(&other, column), "column {}", column);
                if groups_above(&problem, column).is_empty() {
                    let holder = Holder::Column(column);
                    prop_assert_eq!(load(&problem, holder, &own), load(&problem, holder, &other));
                }
            }
            for group in (0..problem.group_count() as u32).filter(|&group| problem.parent_of_group(group).is_none()) {
                let holder = Holder::Group(group);
                prop_assert_eq!(load(&problem, holder, &own), load(&problem, holder, &other));
            }
            for group in 0..problem.row_group_caps().len() as u32 {
                let holder = Holder::RowGroup(group);
                prop_assert_eq!(load(&problem, holder, &own), load(&problem, holder, &other));
            }
            let free = |row: &u32| problem.row_group(*row).is_none();
            for row in (0..problem.row_count() as u32).filter(free) {
                prop_assert_eq!(own[row as usize].is_some(), other[row as usize].is_some(), "row {}", row);
            }
        }
    }

    /// Dubins and Freedman 1981, Roth 1982: whatever is swapped in a list, cut off it or left out.
    #[test]
    fn no_other_list_gets_a_row_more((problem, priorities) in (problems(MINUTE), priorities())) {
        let priority = |row, column| priorities.of(row, column);
        let own = assignment(&deferred_acceptance(&problem, priority));
        let columns: Vec<u32> = (0..problem.column_count() as u32).collect();
        for liar in 0..problem.row_count() as u32 {
            let truth = cost_of(&problem, liar, own[liar as usize]);
            for list in lists_of(&columns) {
                let ranked = (0..).zip(&list);
                let mut stated: Vec<(u32, i64)> = ranked.map(|(rank, &column)| (column, rank)).collect();
                stated.sort_unstable();
                let other = with_arcs(&problem, |row| if row == liar { stated.clone() } else { problem.arcs(row).collect() });
                let got = deferred_acceptance(&other, priority)[liar as usize];
                if let RowOutcome::Kept(column) = got {
                    // A place without an arc is worth less than none.
                    let worth = problem.cost(liar, column).unwrap_or(i64::MAX);
                    prop_assert!(truth <= worth, "row {} gets {} by stating {:?}", liar, column, list);
                }
            }
        }
    }

    /// The checker finds what the definition finds, in every assignment, and says who would have to make room.
    #[test]
    fn finds_what_blocks((problem, priorities) in (problems(MINUTE), priorities())) {
        let priority = |row, column| priorities.of(row, column);
        let mut verdict = Ok(());
        each_assignment(&problem, &mut |seats| {
            if verdict.is_ok() {
                verdict = (|| {
                    let found = blocking_pairs(&problem, seats, priority);
                    prop_assert_eq!(found.is_ok(), is_feasible(&problem, seats));
                    let Ok(found) = found.map(Iterator::collect::<Vec<_>>) else { return Ok(()) };
                    let pairs: Vec<(u32, u32)> = found.iter().map(|pair| (pair.row, pair.column)).collect();
                    prop_assert_eq!(pairs, blocking(&problem, seats, priority));
                    for BlockingPair { row, column, over } in found {
                        let mut moved = seats.clone();
                        moved[row as usize] = Some(column);
                        let fits = |seats: &Assignment| {
                            let mut capacities = holders(&problem).into_iter();
                            capacities.all(|(h, cap)| matches!(h, Holder::RowGroup(_)) || load(&problem, h, seats) <= cap)
                        };
                        if let Some(over) = over {
                            let at = seats[over as usize].unwrap();
                            prop_assert!((priority(over, at), over) > (priority(row, column), row));
                            prop_assert!(!fits(&moved) || seats[row as usize].is_some());
                            moved[over as usize] = None;
                        }
                        prop_assert!(fits(&moved));
                    }
                    Ok(())
                })();
            }
        });
        verdict?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn does_not_depend_on_the_order_of_proposals(
        (problem, priorities, seed) in (prop_oneof![problems(SMALL), problems(LONG)], priorities(), any::<u64>())
    ) {
        let priority = |row, column| priorities.of(row, column);
        let outcomes = deferred_acceptance(&problem, priority);
        prop_assert_eq!(outcomes, textbook(&problem, &priority, seed));
    }

    #[test]
    fn is_serial_dictatorship_where_all_rank_by_the_ranking(problem in problems(SMALL)) {
        let problem = strict(&problem);
        prop_assert_eq!(deferred_acceptance(&problem, |_, _| 7), serial_dictatorship(&problem));
    }

    /// If a tree ranks rows the same way everywhere, a place within a group cannot be had for another one either.
    #[test]
    fn nobody_gains_by_moving_within_a_group((problem, priorities) in (problems(SMALL), priorities())) {
        let priority = |row, _| priorities.of(row, 0);
        let seats = assignment(&deferred_acceptance(&problem, priority));
        prop_assert_eq!(blocking_pairs(&problem, &seats, priority).unwrap().next(), None);
        for (row, own) in placed(&seats) {
            let without: Assignment = (0..).zip(&seats).map(|(other, &seat)| seat.filter(|_| other != row)).collect();
            let dearer = |&(_, cost): &(u32, i64)| cost < problem.cost(row, own).unwrap();
            for (column, _) in problem.arcs(row).filter(dearer) {
                let way_up = holders(&problem).into_iter().filter(|&(h, _)| !matches!(h, Holder::RowGroup(_)));
                let full = |(holder, cap)| holds(&problem, holder, (row, column)) && load(&problem, holder, &without) == cap;
                prop_assert!(way_up.into_iter().any(full), "row {} could move to {}", row, column);
            }
        }
    }

    #[test]
    fn a_workspace_remembers_nothing(runs in vec((problems(SMALL), priorities()), 1..5)) {
        let mut workspace = DeferredAcceptance::new();
        for (problem, priorities) in runs {
            let priority = |row, column| priorities.of(row, column);
            prop_assert_eq!(workspace.run(&problem, priority), deferred_acceptance(&problem, priority));
        }
    }
}

/// Builds a market of single places from a ranking matrix: (rank by the row, rank by the column).
fn marriages<const N: usize>(matrix: [[(i64, u32); N]; N]) -> (Problem, impl Fn(u32, u32) -> u32) {
    let mut builder = ProblemBuilder::new();
    for _ in 0..N {
        builder.add_column(1, None).unwrap();
    }
    for ranks in matrix {
        builder.add_row(None, (0..).zip(ranks.map(|(rank, _)| rank))).unwrap();
    }
    (builder.build(), move |row, column| matrix[row as usize][column as usize].1)
}

/// Examples 1 and 2 of Gale and Shapley 1962.
#[test]
fn gale_and_shapley_1962() {
    let (problem, priority) = marriages([[(1, 3), (2, 2), (3, 1)], [(3, 1), (1, 3), (2, 2)], [(2, 2), (3, 1), (1, 3)]]);
    let seats = assignment(&deferred_acceptance(&problem, &priority));
    assert_eq!(seats, [Some(0), Some(1), Some(2)]);
    assert_eq!(stable_assignments(&problem, &priority).len(), 3);

    let (problem, priority) = marriages([
        [(1, 3), (2, 3), (3, 2), (4, 3)],
        [(1, 4), (4, 1), (3, 3), (2, 2)],
        [(2, 2), (1, 4), (3, 4), (4, 1)],
        [(4, 1), (2, 2), (3, 1), (1, 4)],
    ]);
    let seats = assignment(&deferred_acceptance(&problem, &priority));
    assert_eq!(seats, [Some(2), Some(3), Some(0), Some(1)]);
    assert_eq!(stable_assignments(&problem, &priority), [seats]);
}

/// Knuth's example of ten stable matchings, in Roth and Sotomayor 1990, chapter 2: deferred acceptance finds the one that is
/// best for all rows and worst for all columns.
#[test]
fn roth_and_sotomayor_1990() {
    let (problem, priority) = marriages([
        [(1, 4), (2, 3), (3, 2), (4, 1)],
        [(2, 3), (1, 4), (4, 1), (3, 2)],
        [(3, 2), (4, 1), (1, 4), (2, 3)],
        [(4, 1), (3, 2), (2, 3), (1, 4)],
    ]);
    let seats = assignment(&deferred_acceptance(&problem, &priority));
    assert_eq!(seats, [Some(0), Some(1), Some(2), Some(3)]);
    let stable = stable_assignments(&problem, &priority);
    assert_eq!(stable.len(), 10);
    assert!(stable.contains(&[Some(3), Some(2), Some(1), Some(0)].to_vec()));
    let holder = |seats: &Assignment, column| seats.iter().position(|&seat| seat == Some(column)).unwrap() as u32;
    for other in &stable {
        for row in 0..4 {
            assert!(problem.cost(row, seats[row as usize].unwrap()) <= problem.cost(row, other[row as usize].unwrap()));
            assert!(priority(holder(&seats, row), row) >= priority(holder(other, row), row));
        }
    }
}

/// Each row pushes all before it one further down the same list, more often than a row looks through its arcs.
#[test]
fn pushes_rows_down_long_lists() {
    let mut builder = ProblemBuilder::new();
    let columns: Vec<u32> = (0..30).map(|_| builder.add_column(1, None).unwrap()).collect();
    for _ in 0..40 {
        builder.add_row(None, columns.iter().map(|&column| (column, 100 - i64::from(column)))).unwrap();
    }
    let outcomes = deferred_acceptance(&builder.build(), |row, _| 1_000 - row);
    let expected = (0..40).map(|row| if row < 10 { RowOutcome::Full } else { RowOutcome::Kept(row - 10) });
    assert_eq!(outcomes, expected.collect::<Vec<_>>());
}

/// The first two use the cap up; when the second finds nothing, the third is let in, and the fourth is not.
#[test]
fn lets_in_as_many_of_a_row_group_as_its_cap() {
    let mut builder = ProblemBuilder::new();
    let park = builder.add_column(1, None).unwrap();
    let office = builder.add_column(9, None).unwrap();
    let home = builder.add_row_group(2).unwrap();
    builder.add_row(Some(home), [(park, 1), (office, 2)]).unwrap();
    builder.add_row(Some(home), [(park, 1)]).unwrap();
    builder.add_row(Some(home), [(office, 1)]).unwrap();
    builder.add_row(Some(home), [(office, 1)]).unwrap();
    builder.add_row(None, [(park, 1)]).unwrap();
    builder.add_row(Some(home), []).unwrap();
    let problem = builder.build();
    let outcomes = deferred_acceptance(&problem, |row, _| u32::from(row != 4));
    let office = RowOutcome::Kept(office);
    let expected = [office, RowOutcome::Full, office, RowOutcome::RowCap, RowOutcome::Kept(park), RowOutcome::NoArc];
    assert_eq!(outcomes, expected);
}

/// The first holds the department's only place by its priority in the park; it would not have it in the office.
#[test]
fn a_priority_counts_only_where_it_is_held() {
    let mut builder = ProblemBuilder::new();
    let department = builder.add_group(1, None).unwrap();
    let park = builder.add_column(1, Some(department)).unwrap();
    let office = builder.add_column(1, Some(department)).unwrap();
    builder.add_row(None, [(park, 2), (office, 1)]).unwrap();
    builder.add_row(None, [(office, 1)]).unwrap();
    let problem = builder.build();
    let priority = |row, column| [[0, 2], [1, 1]][row as usize][column as usize];
    let outcomes = deferred_acceptance(&problem, priority);
    assert_eq!(outcomes, [RowOutcome::Kept(park), RowOutcome::Full]);
    assert_eq!(blocking_pairs(&problem, &assignment(&outcomes), priority).unwrap().next(), None);

    let wasted = BlockingPair { row: 0, column: park, over: None };
    let nobody = blocking_pairs(&problem, &[None, None], priority).unwrap();
    assert_eq!(nobody.map(|pair| pair.column).collect::<Vec<_>>(), [park, office, office]);
    assert_eq!(blocking_pairs(&problem, &[None, None], priority).unwrap().next(), Some(wasted));
    let envied = BlockingPair { over: Some(1), ..wasted };
    assert_eq!(blocking_pairs(&problem, &[None, Some(office)], priority).unwrap().collect::<Vec<_>>(), [envied]);
}

#[test]
fn refuses_to_check_what_is_no_assignment() {
    let mut builder = ProblemBuilder::new();
    let group = builder.add_group(1, None).unwrap();
    let park = builder.add_column(1, Some(group)).unwrap();
    let office = builder.add_column(1, Some(group)).unwrap();
    let forest = builder.add_column(2, None).unwrap();
    let row_group = builder.add_row_group(1).unwrap();
    builder.add_row(Some(row_group), [(park, 1), (office, 1), (forest, 1)]).unwrap();
    builder.add_row(Some(row_group), [(park, 1), (office, 1), (forest, 1)]).unwrap();
    builder.add_row(None, []).unwrap();
    let problem = builder.build();
    let refused = |seats: &[Option<u32>]| blocking_pairs(&problem, seats, |_, _| 0).err();
    assert_eq!(refused(&[Some(park), None]), Some(Violation::Shape));
    assert_eq!(refused(&[None, None, Some(park)]), Some(Violation::NoArc { row: 2, column: park }));
    assert_eq!(refused(&[Some(9), None, None]), Some(Violation::NoArc { row: 0, column: 9 }));
    assert_eq!(refused(&[Some(park), Some(office), None]), Some(Violation::GroupOverfull { group }));
    assert_eq!(refused(&[Some(forest), Some(forest), None]), Some(Violation::RowGroupOverfull { row_group }));
    assert_eq!(refused(&[Some(forest), None, None]), None);
}
