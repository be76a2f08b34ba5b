//! A rematch after 15 % of those with a place have declined it, and everything decided anew.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use feriematch_solver::{Problem, ProblemBuilder, Standing, place, rematch, select};
use instances::{Extras, Instance, after_declines, sizes};

mod instances;

fn rematches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rematch");
    for size in sizes("M,L") {
        let Instance { problem, .. } = Instance::new(size, Extras::default());
        let placement = place(&problem, &select(&problem)).expect("the selection is of this problem");
        for (name, stays) in [("locked", Standing::Locked as fn(u32) -> Standing), ("movable", Standing::Movable)] {
            let standings = after_declines(&placement, stays);
            group.bench_function(BenchmarkId::new(name, size.name), |bencher| {
                bencher.iter_with_large_drop(|| rematch(black_box(&problem), &standings, None));
            });
        }
        let remaining = without_gone(&problem, &after_declines(&placement, Standing::Movable));
        group.bench_function(BenchmarkId::new("anew", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(&remaining));
                place(&remaining, &selection)
            });
        });
    }
    group.finish();
}

/// Returns the problem of those who still want a place.
fn without_gone(problem: &Problem, standings: &[Standing]) -> Problem {
    let mut builder = ProblemBuilder::with_capacity(problem.row_count(), problem.arc_count());
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), None).expect("no group is named");
    }
    for (row, _) in (0..).zip(standings).filter(|&(_, &standing)| standing != Standing::Gone) {
        builder.add_row(None, problem.arcs(row)).expect("a row of a problem is a row");
    }
    builder.build()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1));
    targets = rematches
}
criterion_main!(benches);
