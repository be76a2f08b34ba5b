//! What goes to which stream, in which colours, and what happens when nobody reads.

use std::process::Stdio;

use serde_json::Value;

use crate::program::{Run, command};
use crate::season_folder::SeasonFolder;

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let season = SeasonFolder::stockholm();
    season.edit("applicants.csv", "A-0001;1996-10-03;F;kungsholmen;", "A-0001;1996-10-03;F;kungsholmn;");
    for (verb, args) in [("check", vec![]), ("match", vec![]), ("match", vec!["--help"])] {
        let with = |color: Option<&'static str>| {
            let color = color.map(|when| ["--color", when]);
            let run = season.run(verb, args.iter().copied().chain(color.into_iter().flatten()));
            run.stdout + &run.stderr
        };
        assert!(!with(None).contains(ESCAPE), "{verb} colours a pipe");
        assert!(!with(Some("never")).contains(ESCAPE), "{verb} colours although told not to");
        assert_eq!(with(None), with(Some("never")));
    }
    for verb in ["check", "match"] {
        let run = season.run(verb, ["--color", "always"]).ends_with(3);
        let text = run.stdout + &run.stderr;
        assert!(text.contains("\u{1b}[1m\u{1b}[31merror[F1601]"), "{text:?}");
    }
}

#[test]
fn nobody_reading_is_no_error() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let calls: [&[&str]; 8] = [
        &["report", "season"],
        &["report", "season", "--format", "csv"],
        &["why", "season", "A-0001"],
        &["verify", "season"],
        &["check", "season"],
        &["match", "season", "--format", "json"],
        &["init", "new"],
        &["synth", "drawn"],
    ];
    for call in calls {
        let mut child = command(season.root())
            .args(call)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        // Whatever it prints from here on, nobody reads.
        drop(child.stdout.take());
        let run = Run::of(child.wait_with_output().expect("the program ends")).succeeds();
        let talk = run.stderr.lines().filter(|line| !line.contains("warning[W3401]") && !line.starts_with("  -->"));
        assert_eq!(talk.count(), 0, "{call:?} says: {}", run.stderr);
    }
    season.verifies();
}

#[test]
fn timings_are_one_line_of_json_on_stderr() {
    let season = SeasonFolder::stockholm();
    let plain = season.run("match", []).succeeds();
    let timed = season.run("match", ["--timings"]).succeeds();
    assert_eq!(timed.stdout, plain.stdout);
    let line = timed.stderr.strip_prefix(&plain.stderr).expect("the warnings, and then the timings");
    assert_eq!(line.lines().count(), 1, "{line}");
    let timings: Value = serde_json::from_str(line).expect("a line of JSON");
    let steps = timings["steps"].as_object().expect("the steps");
    let mut sum = 0.0;
    for step in ["read", "validate", "market", "select", "place", "evidence", "baseline", "write"] {
        let seconds = steps[step]["seconds"].as_f64().expect(step);
        assert!(seconds >= 0.0);
        sum += seconds;
    }
    assert_eq!(steps.len(), 8);
    let total = timings["total_seconds"].as_f64().expect("the sum");
    assert!(sum > 0.0 && sum <= total + 1e-4, "{sum} of {total} seconds");
}
