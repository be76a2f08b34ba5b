//! Reading a season, beside what the csv crate alone needs to split the same files into records.
//!
//! `cargo bench --bench ingest` runs it. Times are this machine's; the ratios that are printed at the end are taken from runs that take turns.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use csv::{ByteRecord, ReaderBuilder, StringRecord};
use feriematch_ingest::{ReadOptions, read_season};
use feriematch_synth::Recipe;

/// Name, applicants, jobs, places.
const SIZES: [(&str, u32, u32, u32); 2] = [("S", 1_511, 110, 553), ("M", 20_000, 2_000, 10_000)];

/// A way to read a folder.
type Way = (&'static str, fn(&Path));

/// What is compared; the last is ours.
const WAYS: [Way; 4] = [
    ("csv, one byte record again and again", byte_record),
    ("csv, one string record again and again", string_record),
    ("csv, a string record a row", string_records),
    ("read_season", season),
];

fn tables(dir: &Path) -> [PathBuf; 2] {
    ["applicants.csv", "jobs.csv"].map(|table| dir.join(table))
}

fn reader(table: &Path) -> csv::Reader<fs::File> {
    ReaderBuilder::new().delimiter(b';').from_path(table).expect("the table opens")
}

fn byte_record(dir: &Path) {
    for table in tables(dir) {
        let (mut reader, mut record) = (reader(&table), ByteRecord::new());
        while reader.read_byte_record(&mut record).expect("a record") {
            black_box(&record);
        }
    }
}

fn string_record(dir: &Path) {
    for table in tables(dir) {
        let (mut reader, mut record) = (reader(&table), StringRecord::new());
        while reader.read_record(&mut record).expect("a record") {
            black_box(&record);
        }
    }
}

fn string_records(dir: &Path) {
    for table in tables(dir) {
        let records: Vec<StringRecord> = reader(&table).into_records().collect::<Result<_, _>>().expect("records");
        black_box(records);
    }
}

fn season(dir: &Path) {
    black_box(read_season(dir, ReadOptions::default()).expect("the season reads"));
}

fn ingest(criterion: &mut Criterion) {
    for (size, applicants, jobs, places) in SIZES {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dir = folder.path().join("season");
        Recipe { applicants, jobs, places, ..Recipe::default() }.write_to(&dir, &|_| ()).expect("a season can be drawn");
        let bytes = tables(&dir).iter().map(|table| fs::metadata(table).expect("a table").len()).sum();
        let mut group = criterion.benchmark_group("ingest");
        group.sample_size(20).throughput(Throughput::Bytes(bytes));
        for (name, way) in WAYS {
            group.bench_function(BenchmarkId::new(name, size), |b| b.iter(|| way(black_box(&dir))));
        }
        group.finish();
        print_ratios(size, &dir);
    }
}

/// Lets the ways take turns, and prints how many times as long as each of the others the last takes, by the medians.
fn print_ratios(size: &str, dir: &Path) {
    const ROUNDS: usize = 21;
    let mut times: [Vec<Duration>; WAYS.len()] = Default::default();
    for _ in 0..ROUNDS {
        for ((_, way), times) in WAYS.iter().zip(&mut times) {
            let start = Instant::now();
            way(dir);
            times.push(start.elapsed());
        }
    }
    let medians = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64()
    });
    let [others @ .., ours] = medians;
    for ((name, _), other) in WAYS.iter().zip(others) {
        println!("{size}: read_season takes {:.2} times as long as {name}", ours / other);
    }
}

criterion_group!(benches, ingest);
criterion_main!(benches);
