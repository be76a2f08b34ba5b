//! Many writers at once: no event is lost, and none comes twice.

use std::process::{Command, Stdio};
use std::thread;

use feriematch_ledger::{Draft, Head, Ledger, LedgerError, Location};
use serde_json::json;

use crate::place::{Place, on_both};
use crate::sample::{all, draft};

on_both! { two_processes_with_four_threads_each_lose_nothing }

/// Where the threads of one process write; without it, the process is a test that does nothing.
const WRITE_TO: &str = "FERIEMATCH_LEDGER_TEST_CROWD_WRITE_TO";
/// The name of the process.
const PROCESS: &str = "FERIEMATCH_LEDGER_TEST_CROWD_PROCESS";

const THREADS: u64 = 4;
const APPENDS: u64 = 125;
const BATCH: u64 = 10;

#[test]
fn process() {
    let (Ok(name), Ok(process)) = (std::env::var(WRITE_TO), std::env::var(PROCESS)) else { return };
    let location = Location::parse(&name).unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let actor = format!("{process}{thread}");
            let location = &location;
            scope.spawn(move || write(location, &actor, thread % 2 == 0));
        }
    });
}

fn write(location: &Location, actor: &str, optimistic: bool) {
    let mut ledger = Ledger::open(location).unwrap();
    let mut known = Head::genesis();
    for round in 0..APPENDS {
        let batch: Vec<Draft> = (0..BATCH).map(|i| draft(actor, &json!(round * BATCH + i))).collect();
        if optimistic {
            loop {
                match ledger.append(known, &batch) {
                    Ok(head) => break known = head,
                    Err(LedgerError::Conflict { actual, .. }) => known = actual,
                    Err(other) => panic!("{other}: {other:?}"),
                }
            }
        } else {
            known = ledger
                .append_with(known, |head, since| {
                    assert_eq!(since.len() as u64, head.sequence - known.sequence);
                    Ok::<_, LedgerError>(batch)
                })
                .unwrap();
        }
    }
}

fn two_processes_with_four_threads_each_lose_nothing(place: &Place) {
    let mut ledger = place.create();
    let processes = ["a", "b"].map(|process| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crowd::process", "--nocapture", "--test-threads=1"])
            .env(WRITE_TO, &place.name)
            .env(PROCESS, process)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    });
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let events = all(&mut ledger);
    assert_eq!(events.len() as u64, 2 * THREADS * APPENDS * BATCH);
    for actor in ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"] {
        let own = events.iter().filter(|event| event.actor() == actor);
        let numbers: Vec<u64> = own.map(|event| event.payload().get().unwrap()).collect();
        assert_eq!(numbers, (0..APPENDS * BATCH).collect::<Vec<_>>(), "{actor}");
    }
    assert_eq!(ledger.verify(None).unwrap().finding, None);
}
