//! One market, many rounds: the problems of some of its rows, with what is left of capacities.

use std::ops::Range;

use crate::place::Placer;
use crate::problem::NONE;
use crate::{Problem, SolveError, select};

/// A problem with every row that may ever take part.
///
/// In the rounds of a season the rows become fewer, others come first in another season, and capacities are used up; what each row wants stays. So its
/// arcs are worked out once, and copied for each round.
#[derive(Debug, Clone)]
pub struct RowPool {
    all: Problem,
    /// For each class, the first one with the same columns.
    same: Vec<u32>,
    /// For each row, the arcs to classes.
    class_arcs: Vec<Range<usize>>,
}

/// What is left of a pool's capacities.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    /// Of each column.
    pub columns: &'a [u32],
    /// Of each group.
    pub groups: &'a [u32],
    /// Of each row group.
    pub row_groups: &'a [u32],
}

/// Solves the problems of rows of a pool, as often as wanted, with memory that is kept.
///
/// # Examples
///
/// ```
/// use feriematch_solver::{Left, PoolSolver, ProblemBuilder, RowPool};
///
/// let mut builder = ProblemBuilder::new();
/// let park = builder.add_column(1, None)?;
/// for _ in 0..3 {
///     builder.add_row(None, [(park, 1)])?;
/// }
/// let pool = RowPool::new(builder.build());
/// let mut solver = PoolSolver::new(&pool);
/// let left = Left { columns: &[2], groups: &[], row_groups: &[] };
/// // The last row comes first, and the second does not take part.
/// assert_eq!(solver.solve(&[2, 0], left)?, [Some(park), Some(park)]);
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PoolSolver<'p> {
    pool: &'p RowPool,
    problem: Problem,
    placer: Placer,
    /// For each class that is named, its number in the problem; for all others [`NONE`].
    number_of: Vec<u32>,
    /// The same by the first class with these columns.
    number_of_same: Vec<u32>,
    class_arcs: Vec<(u32, i64)>,
}

impl RowPool {
    /// Takes the problem of all rows. Classes may have the same columns.
    pub fn new(all: Problem) -> Self {
        let mut classes: Vec<u32> = (0..all.class_count() as u32).collect();
        classes.sort_by(|&a, &b| all.class(a).cmp(all.class(b)));
        let mut same = vec![0; classes.len()];
        let mut first = 0;
        for (at, &class) in classes.iter().enumerate() {
            if at == 0 || all.class(classes[at - 1]) != all.class(class) {
                first = class;
            }
            same[class as usize] = first;
        }
        let class_arcs = (0..all.row_count() as u32).map(|row| all.class_arc_range(row)).collect();
        Self { all, same, class_arcs }
    }

    /// Returns the problem of all rows.
    pub const fn all(&self) -> &Problem {
        &self.all
    }
}

impl<'p> PoolSolver<'p> {
    /// Sets up the memory.
    pub fn new(pool: &'p RowPool) -> Self {
        Self {
            pool,
            problem: pool.all.without_rows(),
            placer: Placer::default(),
            number_of: vec![NONE; pool.same.len()],
            number_of_same: vec![NONE; pool.same.len()],
            class_arcs: Vec::new(),
        }
    }

    /// Selects among rows in the order given, as [`select`] does, places the selected as [`place`](crate::place()) does, and returns the column of each of them.
    ///
    /// # Errors
    ///
    /// As [`place`](crate::place()).
    ///
    /// # Complexity
    ///
    /// That of both, and O(arcs of the rows + columns in classes) for the problem.
    pub fn solve(&mut self, rows: &[u32], left: Left<'_>) -> Result<Vec<Option<u32>>, SolveError> {
        self.set(rows, left);
        let selection = select(&self.problem);
        self.placer.columns(&self.problem, &selection)
    }

    /// Makes the problem of some rows. Classes that none of them names are left out, and those with the same columns are one, which is numbered by the first of
    /// them that is named.
    fn set(&mut self, rows: &[u32], left: Left<'_>) {
        /// Marks a class that is named and has no number yet.
        const NAMED: u32 = NONE - 1;
        let Self { pool, problem, number_of, number_of_same, class_arcs, .. } = self;
        let RowPool { all, same, class_arcs: arcs_of } = *pool;
        problem.clear_rows(left);
        let first_class = all.node_count() as u32;
        if !same.is_empty() {
            number_of.fill(NONE);
            number_of_same.fill(NONE);
            for &row in rows {
                for node in &all.arc_columns()[arcs_of[row as usize].clone()] {
                    number_of[(node - first_class) as usize] = NAMED;
                }
            }
            let mut next = 0;
            for class in 0..same.len() {
                if number_of[class] != NAMED {
                    continue;
                }
                let number = &mut number_of_same[same[class] as usize];
                if *number == NONE {
                    problem.push_class(all.class(class as u32));
                    *number = next;
                    next += 1;
                }
                number_of[class] = *number;
            }
            problem.index_classes();
        }
        for &row in rows {
            let arcs = arcs_of[row as usize].clone();
            class_arcs.clear();
            let (nodes, costs) = (&all.arc_columns()[arcs.clone()], &all.arc_costs()[arcs.clone()]);
            class_arcs.extend(nodes.iter().zip(costs).map(|(node, &cost)| (number_of[(node - first_class) as usize], cost)));
            if class_arcs.len() > 1 {
                class_arcs.sort_unstable();
                class_arcs.dedup_by_key(|(class, _)| *class);
            }
            problem.push_row_of(all, row, arcs.start, class_arcs);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random_problems::problems;
    use crate::{ProblemBuilder, place};

    /// Returns the problem of some rows, built piece by piece; classes as they are.
    fn built(all: &Problem, rows: &[u32], left: Left<'_>) -> Problem {
        let mut builder = ProblemBuilder::new();
        for (group, &capacity) in (0..).zip(left.groups) {
            builder.add_group(capacity, all.parent_of_group(group)).unwrap();
        }
        for (column, &capacity) in (0..).zip(left.columns) {
            builder.add_column(capacity, all.group_of_column(column)).unwrap();
        }
        left.row_groups.iter().for_each(|&cap| {
            builder.add_row_group(cap).unwrap();
        });
        let mut numbers: Vec<Option<u32>> = vec![None; all.class_count()];
        for class in 0..all.class_count() as u32 {
            if rows.iter().any(|&row| all.class_arcs(row).any(|(named, _)| named == class)) {
                let before = (0..class).find(|&other| all.class(other) == all.class(class) && numbers[other as usize].is_some());
                numbers[class as usize] = match before {
                    Some(other) => numbers[other as usize],
                    None => Some(builder.add_class(all.class(class)).unwrap()),
                };
            }
        }
        for &row in rows {
            let mut classes: Vec<(u32, i64)> =
                all.class_arcs(row).map(|(class, cost)| (numbers[class as usize].unwrap(), cost)).collect();
            classes.sort_unstable();
            classes.dedup_by_key(|(class, _)| *class);
            builder.add_row_with_classes(all.row_group(row), all.arcs(row), classes).unwrap();
        }
        builder.build()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Whatever was solved before, the problem is that of the rows and capacities, and so is the solution.
        #[test]
        fn a_pool_makes_the_problem_of_its_rows(
            all in problems(),
            rounds in prop::collection::vec((prop::collection::vec(0_u32..40, 0..40), 0_u32..4), 1..4),
        ) {
            let pool = RowPool::new(all);
            let all = pool.all();
            let mut solver = PoolSolver::new(&pool);
            for (order, used) in rounds {
                let mut rows: Vec<u32> = order.into_iter().filter(|&row| (row as usize) < all.row_count()).collect();
                let mut seen = vec![false; all.row_count()];
                rows.retain(|&row| !std::mem::replace(&mut seen[row as usize], true));
                let columns: Vec<u32> = (0..all.column_count() as u32).map(|column| all.column_capacity(column).saturating_sub(used)).collect();
                let groups: Vec<u32> = (0..all.group_count() as u32).map(|group| all.group_capacity(group).saturating_sub(used)).collect();
                let row_groups: Vec<u32> = all.row_group_caps().iter().map(|cap| cap.saturating_sub(used)).collect();
                let left = Left { columns: &columns, groups: &groups, row_groups: &row_groups };
                let expected = built(all, &rows, left);
                let solved = solver.solve(&rows, left).unwrap();
                prop_assert_eq!(&solver.problem, &expected);
                prop_assert_eq!(solved, place(&expected, &select(&expected)).unwrap().column_of);
            }
        }
    }

    #[test]
    fn classes_with_the_same_columns_are_one() {
        let mut builder = ProblemBuilder::new();
        let columns = [builder.add_column(1, None).unwrap(), builder.add_column(1, None).unwrap()];
        let classes = [&columns[..], &columns[1..], &columns[..]].map(|columns| builder.add_class(columns).unwrap());
        builder.add_row_with_classes(None, [], [(classes[0], 1)]).unwrap();
        builder.add_row_with_classes(None, [], [(classes[1], 2), (classes[2], 1)]).unwrap();
        builder.add_row_with_classes(None, [], [(classes[0], 3), (classes[2], 2)]).unwrap();
        let pool = RowPool::new(builder.build());
        let mut solver = PoolSolver::new(&pool);
        let left = Left { columns: &[1, 1], groups: &[], row_groups: &[] };
        assert_eq!(solver.solve(&[1], left).unwrap(), [Some(0)]);
        assert_eq!((solver.problem.class_count(), solver.problem.class(0)), (2, &columns[1..]));
        assert_eq!(solver.solve(&[2, 0], left).unwrap(), [Some(0), Some(1)]);
        assert_eq!((solver.problem.class_count(), solver.problem.class_arcs(0).collect::<Vec<_>>()), (1, vec![(0, 2)]));
    }
}
