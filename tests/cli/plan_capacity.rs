//! A season simulated: beside the one played through the record, in parts, and with assumptions that cannot be.

use std::fs;

use serde_json::Value;

use crate::program::feriematch;
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

const CAPACITY: &[&str] = &["plan", "capacity"];

/// The declines of 2015, without a calendar: what `replay` plays.
const AS_PUBLISHED: &str = "[[answers]]\ndistrict = \"kungsholmen\"\ndeclined = \"21 of 206\"\n\n[[answers]]\ndistrict = \"norrmalm\"\n\
                            declined = \"22 of 198\"\n\n[[answers]]\ndistrict = \"ostermalm\"\ndeclined = \"51 of 236\"\n";

fn figure<'a>(report: &'a Value, name: &str, of: Option<(&str, &str)>) -> &'a Value {
    let is_it = |figure: &&Value| {
        let named = of.map_or((Value::Null, Value::Null), |(by, key)| (by.into(), key.into()));
        figure["figure"] == name && (figure["by"].clone(), figure["key"].clone()) == named
    };
    report["figures"].as_array().expect("figures").iter().find(is_it).unwrap_or_else(|| panic!("no {name} of {of:?}"))
}

/// Both ways through a season give the same, season by season: mean, deviation, least and greatest.
#[test]
fn seasons_are_those_that_replay_plays() {
    let season = SeasonFolder::stockholm();
    season.write("as-published.toml", AS_PUBLISHED);
    let replayed = season.run("replay", ["--seeds", "4", "--seed", "S", "--format", "json"]).succeeds().json();
    let assumptions = season.path("as-published.toml").display().to_string();
    let args = ["--seasons", "4", "--seed", "S", "--assumptions", &assumptions, "--format", "json"];
    let simulated = season.run_words(CAPACITY, args).succeeds().json();
    let of_season = &replayed["scenarios"][0]["figures"];
    let replayed = |group: &str, key: &str, measure: &str| {
        let is_it = |figure: &&Value| figure["group"] == group && figure["key"] == key && figure["measure"] == measure;
        of_season.as_array().expect("figures").iter().find(is_it).expect("the figure").clone()
    };
    let mut pairs = vec![
        (replayed("total", "all", "rounds"), figure(&simulated, "rounds", None)),
        (replayed("total", "all", "places_left"), figure(&simulated, "free", None)),
    ];
    for district in ["kungsholmen", "norrmalm", "ostermalm"] {
        pairs.push((replayed("district", district, "worked"), figure(&simulated, "hired", Some(("payer", district)))));
    }
    for (replayed, simulated) in pairs {
        for column in ["mean", "sd", "p5", "p50", "p95", "min", "max"] {
            assert_eq!(replayed[column], simulated[column], "{column} of {simulated}");
        }
    }
    // Without the file, published.csv says the same of declines.
    fs::remove_file(season.path("planning.toml")).expect("it is there");
    let args = ["--seasons", "4", "--seed", "S", "--format", "json"];
    assert_eq!(season.run_words(CAPACITY, args).succeeds().json()["figures"], simulated["figures"]);
}

#[test]
fn parts_merge_to_what_one_run_prints_and_writes() {
    let season = SeasonFolder::stockholm();
    let run = |args: &[&str]| season.run_words(CAPACITY, ["--seasons", "10", "--threads", "2"].iter().chain(args).copied());
    let whole = run(&["--out", "whole.json", "--picture", "whole.svg"]).succeeds().stdout;
    assert!(whole.contains("seeds \"capacity 1\" to \"capacity 10\"") && whole.contains("What it does not mean:"), "{whole}");
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part-{number}.json"));
        let said = run(&["--shard", &shard, "--out", &out]).succeeds();
        assert_eq!(said.stdout, "");
    }
    let merge = |args: &[&str]| feriematch(season.root(), ["plan", "merge"].iter().chain(args).copied());
    let parts = ["part-3.json", "part-1.json", "part-2.json"];
    let merged = merge(&[&parts[..], &["--out", "merged.json", "--picture", "merged.svg"]].concat()).succeeds();
    assert_eq!(merged.stdout, whole);
    let bytes = |name: &str| fs::read(season.root().join(name)).expect("the file");
    assert_eq!(bytes("merged.json"), bytes("whole.json"));
    assert_eq!(bytes("merged.svg"), bytes("whole.svg"));
    for format in ["csv", "json"] {
        let expected = run(&["--format", format]).succeeds().stdout;
        assert_eq!(merge(&[&parts[..], &["--format", format]].concat()).succeeds().stdout, expected);
        assert!(expected.contains("capacity"), "the seed is in it");
    }

    merge(&parts[..2]).ends_with(3).complains("parts of the study are missing: 2/3").complains("--shard 2/3");
    merge(&["part-1.json", "part-2.json", "part-1.json"]).ends_with(3).complains("part-1.json: part 3 has the seasons of 1/3");
    run(&["--seed", "another", "--shard", "3/3", "--out", "foreign.json"]).succeeds();
    merge(&["part-1.json", "part-2.json", "foreign.json"])
        .ends_with(3)
        .complains("foreign.json")
        .complains("its seed is another");
    merge(&["season/season.toml"]).ends_with(3).complains("is no part of a study");
    merge(&["nowhere.json"]).ends_with(74).complains("cannot read nowhere.json");
    assert!(!season.root().join("nothing.json").exists());
    merge(&["part-1.json", "--out", "nothing.json"]).ends_with(3);
    assert!(!season.root().join("nothing.json").exists(), "nothing is written of a study that is not whole");
}

/// The groups add up, and whoever has a protected identity is in no small group that is shown.
#[test]
fn every_figure_is_in_the_table_for_programs() {
    let season = SeasonFolder::stockholm();
    let csv = season.run_words(CAPACITY, ["--seasons", "3", "--seed", "S", "--format", "csv"]).succeeds().stdout;
    let table = Rows::parse(&csv, b',');
    let sum = |figure: &str, by: &str| {
        let rows = table.iter().filter(|row| row.get("figure") == figure && row.get("by") == by);
        rows.map(|row| row.get("mean").parse::<f64>().expect("a number")).sum::<f64>()
    };
    for figure in ["applicants", "offered", "hired", "unplaced"] {
        for by in ["class", "district", "cohort", "gender"] {
            assert!((sum(figure, by) - sum(figure, "season")).abs() < 0.1, "{figure} by {by}");
        }
    }
    for by in ["employer", "area", "payer"] {
        assert!((sum("hired", by) - sum("hired", "season")).abs() < 0.1, "{by}");
    }
    assert!((sum("cost", "payer") - sum("cost", "season")).abs() < 0.1);
    assert!((sum("applicants", "season") - 1_511.0).abs() < 1e-9);
    assert!(table.iter().all(|row| row.get("seed") == "S" && row.get("seasons") == "3"));
}

#[test]
fn seasons_end_once_the_mean_is_known() {
    let season = SeasonFolder::drawn(60, 6, 30, 3);
    season.write("planning.toml", "[[answers]]\ndeclined = 20\nlapsed = \"2.5\"\n\n[population]\nredrawn_percent = 60\n");
    let run = |args: &[&str]| season.run_words(CAPACITY, args.iter().copied()).succeeds().stdout;
    let enough = run(&["--seasons", "5000", "--precision", "0.2"]);
    assert!(enough.contains("They are as many as the precision asked for takes."), "{enough}");
    assert!(enough.contains("stands for a Poisson-distributed number of applicants, 0.60 on average"), "{enough}");
    assert!(enough.contains("not answered") && enough.contains("There are rounds until nothing can be offered"), "{enough}");
    let few = run(&["--seasons", "250", "--precision", "0.01"]);
    assert!(few.contains("They are too few for the precision asked for: play more with --seasons."), "{few}");
    for wrong in [
        &["--precision", "0"][..],
        &["--precision", "0.001"],
        &["--precision", "0.2", "--shard", "1/2", "--out", "x"],
        &["--shard", "1/2"],
    ] {
        season.run_words(CAPACITY, wrong.iter().copied()).ends_with(2);
    }
    season.run_words(CAPACITY, ["--shard", "3/2", "--out", "x"]).ends_with(2).complains("is not a part such as 2/8");
}

#[test]
fn assumptions_that_cannot_be_are_refused_all_at_once() {
    let season = SeasonFolder::stockholm();
    season.write(
        "planning.toml",
        "[[answers]]\ndistrict = \"norrmal\"\ndeclined = \"22 of 198\"\n\n[[answers]]\ndistrict = \"ostermalm\"\ndeclined = \"51 of 50\"\n\
         lapsed = 0.5\n\n[calendar]\nfirst_offers = \"2015-03-23\"\ndays_to_answer = 0\nlead_days = 10\n\n[population]\nredrawn = 100\n",
    );
    let said = season.run_words(CAPACITY, []).ends_with(3);
    for problem in [
        "planning.toml:2:12",
        "did you mean `norrmalm`?",
        "`51 of 50` is no share",
        "planning.toml:8:10",
        "`calendar.first_offers` must be a date",
        "`calendar.days_to_answer` is 0, not between 1 and 250",
        "`days_between` is missing in `calendar`",
        "unknown key `redrawn`",
    ] {
        assert!(said.stderr.contains(problem), "`{problem}` is not in\n{}", said.stderr);
    }
    season.write("planning.toml", "[[answers]]\ndistrict = \"norrmalm\"\ndeclined = 60\nlapsed = 41\n");
    season.run_words(CAPACITY, []).ends_with(3).complains("more offers are declined and lapsed than are made");
    season.write("planning.toml", "[[answers]]\ndistrict = \"norrmalm\"\ndeclined = 60\n");
    season.run_words(CAPACITY, []).ends_with(3).complains("nothing is said of the answers in kungsholmen, ostermalm");
    season.write("planning.toml", "[[answers]]\ndeclined = 60\n\n[[answers]]\ndeclined = 61\n");
    season.run_words(CAPACITY, []).ends_with(3).complains("the answers of a district are given twice");
    for name in ["planning.toml", "published.csv"] {
        fs::remove_file(season.path(name)).expect("it is there");
    }
    season.run_words(CAPACITY, []).ends_with(2).complains("nothing says how many offers are declined").complains("--assumptions");
}
