//! Random problems, small enough for brute force or for a dense matrix.

use std::collections::BTreeMap;

use feriematch_solver::{Problem, ProblemBuilder};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

/// How large a problem may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) degree: usize,
    pub(crate) capacity: u32,
    pub(crate) group_capacity: u32,
    pub(crate) row_groups: usize,
}

/// Small enough for enumerating every placement.
pub(crate) const TINY: Limits = Limits { rows: 7, columns: 5, degree: 4, capacity: 2, group_capacity: 4, row_groups: 2 };

/// Small enough for looking at every assignment, and at every list that a row could state.
pub(crate) const MINUTE: Limits = Limits { rows: 5, columns: 4, degree: 4, ..TINY };

/// Small enough for the dense reference.
pub(crate) const SMALL: Limits = Limits { rows: 60, columns: 25, degree: 6, capacity: 4, group_capacity: 20, row_groups: 3 };

/// Returns problems with any forest of groups, some columns without a group, rows without arcs, and costs that tie a
/// lot, tie always or hardly tie.
pub(crate) fn problems(limits: Limits) -> impl Strategy<Value = Problem> {
    let groups = vec((0..=limits.group_capacity, option::of(any::<Index>())), 0..=4);
    let columns = vec((0..=limits.capacity, option::weighted(0.7, any::<Index>())), 1..=limits.columns);
    let row_group_caps = vec(0..=limits.rows as u32 / 2, 0..=limits.row_groups);
    let most = prop_oneof![Just(0_i64), Just(3), Just(1_000)];
    (groups, columns, row_group_caps, most).prop_flat_map(move |(groups, columns, row_group_caps, most)| {
        let arcs = btree_map(0..columns.len() as u32, 0..=most, 0..=limits.degree);
        let rows = vec((option::of(any::<Index>()), arcs), 0..=limits.rows);
        rows.prop_map(move |rows| build(&groups, &columns, &row_group_caps, &rows))
    })
}

type Capacitated = (u32, Option<Index>);

fn build(
    groups: &[Capacitated],
    columns: &[Capacitated],
    row_group_caps: &[u32],
    rows: &[(Option<Index>, BTreeMap<u32, i64>)],
) -> Problem {
    let mut builder = ProblemBuilder::new();
    let pick = |index: Option<Index>, count: usize| index.filter(|_| count > 0).map(|index| index.index(count) as u32);
    for (added, &(capacity, parent)) in groups.iter().enumerate() {
        builder.add_group(capacity, pick(parent, added)).unwrap();
    }
    for &(capacity, group) in columns {
        builder.add_column(capacity, pick(group, groups.len())).unwrap();
    }
    for &cap in row_group_caps {
        builder.add_row_group(cap).unwrap();
    }
    for (row_group, arcs) in rows {
        let row_group = pick(*row_group, row_group_caps.len());
        builder.add_row(row_group, arcs.iter().map(|(&column, &cost)| (column, cost))).unwrap();
    }
    builder.build()
}

/// Returns the problem with other arcs.
pub(crate) fn with_arcs(problem: &Problem, arcs: impl Fn(u32) -> Vec<(u32, i64)>) -> Problem {
    with_rows(problem, (0..problem.row_count() as u32).map(|row| (problem.row_group(row), arcs(row))))
}

/// Returns the problem with other rows, each with its group and arcs.
pub(crate) fn with_rows(problem: &Problem, rows: impl Iterator<Item = (Option<u32>, Vec<(u32, i64)>)>) -> Problem {
    let mut builder = ProblemBuilder::new();
    for group in 0..problem.group_count() as u32 {
        builder.add_group(problem.group_capacity(group), problem.parent_of_group(group)).unwrap();
    }
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), problem.group_of_column(column)).unwrap();
    }
    for &cap in problem.row_group_caps() {
        builder.add_row_group(cap).unwrap();
    }
    for (row_group, arcs) in rows {
        builder.add_row(row_group, arcs).unwrap();
    }
    builder.build()
}
