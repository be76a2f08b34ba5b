//! The main job by its steps, on seasons drawn by the recipe with fixed seeds: S, three districts of Stockholm in 2015, and M, a large city.
//!
//! `cargo bench` runs it. Times are this machine's: compare within one run only.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_ingest::{ReadOptions, read_season};
use feriematch_model::{Mechanism, PlacementRule};
use feriematch_synth::Recipe;

/// Name, applicants, jobs, places.
const SIZES: [(&str, u32, u32, u32); 2] = [("S", 1_511, 110, 553), ("M", 20_000, 2_000, 10_000)];

fn pipeline(criterion: &mut Criterion) {
    for (name, applicants, jobs, places) in SIZES {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dir = folder.path().join("season");
        Recipe { applicants, jobs, places, ..Recipe::default() }.write_to(&dir, &|_| ()).expect("a season can be drawn");
        steps(criterion, name, &dir);
    }
}

fn steps(criterion: &mut Criterion, name: &str, dir: &Path) {
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(20);
    group.bench_function(BenchmarkId::new("read", name), |b| {
        b.iter(|| read_season(black_box(dir), ReadOptions::default()).expect("the season reads"));
    });
    let season = read_season(dir, ReadOptions::default()).expect("the season reads").season;
    group.bench_function(BenchmarkId::new("prepare", name), |b| b.iter(|| Preparation::new(black_box(&season))));
    let preparation = Preparation::new(&season);
    let mut outcome = None;
    for mechanism in Mechanism::ALL {
        let options = RunOptions::with(mechanism, PlacementRule::default());
        group.bench_function(BenchmarkId::new(mechanism.name(), name), |b| {
            b.iter(|| {
                run(black_box(&preparation), &Ranking::draw(&season, "bench"), &options, &mut |_| ())
                    .expect("the season can be matched")
            });
        });
        if mechanism == Mechanism::Priority {
            outcome = run(&preparation, &Ranking::draw(&season, "bench"), &options, &mut |_| ()).ok();
        }
    }
    let outcome = outcome.expect("priority ran");
    group.bench_function(BenchmarkId::new("audit", name), |b| {
        b.iter(|| feriematch_audit::audit(black_box(&season), black_box(&outcome)).expect("the outcome is right"));
    });
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
