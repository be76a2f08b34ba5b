//! Many lotteries on one market: "elements" are seasons, so the throughput is seasons per second on one core.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use feriematch_solver::Workspace;
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
        group.bench_function(BenchmarkId::new("draw, select, place", size.name), |bencher| {
            let mut workspace = Workspace::new(&problem);
            bencher.iter_with_large_drop(|| {
                random.shuffle(&mut order);
                workspace.select(&order).expect("the order has each row once");
                workspace.place().expect("costs are small")
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_secs(1));
    targets = lotteries
}
criterion_main!(benches);
