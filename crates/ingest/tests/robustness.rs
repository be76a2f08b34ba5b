//! Whatever the bytes of the files are, reading ends with a season or with diagnostics, and never by accident.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p feriematch-ingest --test robustness` looks harder.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::Path;

use feriematch_ingest::{Code, Diagnostic, ReadError, ReadOptions, Severity, read_season};
use proptest::prelude::*;
use tempfile::TempDir;

const FILES: [&str; 4] = ["season.toml", "applicants.csv", "jobs.csv", "overrides.csv"];

fn base(file: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/base").join(file)).unwrap()
}

/// Writes the base season with one file replaced.
fn season_with(file: &str, content: &[u8]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in FILES {
        fs::write(dir.path().join(name), base(name)).unwrap();
    }
    if let Some(table) = file.strip_suffix(".xlsx") {
        fs::remove_file(dir.path().join(format!("{table}.csv"))).unwrap();
    }
    fs::write(dir.path().join(file), content).unwrap();
    dir
}

/// Reads a folder and checks what holds of every answer.
fn check(dir: &Path) {
    let (diagnostics, refused) = match read_season(dir, ReadOptions::default()) {
        Ok(loaded) => (loaded.warnings, false),
        Err(ReadError::Invalid(diagnostics)) => (diagnostics, true),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(diagnostics.iter().any(|d| d.severity() == Severity::Error), refused);
    let mut sorted = diagnostics.clone();
    Diagnostic::sort(&mut sorted);
    assert_eq!(sorted, diagnostics);
    for diagnostic in &diagnostics {
        assert!(!diagnostic.message().contains(['\n', '\r']), "{diagnostic:?}");
        check_span(dir, diagnostic);
    }
}

/// A position in a text lies within the text, or just behind it.
fn check_span(dir: &Path, diagnostic: &Diagnostic) {
    let span = diagnostic.span();
    let (None, Some(line), Some(column)) = (span.sheet(), span.line(), span.column()) else { return };
    let bytes = fs::read(dir.join(span.file())).unwrap();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|&b| char::from(b)).collect());
    let text = text.replace("\r\n", "\n");
    // A carriage return alone ends a line of CSV; in TOML it ends nothing, and is an error.
    let line_ends: &[char] =
        if span.file() == "season.toml" && diagnostic.code() != Code::UndecodableBytes { &['\n'] } else { &['\n', '\r'] };
    let width = text.split(line_ends).nth(line as usize - 1).map(|line| line.chars().count());
    assert!(width.is_some_and(|width| column as usize <= width + 1), "{diagnostic}");
}

/// A change to a file.
#[derive(Debug, Clone)]
enum Edit {
    Flip { at: usize, bits: u8 },
    Insert { at: usize, bytes: Vec<u8> },
    Delete { at: usize, count: usize },
    DropLine { line: usize },
    RepeatLine { line: usize },
    SwapLines { a: usize, b: usize },
}

impl Edit {
    fn apply(&self, content: &mut Vec<u8>) {
        let within = |at: usize| if content.is_empty() { 0 } else { at % content.len() };
        match self {
            Self::Flip { at, bits } => {
                let at = within(*at);
                if let Some(byte) = content.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Self::Insert { at, bytes } => {
                let at = within(*at);
                content.splice(at..at, bytes.iter().copied());
            }
            Self::Delete { at, count } => {
                let at = within(*at);
                content.drain(at..content.len().min(at + count));
            }
            Self::DropLine { .. } | Self::RepeatLine { .. } | Self::SwapLines { .. } => {
                let mut lines: Vec<Vec<u8>> = content.split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
                if lines.is_empty() {
                    return;
                }
                let count = lines.len();
                match self {
                    Self::DropLine { line } => drop(lines.remove(line % count)),
                    Self::RepeatLine { line } => lines.push(lines[line % count].clone()),
                    Self::SwapLines { a, b } => lines.swap(a % count, b % count),
                    _ => {}
                }
                *content = lines.concat();
            }
        }
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let snippet = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![
            "\"",
            "\"\"",
            ";",
            ",",
            "\t",
            "|",
            ">",
            "=",
            "&",
            "\n",
            "\r\n",
            "\r",
            "home",
            "any",
            "job:",
            "area:",
            "district:",
            "-1",
            "1e400",
            "99999999999999999999",
            "0",
            "\u{feff}",
            "å",
            "\0",
            "[[districts]]",
            "[x]",
            "= ",
            "inf",
            "2027-02-30",
            "=1+1",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<usize>(), 1..=255_u8).prop_map(|(at, bits)| Edit::Flip { at, bits }),
        (any::<usize>(), snippet).prop_map(|(at, bytes)| Edit::Insert { at, bytes }),
        (any::<usize>(), 1..12_usize).prop_map(|(at, count)| Edit::Delete { at, count }),
        any::<usize>().prop_map(|line| Edit::DropLine { line }),
        any::<usize>().prop_map(|line| Edit::RepeatLine { line }),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Edit::SwapLines { a, b }),
    ]
}

proptest! {
    #[test]
    fn any_bytes_in_any_file(file in prop::sample::select(&FILES[..]), content in prop::collection::vec(any::<u8>(), 0..300)) {
        check(season_with(file, &content).path());
    }

    #[test]
    fn any_edits_of_good_files(file in prop::sample::select(&FILES[..]), edits in prop::collection::vec(edit(), 1..6)) {
        let mut content = base(file);
        for edit in &edits {
            edit.apply(&mut content);
        }
        check(season_with(file, &content).path());
    }

    #[test]
    fn any_wishes(words in prop::collection::vec(prop::sample::select(vec![
        "J-1", "J-2", "J-9", "park", "skola", "home", "any", "norrmalm", "Östermalm", ">", "=", "&", " ", "job:", "area:", "district:", "Skola & fritids",
    ]), 0..12)) {
        let list: String = words.concat();
        let applicants = format!("applicant_id;birth_date;home_district;class;wishes\nA-2;2010-01-01;norrmalm;P;{list}\n");
        check(season_with("applicants.csv", applicants.as_bytes()).path());
    }

    #[test]
    fn any_edits_of_a_workbook(edits in prop::collection::vec(edit(), 0..4)) {
        let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/workbook-values/applicants.xlsx");
        let mut content = fs::read(workbook).unwrap();
        for edit in &edits {
            edit.apply(&mut content);
        }
        check(season_with("applicants.xlsx", &content).path());
    }
}
