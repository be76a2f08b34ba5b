//! Seasons from a seed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::program::{CHECKOUT, feriematch};
use crate::season_folder::{SeasonFolder, copy_folder};

const FILES: [&str; 3] = ["applicants.csv", "jobs.csv", "season.toml"];

fn files(folder: &Path) -> BTreeMap<&'static str, Vec<u8>> {
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), FILES.len());
    FILES.map(|name| (name, fs::read(folder.join(name)).expect(name))).into()
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let drawn = |name: &str, args: &[&str]| {
        let sizes = ["synth", name, "--applicants", "500", "--jobs", "50", "--places", "200", "--choices", "4"];
        feriematch(temp.path(), sizes.iter().chain(args)).succeeds();
        files(&temp.path().join(name))
    };
    let one = drawn("one", &["--seed", "7"]);
    assert!(drawn("two", &["--seed", "7", "--threads", "3"]) == one);
    assert!(drawn("three", &["--seed", "8"]) != one);
}

#[test]
fn a_drawn_season_has_the_sizes_that_were_asked_for() {
    let season = SeasonFolder::drawn(500, 50, 200, 4);
    let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));
    assert_eq!((applicants.rows.len(), jobs.rows.len()), (500, 50));
    assert_eq!(jobs.iter().map(|job| job.number("capacity")).sum::<u32>(), 200);
    assert!(applicants.iter().all(|row| row.get("wishes").split(" > ").count() == 4));
    season.run("check", []).succeeds().says("500 applicants, 50 jobs, 200 places: no errors");
}

#[test]
fn synth_overwrites_nothing() {
    let season = SeasonFolder::starter();
    let before = season.files("");
    season.run("synth", []).ends_with(2).complains("season holds a season already").complains("nothing is overwritten");
    assert_eq!(season.files(""), before);
}

#[test]
fn the_example_season_is_the_one_that_its_margins_give() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    copy_folder(&Path::new(CHECKOUT).join("data/stockholm-2015"), &temp.path().join("data"));
    feriematch(temp.path(), ["synth", "again", "--margins", "data/margins.toml"]).succeeds().says("1511 invented applicants");
    let again = files(&temp.path().join("again"));
    for (name, content) in &again {
        assert!(fs::read(temp.path().join("data").join(name)).expect(name) == *content, "{name} differs");
    }
    feriematch(temp.path(), ["synth", "other", "--margins", "data/margins.toml", "--seed", "7"]).succeeds();
    assert!(files(&temp.path().join("other")) != again);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let run = |args: &[&str]| feriematch(temp.path(), ["synth", "season"].iter().chain(args));
    run(&["--margins", "margins.toml", "--applicants", "10"]).ends_with(2).complains("cannot be used with");
    run(&["--jobs", "0"]).ends_with(2).complains("synth --help");
    run(&["--margins", "margins.toml"]).ends_with(74).complains("cannot read margins.toml");
    fs::write(temp.path().join("margins.toml"), "format = 1\n").expect("a new file");
    run(&["--margins", "margins.toml"]).ends_with(3).complains("margins.toml: ");
    assert!(!temp.path().join("season").exists());
}
