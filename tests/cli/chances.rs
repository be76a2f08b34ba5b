//! Everybody's probability of a place, beside the lotteries drawn one by one.

use std::collections::BTreeMap;
use std::fs;

use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

/// Four lotteries are drawn with `match`, and what they give counted.
#[test]
fn a_chance_is_how_often_match_gives_a_place() {
    let season = SeasonFolder::stockholm();
    let out = season.root().join("chances.csv").display().to_string();
    let args = ["--draws", "4", "--seed", "L", "--out", &out, "--format", "json"];
    let report = season.run("chances", args).succeeds().json();
    let table = Rows::parse(&fs::read_to_string(&out).expect("the file"), b',');
    let mut often: BTreeMap<String, u32> = BTreeMap::new();
    for number in 1..=4 {
        season.run("match", ["--seed", &format!("L {number}")]).succeeds();
        placed(&season.outcome()).for_each(|(id, _)| *often.entry(id.to_owned()).or_default() += 1);
    }
    let share = |text: &str| text.parse::<f64>().expect("a share");
    let mut sum = 0.0;
    for row in table.iter().filter(|row| row.get("p") != "***") {
        let p = share(row.get("p"));
        let seen = f64::from(often.get(row.get("applicant_id")).copied().unwrap_or(0));
        assert!((p - seen / 4.0).abs() < 1e-6, "{} of {}", row.get("p"), row.get("applicant_id"));
        let ranks: f64 = table.header.iter().filter(|name| name.starts_with("wish_")).map(|name| share(row.get(name))).sum();
        assert!((ranks + share(row.get("by_hand")) - p).abs() < 1e-5);
        sum += p;
    }
    let protected = season.table("applicants.csv").iter().filter(|row| !row.get("protected").is_empty()).count();
    let masked = table.iter().filter(|row| row.get("p") == "***").count();
    assert_eq!((table.rows.len(), masked), (1_511, protected));
    let places = report["mean_places"].as_f64().expect("a number");
    assert!((f64::from(often.values().sum::<u32>()) / 4.0 - places).abs() < 1e-6 && sum <= places + 1e-6);
    // Of each kind, the groups have everybody, and their means add up to the places.
    let groups = report["groups"].as_array().expect("groups");
    for kind in ["class", "district", "cohort", "gender"] {
        let of_kind = || groups.iter().filter(|group| group["group"] == kind && group["mean"].is_number());
        let expected: f64 =
            of_kind().map(|g| g["mean"].as_f64().expect("a mean") * g["eligible"].as_f64().expect("a count")).sum();
        assert!((expected - places).abs() < 0.01, "{kind}: {expected} of {places}");
    }
}

#[test]
fn threads_change_no_byte_and_seeds_do() {
    let season = SeasonFolder::drawn(200, 20, 80, 5);
    let run = |threads: &str, seed: &str| {
        season.run("chances", ["--draws", "300", "--threads", threads, "--seed", seed, "--format", "csv"]).succeeds().stdout
    };
    assert_eq!(run("1", "S"), run("3", "S"));
    assert_ne!(run("1", "S"), run("1", "T"));
}

#[test]
fn one_applicant_is_told_the_chance_of_each_wish_and_nobody_else_is_named() {
    let season = SeasonFolder::drawn(60, 8, 30, 4);
    let id = season.table("applicants.csv").rows[6][0].clone();
    let run = season.run("chances", ["--draws", "500", "--applicant", &id]).succeeds();
    run.says_also(&format!("{id} gets a place with a probability of "));
    assert!(season.table("applicants.csv").rows.iter().all(|row| row[0] == id || !run.stdout.contains(&row[0])));
    let table = season.run("chances", ["--draws", "500", "--applicant", &id, "--format", "csv"]).succeeds();
    let table = Rows::parse(&table.stdout, b',');
    let p: Vec<f64> = table.iter().map(|row| row.get("p").parse().expect("a share")).collect();
    assert_eq!(table.rows.len(), 5, "four wishes, and none");
    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{p:?}");
    season
        .run("chances", ["--applicant", &format!("{id}x")])
        .ends_with(2)
        .complains("there is no applicant")
        .complains("did you mean");
}

#[test]
fn of_a_protected_identity_nothing_is_shown() {
    let season = SeasonFolder::stockholm();
    let applicants = season.table("applicants.csv");
    let id = applicants.iter().find(|row| !row.get("protected").is_empty()).map_or_else(
        || {
            let mut rows = applicants.clone();
            let at = rows.header.iter().position(|name| name == "protected").expect("the column");
            rows.rows[0][at] = "ja".to_owned();
            season.write("applicants.csv", rows.to_csv(b';', csv::Terminator::Any(b'\n')));
            rows.rows[0][0].clone()
        },
        |row| row.get("applicant_id").to_owned(),
    );
    let run = season.run("chances", ["--draws", "3", "--applicant", &id]).succeeds();
    run.says_also("the identity is protected");
    assert!(!run.stdout.contains('%'), "{}", run.stdout);
    let run = season.run("chances", ["--draws", "3", "--applicant", &id, "--format", "csv"]).succeeds();
    assert_eq!(run.stdout, "place,p,low,high\n***,***,***,***\n");
}

#[test]
fn draws_end_when_it_is_known_well_enough_or_it_is_said() {
    let season = SeasonFolder::drawn(60, 8, 30, 4);
    let report = season.run("chances", ["--draws", "100000", "--precision", "0,05", "--format", "json"]).succeeds().json();
    assert_eq!(report["draws"], 500, "1.96² / 4 / 0.05² is 385 at most, and it is looked at every 250");
    assert!(report["half_width"].as_f64().is_some_and(|width| width <= 0.05));
    season.run("chances", ["--draws", "20", "--precision", "0.05"]).succeeds().says("draw more");
    for wrong in ["0", "0.5", "many", "-1"] {
        season.run("chances", [&*format!("--precision={wrong}")]).ends_with(2).complains("--precision");
    }
    season.run("chances", ["--draws", "0"]).ends_with(2).complains("--draws");
    season.run("chances", ["--draws", "2", "--out", "nowhere/chances.csv"]).ends_with(74).complains("nowhere/chances.csv");
}
