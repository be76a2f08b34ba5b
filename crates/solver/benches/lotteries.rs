//! Many lotteries on one season: "elements" are seasons, so the throughput is seasons per second on one core.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use feriematch_solver::{Problem, ProblemBuilder, place, select};
use instances::season::Random;
use instances::{Extras, Instance, sizes};

mod instances;

fn lotteries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lotteries");
    group.throughput(Throughput::Elements(1));
    for size in sizes("S") {
        let Instance { problem, .. } = Instance::new(size, Extras::default());
        let mut random = Random::new();
        let mut order: Vec<u32> = (0..problem.row_count() as u32).collect();
        group.bench_function(BenchmarkId::new("draw", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                random.shuffle(&mut order);
                ranked(&problem, &order)
            });
        });
        group.bench_function(BenchmarkId::new("draw, select, place", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                random.shuffle(&mut order);
                let problem = ranked(&problem, &order);
                let selection = select(&problem);
                place(&problem, &selection)
            });
        });
    }
    group.finish();
}

/// Returns the problem with its rows ranked in another order.
fn ranked(problem: &Problem, order: &[u32]) -> Problem {
    let mut builder = ProblemBuilder::with_capacity(problem.row_count(), problem.arc_count());
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), None).expect("no group is named");
    }
    for &row in order {
        builder.add_row(None, problem.arcs(row)).expect("a row of a problem is a row");
    }
    builder.build()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_secs(1));
    targets = lotteries
}
criterion_main!(benches);
