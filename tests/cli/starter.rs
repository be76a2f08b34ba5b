//! The season that `init` writes.

use std::fs;

use serde_json::Value;

use crate::program::feriematch;
use crate::season_folder::SeasonFolder;

#[test]
fn the_starter_season_has_no_problems_and_is_matched_and_verified() {
    let season = SeasonFolder::starter();
    assert_eq!(season.entries(), ["applicants.csv", "jobs.csv", "overrides.csv", "season.toml"]);
    let check = season.run("check", ["--format", "json"]).succeeds().json();
    assert_eq!(check["diagnostics"], Value::Array(Vec::new()));
    assert_eq!((&check["applicants"], &check["jobs"], &check["places"]), (&6.into(), &5.into(), &7.into()));
    let run = season.run("match", []).succeeds();
    assert_eq!(run.stderr, "");
    season.verifies();
}

#[test]
fn init_overwrites_nothing() {
    let season = SeasonFolder::starter();
    season.edit("season.toml", "Feriejobb 2027", "Our season");
    let before = season.files("");
    season.run("init", []).ends_with(2).complains("season holds season.toml already").complains("nothing is overwritten");
    assert_eq!(season.files(""), before);

    // Not even where only one of its files is there.
    let folder = season.root().join("other");
    fs::create_dir(&folder).expect("a new folder");
    fs::write(folder.join("jobs.csv"), "mine").expect("a new file");
    feriematch(season.root(), ["init", "other"]).ends_with(2).complains("other holds jobs.csv already");
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);
    assert_eq!(fs::read_to_string(folder.join("jobs.csv")).expect("the file"), "mine");
}
