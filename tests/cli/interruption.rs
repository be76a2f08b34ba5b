//! Runs that are killed, that meet another, or that find what is not theirs: the outcome is whole or not there.

use std::fs::{self, File};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::command;
use crate::season_folder::SeasonFolder;

/// How many runs are killed, at moments spread over the time that the part takes in which they are killed.
const KILLS: u32 = 16;

/// Starts a run with a seed, waits until `until` says so or the run ends, and some time more, and kills it. Returns whether it was
/// killed, and not done by then.
fn killed(season: &SeasonFolder, seed: &str, until: impl Fn() -> bool, delay: Duration) -> bool {
    let mut child = command(season.root())
        .args(["match", "season", "--seed", seed])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started");
    while !until() && child.try_wait().expect("a child to ask").is_none() {
        thread::sleep(Duration::from_micros(100));
    }
    thread::sleep(delay);
    // SIGKILL on Unix: nothing can be tidied up. It fails where the run is over.
    let _ = child.kill();
    !child.wait().expect("the program ends").success()
}

/// Asserts that there is a whole outcome or none.
fn is_whole_or_absent(season: &SeasonFolder) {
    if season.path("outcome").exists() {
        season.outcome_files();
        season.verifies();
    }
}

#[test]
fn a_run_killed_at_any_moment_leaves_a_whole_outcome_or_none() {
    let season = SeasonFolder::drawn(4_000, 300, 2_000, 10);
    let began = Instant::now();
    season.run("match", []).succeeds();
    let whole_run = began.elapsed();
    fs::remove_dir_all(season.path("outcome")).expect("an outcome to take away");
    let mut stopped = 0;
    for kill in 1..=KILLS {
        stopped += u32::from(killed(&season, &format!("seed {kill}"), || true, whole_run * kill / KILLS));
        is_whole_or_absent(&season);
    }
    assert!(stopped > KILLS / 4, "only {stopped} of {KILLS} runs were killed in time");
    season.run("match", []).succeeds();
    season.verifies();
}

#[test]
fn a_run_killed_while_writing_leaves_a_whole_outcome_or_none_and_the_next_run_tidies_up() {
    let season = SeasonFolder::drawn(4_000, 300, 2_000, 10);
    let mut tidy = season.entries();
    tidy.push("outcome".to_owned());
    tidy.sort();
    let mut left_something = 0;
    for kill in 0..KILLS {
        let run = season.run("match", ["--timings"]).succeeds();
        assert_eq!(season.entries(), tidy);
        let timings: Value = serde_json::from_str(run.stderr.lines().last().expect("timings")).expect("a line of JSON");
        let writing = Duration::from_secs_f64(timings["steps"]["write"]["seconds"].as_f64().expect("seconds"));
        // There is an outcome to replace in every second round.
        if kill % 2 == 0 {
            fs::remove_dir_all(season.path("outcome")).expect("an outcome to take away");
        }
        let before = season.entries();
        killed(&season, &format!("seed {kill}"), || season.entries() != before, writing * kill / KILLS);
        is_whole_or_absent(&season);
        left_something += u32::from(season.entries().iter().any(|name| !tidy.contains(name)));
    }
    assert!(left_something > 0, "no run was killed while it wrote");
    season.run("match", []).succeeds();
    assert_eq!(season.entries(), tidy);
    season.verifies();
}

/// What a run leaves that is killed while it writes: some files, one of them cut off, and a lock that nobody holds.
fn leave_half_written(season: &SeasonFolder) {
    fs::create_dir(season.path(".outcome.partial")).expect("a new folder");
    season.write(".outcome.partial/being-written.lock", "");
    season.write(".outcome.partial/outcome.json", "{\"format\":1,");
}

#[test]
fn a_run_after_one_that_was_killed_while_writing_tidies_up() {
    let season = SeasonFolder::starter();
    leave_half_written(&season);
    season.run("match", []).succeeds();
    season.outcome_files();
    season.verifies();
    assert_eq!(season.entries(), ["applicants.csv", "jobs.csv", "outcome", "overrides.csv", "season.toml"]);
}

#[test]
fn a_run_after_one_that_was_killed_while_replacing_tidies_up() {
    let season = SeasonFolder::starter().matched(&[]);
    // Between the two renames the new outcome has no name yet, and the old one has lost its.
    fs::rename(season.path("outcome"), season.path(".outcome.old")).expect("an outcome to rename");
    leave_half_written(&season);
    season.run("match", ["--seed", "another"]).succeeds();
    assert_eq!(season.outcome().seed, "another");
    season.verifies();
    assert_eq!(season.entries(), ["applicants.csv", "jobs.csv", "outcome", "overrides.csv", "season.toml"]);
}

#[test]
fn a_run_while_another_writes_to_the_same_folder_is_refused() {
    let season = SeasonFolder::starter().matched(&[]);
    let before = season.outcome_files();
    fs::create_dir(season.path(".outcome.partial")).expect("a new folder");
    let lock = File::create(season.path(".outcome.partial/being-written.lock")).expect("a new file");
    lock.lock().expect("a lock that nobody holds");
    season.run("match", ["--seed", "another"]).ends_with(2).complains("another run is writing to season/outcome");
    assert_eq!(season.outcome_files(), before);
    season.run("match", ["--seed", "another", "--out", "elsewhere"]).succeeds();
    drop(lock);
    season.run("match", ["--seed", "another"]).succeeds();
    assert_ne!(season.outcome_files(), before);
}

#[test]
fn a_folder_with_a_file_of_somebody_else_is_not_replaced() {
    let season = SeasonFolder::starter().matched(&[]);
    season.write("outcome/notes.txt", "call the school");
    let before = season.files("outcome");
    let entries = season.entries();
    season.run("match", ["--seed", "another"]).ends_with(2).complains("season/outcome holds `notes.txt`").complains("--out");
    assert_eq!(season.files("outcome"), before);
    assert_eq!(season.entries(), entries);

    let run = season.run("match", ["--out", "season"]).ends_with(2);
    assert!(run.stderr.contains("season holds `"), "{}", run.stderr);
    assert_eq!(season.entries(), entries);
}

#[test]
fn an_outcome_goes_where_it_is_asked_to() {
    let season = SeasonFolder::starter();
    season.run("match", ["--out", "deep/what-if"]).succeeds().says("Wrote deep/what-if: ");
    assert!(!season.path("outcome").exists());
    season.run("verify", ["--outcome", "deep/what-if/outcome.json"]).succeeds();
    season.run("report", ["--outcome", "deep/what-if/outcome.json"]).succeeds();
}
