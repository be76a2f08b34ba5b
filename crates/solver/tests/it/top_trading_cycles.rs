use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, deferred_acceptance, serial_dictatorship, top_trading_cycles};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::assignments::{Assignment, assignment, cost_of, each_assignment, is_feasible, lists_of, strict};
use crate::brute_force::groups_above;
use crate::classes;
use crate::instances::{Limits, MINUTE, SMALL, TINY, problems, with_arcs};

/// Who comes first for whom: orders drawn at random, and the order of each column's owner.
#[derive(Debug, Clone)]
struct Orders {
    orders: Vec<Vec<u32>>,
    order_of: Vec<u32>,
}

impl Orders {
    /// Draws so many orders, in each of which rows differ at so many levels and then come as they are ranked.
    fn draw(problem: &Problem, count: u32, levels: u64, seed: u64) -> Self {
        let mix = |a: u32, b: u32| {
            let pair = u64::from(a) << 32 | u64::from(b);
            (pair ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32
        };
        let order = |order: u32| {
            let mut rows: Vec<u32> = (0..problem.row_count() as u32).collect();
            rows.sort_by_key(|&row| mix(order, row) % levels);
            rows
        };
        let order_of = |column| (mix(owner(problem, column), u32::MAX) % u64::from(count)) as u32;
        Self { orders: (0..count).map(order).collect(), order_of: (0..problem.column_count() as u32).map(order_of).collect() }
    }

    fn run(&self, problem: &Problem) -> Vec<RowOutcome> {
        top_trading_cycles(problem, &self.orders, &self.order_of)
    }
}

/// Returns the owner of a column: the outermost group, or one of its own.
fn owner(problem: &Problem, column: u32) -> u32 {
    groups_above(problem, column).last().map_or(column, |&group| problem.column_count() as u32 + group)
}

/// Returns problems with orders.
fn with_orders(problems: impl Strategy<Value = Problem>) -> impl Strategy<Value = (Problem, Orders)> {
    let levels = prop_oneof![Just(1_u64), Just(3), Just(1 << 32)];
    (problems, 1..10_u32, levels, any::<u64>()).prop_map(|(problem, count, levels, seed)| {
        let orders = Orders::draw(&problem, count, levels, seed);
        (problem, orders)
    })
}

/// The definition, owner by owner and round by round.
struct Definition<'p> {
    problem: &'p Problem,
    orders: &'p Orders,
    seats: Assignment,
    /// The rows that have been let in, and of these the ones that have gone.
    let_in: Vec<bool>,
    gone: Vec<bool>,
    /// Whom each owner points to; owners are numbered by their columns and groups.
    points_to: Vec<Option<u32>>,
}

impl<'p> Definition<'p> {
    fn new(problem: &'p Problem, orders: &'p Orders) -> Self {
        let rows = problem.row_count();
        let points_to = vec![None; problem.column_count() + problem.group_count()];
        Self { problem, orders, seats: vec![None; rows], let_in: vec![false; rows], gone: vec![false; rows], points_to }
    }

    /// Runs round by round; in each, `executes` says which of the cycles trade.
    fn run(mut self, mut executes: impl FnMut(Vec<Vec<(u32, u32)>>) -> Vec<Vec<(u32, u32)>>) -> Vec<RowOutcome> {
        loop {
            self.let_in_and_out();
            self.point();
            let cycles = self.cycles();
            if cycles.is_empty() {
                break;
            }
            for (row, column) in executes(cycles).concat() {
                assert_eq!(self.seats[row as usize], None);
                self.seats[row as usize] = Some(column);
                self.gone[row as usize] = true;
            }
            let placed: Vec<u32> = self.rows().filter(|&row| self.seats[row as usize].is_some()).collect();
            let among_placed = with_arcs(self.problem, |row| self.problem.arcs(row).filter(|_| placed.contains(&row)).collect());
            assert!(is_feasible(&among_placed, &self.seats));
        }
        let outcome = |row: u32| match self.seats[row as usize] {
            Some(column) => RowOutcome::Kept(column),
            None if self.problem.arcs(row).len() == 0 => RowOutcome::NoArc,
            None if self.let_in[row as usize] => RowOutcome::Full,
            None => RowOutcome::RowCap,
        };
        self.rows().map(outcome).collect()
    }

    fn rows(&self) -> std::ops::Range<u32> {
        0..self.problem.row_count() as u32
    }

    fn is_present(&self, row: u32) -> bool {
        self.let_in[row as usize] && !self.gone[row as usize]
    }

    fn let_in_and_out(&mut self) {
        loop {
            let before = (self.let_in.clone(), self.gone.clone());
            for row in self.rows().filter(|&row| self.problem.arcs(row).len() > 0) {
                let counts = |&other: &u32| {
                    let other = other as usize;
                    self.let_in[other] && (!self.gone[other] || self.seats[other].is_some())
                };
                let cap_allows = self.problem.row_group(row).is_none_or(|group| {
                    let members = self.rows().filter(|&other| self.problem.row_group(other) == Some(group));
                    (members.filter(counts).count() as u32) < self.problem.row_group_caps()[group as usize]
                });
                // Rows ahead in the group have had their chance, as rows are looked at in ranking order.
                if !self.let_in[row as usize] && cap_allows {
                    self.let_in[row as usize] = true;
                }
                if self.is_present(row) && self.best_open(row).is_none() {
                    self.gone[row as usize] = true;
                }
            }
            if before == (self.let_in.clone(), self.gone.clone()) {
                return;
            }
        }
    }

    fn best_open(&self, row: u32) -> Option<u32> {
        let open = |column: u32| {
            let mut seats = self.seats.clone();
            seats.push(Some(column));
            let load = |holds: &dyn Fn(u32) -> bool| seats.iter().flatten().filter(|&&seat| holds(seat)).count() as u32;
            load(&|seat| seat == column) <= self.problem.column_capacity(column)
                && groups_above(self.problem, column).into_iter().all(|group| {
                    load(&|seat| groups_above(self.problem, seat).contains(&group)) <= self.problem.group_capacity(group)
                })
        };
        let best = self.problem.arcs(row).filter(|&(column, _)| open(column)).min_by_key(|&(column, cost)| (cost, column));
        best.map(|(column, _)| column)
    }

    fn point(&mut self) {
        for column in 0..self.problem.column_count() as u32 {
            let owner = owner(self.problem, column) as usize;
            if self.points_to[owner].is_none_or(|row| !self.is_present(row)) {
                let order = &self.orders.orders[self.orders.order_of[column as usize] as usize];
                self.points_to[owner] = order.iter().copied().find(|&row| self.is_present(row));
            }
        }
    }

    /// Returns the cycles: the rows of each and the columns they point to.
    fn cycles(&self) -> Vec<Vec<(u32, u32)>> {
        let step = |row: u32| {
            let column = self.best_open(row).unwrap();
            (column, self.points_to[owner(self.problem, column) as usize].unwrap())
        };
        let mut cycles = Vec::new();
        for start in self.rows().filter(|&row| self.is_present(row)) {
            let mut cycle = Vec::new();
            let mut row = start;
            for _ in self.rows() {
                let (column, next) = step(row);
                cycle.push((row, column));
                row = next;
                if row == start {
                    break;
                }
            }
            // Each cycle is found from its first row.
            if row == start && cycle.iter().all(|&(row, _)| row >= start) {
                cycles.push(cycle);
            }
        }
        cycles
    }
}

/// Returns problems in which most places are owned apart, and row groups let in rows late.
fn capped() -> impl Strategy<Value = Problem> {
    let columns = vec((1..3_u32, option::weighted(0.1, Just(0_u32))), 5..10);
    (columns, 1..4_u32, vec(1..4_u32, 1..3)).prop_flat_map(|(columns, group_capacity, caps)| {
        let arcs = btree_map(0..columns.len() as u32, 0..1_000_i64, 1..4);
        let rows = vec((option::weighted(0.7, 0..caps.len() as u32), arcs), 8..20);
        rows.prop_map(move |rows| {
            let mut builder = ProblemBuilder::new();
            builder.add_group(group_capacity, None).unwrap();
            for &(capacity, group) in &columns {
                builder.add_column(capacity, group).unwrap();
            }
            for &cap in &caps {
                builder.add_row_group(cap).unwrap();
            }
            for (row_group, arcs) in rows {
                builder.add_row(row_group, arcs).unwrap();
            }
            builder.build()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn does_what_the_definition_says((problem, orders) in with_orders(prop_oneof![capped(), problems(TINY)])) {
        let outcomes = orders.run(&problem);
        prop_assert!(is_feasible(&problem, &assignment(&outcomes)));
        prop_assert_eq!(outcomes, Definition::new(&problem, &orders).run(|cycles| cycles));
    }

    #[test]
    fn without_row_groups_cycles_may_trade_in_any_order(
        (problem, orders) in with_orders(problems(Limits { row_groups: 0, ..TINY })),
        mut seed in any::<usize>(),
    ) {
        let one_by_one = Definition::new(&problem, &orders).run(|mut cycles| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            vec![cycles.swap_remove((seed >> 33) % cycles.len())]
        });
        prop_assert_eq!(orders.run(&problem), one_by_one);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_placement_is_better_for_a_row_let_in_and_worse_for_none((problem, orders) in with_orders(problems(MINUTE))) {
        let outcomes = orders.run(&problem);
        let own = assignment(&outcomes);
        let let_in = |row: u32| !matches!(outcomes[row as usize], RowOutcome::RowCap | RowOutcome::NoArc);
        // Of the rows let in, with caps of their row groups left out.
        let mut builder = ProblemBuilder::new();
        for group in 0..problem.group_count() as u32 {
            builder.add_group(problem.group_capacity(group), problem.parent_of_group(group)).unwrap();
        }
        for column in 0..problem.column_count() as u32 {
            builder.add_column(problem.column_capacity(column), problem.group_of_column(column)).unwrap();
        }
        let strict = strict(&problem);
        for row in 0..problem.row_count() as u32 {
            builder.add_row(None, strict.arcs(row).filter(|_| let_in(row))).unwrap();
        }
        let among_let_in = builder.build();
        let costs = |seats: &Assignment| -> Vec<i64> {
            (0..).zip(seats).map(|(row, &seat)| cost_of(&among_let_in, row, seat)).collect()
        };
        let own = costs(&own);
        let mut better = None;
        each_assignment(&among_let_in, &mut |seats| {
            let other = costs(seats);
            if other != own && other.iter().zip(&own).all(|(other, own)| other <= own) && is_feasible(&among_let_in, seats) {
                better = Some(seats.clone());
            }
        });
        prop_assert_eq!(better, None);
    }

    #[test]
    fn no_other_list_gets_a_row_more((problem, orders) in with_orders(prop_oneof![problems(MINUTE), capped()])) {
        let problem = strict(&problem);
        let own = assignment(&orders.run(&problem));
        let columns: Vec<u32> = (0..problem.column_count() as u32).collect();
        // In larger problems, what is worth stating is worth stating near the top.
        let lists = if columns.len() <= 4 { lists_of(&columns) } else { pairs_of(&columns) };
        for liar in 0..problem.row_count() as u32 {
            let truth = cost_of(&problem, liar, own[liar as usize]);
            for list in &lists {
                let mut stated: Vec<(u32, i64)> = (0..).zip(list).map(|(rank, &column)| (column, rank)).collect();
                stated.sort_unstable();
                let other = with_arcs(&problem, |row| if row == liar { stated.clone() } else { problem.arcs(row).collect() });
                if let RowOutcome::Kept(column) = orders.run(&other)[liar as usize] {
                    // A place without an arc is worth less than none.
                    let worth = problem.cost(liar, column).unwrap_or(i64::MAX);
                    prop_assert!(truth <= worth, "row {} gets {} by stating {:?}", liar, column, list);
                }
            }
        }
    }

    #[test]
    fn is_serial_dictatorship_where_every_order_is_the_ranking(problem in problems(SMALL), count in 1..4_u32) {
        let problem = strict(&problem);
        let orders = Orders::draw(&problem, count, 1, 0);
        prop_assert_eq!(orders.run(&problem), serial_dictatorship(&problem));
    }

    #[test]
    fn classes_count_as_the_arcs_they_stand_for((problem, orders) in with_orders(classes::problems(20))) {
        prop_assert_eq!(orders.run(&problem), orders.run(&problem.expanded()));
    }
}

/// Returns all lists of two of the columns.
fn pairs_of(columns: &[u32]) -> Vec<Vec<u32>> {
    let pairs = columns.iter().flat_map(|&first| columns.iter().map(move |&second| vec![first, second]));
    pairs.filter(|pair| pair[0] != pair[1]).collect()
}

/// Builds a market of columns from lists, the best column first, numbered from 1 as in the literature.
fn market(capacities: &[u32], lists: &[&[u32]]) -> Problem {
    let mut builder = ProblemBuilder::new();
    for &capacity in capacities {
        builder.add_column(capacity, None).unwrap();
    }
    for list in lists {
        let mut arcs: Vec<(u32, i64)> = (1..).zip(*list).map(|(rank, &column)| (column - 1, rank)).collect();
        arcs.sort_unstable();
        builder.add_row(None, arcs).unwrap();
    }
    builder.build()
}

/// Returns the columns of all rows, numbered from 1.
fn columns(outcomes: &[RowOutcome]) -> Vec<Option<u32>> {
    assignment(outcomes).into_iter().map(|column| column.map(|column| column + 1)).collect()
}

/// The worked example of Abdulkadiroğlu and Sönmez 2003: eight students, four schools, four steps.
#[test]
fn abdulkadiroglu_and_sonmez_2003() {
    let problem = market(
        &[2, 2, 3, 3],
        &[&[2, 1, 3, 4], &[1, 2, 3, 4], &[3, 2, 1, 4], &[3, 4, 1, 2], &[1, 3, 4, 2], &[4, 1, 2, 3], &[1, 2, 3, 4], &[1, 2, 4, 3]],
    );
    let priorities: [[u32; 8]; 4] =
        [[1, 2, 3, 4, 5, 6, 7, 8], [3, 5, 4, 8, 7, 2, 1, 6], [5, 3, 1, 7, 2, 8, 6, 4], [6, 8, 7, 4, 2, 3, 5, 1]];
    let orders = priorities.map(|students| students.map(|student| student - 1).to_vec());
    let outcomes = top_trading_cycles(&problem, &orders, &[0, 1, 2, 3]);
    assert_eq!(columns(&outcomes), [2, 1, 3, 3, 1, 4, 2, 4].map(Some));
}

/// Their example, after Roth, of a stable assignment that every student would leave with another one for the better or
/// the same: trading cycles do.
#[test]
fn is_efficient_where_the_stable_assignment_is_not() {
    let problem = market(&[1, 1, 1], &[&[2, 1, 3], &[1, 2, 3], &[1, 2, 3]]);
    let priorities: [[u32; 3]; 3] = [[1, 3, 2], [2, 1, 3], [2, 1, 3]];
    let orders = priorities.map(|students| students.map(|student| student - 1).to_vec());
    let place = |row, column: u32| orders[column as usize].iter().position(|&other| other == row).unwrap() as u32;
    assert_eq!(columns(&deferred_acceptance(&problem, place)), [1, 2, 3].map(Some));
    assert_eq!(columns(&top_trading_cycles(&problem, &orders, &[0, 1, 2])), [2, 1, 3].map(Some));
}

/// The first of the row group leaves after a round, and the late row is let in, whom the park has preferred all along. But
/// the park has pointed to the third row, which can offer it to the fourth for the pool.
#[test]
fn an_owner_keeps_pointing_when_a_better_row_is_let_in() {
    let mut builder = ProblemBuilder::new();
    let [park, office, pool] = [1, 1, 1].map(|capacity| builder.add_column(capacity, None).unwrap());
    let home = builder.add_row_group(1).unwrap();
    let first = builder.add_row(Some(home), [(office, 1)]).unwrap();
    let late = builder.add_row(Some(home), [(park, 1)]).unwrap();
    let second = builder.add_row(None, [(office, 1)]).unwrap();
    let third = builder.add_row(None, [(pool, 1)]).unwrap();
    let fourth = builder.add_row(None, [(park, 2), (office, 1)]).unwrap();
    let problem = builder.build();
    let orders = [
        vec![late, third, first, second, fourth],
        vec![second, first, late, third, fourth],
        vec![fourth, first, late, second, third],
    ];
    let outcomes = top_trading_cycles(&problem, &orders, &[0, 1, 2]);
    let [park, office, pool] = [park, office, pool].map(RowOutcome::Kept);
    assert_eq!(outcomes, [RowOutcome::Full, RowOutcome::Full, office, pool, park]);
}

/// All columns below a group are owned together: nobody gets two of its places traded at once.
#[test]
fn a_group_takes_part_in_a_cycle_once() {
    let mut builder = ProblemBuilder::new();
    let department = builder.add_group(1, None).unwrap();
    let park = builder.add_column(1, Some(department)).unwrap();
    let office = builder.add_column(1, Some(department)).unwrap();
    builder.add_row(None, [(park, 1), (office, 2)]).unwrap();
    builder.add_row(None, [(park, 2), (office, 1)]).unwrap();
    let problem = builder.build();
    let outcomes = top_trading_cycles(&problem, &[vec![1, 0]], &[0, 0]);
    assert_eq!(outcomes, [RowOutcome::Full, RowOutcome::Kept(office)]);
}

/// Each round seats one row, and everybody else has to look further down a long list.
#[test]
fn one_row_a_round() {
    const ROWS: u32 = 2_000;
    let mut builder = ProblemBuilder::new();
    let columns: Vec<u32> = (0..ROWS).map(|_| builder.add_column(1, None).unwrap()).collect();
    for row in 0..ROWS {
        builder.add_row(None, columns[..=row as usize].iter().map(|&column| (column, i64::from(column)))).unwrap();
    }
    let order: Vec<u32> = (0..ROWS).collect();
    let outcomes = top_trading_cycles(&builder.build(), &[order], &vec![0; ROWS as usize]);
    assert_eq!(outcomes, columns.into_iter().map(RowOutcome::Kept).collect::<Vec<_>>());
}
