//! What it costs that a fifth of the rows would take any column after their first three.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use feriematch_solver::{place, select};
use instances::{Extras, Instance, sizes};

mod instances;

fn classes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("classes");
    for size in sizes("L") {
        for (name, any) in [("columns only", false), ("a fifth any", true)] {
            let Instance { problem, .. } = Instance::new(size, Extras { any, ..Extras::default() });
            let selection = select(&problem);
            group.bench_function(BenchmarkId::new(format!("select, {name}"), size.name), |bencher| {
                bencher.iter_with_large_drop(|| select(black_box(&problem)));
            });
            group.bench_function(BenchmarkId::new(format!("place, {name}"), size.name), |bencher| {
                bencher.iter_with_large_drop(|| place(black_box(&problem), &selection));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1));
    targets = classes
}
criterion_main!(benches);
