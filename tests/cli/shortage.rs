//! Who competes for which places: counted from the files, and one more tried in them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

fn places(season: &SeasonFolder) -> i64 {
    placed(&season.outcome()).count() as i64
}

/// Each candidate is put into the files, and the season matched.
#[test]
fn what_one_more_gives_is_what_match_gives_with_it() {
    let season = SeasonFolder::stockholm();
    season.edit("season.toml", "cap = 67\n", "cap = 40\n");
    let report = season.run("shortage", ["--candidates", "12", "--format", "json"]).succeeds().json();
    let season = season.matched(&[]);
    let before = places(&season);
    let rows = report["one_more"].as_array().expect("rows");
    let gives = |code: &str| {
        let row = rows.iter().find(|row| row["one_more"] == code).unwrap_or_else(|| panic!("{code} was not tried: {rows:?}"));
        row["places"].as_i64().expect("a number")
    };
    assert_eq!(gives("stream-cap:department"), 1, "of 67 places in departments 40 may be filled");
    let jobs: Vec<&str> = rows.iter().filter_map(|row| row["one_more"].as_str()?.strip_prefix("job:")).collect();
    assert!(jobs.len() >= 3, "{rows:?}");
    for id in [jobs[0], jobs[jobs.len() / 2], jobs[jobs.len() - 1]] {
        let more = SeasonFolder::stockholm();
        more.edit("season.toml", "cap = 67\n", "cap = 40\n");
        let mut table = more.table("jobs.csv");
        let capacity = table.header.iter().position(|name| name == "capacity").expect("the column");
        let row = table.rows.iter_mut().find(|row| row[0] == id).expect("the job");
        row[capacity] = (row[capacity].parse::<u32>().expect("a number") + 1).to_string();
        more.write("jobs.csv", table.to_csv(b';', csv::Terminator::Any(b'\n')));
        assert_eq!(places(&more.matched(&[])) - before, gives(&format!("job:{id}")), "{id}");
    }
    season.run("shortage", []).succeeds().says("What is too small is the cap of Fackförvaltningens budget");
}

/// With one stream and no caps, whoever waits is in one bottleneck, and everybody in it could take nothing else.
#[test]
fn bottlenecks_are_counted_from_the_files() {
    let season = SeasonFolder::drawn(200, 20, 60, 3).matched(&[]);
    let report = season.run("shortage", ["--format", "json"]).succeeds().json();
    let waiting = season.table("outcome/waiting-list.csv").rows.len() as i64;
    let jobs = season.table("jobs.csv");
    let capacity: BTreeMap<&str, i64> = jobs.iter().map(|row| (row.get("job_id"), row.number("capacity").into())).collect();
    let applicants = season.table("applicants.csv");
    let number = |row: &Value, name: &str| row[name].as_i64().unwrap_or_else(|| panic!("no {name} in {row}"));
    let mut without = 0;
    for row in report["bottlenecks"].as_array().expect("rows") {
        let jobs: Vec<&str> = row["jobs"].as_str().expect("jobs").split('|').collect();
        let confined = applicants.iter().filter(|row| row.get("wishes").split(" > ").all(|wish| jobs.contains(&wish))).count();
        assert_eq!(number(row, "youths"), confined as i64, "{row}");
        assert_eq!(number(row, "places"), jobs.iter().map(|job| capacity[job]).sum::<i64>(), "{row}");
        assert_eq!(number(row, "without"), number(row, "youths") - number(row, "places"), "{row}");
        without += number(row, "without");
    }
    assert_eq!((without, number(&report, "waiting")), (waiting, waiting));
    let text = season.run("shortage", []).succeeds();
    text.says_also("compete for");
    assert!(applicants.iter().all(|row| !text.stdout.contains(row.get("applicant_id"))), "somebody is named");
}

#[test]
fn for_the_public_no_number_tells_of_few() {
    let season = SeasonFolder::drawn(40, 12, 26, 1);
    let shown = season.run("shortage", ["--format", "csv"]).succeeds();
    let (shown, public) = (Rows::parse(&shown.stdout, b','), season.run("shortage", ["--public", "--format", "csv"]).succeeds());
    let public = Rows::parse(&public.stdout, b',');
    let few = |text: &str| text.parse().is_ok_and(|count: u32| (1..5).contains(&count));
    assert!(shown.iter().any(|row| few(row.get("without"))), "{shown:?}");
    let mut masked = 0;
    for (row, open) in public.iter().zip(shown.iter()) {
        assert_eq!(row.get("jobs"), open.get("jobs"));
        assert!(!few(row.get("without")) && !few(row.get("youths")), "{row:?}");
        if row.get("without") == "***" {
            masked += open.number("without");
            assert_eq!(row.get("youths"), "***", "the places are known");
        } else {
            assert_eq!(row.get("without"), open.get("without"));
        }
    }
    assert!(masked >= 5, "{masked} go without where it is masked, and the sum is known");
    season.run("shortage", ["--public"]).succeeds().says("***: fewer than five");
    let idle = season.run("shortage", ["--public", "--table", "idle", "--format", "csv"]).succeeds();
    assert!(Rows::parse(&idle.stdout, b',').iter().all(|row| ["wish", "may", "wait"].map(|name| row.get(name)) == ["***"; 3]));
}

#[test]
fn places_that_nobody_has_are_listed_with_the_reason() {
    let season = SeasonFolder::drawn(60, 8, 30, 4);
    let mut jobs = season.table("jobs.csv");
    for (id, capacity) in [("Z-1", "2"), ("Z-2", "3")] {
        let mut row = jobs.rows[0].clone();
        row[0] = id.to_owned();
        let at = jobs.header.iter().position(|name| name == "capacity").expect("the column");
        row[at] = capacity.to_owned();
        jobs.rows.push(row);
    }
    jobs.header.push("min_age".to_owned());
    jobs.rows.iter_mut().for_each(|row| row.push(if row[0] == "Z-2" { "30".to_owned() } else { String::new() }));
    season.write("jobs.csv", jobs.to_csv(b';', csv::Terminator::Any(b'\n')));
    let mut applicants = season.table("applicants.csv");
    let at = applicants.header.iter().position(|name| name == "wishes").expect("the column");
    applicants.rows[0][at].push_str(" > Z-2");
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::Any(b'\n')));
    let idle = season.run("shortage", ["--table", "idle", "--format", "csv"]).succeeds();
    let idle = Rows::parse(&idle.stdout, b',');
    let row = |id| ["left", "wish", "may", "wait", "because"].map(|name| idle.find("job", id).get(name));
    assert_eq!(row("Z-1"), ["2", "0", "0", "0", "nobody-wishes"]);
    assert_eq!(row("Z-2"), ["3", "1", "0", "0", "nobody-may"]);
    season.run("shortage", ["--table", "idle"]).succeeds().says("nobody who wishes for it may take it");
}

#[test]
fn another_mechanism_is_told_apart_and_threads_change_no_byte() {
    let season = SeasonFolder::drawn(200, 20, 90, 4);
    let run = |args: &[&str]| season.run("shortage", args.iter().copied()).succeeds();
    run(&["--mechanism", "serial-dictatorship"]).says("(mechanism priority)");
    assert_eq!(run(&["--threads", "1"]).stdout, run(&["--threads", "3"]).stdout);
    assert_ne!(run(&["--seed", "one", "--format", "json"]).stdout, run(&["--seed", "two", "--format", "json"]).stdout);
    season.run("shortage", ["--table", "everything"]).ends_with(2).complains("one-more");
}
