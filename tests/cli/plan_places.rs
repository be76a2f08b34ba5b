//! Where places help most: what is told, put into the files and matched.

use std::fs;

use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

fn places(season: &SeasonFolder) -> i64 {
    placed(&season.outcome()).count() as i64
}

/// Adds places of jobs to jobs.csv.
fn add(season: &SeasonFolder, jobs: &[String], by: i64) {
    let mut table = season.table("jobs.csv");
    let capacity = table.header.iter().position(|name| name == "capacity").expect("the column");
    for id in jobs {
        let row = table.rows.iter_mut().find(|row| row[0] == *id).expect("the job");
        row[capacity] = (row[capacity].parse::<i64>().expect("a number") + by).to_string();
    }
    season.write("jobs.csv", table.to_csv(b';', csv::Terminator::Any(b'\n')));
}

#[test]
fn what_places_give_is_what_match_gives_with_them() {
    let season = || SeasonFolder::drawn(200, 20, 60, 3);
    let args = ["--count", "4", "--format", "json", "--picture", "curve.svg"];
    let here = season();
    let report = here.run_words(&["plan", "places"], args).succeeds().json();
    let rows = report["steps"].as_array().expect("rows");
    let jobs: Vec<String> = rows.iter().filter_map(|row| Some(row["of"].as_str()?.strip_prefix("job:")?.to_owned())).collect();
    assert_eq!(jobs.len(), 4, "{rows:?}");
    let before = places(&season().matched(&[]));
    let with = season();
    add(&with, &jobs, 1);
    assert_eq!(places(&with.matched(&[])) - before, rows[3]["places_so_far"].as_i64().expect("a number"));
    assert_eq!(report["fills_as_many_as_any_set"], true);
    assert!(fs::read_to_string(here.root().join("curve.svg")).expect("a picture").contains("4: 4."), "the curve ends at 4");
    let missed = here.run_words(&["plan", "places"], ["--remove", "--count", "2", "--format", "csv"]).succeeds();
    let missed = Rows::parse(&missed.stdout, b',');
    assert!(missed.iter().all(|row| row.get("seed") == report["seed"]), "{}", report["seed"]);
    let jobs: Vec<String> = missed.iter().map(|row| row.get("of").trim_start_matches("job:").to_owned()).collect();
    let without = season();
    add(&without, &jobs, -1);
    let told: i64 = missed.rows[1][missed.header.iter().position(|name| name == "places_so_far").expect("it")]
        .trim_start_matches('\'')
        .parse()
        .expect("a number");
    assert_eq!(places(&without.matched(&[])) - before, told);
}

/// With a home district's cap used up, a place alone gives nothing: the cap is named.
#[test]
fn caps_that_would_have_to_be_raised_are_named() {
    let season = SeasonFolder::stockholm();
    season.edit("season.toml", "cap = 67\n", "cap = 40\n");
    let args = ["--count", "2", "--candidates", "3"];
    let text = season.run_words(&["plan", "places"], args).succeeds();
    text.says_also("is not always the best set");
    let report = season.run_words(&["plan", "places"], args.into_iter().chain(["--format", "json"])).succeeds().json();
    assert_eq!((&report["seed"], report["fills_as_many_as_any_set"].as_bool()), (&"stockholm-2015".into(), Some(false)));
    let threads =
        |n: &'static str| season.run_words(&["plan", "places"], args.into_iter().chain(["--threads", n])).succeeds().stdout;
    assert_eq!(threads("1"), threads("2"));
    season.run_words(&["plan", "places"], ["--count", "0"]).ends_with(2).complains("--count");
}
