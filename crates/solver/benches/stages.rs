//! Selection and placement, the two stages of the mechanism `priority`, as seasons grow.
//!
//! `BENCH_SIZES=L-tight,L-cost,L-3,XL cargo bench -p feriematch-solver --bench stages` measures the other sizes.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use feriematch_solver::{place, select};
use instances::{Extras, Instance, sizes};

mod instances;

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stages");
    for size in sizes("S,M,L") {
        let Instance { problem, .. } = Instance::new(size, Extras::default());
        let selection = select(&problem);
        group.throughput(Throughput::Elements(size.rows as u64));
        group.bench_function(BenchmarkId::new("select", size.name), |bencher| {
            bencher.iter_with_large_drop(|| select(black_box(&problem)));
        });
        group.bench_function(BenchmarkId::new("place", size.name), |bencher| {
            bencher.iter_with_large_drop(|| place(black_box(&problem), &selection));
        });
        group.bench_function(BenchmarkId::new("both", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(&problem));
                place(&problem, &selection)
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1));
    targets = stages
}
criterion_main!(benches);
