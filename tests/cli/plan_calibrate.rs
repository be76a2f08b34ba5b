//! Assumptions from published figures, and districts predicted from each other.

use serde_json::Value;

use crate::season_folder::SeasonFolder;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

/// Returns the season of 2015 without the assumptions that come with it.
fn without_assumptions() -> SeasonFolder {
    let season = SeasonFolder::stockholm();
    std::fs::remove_file(season.path("planning.toml")).expect("the file");
    season
}

#[track_caller]
fn figure<'r>(report: &'r Value, district: &str, measure: &str, model: &str) -> &'r Value {
    let mut rows = report["held_out"].as_array().expect("rows").iter();
    rows.find(|row| row["district"] == district && row["measure"] == measure && row["model"] == model).expect("the figure")
}

/// Published: Kungsholmen 21 of 206 declined, Norrmalm 22 of 198, Östermalm 51 of 236 (shared/domain.md, section 2).
#[test]
fn ostermalm_is_missed_by_far_and_it_is_said() {
    let season = SeasonFolder::stockholm();
    let report = season.run_words(&["plan", "calibrate"], ["--format", "json"]).succeeds().json();
    assert_eq!(report["cost_per_place"], "9833.33");
    for (district, offered, declined) in [("kungsholmen", 206, 21), ("norrmalm", 198, 22), ("ostermalm", 236, 51)] {
        let [one, differ] = ["one-rate", "rates-differ"].map(|model| figure(&report, district, "not_accepted", model));
        assert_eq!(
            (&one["published"], &figure(&report, district, "offers_needed", "one-rate")["published"]),
            (&declined.into(), &offered.into())
        );
        for (row, is_inside) in [(one, false), (differ, true)] {
            let [low, median, high] = ["p5", "p50", "p95"].map(|column| number(&row[column]));
            assert!(low <= median && median <= high);
            assert_eq!((low..=high).contains(&f64::from(declined)), is_inside, "{row}");
            assert_eq!(row["inside"], if is_inside { "yes" } else { "no" });
        }
        assert!(number(&differ["p95"]) > number(&one["p95"]) && number(&differ["p5"]) < number(&one["p5"]));
    }
    // Of 404 offers the others accepted 361: the beta-binomial distribution with 362 and 44, of which 51 of 236 or more has 0.000146 (worked out with the gamma function in Python).
    let rank = number(&figure(&report, "ostermalm", "not_accepted", "one-rate")["mid_rank"]);
    assert!((rank - 0.999_882).abs() < 1e-6, "{rank}");
    season
        .run_words(&["plan", "calibrate"], [])
        .succeeds()
        .says("Östermalm is missed by far: of its 236 offers 51 were not accepted")
        .says("a rate learned in other districts is no ground for overbooking")
        .says("Nothing is written");
    let one = season.run_words(&["plan", "calibrate"], ["--hold-out", "norrmalm", "--format", "csv"]).succeeds().stdout;
    assert_eq!(one.lines().count(), 1 + 3 * 2);
}

#[test]
fn what_is_written_is_read_and_nothing_is_overwritten() {
    let season = without_assumptions();
    let out = ["--out", "season/planning.toml"];
    season.run_words(&["plan", "calibrate"], out).succeeds().says("Wrote ");
    let written = season.read("planning.toml");
    assert!(written.contains("district = \"ostermalm\"\ndeclined = \"51 of 236\"\n"), "{written}");
    let report = season.run_words(&["plan", "offers"], ["--format", "json"]).succeeds().json();
    let rates = report["tables"]["rates"].as_array().expect("rows");
    let rate = |key: &str| number(&rates.iter().find(|row| row["key"] == key).expect("the district")["rate"]);
    assert!((rate("ostermalm") - 185.0 / 236.0).abs() < 1e-6 && (rate("norrmalm") - 176.0 / 198.0).abs() < 1e-6);
    season.write("planning.toml", "mine");
    season.run_words(&["plan", "calibrate"], out).ends_with(2).complains("is there already").complains("--replace");
    assert_eq!(season.read("planning.toml"), "mine");
    season.run_words(&["plan", "calibrate"], out.into_iter().chain(["--replace", "--picture", "season/held.svg"])).succeeds();
    assert_eq!(season.read("planning.toml"), written);
    assert!(season.read("held.svg").contains("Östermalm, published: 51"));
}

#[test]
fn a_district_of_which_nothing_is_known_gets_what_all_did() {
    let season = without_assumptions();
    let table = "group,key,measure,value\ndistrict,norrmalm,offered,10\ndistrict,norrmalm,declined,2\ndistrict,norrmalm,lapsed,1\n\
                 district,norrmalm,withdrawn,1\ndistrict,elsewhere,offered,30\ndistrict,elsewhere,declined,3\n";
    season.write("figures.csv", table);
    let args = ["--learn", "season/figures.csv", "--out", "season/planning.toml"];
    season.run_words(&["plan", "calibrate"], args).succeeds();
    let written = season.read("planning.toml");
    assert!(
        written.contains("district = \"norrmalm\"\ndeclined = \"2 of 10\"\nlapsed = \"1 of 10\"\nwithdrawn = \"1 of 7\"\n"),
        "{written}"
    );
    assert!(written.contains("# Nothing is known of kungsholmen, ostermalm"), "{written}");
    assert!(written.contains("[[answers]]\ndeclined = \"5 of 40\"\nlapsed = \"1 of 40\"\n"), "{written}");
    season.run_words(&["plan", "offers"], []).succeeds();
    // Without money in the figures there is no cost to predict.
    let report =
        season.run_words(&["plan", "calibrate"], ["--learn", "season/figures.csv", "--format", "json"]).succeeds().json();
    assert_eq!(report["held_out"].as_array().expect("rows").len(), 2 * 2 * 2);
}

#[test]
fn what_cannot_be_is_refused_with_the_remedy() {
    let season = SeasonFolder::stockholm();
    let run = |args: &[&str]| season.run_words(&["plan", "calibrate"], args.iter().copied());
    run(&["--hold-out", "ostermlam"]).ends_with(2).complains("did you mean `ostermalm`?");
    run(&["--published", "nowhere.csv"]).ends_with(74).complains("nowhere.csv");
    run(&["--replace"]).ends_with(2).complains("--out");
    run(&["--out", "nowhere/planning.toml"]).ends_with(74).complains("nowhere/planning.toml");
    season.write("one.csv", "group,key,measure,value\ndistrict,norrmalm,offered,10\ndistrict,norrmalm,declined,2\n");
    run(&["--published", "season/one.csv", "--hold-out", "norrmalm"]).ends_with(2).complains("no other district");
    run(&["--published", "season/one.csv"]).succeeds().says("With one district there is no other to predict it from.");
    season.write("one.csv", "group,key,measure,value\ndistrict,norrmalm,offered,10\n");
    run(&["--published", "season/one.csv"]).ends_with(3).complains("district `norrmalm` has no figure `declined`");
    std::fs::remove_file(season.path("published.csv")).expect("the file");
    run(&[]).ends_with(2).complains("--published").complains("--learn");
}
