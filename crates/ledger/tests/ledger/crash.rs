//! Writers that are killed: nothing acknowledged is lost, nothing is left half-done, and the next one can go on.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use feriematch_ledger::{Head, Ledger, LedgerError, Location};
use rand::{RngExt, SeedableRng, rngs::ChaCha20Rng};
use serde_json::json;

use crate::place::Place;
use crate::sample::{append, draft};

/// Where the writer writes; without it, the writer is a test that does nothing.
const WRITE_TO: &str = "FERIEMATCH_LEDGER_TEST_WRITE_TO";

/// The largest batch, more than one statement inserts.
const LARGEST: u64 = 100;

/// Starts this program as a writer.
fn start_writer(name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writer", "--nocapture", "--test-threads=1"])
        .env(WRITE_TO, name)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Appends batches without end, and says after each that it was appended.
#[test]
fn writer() {
    let Ok(name) = std::env::var(WRITE_TO) else { return };
    let location = Location::parse(&name).unwrap();
    let mut ledger = Ledger::open(&location).or_else(|_| Ledger::create(&location)).unwrap();
    let mut head = ledger.head().unwrap();
    for size in (1..=LARGEST).cycle() {
        let batch: Vec<_> = (1..=size).map(|i| draft("writer", &json!({ "i": i, "of": size }))).collect();
        head = ledger.append(head, &batch).unwrap();
        println!("acknowledged {}", head.sequence);
        std::io::stdout().flush().unwrap();
    }
}

/// Reads what the writer says; the first time, its test harness has begun the line.
fn acknowledged(line: &str) -> Option<u64> {
    line.split_once("acknowledged ")?.1.parse().ok()
}

/// Kills a writer after some time, and returns the last event that it was told is safe.
fn acknowledged_by_killed(mut writer: Child, after: Duration) -> u64 {
    sleep(after);
    writer.kill().unwrap();
    let mut said = String::new();
    writer.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    writer.wait().unwrap();
    // What follows the last line break was not said in full.
    let complete = &said[..said.rfind('\n').map_or(0, |end| end + 1)];
    complete.lines().filter_map(acknowledged).next_back().unwrap_or(0)
}

/// Checks that the events after a known head are whole batches, and returns the new head.
fn whole_batches_after(ledger: &mut Ledger, known: Head) -> Head {
    let mut head = known;
    let mut open = None;
    for event in ledger.events(known.sequence + 1) {
        let event = event.unwrap();
        let [i, of] = ["i", "of"].map(|member| event.payload().get::<serde_json::Value>().unwrap()[member].as_u64().unwrap());
        assert_eq!(i, open.map_or(1, |last| last + 1), "event {}", event.sequence);
        open = (i < of).then_some(i);
        head = event.head();
    }
    assert_eq!(open, None, "a batch was cut off after event {}", head.sequence);
    head
}

fn survives_kills(place: &Place, runs: u32, longest: Duration) {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    drop(place.create());
    let mut known = Head::genesis();
    let mut acknowledging = 0;
    for run in 0..runs {
        let after = Duration::from_micros(rng.random_range(0..=longest.as_micros() as u64));
        let acknowledged = acknowledged_by_killed(start_writer(&place.name), after);
        acknowledging += u32::from(acknowledged > 0);
        let mut ledger = place.open();
        known = whole_batches_after(&mut ledger, known);
        assert!(known.sequence >= acknowledged, "run {run}: {acknowledged} acknowledged, {} there", known.sequence);
        // A server may still finish what a writer asked for before it was killed.
        let own = [draft("checker", &json!({ "i": 1, "of": 1 }))];
        known = loop {
            match ledger.append(known, &own) {
                Ok(head) => break head,
                Err(LedgerError::Conflict { .. }) if !place.is_sqlite() => known = whole_batches_after(&mut ledger, known),
                Err(other) => panic!("{other}: {other:?}"),
            }
        };
    }
    let mut ledger = place.open();
    assert_eq!(ledger.verify(Some(known)).unwrap().finding, None);
    // Otherwise all were killed before they wrote.
    assert!(acknowledging > runs / 10, "only {acknowledging} of {runs} writers wrote before they were killed");
    println!("{runs} writers killed, {acknowledging} of them while writing; {} events, none lost", known.sequence);
}

#[test]
fn sqlite_survives_500_kills() {
    survives_kills(&Place::sqlite(), 500, Duration::from_millis(25));
}

#[test]
fn postgres_survives_kills() {
    if let Some(place) = Place::postgres() {
        survives_kills(&place, 50, Duration::from_millis(80));
    }
}

#[test]
fn a_killed_creation_leaves_a_ledger_or_none() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let mut created = 0;
    for _ in 0..100 {
        let place = Place::sqlite();
        let acknowledged = acknowledged_by_killed(start_writer(&place.name), Duration::from_micros(rng.random_range(0..30_000)));
        let Location::Sqlite(path) = &place.location else { unreachable!() };
        created += u32::from(path.exists());
        let mut ledger = if path.exists() { place.open() } else { place.create() };
        let head = whole_batches_after(&mut ledger, Head::genesis());
        assert!(head.sequence >= acknowledged);
        append(&mut ledger, &[draft("checker", &json!(1))]);
    }
    assert!((1..100).contains(&created), "{created} of 100 were created");
}

/// What the other tests rely on: the writer's lines arrive while it runs.
#[test]
fn the_writer_says_what_is_safe() {
    let place = Place::sqlite();
    let mut writer = start_writer(&place.name);
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<_> = lines.filter_map(|line| acknowledged(&line)).take(3).collect();
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert_eq!(said, [1, 3, 6]);
}
