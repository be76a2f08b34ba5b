//! Files of many megabytes are read in parts: what is read and what is reported must not show where they were cut.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use feriematch_ingest::{Code, ReadError, ReadOptions, read_season};
use feriematch_model::Fingerprint;
use tempfile::TempDir;

const APPLICANTS: usize = 70_000;

/// The line of an applicant's row: each takes two, since the names hold a line break.
const fn line_of(applicant: usize) -> u32 {
    2 + 2 * applicant as u32
}

/// Returns a table of applicants larger than any part, with rows put through a function.
fn applicants(order: impl Fn(usize) -> usize, wishes: impl Fn(usize) -> &'static str) -> String {
    let mut table = "applicant_id;birth_date;name;gender;home_district;class;wishes\n".to_owned();
    for row in 0..APPLICANTS {
        let applicant = order(row);
        let (month, day) = (1 + applicant % 12, 1 + applicant % 28);
        let _ = writeln!(
            table,
            "A-{applicant:05};2010-{month:02}-{day:02};\"Förnamn; {applicant}\nEfternamn\";F;norrmalm;P;{}",
            wishes(applicant)
        );
    }
    assert!(table.len() > 4 << 20, "{} bytes", table.len());
    table
}

fn season(applicants: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/base");
    for file in ["season.toml", "jobs.csv"] {
        fs::copy(base.join(file), dir.path().join(file)).unwrap();
    }
    fs::write(dir.path().join("applicants.csv"), applicants).unwrap();
    dir
}

/// Calls a function with so many threads.
fn with_threads<T: Send>(threads: usize, call: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(call)
}

#[test]
fn neither_threads_nor_the_order_of_rows_matter() {
    let wishes = |applicant| ["J-1 > J-2", "J-2", "park & home > any"][applicant % 3];
    let read = |text: &str, threads| {
        let dir = season(text);
        let loaded = with_threads(threads, || read_season(dir.path(), ReadOptions::default()).unwrap());
        (Fingerprint::of(&loaded.season), loaded)
    };
    let (in_order, loaded) = read(&applicants(|row| row, wishes), 1);
    assert_eq!(loaded.season.applicants().len(), APPLICANTS);
    let (again, _) = read(&applicants(|row| row, wishes), 4);
    // 11 has no factor in common with the number of rows: every applicant is there once.
    let shuffled = |row: usize| row * 11 % APPLICANTS;
    let (mixed, loaded) = read(&applicants(shuffled, wishes), 3);
    assert!(again == in_order && mixed == in_order);
    for row in (0..APPLICANTS).step_by(997) {
        let applicant = loaded.season.find_applicant(&format!("A-{:05}", shuffled(row))).unwrap();
        assert_eq!(loaded.sources.applicant(applicant).line(), Some(line_of(row)));
    }
}

#[test]
fn problems_anywhere_are_reported_where_they_stand() {
    let wrong = |applicant: usize| applicant % 10_000 == 9_999;
    let text = applicants(|row| row, |applicant| if wrong(applicant) { "J-1 > job:J-22" } else { "J-1" });
    // One more of an id that is far above.
    let text = text + "A-00007;2010-01-01;N\u{e4}sta;F;norrmalm;P;J-1\n";
    let report = |threads| {
        let dir = season(&text);
        match with_threads(threads, || read_season(dir.path(), ReadOptions::default())) {
            Err(ReadError::Invalid(problems)) => problems,
            other => panic!("{other:?}"),
        }
    };
    let problems = report(1);
    assert_eq!(report(4), problems);
    let unknown: Vec<u32> = (9_999..APPLICANTS).step_by(10_000).map(|applicant| line_of(applicant) + 1).collect();
    let found = |code| problems.iter().filter(move |p| p.code() == code);
    assert_eq!(found(Code::UnknownJob).filter_map(|p| p.span().line()).collect::<Vec<_>>(), unknown);
    assert!(found(Code::UnknownJob).all(|p| p.help() == Some("did you mean `J-2`?")), "{problems:?}");
    assert_eq!(found(Code::DuplicateApplicant).filter_map(|p| p.span().line()).collect::<Vec<_>>(), [line_of(APPLICANTS)]);
    assert_eq!(problems.len(), unknown.len() + 1);
}
