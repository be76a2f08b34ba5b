//! Many at once, on a file and on a server: answers are all recorded, and what was decided on an older state is refused.

use std::process::Stdio;
use std::thread::{scope, sleep};
use std::time::Duration;

use feriematch_ledger::LedgerError;
use tempfile::TempDir;

use crate::offered::{Offered, id, who};
use crate::program::Run;
use crate::server::SERVER;

/// Makes a ledger in a file.
fn in_file(offers: u32) -> (TempDir, Offered) {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("season.ledger").display().to_string();
    let offered = Offered::new(folder.path(), &at, offers);
    (folder, offered)
}

/// Makes a ledger on a server, if there is one.
fn on_server(offers: u32) -> Option<(TempDir, Offered)> {
    let at = SERVER.as_ref()?.new_schema();
    let folder = tempfile::tempdir().expect("a folder");
    let offered = Offered::new(folder.path(), &at, offers);
    Some((folder, offered))
}

/// Records answers by several writers at once, each with files of its own.
fn answers_of_a_crowd(offered: &Offered, writers: u32, files: u32, rows: u32) {
    let file = |writer: u32, file: u32| {
        let first = (writer * files + file) * rows;
        offered.acceptances(&format!("answers-{writer}-{file}.csv"), first..first + rows)
    };
    scope(|scope| {
        for writer in 0..writers {
            let file = &file;
            scope.spawn(move || {
                for number in 0..files {
                    let said = format!("Recorded {rows} answers.\n");
                    offered.run(&["answer"], &["--file", &file(writer, number)]).succeeds().says(&said);
                }
            });
        }
    });
    let count = writers * files * rows;
    let mut people: Vec<String> = offered.answers().iter().map(who).collect();
    people.sort();
    assert!(people.iter().cloned().eq((0..count).map(id)), "an answer was lost, or came twice");
    assert_eq!(offered.status()["accepted"], count);
    offered.run(&["ledger", "verify"], &[]).succeeds();
}

#[test]
fn ten_thousand_answers_of_eight_writers_are_recorded_once_each() {
    let (_folder, offered) = in_file(10_000);
    answers_of_a_crowd(&offered, 8, 10, 125);
}

#[test]
fn answers_of_a_crowd_are_recorded_once_each_on_a_server() {
    let Some((_folder, offered)) = on_server(2_000) else { return };
    answers_of_a_crowd(&offered, 8, 5, 50);
}

/// Two commands that have read the same state and wait for us: how they end when we let them go on.
fn two_at_once(offered: &Offered, words: &[&str], args: &[&str]) -> [Run; 2] {
    let mut ledger = offered.ledger();
    let head = ledger.head().expect("a head");
    let mut both = None;
    ledger
        .append_with(head, |_, _| {
            let start = || offered.command(words, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
            both = Some([start(), start()]);
            sleep(Duration::from_millis(1500));
            Ok::<_, LedgerError>(Vec::new())
        })
        .expect("a ledger");
    both.expect("two processes").map(|process| Run::of(process.wait_with_output().expect("an end")))
}

fn of_two_who_undo_one_is_told_to_look_again(offered: &Offered) {
    offered.run(&["answer"], &[&id(0), "accept"]).succeeds();
    offered.run(&["answer"], &[&id(1), "accept"]).succeeds();
    let mut both = two_at_once(offered, &["undo"], &[]);
    both.sort_by_key(|run| run.code);
    let [done, refused] = both;
    done.succeeds().says("Undid event 5 ");
    refused.ends_with(5).complains("has gone on by anna").complains("look at what has been appended since");
    assert_eq!(offered.answers().len(), 3);
    assert_eq!(offered.status()["accepted"], 1);
}

#[test]
fn of_two_who_undo_at_once_one_is_told_to_look_again() {
    let (_folder, offered) = in_file(10);
    of_two_who_undo_one_is_told_to_look_again(&offered);
}

#[test]
fn of_two_who_undo_at_once_on_a_server_one_is_told_to_look_again() {
    let Some((_folder, offered)) = on_server(10) else { return };
    of_two_who_undo_one_is_told_to_look_again(&offered);
}

#[test]
fn a_season_is_kept_on_a_server_as_in_a_file() {
    let Some((_folder, server)) = on_server(300) else { return };
    let (_other, file) = in_file(300);
    for offered in [&server, &file] {
        // Enough for a snapshot.
        offered.run(&["answer"], &["--file", &offered.acceptances("answers.csv", 0..290)]).succeeds();
        offered.run(&["answer"], &[&id(290), "decline", "--because", "other work"]).succeeds();
        offered.run(&["sign"], &[&id(0), &id(1)]).succeeds();
        offered.run(&["undo"], &[]).succeeds().says(&format!("signed {}", id(1)));
        offered.run(&["answer"], &[&id(290), "accept"]).ends_with(5);
    }
    assert_eq!(server.status(), file.status());
    let told = |offered: &Offered| {
        let log = offered.run(&["ledger", "log"], &["--format", "csv"]).succeeds().stdout;
        log.lines().map(|line| line.splitn(3, ',').last().expect("what comes after number and time").to_owned()).collect()
    };
    let [on_server, in_file]: [Vec<String>; 2] = [told(&server), told(&file)];
    assert_eq!(on_server, in_file);
    server.run(&["ledger", "verify"], &[]).succeeds();
}
