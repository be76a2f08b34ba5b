//! Certificates: what an outcome follows from, written by `verify`, and checked by it and by the checker in Python.

use std::path::Path;
use std::process::{Command, Stdio};

use feriematch_model::{Mechanism, PlacementRule};
use serde_json::Value;

use crate::program::{CHECKOUT, Run, feriematch};
use crate::recorded::Season;
use crate::rematch::answered;
use crate::season_folder::SeasonFolder;

/// Set where the checker in Python must not be left out for want of Python.
const REQUIRED: &str = "FERIEMATCH_REQUIRE_PYTHON";

/// Runs the checker in Python on a file; nothing where there is no Python.
fn python(season: &SeasonFolder, file: &str) -> Option<Run> {
    let is_here = Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !is_here.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os(REQUIRED).is_none(), "python3 is not here, and {REQUIRED} is set");
        eprintln!("python3 is not here: its checker is not run");
        return None;
    }
    let checker = Path::new(CHECKOUT).join("docs/check_certificate.py");
    let output = Command::new("python3").arg("-B").arg(checker).arg(file).current_dir(season.root()).output();
    Some(Run::of(output.expect("python3 can be run")))
}

/// Writes the certificate of an outcome, and asserts that it holds by itself.
#[track_caller]
fn certified(season: &SeasonFolder, args: &[&str]) -> Value {
    let file = "certificate.json";
    let _ = std::fs::remove_file(season.root().join(file));
    let args = args.iter().copied().chain(["--certificate", file, "--show-protected"]);
    season.run("verify", args).succeeds().says("Verified: ").says("Certificate: certificate.json.");
    feriematch(season.root(), ["verify", file]).succeeds().says("Verified: ").says("listed as acceptable");
    if let Some(run) = python(season, file) {
        run.succeeds().says("Verified: ");
    }
    read(season, file)
}

fn read(season: &SeasonFolder, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(season.root().join(file)).expect("a certificate")).expect("JSON")
}

/// Every mechanism, rule of placement and soft target on a season.
fn every_method(season: impl Fn() -> SeasonFolder) {
    for mechanism in Mechanism::ALL {
        let season = season().matched(&["--mechanism", mechanism.name()]);
        assert_eq!(certified(&season, &[])["mechanism"], mechanism.name());
    }
    for rule in PlacementRule::ALL {
        certified(&season().matched(&["--placement", rule.name()]), &[]);
    }
    for targets in [
        "reserves = [{ gender = \"female\", percent = 60 }]",
        "precedence = \"open-first\"\nreserves = [{ gender = \"male\", percent = 55 }, { gender = \"female\", percent = 30 }]",
        "workplaces = { ranks = 2, majority_percent = 60 }",
    ] {
        let season = season();
        season.edit("season.toml", "[mechanism]", &format!("[balance]\n{targets}\n\n[mechanism]"));
        let certificate = certified(&season.matched(&[]), &[]);
        assert!(certificate["applicants"].as_array().is_some_and(|all| all.iter().any(|a| a["gender"] == "female")));
    }
}

#[test]
fn of_every_method_on_the_season_of_2015() {
    every_method(SeasonFolder::stockholm);
}

#[test]
fn of_every_method_on_the_starter_season() {
    every_method(SeasonFolder::starter);
}

#[test]
fn of_rounds_in_which_people_are_moved() {
    for how in [&["--max-moves", "600"][..], &["--max-moves", "1"], &["--upgrade", "same"], &["--upgrade", "reversed"], &[]] {
        let Season(season) = {
            let season = answered();
            let args: Vec<&str> = ["--days", "5"].into_iter().chain(how.iter().copied()).collect();
            season.on("2015-04-13", "publish", &args).succeeds();
            season
        };
        let certificate = certified(&season, &["--round", "2"]);
        assert_eq!(certificate["rematch"].is_object(), !how.is_empty(), "{how:?}");
        assert!(!how.is_empty() || certificate["kept"].is_array(), "those who cannot be moved keep their places");
    }
}

#[test]
fn nothing_personal_is_in_it() {
    let season = SeasonFolder::stockholm().matched(&[]);
    certified(&season, &[]);
    let text = std::fs::read_to_string(season.root().join("certificate.json")).expect("a certificate");
    for row in season.table("applicants.csv").iter() {
        let born = row.get("birth_date");
        assert!(!text.contains(born) && !text.contains(&born.replace('-', "")), "{born}");
    }
    for word in ["birth", "driving-licence", "gender", "extract", "cohort", "name"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn a_forged_certificate_is_refuted_and_anything_else_is_none() {
    let season = SeasonFolder::starter().matched(&[]);
    let mut forged = certified(&season, &[]);
    forged["seed"] = "another".into();
    let path = season.root().join("forged.json");
    std::fs::write(&path, forged.to_string()).expect("a file");
    feriematch(season.root(), ["verify", "forged.json"]).ends_with(1).says("refuted[lottery-number]: ");
    let found = feriematch(season.root(), ["verify", "forged.json", "--format", "json"]).ends_with(1).json();
    assert_eq!(found["refutations"][0]["code"], "lottery-number");
    if let Some(run) = python(&season, "forged.json") {
        run.ends_with(1).says("refuted[lottery-number]: ");
    }

    forged["jobs"][0]["streams"] = Value::Array(vec!["nobody".into()]);
    std::fs::write(&path, forged.to_string()).expect("a file");
    feriematch(season.root(), ["verify", "forged.json"]).ends_with(3).complains("names the stream `nobody`, which is not listed");
    std::fs::write(&path, "{}").expect("a file");
    feriematch(season.root(), ["verify", "forged.json"]).ends_with(3).complains("forged.json is not a certificate");
    if let Some(run) = python(&season, "forged.json") {
        run.ends_with(2).complains("is no certificate");
    }
    feriematch(season.root(), ["verify", "forged.json", "--round", "1"])
        .ends_with(2)
        .complains("a certificate is checked by itself");
}

#[test]
fn nothing_is_overwritten_and_protected_identities_are_asked_for() {
    let season = SeasonFolder::starter().matched(&[]);
    let args = ["--certificate", "certificate.json"];
    season.run("verify", args).ends_with(2).complains("1 applicant has a protected identity");
    assert!(!season.root().join("certificate.json").exists());
    let args = args.into_iter().chain(["--show-protected"]);
    season.run("verify", args.clone()).succeeds();
    assert!(read(&season, "certificate.json")["decisions"].is_array());
    season.run("verify", args).ends_with(2).complains("certificate.json is there already");
    season.run("verify", ["--show-protected"]).ends_with(2);
}
