//! The example season in data/stockholm-2015: it is what the generator makes of its margins, and it meets them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use feriematch_synth::Margins;

use crate::read::{FILES, Row, bytes, ranks, sum, table, with_threads};

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/stockholm-2015")
}

fn margins() -> Margins {
    Margins::from_toml(&fs::read_to_string(folder().join("margins.toml")).unwrap()).unwrap()
}

fn write(margins: &Margins) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    margins.write_to(dir.path(), &|_| ()).unwrap();
    dir
}

/// Counts rows by a key.
fn count<K: Ord>(rows: &[Row], key: impl Fn(&Row) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(key(row)).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_folder_is_what_the_generator_writes() {
    for threads in [1, 3] {
        let drawn = with_threads(threads, || write(&margins()));
        for (file, (drawn, kept)) in FILES.iter().zip(bytes(drawn.path()).iter().zip(&bytes(&folder()))) {
            assert!(drawn == kept, "{file} differs; data/stockholm-2015/README.md says how to draw it again");
        }
    }
}

#[test]
fn another_seed_has_other_people_and_the_same_margins() {
    let drawn = write(&margins().with_seed(1));
    assert_ne!(bytes(drawn.path())[2], bytes(&folder())[2]);
    let facts = |dir| {
        let (applicants, jobs) = (table(dir, "applicants.csv"), table(dir, "jobs.csv"));
        let people = count(&applicants, |row| (row["home_district"].clone(), row["gender"].clone(), row["class"].clone()));
        let cohorts = count(&applicants, |row| (row["class"].clone(), row["birth_date"][..4].to_owned()));
        (people, cohorts, sum(&jobs, "capacity"))
    };
    assert_eq!(facts(drawn.path()), facts(&folder()));
}

#[test]
fn applicants_meet_the_published_table() {
    let applicants = table(&folder(), "applicants.csv");
    let by_sex = count(&applicants, |row| (row["home_district"].clone(), row["gender"].clone()));
    let of = |district: &str, sex: &str| by_sex[&(district.to_owned(), sex.to_owned())];
    // 49/51 of 566, 49/51 of 571, 53/47 of 374, to the whole person.
    assert_eq!((of("kungsholmen", "M"), of("kungsholmen", "F")), (277, 289));
    assert_eq!((of("norrmalm", "M"), of("norrmalm", "F")), (280, 291));
    assert_eq!((of("ostermalm", "M"), of("ostermalm", "F")), (198, 176));

    let prioritised = count(&applicants, |row| (row["class"].clone(), row["gender"].clone()));
    let prioritised = |sex: &str| prioritised[&("P".to_owned(), sex.to_owned())];
    assert!(prioritised("M") > prioritised("F"), "slightly more boys among the prioritised");

    let years = count(&applicants, |row| row["birth_date"][..4].to_owned());
    assert_eq!(years.keys().collect::<Vec<_>>(), ["1995", "1996", "1997", "1998", "1999"]);
    assert!((years["1997"] + years["1998"]) * 2 > applicants.len(), "most turn 17 or 18");
    let born_1999 = applicants.iter().filter(|row| row["birth_date"].starts_with("1999"));
    assert!(born_1999.into_iter().all(|row| ["P", "2"].contains(&&*row["class"])), "nobody of 16 has applied before");
    assert_eq!(applicants.iter().filter(|row| row["protected"] == "yes").count(), 6);
}

#[test]
fn places_meet_the_published_table() {
    let jobs = table(&folder(), "jobs.csv");
    let places = |of: &dyn Fn(&Row) -> bool| sum(jobs.iter().filter(|job| of(job)), "capacity");
    assert_eq!(["kungsholmen", "norrmalm", "ostermalm"].map(|d| places(&|job| job["employer"] == d)), [160, 194, 185]);
    assert_eq!(places(&|job| job["funding"] == "district"), 160 + 194 + 185 + 19);
    assert_eq!(places(&|job| job["title"] == "Eurogames"), 10);
    let on_departments = |district: &str| places(&|job| job["funding"] == "department" && job["open_to"] == district);
    assert_eq!(["kungsholmen", "norrmalm", "ostermalm"].map(on_departments), [27, 23, 17]);
    assert_eq!(places(&|job| job["funding"] == "department"), 67);
    assert!(jobs.iter().all(|job| job["hours"].parse::<u32>().unwrap() <= 90));
    assert!(jobs.iter().any(|job| job["hazardous"] == "yes"));
    assert!(jobs.iter().any(|job| job["requires"] == "driving-licence"));
}

#[test]
fn every_wish_names_something_and_every_job_is_wished_for() {
    let settings: toml::Table = fs::read_to_string(folder().join("season.toml")).unwrap().parse().unwrap();
    let ids = |kind: &str| -> BTreeSet<String> {
        settings[kind].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
    };
    let (areas, districts) = (ids("areas"), ids("districts"));
    let areas_of: BTreeMap<String, String> =
        table(&folder(), "jobs.csv").into_iter().map(|job| (job["job_id"].clone(), job["area"].clone())).collect();
    let mut wished = BTreeSet::new();
    let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
    let applicants = table(&folder(), "applicants.csv");
    for row in &applicants {
        let ranks = ranks(row);
        assert!((1..=9).contains(&ranks.len()), "{row:?}");
        let all = ranks.concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "no repetition in {row:?}");
        for &wish in &all {
            let form = match wish.split_once(" & ") {
                Some((area, "home")) if areas.contains(area) => "area & home",
                Some((area, district)) if areas.contains(area) && districts.contains(district) => "area & district",
                None if areas_of.contains_key(wish) => "job",
                None if areas.contains(wish) => "area",
                None if districts.contains(wish) => "district",
                None if wish == "home" || wish == "any" => wish,
                _ => panic!("`{wish}` names nothing"),
            };
            *forms.entry(form).or_default() += 1;
            wished.insert(wish);
        }
        *forms.entry("tie").or_default() += ranks.iter().filter(|rank| rank.len() > 1).count();
    }
    let is_wished = |(job, area): (&String, &String)| wished.contains(&**job) || wished.contains(&**area);
    assert!(areas_of.iter().all(is_wished), "somebody wishes for every job or its area");
    assert_eq!(forms.len(), 8, "every form occurs: {forms:?}");
    assert!(forms["job"] * 4 > forms.values().sum::<usize>() * 3, "most wishes are jobs: {forms:?}");
}

#[test]
fn the_published_table_keeps_its_contradictions() {
    let mut reader = csv::Reader::from_path(folder().join("published.csv")).unwrap();
    let rows: Vec<Row> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let keys: BTreeSet<_> = rows.iter().map(|row| (&row["group"], &row["key"], &row["measure"])).collect();
    assert_eq!(keys.len(), rows.len(), "each figure once");
    let over_districts =
        |measure: &str| sum(rows.iter().filter(|row| row["group"] == "district" && row["measure"] == measure), "value");
    let total = |measure: &str| sum(rows.iter().filter(|row| row["group"] == "total" && row["measure"] == measure), "value");
    assert_eq!((over_districts("places_district"), total("places_district_stated")), (539, 534));
    assert_eq!((over_districts("places_special"), total("places_special_stated")), (18, 19));
    assert_eq!((2015 - total("first_cohort_stated"), total("most_age_stated")), (20, 19));
    // What does agree.
    assert_eq!(over_districts("offered") - over_districts("declined"), over_districts("worked"));
    assert_eq!(over_districts("cost_tkr") + over_districts("under_budget_tkr"), over_districts("budget_tkr"));
    for measure in ["offered", "declined", "worked", "hired_by_departments"] {
        assert_eq!(over_districts(measure), total(measure), "{measure}");
    }
    assert_eq!(over_districts("cost_tkr") * 1000 / over_districts("worked"), 9_833);
}
