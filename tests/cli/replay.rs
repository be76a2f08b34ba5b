//! A season played through many times, beside the published table of 2015.

use std::fs;

use serde_json::Value;

use crate::season_folder::SeasonFolder;

/// Returns the figure of a scenario.
#[track_caller]
fn figure<'r>(report: &'r Value, scenario: &str, key: &str, measure: &str) -> &'r Value {
    let scenarios = report["scenarios"].as_array().expect("scenarios");
    let scenario = scenarios.iter().find(|s| s["name"] == scenario).expect("the scenario");
    let mut figures = scenario["figures"].as_array().expect("figures").iter();
    figures.find(|f| f["key"] == key && f["measure"] == measure).unwrap_or_else(|| panic!("no {measure} of {key}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

/// shared/domain.md, section 2: offers 206, 198 and 236, declined 21, 22 and 51, worked 185, 176 and 185.
#[test]
fn with_the_ceilings_of_2015_seasons_look_like_the_published_one() {
    let season = SeasonFolder::stockholm();
    let report = season.run("replay", ["--seeds", "60", "--format", "json"]).succeeds().json();
    for (district, offered, declined, worked) in
        [("kungsholmen", 206, 21, 185), ("norrmalm", 198, 22, 176), ("ostermalm", 236, 51, 185_u32)]
    {
        let of = |measure| figure(&report, "published", district, measure);
        let published = ["offered", "declined", "worked"].map(|measure| &of(measure)["published"]);
        assert_eq!(published, [offered, declined, worked]);
        assert_eq!(["min", "max"].map(|end| &of("worked")[end]), [worked, worked], "{district}");
        // Offers until so many accept: the negative binomial distribution, whose mean is the published number, and whose
        // standard deviation is the root of hired · q / (1 - q)². Four standard errors of 60 seasons are allowed.
        let [offered, declined, worked] = [offered, declined, worked].map(f64::from);
        let share = declined / offered;
        let deviation = (worked * share).sqrt() / (1.0 - share);
        let off = (number(&of("offered")["mean"]) - offered).abs();
        assert!(off < 4.0 * deviation / 60_f64.sqrt(), "{district}: {off} of {deviation}");
        let spread = number(&of("offered")["sd"]);
        assert!((spread / deviation - 1.0).abs() < 4.0 / 120_f64.sqrt(), "{district}: {spread} of {deviation}");
    }
    // The files' own ceilings: 203 each, and 558 places that the districts may pay for.
    for (district, most) in [("kungsholmen", 203.0), ("norrmalm", 203.0), ("ostermalm", 203.0)] {
        assert!(number(&figure(&report, "season", district, "worked")["max"]) <= most);
    }
    assert!(number(&figure(&report, "season", "all", "worked")["max"]) <= 558.0);
    for scenario in ["season", "published"] {
        let mean = |measure| number(&figure(&report, scenario, "all", measure)["mean"]);
        assert!((mean("offered") - mean("declined") - mean("worked")).abs() < 0.02);
        assert!(number(&figure(&report, scenario, "all", "hired_by_departments")["max"]) <= 67.0);
    }
}

#[test]
fn threads_change_no_byte() {
    let season = SeasonFolder::stockholm();
    let replay = |threads: &str, format: &str| {
        let svg = format!("season/{threads}.svg");
        let args = ["--seeds", "12", "--threads", threads, "--format", format, "--picture", &svg];
        season.run("replay", args).succeeds().stdout
    };
    for format in ["text", "csv", "json"] {
        assert_eq!(replay("1", format), replay("3", format));
    }
    let svg = season.read("1.svg");
    assert_eq!(svg, season.read("3.svg"));
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    // Another seed is other seasons.
    let other = season.run("replay", ["--seeds", "12", "--seed", "other", "--format", "csv"]).succeeds().stdout;
    assert_ne!(other, replay("1", "csv"));
}

/// The first round of a replayed season is what `match` gives with its seed, as far as that can be seen from outside: one
/// seed, and nobody declines.
#[test]
fn without_declines_a_season_is_over_after_the_round_that_match_gives() {
    let season = SeasonFolder::stockholm();
    let mut table = String::from("group;key;measure;value\n");
    for district in ["kungsholmen", "norrmalm", "ostermalm"] {
        table.push_str(&format!("district;{district};offered;1\ndistrict;{district};declined;0\n"));
    }
    season.write("nobody.csv", table);
    let args = ["--seeds", "1", "--published", "season/nobody.csv", "--format", "json"];
    let report = season.run("replay", args).succeeds().json();
    assert_eq!(report["scenarios"].as_array().map(Vec::len), Some(1), "nobody said how many worked");
    let season = season.matched(&["--seed", "replay 1"]);
    let offers = season.table("outcome/offers.csv");
    let hired: Vec<_> = ["worked", "hired_by_departments"]
        .map(|measure| number(&figure(&report, "season", "all", measure)["mean"]))
        .into_iter()
        .collect();
    assert!((hired.iter().sum::<f64>() - f64::from(u32::try_from(offers.rows.len()).expect("few"))).abs() < 0.01);
    assert!((number(&figure(&report, "season", "all", "rounds")["mean"]) - 1.0).abs() < 0.01);
}

#[test]
fn a_table_that_lacks_what_is_needed_is_refused_with_every_reason() {
    let season = SeasonFolder::stockholm();
    let refuses = |table: &str, whys: &[&str]| {
        season.write("bad.csv", table);
        let run = season.run("replay", ["--seeds", "1", "--published", "season/bad.csv"]).ends_with(3);
        assert_eq!(run.stdout, "");
        whys.iter().fold(run, |run, why| run.complains(why));
    };
    let header = "group,key,measure,value\n";
    refuses(
        &format!("{header}district,norrmalm,offered,1.5\ndistrict,nowhere,offered,3\n"),
        &["bad.csv: line 2: `1.5` is not a number of offers", "line 3: the season has no district `nowhere`"],
    );
    refuses(
        &format!("{header}district,norrmalm,offered,5\ndistrict,norrmalm,declined,6\ndistrict,ostermalm,offered,9\n"),
        &[
            "`norrmalm`: 6 of 5 offers is no share",
            "`ostermalm`, where applicants live, has no figure `declined`",
            "`kungsholmen`",
        ],
    );
    fs::remove_file(season.path("published.csv")).expect("the table was there");
    season.run("replay", []).ends_with(2).complains("published.csv is not there").complains("--published");
}
