//! Seasons simulated with all their rounds, beside the same seasons played through the record's state machine.
//!
//! `cargo bench --bench plan` runs it, with as many threads as there are processors. Times are this machine's: compare within one run only.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use feriematch_core::{Preparation, RunOptions};
use feriematch_ingest::{ReadOptions, read_season};
use feriematch_model::Season;
use feriematch_plan::study::{Assumptions, Cell, Population, Shard, Study};
use feriematch_plan::{Player, Rate};
use feriematch_synth::Recipe;

/// How many seasons are played at a time.
const SEASONS: u32 = 100;

fn plan(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let drawn = folder.path().join("season");
    let recipe = Recipe { applicants: 1_511, jobs: 110, places: 553, ..Recipe::default() };
    recipe.write_to(&drawn, &|_| ()).expect("a season can be drawn");
    seasons(criterion, "S", &read(&drawn));
    seasons(criterion, "2015", &read(Path::new("data/stockholm-2015")));
}

fn read(dir: &Path) -> Season {
    read_season(dir, ReadOptions::default()).expect("the season reads").season
}

/// Plays seasons in which 94 of 640 offers are declined, as in 2015.
fn seasons(criterion: &mut Criterion, name: &str, season: &Season) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(20).measurement_time(Duration::from_secs(15)).throughput(Throughput::Elements(SEASONS.into()));
    let options = RunOptions::of(season);
    let declined = Rate::new(94, 640).expect("a share");
    let rates = vec![declined; season.settings().districts.len()];
    for (way, population) in [("study", Population::AsInFiles), ("study, redrawn", Population::Redrawn { percent: 100 })] {
        let assumptions = Assumptions { population, ..Assumptions::declines(rates.clone()) };
        let cells = vec![Cell { name: name.to_owned(), season, options: options.clone(), assumptions }];
        let study = Study { cells, seed: "bench".to_owned(), seasons: SEASONS };
        group.bench_function(BenchmarkId::new(way, name), |b| {
            b.iter(|| black_box(&study).play(Shard::WHOLE, &|| ControlFlow::Continue(())).expect("the seasons can be played"));
        });
    }
    let preparation = Preparation::new(season);
    let player = Player::new(&preparation, options, rates).expect("a share a district");
    let seeds: Vec<String> = (1..=SEASONS).map(|number| format!("bench {number}")).collect();
    group.bench_function(BenchmarkId::new("replay", name), |b| {
        b.iter(|| black_box(&player).play_all(&seeds, &|| ()).expect("the seasons can be played"));
    });
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
