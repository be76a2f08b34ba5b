//! Mechanisms side by side, and soft targets with their price.

use feriematch_model::Gender;

use crate::season_folder::{SeasonFolder, placed};

/// Returns a column of a table of the report, by mechanism.
#[track_caller]
fn column(report: &serde_json::Value, table: &str, name: &str) -> Vec<(String, serde_json::Value)> {
    let rows = report["tables"][table].as_array().expect("the table");
    rows.iter().map(|row| (row["mechanism"].as_str().expect("a name").to_owned(), row[name].clone())).collect()
}

#[test]
fn every_mechanism_is_compared_on_the_season() {
    let season = SeasonFolder::stockholm();
    let report = season.run("compare", ["--format", "json"]).succeeds().json();
    let names: Vec<String> = column(&report, "wishes", "filled").into_iter().map(|(name, _)| name).collect();
    let expected = [
        "priority",
        "priority, rank-maximal",
        "priority, generous",
        "priority, ranking-order",
        "deferred-acceptance",
        "serial-dictatorship",
        "rank-maximal",
        "top-trading-cycles",
        "paper-lottery",
    ];
    assert_eq!(names, expected);
    // What is compared is what `match` gives.
    for (name, filled) in column(&report, "wishes", "filled") {
        let mut words = name.split(", ");
        let mechanism = words.next().expect("a name");
        let placement = words.next().map(|rule| ["--placement", rule]);
        let args = ["--mechanism", mechanism].into_iter().chain(placement.into_iter().flatten());
        season.run("match", args).succeeds();
        assert_eq!(filled, placed(&season.outcome()).count(), "{name}");
        season.verifies();
    }
    let blocking = column(&report, "fairness", "blocking_pairs");
    for (name, pairs) in blocking {
        assert_eq!(pairs == 0, name == "deferred-acceptance", "{name}: {pairs}");
    }
    for (name, improvable) in column(&report, "fairness", "improvable") {
        let is_efficient = !matches!(name.as_str(), "deferred-acceptance" | "paper-lottery" | "top-trading-cycles");
        assert!(!is_efficient || improvable == 0, "{name}: {improvable}");
    }
    // The most first wishes are those of the rule that asks for them.
    let first = column(&report, "wishes", "first_wish_share");
    let best = first.iter().take(4).max_by(|a, b| a.1.as_f64().partial_cmp(&b.1.as_f64()).expect("shares")).expect("rows");
    assert_eq!(best.0, "priority, rank-maximal");
    assert!(!season.entries().iter().any(|name| name == "comparison"), "compare writes nothing");
}

#[test]
fn a_comparison_can_be_narrowed_drawn_and_read_by_programs() {
    let season = SeasonFolder::starter();
    let picture = season.root().join("c.svg");
    let run = season.run("compare", ["--only", "priority,deferred-acceptance", "--picture", picture.to_str().expect("a path")]);
    let text = run.succeeds().stdout;
    assert!(text.contains("deferred-acceptance") && !text.contains("serial-dictatorship"), "{text}");
    let picture = std::fs::read_to_string(picture).expect("the picture");
    assert!(picture.starts_with("<svg") && picture.contains("deferred-acceptance"));
    let csv = season.run("compare", ["--format", "csv"]).succeeds().stdout;
    assert!(csv.starts_with("mechanism,filled,unfilled,"), "{csv}");
    assert_eq!(csv.lines().count(), 10);
    season.run("compare", ["--only", "prioritty"]).ends_with(2).complains("'priority'");
    season.remove_lines("season.toml", &["seed = "]);
    season.run("compare", []).ends_with(2).complains("no seed");
}

/// A season of 2015 with soft targets.
fn with_targets(targets: &str) -> SeasonFolder {
    let season = SeasonFolder::stockholm();
    season.write("season.toml", format!("{}\n[balance]\n{targets}\n", season.read("season.toml")));
    season
}

#[test]
fn a_reserve_is_kept_audited_and_priced() {
    let plain = SeasonFolder::stockholm();
    plain.run("match", []).succeeds();
    let season = with_targets("reserves = [{ gender = \"female\", percent = 55 }]");
    let report = season.run("match", ["--format", "json"]).succeeds().json();
    season.verifies();
    let price = &report["balance_price"];
    let girls = |side: &str| price[side]["girls"].as_u64().expect("a count");
    let placed_then = price["without"]["placed"].as_u64().expect("a count");
    assert!(girls("with") * 100 >= placed_then * 54 && girls("without") * 100 < placed_then * 54, "{price}");
    // Those named are those whose verdicts differ.
    let [with, without] = [&season, &plain].map(|s| placed(&s.outcome()).map(|(id, _)| id.to_owned()).collect::<Vec<_>>());
    let gained: Vec<&String> = with.iter().filter(|id| !without.contains(id)).collect();
    assert_eq!(serde_json::json!(gained), price["gained"]);
    assert!(!gained.is_empty());
    let women = season.table("applicants.csv");
    assert!(gained.iter().all(|id| women.iter().any(|row| row.get("applicant_id") == *id && row.get("gender") == "F")));
    assert_eq!(serde_json::to_value(Gender::Female).expect("a name"), report["balance"]["reserves"][0]["gender"]);

    season.run("match", []).succeeds().says("Soft balance targets, on because").says("legally doubtful");
    // Without them the outcome is that of a season that never heard of them.
    season.run("match", ["--no-balance"]).succeeds();
    assert_eq!(season.read("outcome/outcome.json"), plain.read("outcome/outcome.json"));
    season.run("match", ["--mechanism", "top-trading-cycles"]).ends_with(2).complains("--no-balance");
}

#[test]
fn balance_at_workplaces_moves_people_for_its_ranks() {
    let season = with_targets("workplaces = { ranks = 2, majority_percent = 55 }");
    let report = season.run("match", ["--format", "json"]).succeeds().json();
    season.verifies();
    let price = &report["balance_price"];
    let number = |side: &str, what: &str| price[side][what].as_u64().expect("a count");
    let (ranks, balanced) = (number("with", "ranks") - number("without", "ranks"), "among_the_other");
    let more = number("with", balanced) - number("without", balanced);
    assert!(more > 0 && ranks <= 2 * more, "{price}");
    assert_eq!(number("with", "placed"), number("without", "placed"));
}

#[test]
fn a_forged_reserve_is_refuted() {
    let season = with_targets("reserves = [{ gender = \"female\", percent = 55 }]");
    season.run("match", []).succeeds();
    season.edit("outcome/outcome.json", "\"percent\":55", "\"percent\":50");
    season.run("verify", []).ends_with(1).says("refuted");
}

#[test]
fn a_round_that_moves_people_serves_no_targets() {
    let season = with_targets("reserves = [{ gender = \"female\", percent = 55 }]");
    let day = |day| ["--by", "anna", "--date", day];
    season.run_words(&["ledger", "init"], day("2015-03-01")).succeeds();
    season.run_words(&["lottery", "draw"], ["--seed", "stockholm-2015"].into_iter().chain(day("2015-03-02"))).succeeds();
    season.run("publish", ["--days", "7"].into_iter().chain(day("2015-03-30"))).succeeds().says("Soft balance targets");
    season
        .run("publish", ["--days", "7", "--max-moves", "1"].into_iter().chain(day("2015-04-20")))
        .ends_with(4)
        .complains("[balance]");
}
