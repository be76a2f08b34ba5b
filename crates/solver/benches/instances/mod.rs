//! What benches and examples solve: drawn seasons as problems.
#![allow(dead_code, reason = "no target uses all of it")]

pub(crate) mod season;

use feriematch_solver::{Placement, Problem, ProblemBuilder, Standing};
use season::{DISTRICTS, Random, SIZES, Season, Size};

/// What a problem has beside choices of jobs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extras {
    /// Caps on 20 departments, and one above them all.
    pub(crate) groups: bool,
    /// A fifth of the rows name three jobs, and then any.
    pub(crate) any: bool,
}

/// A problem, and the districts of its rows and columns.
pub(crate) struct Instance {
    pub(crate) problem: Problem,
    row_district: Vec<u32>,
    pub(crate) column_district: Vec<u32>,
}

impl Instance {
    /// Draws the instance of a size.
    pub(crate) fn new(size: &Size, extras: Extras) -> Self {
        let mut season = Season::new(size);
        let mut builder = ProblemBuilder::with_capacity(size.rows, size.rows * size.choices);
        let group_of = extras.groups.then(|| add_groups(&mut builder, &season.capacities));
        for (job, &capacity) in season.capacities.iter().enumerate() {
            builder.add_column(capacity, group_of.as_ref().map(|group_of| group_of[job])).expect("the group is there");
        }
        let any_job = extras.any.then(|| {
            let jobs: Vec<u32> = (0..size.columns as u32).collect();
            builder.add_class(&jobs).expect("the columns are there")
        });
        let mut choices = Vec::new();
        let mut row_district = Vec::with_capacity(size.rows);
        for row in 0..size.rows {
            row_district.push(season.draw_row(&mut choices));
            let any_job = any_job.filter(|_| row % 5 == 0);
            if any_job.is_some() {
                choices.truncate(3);
            }
            choices.sort_unstable();
            let arcs = choices.iter().map(|&(job, cost)| (job, i64::from(cost)));
            let class_arc = any_job.map(|class| (class, i64::from(size.costs.unwrap_or(4))));
            builder.add_row_with_classes(None, arcs, class_arc).expect("choices are distinct, and sorted");
        }
        Self { problem: builder.build(), row_district, column_district: season.column_district }
    }

    /// Returns how well a column ranks a row: rows of its own district come first.
    pub(crate) fn priority(&self, row: u32, column: u32) -> u32 {
        u32::from(self.row_district[row as usize] != self.column_district[column as usize])
    }

    /// Returns in which order the columns of each district rank the rows: its own first.
    pub(crate) fn orders(&self) -> Vec<Vec<u32>> {
        let order = |district: u32| {
            let mut rows: Vec<u32> = (0..self.problem.row_count() as u32).collect();
            rows.sort_by_key(|&row| self.row_district[row as usize] != district);
            rows
        };
        (0..DISTRICTS).map(order).collect()
    }
}

/// Adds the groups, and returns the one directly above each column.
///
/// Two fifths of the jobs belong to departments, each with a cap a tenth below what its jobs hold. The cap above all
/// is slightly tight.
fn add_groups(builder: &mut ProblemBuilder, capacities: &[u32]) -> Vec<u32> {
    let department_of = |job: usize| (job % 100 < 40).then_some(job % 20);
    let mut held = [0; 20];
    for (job, &capacity) in capacities.iter().enumerate() {
        if let Some(department) = department_of(job) {
            held[department] += capacity;
        }
    }
    let places: u32 = capacities.iter().sum();
    let all = builder.add_group(places / 20 * 19, None).expect("groups are few");
    let departments = held.map(|held| builder.add_group(held / 10 * 9, Some(all)).expect("groups are few"));
    (0..capacities.len()).map(|job| department_of(job).map_or(all, |department| departments[department])).collect()
}

/// Returns the problem of these rows, in this ranking order; groups and classes are left out.
pub(crate) fn with_rows(problem: &Problem, rows: impl Iterator<Item = u32>) -> Problem {
    let mut builder = ProblemBuilder::with_capacity(problem.row_count(), problem.arc_count());
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), None).expect("columns are as many as before");
    }
    for row in rows {
        builder.add_row(None, problem.arcs(row)).expect("the arcs are as before");
    }
    builder.build()
}

/// Returns where the rows stand when 15 % of those with a place have declined it; `stays` is what the others do.
pub(crate) fn after_declines(placement: &Placement, stays: fn(u32) -> Standing) -> Vec<Standing> {
    let mut random = Random::new();
    let standing = |column: &Option<u32>| match *column {
        Some(_) if random.below(100) < 15 => Standing::Gone,
        Some(column) => stays(column),
        None => Standing::Waiting,
    };
    placement.column_of.iter().map(standing).collect()
}

/// Returns the sizes that the variable `BENCH_SIZES` names, as in `L-tight,XL`; without it, the default ones.
pub(crate) fn sizes(default: &str) -> Vec<&'static Size> {
    let names = std::env::var("BENCH_SIZES").unwrap_or_else(|_| default.to_owned());
    names.split(',').map(|name| size(name).unwrap_or_else(|| panic!("no size is called {name}"))).collect()
}

/// Returns the size of this name.
pub(crate) fn size(name: &str) -> Option<&'static Size> {
    SIZES.iter().find(|size| size.name == name)
}
