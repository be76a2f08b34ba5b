//! What is said about broken input, and that nothing is written then.

use serde_json::Value;

use crate::program::Run;
use crate::season_folder::SeasonFolder;

/// Puts problems into all four files: returns file, line and code of each, in the order in which they are shown.
fn break_everything(season: &SeasonFolder) -> Vec<(String, u64, String)> {
    season.edit("applicants.csv", "A-0001;1996-10-03;F;kungsholmen;1;", "A-0001;1996-10-33;F;kungsholmn;1;");
    season.edit("jobs.csv", "KH-PARK-02;Parkskötsel;kungsholmen;;park;7;", "KH-PARK-02;Parkskötsel;kungsholmen;;park;seven;");
    season.edit("season.toml", "rank_costs = \"linear\"", "rank_costs = \"linear\"\nrang = 1");
    season.write("overrides.csv", "kind;applicant_id;job_id;reason;by\nlokc;A-9999;KH-PARK-01;because;me\n");
    let line_of = |name: &str, beginning: &str| {
        let lines = season.read(name);
        1 + lines.lines().position(|line| line.starts_with(beginning)).expect(beginning) as u64
    };
    [
        ("applicants.csv", 2, "F1502"),
        ("applicants.csv", 2, "F1601"),
        ("jobs.csv", 3, "F1504"),
        ("overrides.csv", 2, "F5001"),
        ("overrides.csv", 2, "F1609"),
        ("season.toml", line_of("season.toml", "rang"), "F2002"),
    ]
    .map(|(file, line, code)| (file.to_owned(), line, code.to_owned()))
    .to_vec()
}

/// Reads file, line and code of each problem that `check --format json` printed.
fn problems(run: &Run) -> Vec<(String, u64, String)> {
    let report = run.json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let problem = |d: &Value| (text(&d["span"]["file"]), d["span"]["line"].as_u64().expect("a line"), text(&d["code"]));
    report["diagnostics"].as_array().expect("a list").iter().map(problem).collect()
}

#[test]
fn the_problems_of_all_files_are_reported_at_once() {
    let season = SeasonFolder::stockholm();
    let expected = break_everything(&season);
    let check = season.run("check", ["--format", "json"]).ends_with(3);
    assert_eq!(problems(&check), expected);
    let report = check.json();
    assert_eq!((&report["errors"], &report["warnings"]), (&expected.len().into(), &0.into()));
    for diagnostic in report["diagnostics"].as_array().expect("a list") {
        assert!(!diagnostic["message"].as_str().expect("a text").is_empty(), "{diagnostic}");
        assert_eq!(diagnostic["severity"], "error");
    }

    let text = season.run("check", []).ends_with(3).says("did you mean `kungsholmen`?").says("6 errors, no warnings\n");
    assert_eq!(text.stderr, "");
    for (file, line, code) in expected {
        let says = |found: &str| found.contains(&format!("error[{code}]")) && found.contains(&format!("\n  --> {file}:{line}:"));
        assert!(text.stdout.split("error[").any(|found| says(&format!("error[{found}"))), "{code}:\n{}", text.stdout);
    }
}

#[test]
fn with_an_error_nothing_is_written() {
    let season = SeasonFolder::stockholm();
    break_everything(&season);
    let before = season.entries();
    let run = season.run("match", []).ends_with(3).complains("6 errors, no warnings\n");
    assert_eq!(run.stderr.matches("error[F").count(), 6, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(season.entries(), before);
}

#[test]
fn with_an_error_an_outcome_that_is_there_stays() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let before = season.outcome_files();
    break_everything(&season);
    let entries = season.entries();
    season.run("match", []).ends_with(3);
    assert_eq!(season.outcome_files(), before);
    assert_eq!(season.entries(), entries);
}

#[test]
fn warnings_are_told_and_do_not_fail_a_run() {
    let season = SeasonFolder::stockholm();
    season.edit("applicants.csv", "applicant_id;birth_date;", "applicant_id;shoe_size;birth_date;");
    let rows = season.read("applicants.csv").lines().skip(1).map(|row| row.replacen(';', ";44;", 1) + "\n").collect::<String>();
    let header = season.read("applicants.csv").lines().next().expect("a header").to_owned();
    season.write("applicants.csv", format!("{header}\n{rows}"));
    season.run("check", []).succeeds().says("warning[W1306]").says("--> applicants.csv:1:14\n").says("no errors, 2 warnings");
    season.run("match", []).succeeds().complains("warning[W1306]");
}

#[test]
fn a_season_that_is_not_there_is_an_error_of_the_input() {
    let season = SeasonFolder::starter();
    for verb in ["check", "match"] {
        let run = crate::program::feriematch(season.root(), [verb, "elsewhere"]).ends_with(3);
        assert!((run.stdout + &run.stderr).contains("error[F1001]"), "{verb}");
    }
    assert!(!season.root().join("elsewhere").exists());
    std::fs::remove_file(season.path("jobs.csv")).expect("the file is there");
    season.run("match", []).ends_with(3).complains("error[F1002]").complains("--> jobs.csv");
}

#[test]
fn a_season_toml_that_is_not_toml_is_shown_with_its_line() {
    let season = SeasonFolder::starter();
    season.edit("season.toml", "year = 2027\n", "year = = 2027\n");
    let line = 1 + season.read("season.toml").lines().position(|line| line.starts_with("year")).expect("the line");
    season.run("match", []).ends_with(3).complains("error[F2001]").complains(&format!("--> season.toml:{line}:8\n"));
}
