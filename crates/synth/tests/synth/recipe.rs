//! Seasons from a recipe.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use feriematch_synth::{Recipe, SynthError};

use crate::read::{FILES, Row, bytes, ranks, sum, table, with_threads};

fn write(recipe: &Recipe) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    recipe.write_to(dir.path(), &|_| ()).unwrap();
    dir
}

/// Several chunks of several batches, the last one not full.
fn large() -> Recipe {
    Recipe { applicants: 70_001, jobs: 300, places: 1_500, choices: 3, ..Recipe::default() }
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(part as u32) / f64::from(whole as u32)
}

#[test]
fn the_bytes_depend_on_the_seed_alone() {
    let one = with_threads(1, || write(&large()));
    let four = with_threads(4, || write(&large()));
    assert_eq!(bytes(one.path()), bytes(four.path()));
    let other = write(&Recipe { seed: 2, ..large() });
    for (file, (a, b)) in FILES.iter().zip(bytes(one.path()).iter().zip(&bytes(other.path()))) {
        assert_ne!(a, b, "{file}");
    }
}

#[test]
fn sizes_are_met() {
    let recipe = Recipe::default();
    let dir = write(&recipe);
    let (applicants, jobs) = (table(dir.path(), "applicants.csv"), table(dir.path(), "jobs.csv"));
    assert_eq!((applicants.len(), jobs.len()), (1_511, 110));
    assert_eq!(sum(&jobs, "capacity"), 553);
    assert!(jobs.iter().all(|job| (1..=20).contains(&job["capacity"].parse::<u32>().unwrap())));
    let ids: BTreeSet<&str> = jobs.iter().map(|job| &*job["job_id"]).collect();
    assert_eq!(ids.len(), 110);
    for applicant in &applicants {
        let wishes: BTreeSet<&str> = ranks(applicant).concat().into_iter().collect();
        assert_eq!(wishes.len(), 10, "distinct wishes");
        assert!(wishes.is_subset(&ids));
    }
}

#[test]
fn capacities_reach_their_bounds() {
    for (jobs, places, max_capacity) in [(50, 50, 20), (50, 1_000, 20), (50, 2_000, 40), (1, 7, 7)] {
        let dir = write(&Recipe { applicants: 1, jobs, places, max_capacity, choices: 1, ..Recipe::default() });
        let jobs = table(dir.path(), "jobs.csv");
        assert_eq!(sum(&jobs, "capacity"), u64::from(places));
        assert!(jobs.iter().all(|job| (1..=max_capacity).contains(&job["capacity"].parse().unwrap())));
    }
}

#[test]
fn shares_are_those_of_the_recipe() {
    let dir = write(&Recipe { jobs: 2_000, places: 10_000, ..large() });
    let applicants = table(dir.path(), "applicants.csv");
    let share = |of: &dyn Fn(&Row) -> bool| ratio(applicants.iter().filter(|row| of(row)).count(), applicants.len());
    // Six standard deviations of a share of 70 001 draws are at most 0.0114.
    for (class, expected) in [("P", 0.1), ("1", 0.2), ("2", 0.3), ("3", 0.4)] {
        assert!((share(&|row| row["class"] == class) - expected).abs() < 0.0114, "class {class}");
    }
    assert!((share(&|row| row["gender"] == "F") - 0.5).abs() < 0.0114);
    for year in ["2009", "2010", "2011"] {
        assert!((share(&|row| row["birth_date"].starts_with(year)) - 1.0 / 3.0).abs() < 0.0114, "{year}");
    }
    // District d has weight 1/(d + 4), the sum over 14 districts being 1.6063.
    assert!((share(&|row| row["home_district"] == "d01") - 0.25 / 1.6063).abs() < 0.0114);
    assert!((share(&|row| row["home_district"] == "d14") - 1.0 / 17.0 / 1.6063).abs() < 0.0114);

    let hosts: BTreeMap<String, String> =
        table(dir.path(), "jobs.csv").into_iter().map(|job| (job["job_id"].clone(), job["employer"].clone())).collect();
    let first_at_home = share(&|row| hosts[ranks(row)[0][0]] == row["home_district"]);
    // 0.7, and of the other 0.3 the sum of squared district shares, 0.0856.
    assert!((first_at_home - 0.7257).abs() < 0.03, "{first_at_home}");
}

#[test]
fn popularity_follows_the_exponent() {
    let top_share = |zipf_fifths| {
        let dir = write(&Recipe { home_percent: 0, choices: 1, zipf_fifths, ..large() });
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in table(dir.path(), "applicants.csv") {
            *counts.entry(row["wishes"].clone()).or_default() += 1;
        }
        ratio(*counts.values().max().unwrap(), 70_001)
    };
    // 1 / (sum of k^-0.8 for k up to 300) = 0.0889; evenly 1/300 = 0.0033.
    assert!((top_share(4) - 0.0889).abs() < 0.007);
    assert!(top_share(0) < 0.006);
}

#[test]
fn wishes_end_where_the_home_district_has_too_few_jobs() {
    let recipe = Recipe { applicants: 50, jobs: 20, places: 20, choices: 20, home_percent: 100, ..Recipe::default() };
    let dir = write(&recipe);
    assert!(table(dir.path(), "applicants.csv").iter().all(|row| ranks(row).len() == 20));
}

#[test]
fn progress_is_told_up_to_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let told = RefCell::new(Vec::new());
    large().write_to(dir.path(), &|written| told.borrow_mut().push(written)).unwrap();
    let told = told.into_inner();
    assert!(told.is_sorted() && told.len() > 10);
    assert_eq!(told.last(), Some(&70_001));
}

#[test]
fn an_existing_season_is_never_overwritten() {
    for file in ["season.toml", "applicants.xlsx", "overrides.csv"] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), "mine").unwrap();
        let refused = Recipe::default().write_to(dir.path(), &|_| ()).unwrap_err();
        assert!(matches!(&refused, SynthError::Exists { file: there, .. } if *there == file), "{refused}");
        let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [file]);
        assert_eq!(fs::read_to_string(dir.path().join(file)).unwrap(), "mine");
    }
}

#[test]
fn nothing_is_left_behind_where_a_file_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(".jobs.csv.partial")).unwrap();
    let refused = Recipe::default().write_to(dir.path(), &|_| ()).unwrap_err();
    assert!(matches!(&refused, SynthError::Write { path, .. } if path.ends_with("jobs.csv")), "{refused}");
    assert!(FILES.iter().all(|file| !dir.path().join(file).exists()));
    assert!(!dir.path().join(".applicants.csv.partial").exists());
}

#[test]
fn numbers_out_of_range_are_refused() {
    let refused = |recipe: Recipe| {
        let dir = tempfile::tempdir().unwrap();
        let error = recipe.write_to(&dir.path().join("season"), &|_| ()).unwrap_err();
        assert!(!dir.path().join("season").exists());
        error.to_string()
    };
    let good = Recipe::default;
    assert_eq!(refused(Recipe { jobs: 0, ..good() }), "the number of jobs must be from 1 to 10000000, not 0");
    assert_eq!(refused(Recipe { places: 109, ..good() }), "the number of places must be from 110 to 2200, not 109");
    assert_eq!(refused(Recipe { places: 2_201, ..good() }), "the number of places must be from 110 to 2200, not 2201");
    assert_eq!(refused(Recipe { choices: 21, ..good() }), "the number of choices must be from 1 to 20, not 21");
    assert_eq!(refused(Recipe { jobs: 5, places: 5, ..good() }), "the number of choices must be from 1 to 5, not 10");
    assert_eq!(refused(Recipe { districts: 65, ..good() }), "the number of districts must be from 1 to 64, not 65");
    assert_eq!(
        refused(Recipe { home_percent: 101, ..good() }),
        "the share of wishes in the home district must be from 0 to 100, not 101"
    );
    assert_eq!(refused(Recipe { zipf_fifths: 6, ..good() }), "the exponent of popularity, in fifths, must be from 0 to 5, not 6");
    assert_eq!(refused(Recipe { year: -2015, ..good() }), "the year must be from 1900 to 2999, not -2015");
}
