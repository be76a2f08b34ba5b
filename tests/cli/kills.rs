//! Commands that are killed while they write: what they said is recorded, is; the rest is there in full or not at all.

use std::process::Stdio;
use std::thread::{scope, sleep};
use std::time::Instant;

use crate::offered::{Offered, id, who};

/// How many commands each of two ledgers has killed.
const KILLS: u32 = 260;

/// How many answers each records.
const BATCH: u32 = 5;

#[test]
fn five_hundred_killed_commands_lose_nothing_they_said_was_recorded() {
    scope(|scope| {
        for seed in [1, 2] {
            scope.spawn(move || survives(seed));
        }
    });
}

fn survives(seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("season.ledger").display().to_string();
    let offered = Offered::new(folder.path(), &at, (KILLS + 1) * BATCH);
    let file = |run: u32| offered.acceptances("answers.csv", run * BATCH..(run + 1) * BATCH);
    // One that is left alone tells how long it takes.
    let begun = Instant::now();
    offered.run(&["answer"], &["--file", &file(KILLS)]).succeeds();
    let longest = begun.elapsed();
    let mut recorded = BATCH;
    let (mut acknowledged, mut silent, mut nothing) = (0, 0, 0);
    let mut random = seed;
    for run in 0..KILLS {
        let file = file(run);
        let mut child = offered.command(&["answer"], &["--file", &file]).stdout(Stdio::null()).spawn().expect("a process");
        // Knuth's generator: any spread of moments will do.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(longest * ((random >> 48) as u32 * 13 / 10) / (1 << 16));
        child.kill().expect("a process to kill");
        let status = child.wait().expect("an end");
        assert!(status.success() || status.code().is_none(), "it failed by itself: {status}");
        let answers = offered.answers();
        let new = &answers[recorded as usize..];
        let people: Vec<String> = new.iter().map(who).collect();
        if people.is_empty() {
            assert!(!status.success(), "an acknowledged event is lost");
            nothing += 1;
        } else {
            let expected: Vec<String> = (run * BATCH..(run + 1) * BATCH).map(id).collect();
            assert_eq!(people, expected, "a file was recorded in part");
            recorded += BATCH;
            if status.success() { acknowledged += 1 } else { silent += 1 }
        }
    }
    assert_eq!(offered.status()["accepted"], recorded);
    offered.run(&["ledger", "verify"], &[]).succeeds();
    println!("{KILLS} commands: {acknowledged} had ended, {silent} were killed when it was recorded, {nothing} before");
    // Otherwise all were killed too early or too late to tell.
    assert!(nothing > 10 && acknowledged + silent > 10, "{nothing} before, {silent} after, {acknowledged} ended");
}
