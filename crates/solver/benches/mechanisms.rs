//! The mechanisms, each on the same seasons; deferred acceptance in the memory of the run before.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use feriematch_solver::{
    DeferredAcceptance, ProfileObjective, place, place_by_profile, place_in_ranking_order, rank_maximal, select,
    serial_dictatorship, top_trading_cycles,
};
use instances::{Extras, Instance, sizes};

mod instances;

fn mechanisms(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mechanisms");
    for size in sizes("S,M,L") {
        let instance = Instance::new(size, Extras::default());
        let problem = &instance.problem;
        group.bench_function(BenchmarkId::new("priority", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(problem));
                place(problem, &selection)
            });
        });
        group.bench_function(BenchmarkId::new("rank-maximal", size.name), |bencher| {
            bencher.iter_with_large_drop(|| rank_maximal(black_box(problem)));
        });
        group.bench_function(BenchmarkId::new("profile", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(problem));
                place_by_profile(problem, &selection, ProfileObjective::RankMaximal)
            });
        });
        group.bench_function(BenchmarkId::new("ranking-order", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(problem));
                place_in_ranking_order(problem, &selection)
            });
        });
        group.bench_function(BenchmarkId::new("serial-dictatorship", size.name), |bencher| {
            bencher.iter_with_large_drop(|| serial_dictatorship(black_box(problem)));
        });
        let mut workspace = DeferredAcceptance::new();
        group.bench_function(BenchmarkId::new("deferred-acceptance", size.name), |bencher| {
            bencher.iter(|| workspace.run(black_box(problem), |row, column| instance.priority(row, column)).len());
        });
        let orders = instance.orders();
        group.bench_function(BenchmarkId::new("top-trading-cycles", size.name), |bencher| {
            bencher.iter_with_large_drop(|| top_trading_cycles(black_box(problem), &orders, &instance.column_district));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1));
    targets = mechanisms
}
criterion_main!(benches);
