//! What is impossible or odd about a season.

use feriematch_core::{Finding, LockProblem, Preparation, findings};
use feriematch_model::*;
use jiff::civil::date;

use crate::builder::Builder;

fn found(builder: Builder) -> Vec<Finding> {
    findings(&Preparation::new(&builder.build()))
}

fn applicant(row: usize) -> ApplicantIx {
    ApplicantIx::new(row)
}

fn duplicate(first: usize, second: usize) -> Finding {
    Finding::LikelyDuplicate { first: applicant(first), second: applicant(second) }
}

#[test]
fn a_clean_season_has_none() {
    let builder = Builder::new().job("a", 1).job("b", 1).applicant("x", "a > b").applicant("y", "b > a");
    assert_eq!(found(builder.decide(OverrideKind::Lock, "x", "a").decide(OverrideKind::Forbid, "y", "a")), []);
    assert_eq!(found(Builder::new()), []);
}

/// All kinds at once, in order: locks, jobs, applicants, duplicates.
#[test]
fn every_kind_is_found_in_order() {
    let builder = Builder::new().job("a", 1).job("b", 1).with_job(|job| job.min_age = Some(18)).job("c", 1);
    let twin = |applicant: &mut Applicant| applicant.name = Some("Åsa Berg".into());
    let builder = builder.applicant("v", "a > a").with_applicant(twin).applicant("w", "b").applicant("x", "south");
    let builder = builder.applicant("y", "a").with_applicant(twin).decide(OverrideKind::Lock, "w", "b");
    assert_eq!(
        found(builder),
        [
            Finding::Lock { row: 0, problem: LockProblem::Ineligible(Rule::MinimumAge) },
            Finding::JobNobodyMayTake(JobIx::new(1)),
            Finding::JobNobodyWishes(JobIx::new(2)),
            Finding::NoEligibleWish { applicant: applicant(1), rules: vec![Rule::MinimumAge] },
            Finding::NoEligibleWish { applicant: applicant(2), rules: vec![] },
            duplicate(0, 3),
        ]
    );
}

/// A job is wished for if somebody who may take it does: those who may not do not count.
#[test]
fn wishes_of_those_who_may_not_are_no_wishes() {
    let builder = Builder::new().job("a", 1).job("b", 1).applicant("x", "a > b").applicant("y", "a");
    let builder = builder.decide(OverrideKind::Forbid, "x", "b");
    assert_eq!(found(builder), [Finding::JobNobodyWishes(JobIx::new(1))]);
    let nobody_left = Builder::new().job("a", 1).job("b", 1).applicant("x", "a > b").decide(OverrideKind::Forbid, "x", "b");
    assert_eq!(found(nobody_left), [Finding::JobNobodyMayTake(JobIx::new(1))]);
    let by_class = Builder::new().job("a", 1).job("b", 1).applicant("x", "a > any");
    assert_eq!(found(by_class), []);
}

/// Two applicants with names and other details; everything else is alike.
fn pair(names: [Option<&str>; 2], change_second: impl FnOnce(&mut Applicant)) -> Vec<Finding> {
    let name = |row: usize| {
        move |applicant: &mut Applicant| {
            applicant.name = names[row].map(Into::into);
            applicant.gender = Gender::Female;
        }
    };
    let builder = Builder::new().job("a", 2).job("b", 2).applicant("x", "a > b").with_applicant(name(0));
    found(builder.applicant("y", "a > b").with_applicant(name(1)).with_applicant(change_second))
}

#[test]
fn the_same_name_and_birth_date_is_a_likely_duplicate() {
    for other in ["Åsa Berg", "BERG, Åsa", "  åsa   berg "] {
        assert_eq!(pair([Some("Åsa Berg"), Some(other)], |_| ()), [duplicate(0, 1)], "{other}");
        // The name and the day suffice: people move, and sex is often left out.
        let moved = |applicant: &mut Applicant| {
            applicant.home_district = DistrictIx::new(1);
            applicant.gender = Gender::Unknown;
        };
        assert_eq!(pair([Some("Åsa Berg"), Some(other)], moved), [duplicate(0, 1)], "{other}");
        let a_day_younger = |applicant: &mut Applicant| applicant.birth_date = date(2010, 3, 2);
        assert_eq!(pair([Some("Åsa Berg"), Some(other)], a_day_younger), [], "{other}");
    }
    assert_eq!(pair([Some("Åsa Berg"), Some("Siv Lindgren")], |_| ()), []);
}

#[test]
fn typing_errors_count_within_date_district_and_sex() {
    let names = [Some("Christina Lindgren"), Some("Kristina Lindgren")];
    assert_eq!(pair(names, |_| ()), [duplicate(0, 1)]);
    assert_eq!(pair([Some("Lindgren Annika"), Some("Annkia Lindgern")], |_| ()), [duplicate(0, 1)], "two transpositions");
    assert_eq!(pair([Some("Annika Lindgren"), Some("Monika Lindberg")], |_| ()), [], "more than two errors");
    assert_eq!(pair(names, |applicant| applicant.birth_date = date(2010, 3, 2)), []);
    assert_eq!(pair(names, |applicant| applicant.home_district = DistrictIx::new(1)), []);
    assert_eq!(pair(names, |applicant| applicant.gender = Gender::Male), []);
}

/// Turns the two wishes round.
fn in_other_order(applicant: &mut Applicant) {
    let [first, second] = &mut *applicant.wishes else { panic!("two wishes") };
    std::mem::swap(&mut first.target, &mut second.target);
}

#[test]
fn without_names_the_very_same_wishes_count() {
    for names in [[None, None], [Some("Åsa Berg"), None]] {
        assert_eq!(pair(names, |_| ()), [duplicate(0, 1)]);
        assert_eq!(pair(names, in_other_order), []);
        assert_eq!(pair(names, |applicant| applicant.birth_date = date(2010, 3, 2)), []);
        assert_eq!(pair(names, |applicant| applicant.home_district = DistrictIx::new(1)), []);
        assert_eq!(pair(names, |applicant| applicant.gender = Gender::Male), []);
    }
}

/// One wish, or a sex that nobody recorded, is too little to go by.
#[test]
fn without_names_little_is_not_enough() {
    let unnamed = |wishes, gender| {
        let recorded = |applicant: &mut Applicant| applicant.gender = gender;
        let builder = Builder::new().job("a", 2).job("b", 2).applicant("x", wishes).with_applicant(recorded);
        found(builder.applicant("y", wishes).with_applicant(recorded))
    };
    assert_eq!(unnamed("b > a", Gender::Male), [duplicate(0, 1)]);
    assert_eq!(unnamed("b > a", Gender::Unknown), []);
    assert_eq!(unnamed("any", Gender::Male), []);
}

/// What has no letter is no name: nobody is anybody's double for it.
#[test]
fn dashes_are_no_names() {
    assert_eq!(pair([Some("-"), Some("?")], in_other_order), []);
    assert_eq!(pair([Some("-"), Some("Li")], in_other_order), []);
    assert_eq!(pair([Some("-"), Some("-")], |_| ()), [duplicate(0, 1)], "the same wishes");
}

/// An export with one name for all gives a line a row, not a line a pair.
#[test]
fn a_crowd_of_one_name_is_a_chain() {
    let add = |builder: Builder, row: usize| {
        builder.applicant(&format!("{row:03}"), "a").with_applicant(|applicant| {
            applicant.class = ClassIx::new(0);
            applicant.name = Some("Anonym".into());
        })
    };
    let crowd = (0..100).fold(Builder::new().job("a", 1), add);
    let expected: Vec<Finding> = (0..99).map(|row| duplicate(row, row + 1)).collect();
    assert_eq!(found(crowd), expected);
}
