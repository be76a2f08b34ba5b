//! The main job: the example season of 2015, matched and verified.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::Verdict;
use serde_json::Value;

use crate::season_folder::{SeasonFolder, placed};

/// Budget 2 000 tkr at 9 833 kr a place.
const HOME_CAP: u32 = 203;

/// 539 in the districts, 19 in special departments, 67 on departments' budgets.
const PLACES: u32 = 539 + 19 + 67;

#[test]
fn the_season_of_2015_is_matched_within_every_limit() {
    let season = SeasonFolder::stockholm();
    season.run("match", []).succeeds().says("\n  placed              625  100.0 % of the places, 41.4 % of the eligible\n");
    season.outcome_files();
    let outcome = season.outcome();
    let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));

    assert!(outcome.decisions.iter().map(|d| d.applicant.as_str()).eq(applicants.iter().map(|row| row.get("applicant_id"))));
    assert_eq!(placed(&outcome).count() as u32, PLACES);
    assert_eq!(jobs.iter().map(|job| job.number("capacity")).sum::<u32>(), PLACES);

    let mut held: BTreeMap<&str, u32> = BTreeMap::new();
    let mut paid_at_home: BTreeMap<&str, u32> = BTreeMap::new();
    for (id, place) in placed(&outcome) {
        *held.entry(&place.job).or_default() += 1;
        if place.stream == "district" {
            *paid_at_home.entry(applicants.find("applicant_id", id).get("home_district")).or_default() += 1;
        }
    }
    for job in jobs.iter() {
        assert!(held[job.get("job_id")] <= job.number("capacity"), "{}", job.get("job_id"));
    }
    assert_eq!(paid_at_home.len(), 3);
    assert!(paid_at_home.values().all(|&youths| youths <= HOME_CAP), "{paid_at_home:?}");
    assert_eq!(placed(&outcome).filter(|(_, place)| place.stream == "department").count(), 67);
    season.verifies();
}

#[test]
fn the_lists_say_what_the_outcome_says() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let (offers, waiting_list) = (season.table("outcome/offers.csv"), season.table("outcome/waiting-list.csv"));
    let (places, not_eligible) = (season.table("outcome/jobs.csv"), season.table("outcome/not-eligible.csv"));

    let offered: BTreeSet<_> = offers.iter().map(|row| (row.get("applicant_id"), row.get("job_id"))).collect();
    assert_eq!(offered, placed(&outcome).map(|(id, place)| (id, place.job.as_str())).collect());
    assert_eq!(offers.rows.len(), offered.len());
    assert!(offers.rows.iter().is_sorted_by_key(|row| row[0].parse::<u32>().expect("a position")));

    let with = |verdict: fn(&Verdict) -> bool| {
        let mut found: Vec<_> = outcome.decisions.iter().filter(|d| verdict(&d.verdict)).collect();
        found.sort_by_key(|d| d.position);
        found.into_iter().map(|d| d.applicant.as_str()).collect::<Vec<_>>()
    };
    let waiting = with(|verdict| matches!(verdict, Verdict::Waiting { .. }));
    assert!(waiting_list.iter().map(|row| row.get("applicant_id")).eq(waiting));
    assert!(waiting_list.iter().map(|row| row.number("place")).eq(1..=waiting_list.rows.len() as u32));
    let ineligible = with(|verdict| matches!(verdict, Verdict::Ineligible { .. }));
    let listed: BTreeSet<_> = not_eligible.iter().map(|row| row.get("applicant_id")).collect();
    assert_eq!(listed, ineligible.into_iter().collect());

    // A line a place; every place is taken, and protected identities are not told to employers.
    assert_eq!(places.rows.len() as u32, PLACES);
    let told: BTreeSet<_> = places.iter().map(|row| row.get("applicant_id")).filter(|&id| id != "***").collect();
    let applicants = season.table("applicants.csv");
    let open = |id: &&str| applicants.find("applicant_id", id).get("protected").is_empty();
    assert_eq!(told, offered.iter().map(|&(id, _)| id).filter(open).collect());
}

#[test]
fn more_first_wishes_are_met_than_by_a_paper_lottery() {
    let season = SeasonFolder::stockholm();
    let summary = season.run("match", ["--format", "json"]).succeeds().json();
    let share = |measure: &str| {
        let measures = summary["measures"].as_array().expect("measures");
        measures.iter().find(|m| m["measure"] == measure).and_then(|m| m["value"].as_f64()).expect(measure)
    };
    assert!(share("first_wish_share") > share("paper_first_wish_share"));

    // The same figures, counted from the outcomes of both mechanisms.
    let first_wishes = |season: &SeasonFolder| {
        let outcome = season.outcome();
        let first = placed(&outcome).filter(|(_, place)| place.rank == Some(1)).count() as u32;
        f64::from(first) / f64::from(placed(&outcome).count() as u32)
    };
    let agree = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    agree(share("first_wish_share"), first_wishes(&season));
    let season = season.matched(&["--mechanism", "paper-lottery"]);
    agree(share("paper_first_wish_share"), first_wishes(&season));
}

#[test]
fn without_caps_every_seed_fills_as_many_places_as_a_maximum_flow() {
    let stockholm = SeasonFolder::stockholm();
    stockholm.remove_lines("season.toml", &["budget = ", "cost_per_place = ", "cap = "]);
    // Here neither all applicants can be placed nor all places filled.
    let loose = SeasonFolder::drawn(400, 60, 380, 3);
    for (season, fewer_than) in [(stockholm, PLACES + 1), (loose, 380)] {
        let mut filled = BTreeSet::new();
        for seed in ["one", "two", "three", "four"] {
            season.run("match", ["--seed", seed]).succeeds();
            let report = season.run("verify", ["--format", "json"]).succeeds().json();
            assert_eq!(report["verified"], Value::Bool(true));
            assert_eq!(report["placed"], report["most_without_caps"], "seed {seed}");
            assert_eq!(report["placed"], placed(&season.outcome()).count());
            filled.insert(report["placed"].as_u64().expect("a number"));
        }
        assert_eq!(filled.len(), 1, "{filled:?}");
        assert!(filled.iter().all(|&number| number < u64::from(fewer_than)), "{filled:?}");
    }
}
