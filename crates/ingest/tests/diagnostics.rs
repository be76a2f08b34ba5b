//! Broken seasons, one folder each under `tests/fixtures`, with the exact diagnostics they give.
//!
//! A fixture holds the files that differ from `tests/fixtures/base`; `absent` lists files of the base that are left out (`.`
//! is the whole folder), and `encoding` names an encoding to ask for. One that holds `answers.csv` has that read too, indicators likewise, and time reports after a good season. `expected.txt` holds what is reported;
//! `FERIEMATCH_BLESS=1 cargo test -p feriematch-ingest` writes it anew.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use feriematch_ingest::records::{Record, TableForm, read_records};
use feriematch_ingest::{
    Code, Diagnostic, Encoding, ReadError, ReadOptions, Severity, read_answers, read_season, read_time_reports,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Returns the names of the broken seasons.
fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "base")
        .collect();
    names.sort();
    names
}

/// Copies the files of a folder, replacing those that are there.
fn overlay(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            overlay(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Reads a fixture; returns what is reported.
fn report(name: &str) -> Vec<Diagnostic> {
    let fixture = fixtures().join(name);
    let season = tempfile::tempdir().unwrap();
    overlay(&fixtures().join("base"), season.path());
    let mut dir = season.path().to_owned();
    for absent in fs::read_to_string(fixture.join("absent")).unwrap_or_default().lines() {
        if absent == "." {
            dir = PathBuf::from("no-such-folder");
        } else {
            fs::remove_file(dir.join(absent)).unwrap();
        }
    }
    overlay(&fixture, season.path());
    let asked = fs::read_to_string(fixture.join("encoding")).ok();
    let encoding = asked.map(|asked| Encoding::ALL.into_iter().find(|encoding| encoding.name() == asked.trim()).unwrap());
    let options = ReadOptions { encoding };
    let mut diagnostics = problems(read_season(&dir, options).and_then(|loaded| match reports(&dir) {
        None => Ok(loaded.warnings),
        Some(path) => read_time_reports(&path, &loaded.season, &loaded.columns, options).map(|reports| reports.warnings),
    }));
    let answers = dir.join("answers.csv");
    let indicators = dir.join("indicators.csv");
    if indicators.exists() {
        diagnostics.extend(problems(read_indicators(&indicators, options)));
    }
    if answers.exists() {
        diagnostics.extend(problems(read_answers(&answers, &dir, options).map(|answers| answers.warnings)));
    }
    diagnostics
}

/// Reads a table that no season has.
fn read_indicators(file: &Path, options: ReadOptions) -> Result<Vec<Diagnostic>, ReadError> {
    static FORM: TableForm =
        TableForm { name: "indicators", columns: &["district", "least"], required: &["district"], has_other_columns: true };
    let row = |record: &mut Record<'_, '_>| {
        let (id, least, others) = (record.id("district"), record.number("least"), record.others());
        Some((id?, least.ok()?, others?))
    };
    read_records(file, &FORM, options, row, |(id, ..)| id).map(|records| records.warnings)
}

fn problems(read: Result<Vec<Diagnostic>, ReadError>) -> Vec<Diagnostic> {
    match read {
        Ok(warnings) => warnings,
        Err(ReadError::Invalid(diagnostics)) => diagnostics,
        Err(error) => panic!("{error}"),
    }
}

/// Returns the time reports that a fixture has, if any.
fn reports(dir: &Path) -> Option<PathBuf> {
    ["time_reports.csv", "time_reports.xlsx"].map(|file| dir.join(file)).into_iter().find(|path| path.exists())
}

fn render(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_fixture_reports_what_it_should() {
    let bless = std::env::var_os("FERIEMATCH_BLESS").is_some();
    let mut differing = Vec::new();
    for name in names() {
        let expected = fixtures().join(&name).join("expected.txt");
        let rendered = render(&report(&name));
        if bless {
            fs::write(&expected, &rendered).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != rendered {
            differing.push(format!("--- {name} ---\n{rendered}"));
        }
    }
    assert!(differing.is_empty(), "these fixtures report something else than their expected.txt:\n{}", differing.join("\n"));
}

#[test]
fn the_base_is_a_good_season() {
    assert_eq!(read_season(&fixtures().join("base"), ReadOptions::default()).unwrap().warnings, []);
}

#[test]
fn every_fixture_is_broken() {
    for name in names() {
        assert!(!report(&name).is_empty(), "{name} reports nothing");
    }
}

/// No diagnostic shows a personal identity number in full: those of the fixtures all have one of these ends.
#[test]
fn no_personal_number_is_shown_in_full() {
    for name in names() {
        let rendered = render(&report(&name));
        for digits in ["1237", "1244", "1239", "1238", "9876"] {
            assert!(!rendered.contains(digits), "{name} shows a personal identity number:\n{rendered}");
        }
    }
}

fn errors_page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md")).unwrap()
}

/// Splits docs/errors.md into the sections of codes: heading and text.
fn sections(page: &str) -> BTreeMap<String, String> {
    page.split("\n### ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

#[test]
fn every_code_has_a_section_and_every_section_a_code() {
    let page = errors_page();
    let documented: Vec<String> = sections(&page).into_keys().collect();
    let mut codes: Vec<String> = Code::ALL.iter().map(|code| format!("{code}: {}", code.title())).collect();
    codes.sort();
    assert_eq!(documented, codes);
    for (heading, text) in sections(&page) {
        assert!(text.contains("\n**Remedy.** "), "{heading} has no remedy");
    }
}

#[test]
fn every_code_that_reading_reports_has_a_fixture() {
    let reported: BTreeSet<Code> = names().iter().flat_map(|name| report(name)).map(|diagnostic| diagnostic.code()).collect();
    let missing: Vec<&Code> =
        Code::ALL.iter().filter(|code| !Code::BEYOND_READING.contains(code) && !reported.contains(code)).collect();
    assert_eq!(missing, Vec::<&Code>::new());
    assert!(Code::BEYOND_READING.iter().all(|code| !reported.contains(code)));
}

/// The examples in docs/errors.md are real: each is what some fixture reports, and each is in the section of its code.
#[test]
fn the_examples_in_the_docs_are_what_is_reported() {
    let reported: BTreeSet<String> = names().iter().flat_map(|name| report(name)).map(|d| d.to_string()).collect();
    for (heading, text) in sections(&errors_page()) {
        let code = heading.split(':').next().unwrap();
        let beyond = Code::BEYOND_READING.iter().any(|reserved| reserved.number() == code);
        let example = text.split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next());
        match example {
            Some(example) if beyond => assert!(example.contains(&format!("[{code}]")), "{heading}"),
            Some(example) => {
                assert!(example.contains(&format!("[{code}]")), "{heading} has another code's example");
                assert!(reported.contains(example), "no fixture reports the example of {heading}:\n{example}");
            }
            None => panic!("{heading} has no example"),
        }
    }
}

#[test]
fn severities_follow_the_letter() {
    for diagnostic in names().iter().flat_map(|name| report(name)) {
        let warns = diagnostic.code().number().starts_with('W');
        assert_eq!(diagnostic.severity() == Severity::Warning, warns);
    }
}
