//! The snapshot beside the record: it is used, it is never needed, and it shows where it was forged.

use std::thread::sleep;
use std::time::Duration;

use feriematch_ledger::{Draft, Ledger, LedgerError, Location, Payload, Snapshot};
use feriematch_rounds::{State, Step};
use serde_json::json;

use crate::program::command;
use crate::recorded::Season;

/// Publishes a round, and records everybody's answer: enough for a snapshot.
fn answered() -> Season {
    let season = Season::published();
    assert_eq!(ledger(&season).snapshot(State::SNAPSHOT_FORMAT), None, "one round of some hundred offers is read soon enough");
    let lines: String = season.pairs(1).keys().map(|id| format!("{id},accept\n")).collect();
    season.0.write("answers.csv", format!("applicant_id,answer\n{lines}"));
    season.on("2015-04-08", "answer", &["--file", "season/answers.csv"]).succeeds();
    season
}

fn ledger(season: &Season) -> Ledger {
    Ledger::open(&Location::Sqlite(season.0.path("season.ledger"))).expect("a ledger")
}

fn snapshot(season: &Season) -> Snapshot {
    ledger(season).snapshot(State::SNAPSHOT_FORMAT).expect("a snapshot")
}

#[test]
fn much_is_kept_and_little_is_read_from_the_events() {
    let season = answered();
    let kept = snapshot(&season);
    assert_eq!(kept.head, ledger(&season).head().expect("a head"));
    let id = season.pairs(1).into_keys().next().expect("an offer");
    season.on("2015-04-09", "sign", &[&id]).succeeds();
    assert_eq!(snapshot(&season), kept, "one step is not worth a snapshot");
    assert_eq!(season.status("2015-04-09")["signed"], 1);
    season.0.run_words(&["ledger", "verify"], []).succeeds();
}

#[test]
fn a_snapshot_that_cannot_be_used_is_not() {
    let season = answered();
    let status = season.status("2015-04-09");
    let kept = snapshot(&season);
    let state = |state: &[u8]| Snapshot { head: kept.head, state: state.to_vec() };
    let cut = &kept.state[..kept.state.len() - 1];
    for (format, snapshot) in
        [(State::SNAPSHOT_FORMAT + 1, kept.clone()), (State::SNAPSHOT_FORMAT, state(cut)), (State::SNAPSHOT_FORMAT, state(b""))]
    {
        ledger(&season).keep_snapshot(format, &snapshot).expect("room for it");
        assert_eq!(season.status("2015-04-09"), status);
    }
    let verification = season.0.run_words(&["ledger", "verify"], []).ends_with(1);
    verification.says("the snapshot shows something else than what events 1 to 628 lead to\n").says("feriematch ledger export");
    // Whoever writes next has read everything, and keeps what it found.
    let id = season.pairs(1).into_keys().next().expect("an offer");
    season.on("2015-04-09", "sign", &[&id]).succeeds();
    assert_eq!(snapshot(&season).head.sequence, kept.head.sequence + 1);
    season.0.run_words(&["ledger", "verify"], []).succeeds();
}

#[test]
fn a_forged_snapshot_is_found_by_a_check() {
    let season = answered();
    let kept = snapshot(&season);
    let mut forged = State::from_snapshot(&kept.state).expect("a state");
    let id = season.pairs(1).into_keys().next().expect("an offer");
    forged.take("2015-04-08".parse().expect("a date"), Step::Sign { applicant: id }).expect("somebody who accepted");
    let forged = Snapshot { head: kept.head, state: forged.to_snapshot().expect("bytes") };
    ledger(&season).keep_snapshot(State::SNAPSHOT_FORMAT, &forged).expect("room for it");
    assert_eq!(season.status("2015-04-09")["signed"], 1, "the snapshot was not used");
    season.0.run_words(&["ledger", "verify"], []).ends_with(1).says("events 1 to 628");
    // The export knows the events only.
    season.0.write("season.jsonl", season.ledger());
    let other = season.0.path("other.ledger").display().to_string();
    season.0.run_words(&["ledger", "import"], ["season/season.jsonl", "--ledger", &other]).succeeds();
    season.0.run_words(&["ledger", "verify"], ["--ledger", &other]).succeeds();
    let status = season.0.run("status", ["--date", "2015-04-09", "--format", "json", "--ledger", &other]).succeeds().json();
    assert_eq!(status["signed"], 0);
}

#[test]
fn a_step_before_the_snapshot_can_be_undone() {
    let season = answered();
    season.on("2015-04-08", "undo", &[]).succeeds().says("Undid event 628 ");
    assert_eq!(season.status("2015-04-08")["accepted"], 624);
    season.on("2015-04-08", "undo", &[]).succeeds().says("Undid event 627 ");
    assert_eq!(season.status("2015-04-08")["accepted"], 623);
    // The ledger has no newer snapshot than the one before what was undone, or one of what stands now.
    let last = season.pairs(1).into_keys().next_back().expect("an offer");
    season.on("2015-04-08", "answer", &[&last, "decline"]).succeeds();
    assert_eq!(season.status("2015-04-08")["accepted"], 623);
    season.0.run_words(&["ledger", "verify"], []).succeeds();
}

#[test]
fn a_step_that_is_undone_while_another_is_decided_is_seen() {
    let season = answered();
    let mut ledger = ledger(&season);
    let head = ledger.head().expect("a head");
    let last = season.pairs(1).into_keys().next_back().expect("an offer");
    let mut answer = None;
    let payload = Payload::of(&json!({ "day": "2015-04-08", "step": head.sequence })).expect("a payload");
    let undo = Draft::new("2015-04-08T09:00:00Z".parse().expect("a time"), "bo", "", "undone", payload).expect("a draft");
    ledger
        .append_with(head, |_, _| {
            // It reads the record, and then waits for us.
            let args = ["answer", "season", &last, "decline", "--by", "anna", "--date", "2015-04-08"];
            answer = Some(command(season.0.root()).args(args).spawn().expect("the program can be started"));
            sleep(Duration::from_millis(500));
            Ok::<_, LedgerError>(vec![undo])
        })
        .expect("an event");
    assert!(answer.expect("a process").wait().expect("an end").success());
    let status = season.status("2015-04-08");
    assert_eq!((&status["accepted"], &status["rounds"][0]["declined"]), (&json!(624), &json!(1)));
}
