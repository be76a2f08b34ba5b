//! Dated rules: which edition of a rule pack a season goes by, and that a new year is a new file.

use std::fs;

use serde_json::Value as Json;

use crate::program::{CHECKOUT, feriematch};
use crate::season_folder::{SeasonFolder, placed};

/// Returns the text of an edition that comes with the program, made one from another day.
fn edition(valid_from: &str) -> String {
    let path = format!("{CHECKOUT}/crates/ingest/rule-packs/sweden-minors/2025-01-01.toml");
    let text = fs::read_to_string(path).expect("an edition of the program");
    replaced(&text, "valid_from = 2025-01-01", &format!("valid_from = {valid_from}"))
}

/// Replaces what must be there once.
#[track_caller]
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {text}");
    text.replacen(from, to, 1)
}

impl SeasonFolder {
    /// Puts an edition into the season's folder.
    fn with_rules(self, name: &str, text: &str) -> Self {
        fs::create_dir_all(self.path("rules")).expect("a folder for rules");
        self.write(&format!("rules/{name}"), text);
        self
    }

    /// Returns the editions that `rules` lists.
    #[track_caller]
    fn editions(&self) -> Vec<Json> {
        let listing: Json = serde_json::from_str(&self.run("rules", ["--format", "json"]).succeeds().stdout).expect("JSON");
        listing["editions"].as_array().expect("a list").clone()
    }

    /// Returns where the edition begins that the season uses, and its file.
    #[track_caller]
    fn used(&self) -> (String, String) {
        let editions = self.editions();
        let used: Vec<&Json> = editions.iter().filter(|edition| edition["used"] == true).collect();
        assert_eq!(used.len(), 1, "{editions:?}");
        assert!(used[0]["why"].as_str().is_some_and(|why| why.contains("in force on the first working day")), "{editions:?}");
        [&used[0]["from"], &used[0]["file"]].map(|value| value.as_str().expect("a text").to_owned()).into()
    }
}

#[test]
fn the_programs_own_editions_are_listed_with_source_and_dates() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let text = feriematch(temp.path(), ["rules"]).succeeds().stdout;
    assert!(text.contains("from 2013-02-01 to 2024-12-31") && text.contains("from 2025-01-01\n"), "{text}");
    assert!(text.contains("AFS 2012:3") && text.contains("at most 12 months old (Skollagen (2010:800)"), "{text}");
    assert!(!text.contains("used"), "{text}");
    let csv = feriematch(temp.path(), ["rules", "--format", "csv"]).succeeds().stdout;
    assert!(csv.starts_with("family,from,to,source,url,checked,file,used,why\nsweden-minors,2013-02-01,2024-12-31,"), "{csv}");
    assert_eq!(csv.lines().count(), 3);
    feriematch(temp.path(), ["rules", "nowhere"]).ends_with(3).complains("F1001");
}

#[test]
fn a_season_goes_by_the_edition_in_force_on_its_first_working_day() {
    let shipped = |from: &str| (from.to_owned(), format!("sweden-minors/{from}.toml"));
    assert_eq!(SeasonFolder::stockholm().used(), shipped("2013-02-01"));
    let season = SeasonFolder::starter();
    assert_eq!(season.used(), shipped("2025-01-01"));
    season.run("rules", []).succeeds().says("(used)").says(
        "season goes by `sweden-minors` from 2025-01-01, which is in force on its first working day, 2027-06-14, and on all others to 2027-07-23.",
    );
}

#[test]
fn a_new_year_is_a_new_file() {
    let too_old = "mer än en dag gammalt den första arbetsdagen";
    let at_preschool = |season: &SeasonFolder| placed(&season.outcome()).filter(|(_, place)| place.job == "J-03").count();
    let before = SeasonFolder::starter().matched(&[]);
    assert_eq!(at_preschool(&before), 1);
    assert!(!before.run("why", ["A-0003"]).succeeds().stdout.contains(too_old));
    // An extract may be a day old, and whoever turns 16, 17 or 18 in the year may apply.
    let text = edition("2026-07-01").replace("\"12 months\"", "\"1 day\"") + "\n[cohorts]\nages = [16, 17, 18]\n";
    let season = SeasonFolder::starter().with_rules("2027.toml", &text);
    assert_eq!(season.used(), ("2026-07-01".to_owned(), "rules/2027.toml".to_owned()));
    let season = season.matched(&[]);
    assert_eq!(at_preschool(&season), 0, "the season's own rule on extracts decides nothing");
    season.verifies();
    season.run("why", ["A-0003"]).succeeds().says(too_old);
    // Who may apply follows from the file.
    season.remove_lines("season.toml", &["cohorts = "]);
    season.run("rules", []).succeeds().says("It also decides who may apply");
    let decisions = season.outcome().decisions;
    let season = season.matched(&[]);
    assert_eq!(season.outcome().decisions, decisions);
    // And is no longer told by a pack that does not say it.
    fs::remove_dir_all(season.path("rules")).expect("the rules were there");
    season.run("match", []).ends_with(3).complains("F2003").complains("`cohorts` is missing in `season`");
}

#[test]
fn an_outcome_made_under_other_rules_is_not_explained() {
    let season = SeasonFolder::starter().matched(&[]).with_rules("2027.toml", &edition("2027-01-01"));
    season.run("why", ["A-0001"]).ends_with(3).complains("other settings");
}

#[test]
fn a_seasons_own_edition_comes_ahead_of_the_programs_of_the_same_day() {
    let season = SeasonFolder::starter().with_rules("own.toml", &edition("2025-01-01"));
    assert_eq!(season.used(), ("2025-01-01".to_owned(), "rules/own.toml".to_owned()));
    let replaced: Vec<Json> =
        season.editions().into_iter().filter(|edition| edition["why"] == "the season has its own in its place").collect();
    assert_eq!(replaced.len(), 1);
    assert_eq!(replaced[0]["file"], "sweden-minors/2025-01-01.toml");
}

#[test]
fn a_family_of_ones_own() {
    let text = replaced(&edition("2020-01-01"), "family = \"sweden-minors\"", "family = \"solna\"");
    let season = SeasonFolder::starter().with_rules("solna.toml", &text);
    season.edit("season.toml", "rule_pack = \"sweden-minors\"", "rule_pack = \"solan\"");
    season.run("check", []).ends_with(3);
    season.run("rules", []).ends_with(3).complains("F2108").complains("did you mean `solna`?").says("goes by none of them yet");
    season.edit("season.toml", "\"solan\"", "\"solna\"");
    assert_eq!(season.used(), ("2020-01-01".to_owned(), "rules/solna.toml".to_owned()));
    season.run("rules", []).succeeds().says("another family than `solna`, which season.toml names");
}

#[test]
fn a_season_that_straddles_a_change_is_refused_until_an_edition_covers_it() {
    let season = SeasonFolder::starter().with_rules("july.toml", &edition("2027-07-01"));
    let remedy = "holds from 2027-06-14 to 2027-07-23";
    season.run("match", []).ends_with(3).complains("F2114").complains("2027-07-01 is a working day").complains(remedy);
    assert!(!season.path("outcome").exists());
    // The list is printed all the same: it is what one needs to see.
    season.run("rules", []).ends_with(3).complains("F2114").says("from 2027-07-01").says("from 2025-01-01 to 2027-06-30");
    let json = season.run("rules", ["--format", "json"]).ends_with(3).stdout;
    let json: Json = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["problems"][0]["code"], "F2114");
    let both = replaced(&edition("2027-06-14"), "valid_from = 2027-06-14", "valid_from = 2027-06-14\nvalid_to = 2027-07-23");
    let season = season.with_rules("both.toml", &both);
    assert_eq!(season.used(), ("2027-06-14".to_owned(), "rules/both.toml".to_owned()));
    season.matched(&[]).verifies();
}

#[test]
fn every_problem_of_the_rules_is_told_with_those_of_the_season() {
    let broken = replaced(&edition("2027-01-01"), "hours_per_day = 7", "hours_per_day = 25").replace("url =", "urll =");
    let season = SeasonFolder::starter().with_rules("2027.toml", &broken);
    season.edit("season.toml", "year = 2027", "year = \"2027\"");
    let run = season.run("check", []).ends_with(3);
    for what in ["rules/2027.toml:", "F2002", "did you mean `url`?", "F2007", "not between 0 and 24", "F2004", "season.toml:8:"] {
        assert!(run.stdout.contains(what), "`{what}` is not in:\n{}", run.stdout);
    }
    season.run("rules", []).ends_with(3).says("goes by none of them yet");
    assert!(!run.stdout.contains("F2113") && !run.stdout.contains("F2108"), "what is not known is told:\n{}", run.stdout);
}
