//! A rematch after 15 % of those with a place have declined it, and everything decided anew.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use feriematch_solver::{Standing, place, rematch, select};
use instances::{Extras, Instance, after_declines, sizes, with_rows};

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
        let standings = after_declines(&placement, Standing::Movable);
        let takes_part = |row: &u32| standings[*row as usize] != Standing::Gone;
        let remaining = with_rows(&problem, (0..size.rows as u32).filter(takes_part));
        group.bench_function(BenchmarkId::new("anew", size.name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let selection = select(black_box(&remaining));
                place(&remaining, &selection)
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1));
    targets = rematches
}
criterion_main!(benches);
