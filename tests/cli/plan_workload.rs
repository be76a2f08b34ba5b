//! Staff hours and caseloads, from files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::program::{CHECKOUT, feriematch};
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

fn data(file: &str) -> String {
    Path::new(CHECKOUT).join("data/workload").join(file).display().to_string()
}

#[test]
fn hours_of_2015_add_up_by_step_and_by_week() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let figures = data("workload.toml");
    let args = ["plan", "workload", "--figures", &figures];
    let report = feriematch(temp.path(), args.into_iter().chain(["--format", "json"])).succeeds().json();
    // 1 511 × 8, 640 × 15, 546 × 40 and 546 × 12 minutes.
    let minutes = 1_511 * 8 + 640 * 15 + 546 * 40 + 546 * 12;
    let hundredths = |value: &serde_json::Value| (value.as_f64().expect("a number") * 100.0).round() as i64;
    assert_eq!(hundredths(&report["needed"]), (f64::from(minutes) / 0.6).round() as i64);
    let weeks = report["weeks"].as_array().expect("rows");
    let sum: i64 = weeks.iter().map(|week| hundredths(&week["needed"])).sum();
    assert!((sum - hundredths(&report["needed"])).abs() <= weeks.len() as i64, "rounded week by week");
    // Easter, 1 May and Ascension Day 2015: two people of 8 hours.
    let week = |monday: &str| weeks.iter().find(|week| week["week"] == monday).unwrap_or_else(|| panic!("no week {monday}"));
    let there = |monday: &str| (week(monday)["working_days"].as_i64().expect("days"), hundredths(&week(monday)["there"]) / 100);
    assert_eq!(
        ["2015-03-30", "2015-04-06", "2015-04-27", "2015-05-11", "2015-05-18"].map(there),
        [(4, 64), (4, 64), (4, 64), (4, 64), (5, 200)]
    );
    let text = feriematch(temp.path(), args.into_iter().chain(["--picture", "weeks.svg"])).succeeds();
    text.says_also("The work needs");
    text.says_also("With 100 applications more");
    assert!(fs::read_to_string(temp.path().join("weeks.svg")).expect("a picture").contains("2015-05-18, there: 200."));
}

#[test]
fn a_season_brings_its_own_volumes() {
    let season = SeasonFolder::drawn(200, 20, 90, 4);
    season.write("workload.toml", fs::read(data("workload.toml")).expect("the figures"));
    let report = season.run_words(&["plan", "workload"], ["--format", "json"]).succeeds().json();
    let volume = |name: &str| report["volumes"][name].as_i64().expect("a number");
    // 640 × 90 / 546, rounded up.
    assert_eq!(["applications", "hires", "offers", "reports"].map(volume), [200, 90, 106, 90]);
    season.edit("workload.toml", "per = \"offer\"", "per = \"offers\"");
    season.edit("workload.toml", "last_day = 2015-04-17", "last_day = 2015-03-22");
    season.edit("workload.toml", "people = 2", "peopel = 2");
    season
        .run_words(&["plan", "workload"], [])
        .ends_with(3)
        .complains("`offer`")
        .complains("no working day from 2015-03-23 to 2015-03-22")
        .complains("did you mean `people`?");
}

#[test]
fn cases_are_spread_evenly_and_every_need_is_met() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let (cases_file, handlers_file) = (data("cases.csv"), data("handlers.csv"));
    let args = ["plan", "caseload", &cases_file, &handlers_file];
    let run = |more: &[&str]| feriematch(temp.path(), args.into_iter().chain(more.iter().copied())).succeeds();
    let assigned = Rows::parse(&run(&["--table", "cases", "--format", "csv"]).stdout, b',');
    let (cases, handlers) = (Rows::read(Path::new(&cases_file), b';'), Rows::read(Path::new(&handlers_file), b';'));
    let (mut loads, mut counts) = (BTreeMap::new(), BTreeMap::new());
    for case in cases.iter() {
        let row = assigned.find("case", case.get("case"));
        let handler = handlers.find("handler", row.get("handler"));
        assert!(case.get("needs").is_empty() || handler.get("skills").split('|').any(|skill| skill == case.get("needs")));
        *loads.entry(row.get("handler").to_owned()).or_insert(0) += match case.get("class") {
            "A" => 4,
            "B" => 2,
            _ => 1,
        };
        *counts.entry(row.get("handler").to_owned()).or_insert(0) += 1;
    }
    assert_eq!((cases.rows.len(), loads.len()), (546, 10));
    assert!(counts.values().all(|&count| count <= 60), "{counts:?}");
    let (least, most) = (loads.values().min().expect("loads"), loads.values().max().expect("loads"));
    assert!(most - least <= 1, "{loads:?}");
    let report = run(&["--format", "json"]).json();
    assert_eq!((&report["this"]["greatest_load"], &report["no_greatest_load_below"]), (&(*most).into(), &(*most).into()));
    let kept = run(&["--continuity-first", "--format", "json"]).json();
    let changes = |report: &serde_json::Value, of: &str| report[of]["changes"].as_i64().expect("a number");
    assert!(changes(&kept, "this") < changes(&report, "this"));
    assert_eq!(changes(&kept, "this"), changes(&report, "other_rule"));
    run(&["--picture", "loads.svg"]).says_also("The greatest load can be no less");
    assert_eq!(run(&["--threads", "1"]).stdout, run(&["--threads", "3"]).stdout);
}

#[test]
fn what_is_wrong_with_cases_is_told() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).expect("can be written");
    write("handlers.csv", "handler;most;skills\nh1;1;\nh2;1;somali\n");
    write("cases.csv", "case;class;needs\nc1;A;somali\nc2;D;\nc3;B;arabic\nc1;C;\n");
    let run = |more: &[&str]| {
        let args = ["plan", "caseload", "cases.csv", "handlers.csv"];
        feriematch(temp.path(), args.into_iter().chain(more.iter().copied()))
    };
    run(&[]).ends_with(3).complains("cases.csv:3:4").complains("no handler has arabic").complains("`c1` is there twice");
    write("cases.csv", "case;class\nc1;A\nc2;B\nc3;B\n");
    run(&[]).ends_with(4).complains("1 case finds no handler with room: c3").complains("--most");
    run(&["--weights", "A=3,B=2"]).ends_with(2).complains("3 is no multiple of 2");
    run(&["--weights", "A"]).ends_with(2).complains("A=4");
}
