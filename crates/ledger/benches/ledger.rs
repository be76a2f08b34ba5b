//! Appending one event, appending a thousand at once, and loading a hundred thousand.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use feriematch_ledger::{Draft, Ledger, Location, Payload};
use serde_json::json;

fn answers(count: usize) -> Vec<Draft> {
    let time = "2026-04-01T09:00:00Z".parse().expect("a time");
    let answer = |i: usize| {
        let payload = json!({ "applicant": format!("A-{i:06}"), "job": format!("J-{:04}", i % 997), "answer": "accepted" });
        Draft::new(time, "web", "", "offer-answered", Payload::of(&payload).expect("whole numbers")).expect("a draft")
    };
    (0..count).map(answer).collect()
}

fn ledger(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let create = |name: &str| Ledger::create(&Location::from(&*folder.path().join(name))).expect("a ledger");
    let mut group = c.benchmark_group("ledger");

    for (name, count) in [("append one", 1), ("append 1 000 at once", 1000)] {
        let mut ledger = create(name);
        let drafts = answers(count);
        let mut head = ledger.head().expect("a head");
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(name, |b| b.iter(|| head = ledger.append(head, &drafts).expect("appended")));
    }

    let mut full = create("full");
    let head = full.head().expect("a head");
    full.append(head, &answers(100_000)).expect("appended");
    group.sample_size(10).throughput(Throughput::Elements(100_000));
    group.bench_function("load 100 000", |b| b.iter(|| full.events(1).collect::<Result<Vec<_>, _>>().expect("unchanged")));
    group.bench_function("verify 100 000", |b| b.iter(|| full.verify(None).expect("readable")));
    group.finish();
}

criterion_group!(benches, ledger);
criterion_main!(benches);
