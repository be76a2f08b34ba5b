//! Probabilities over lotteries, beside closed forms.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_model::*;
use feriematch_plan::{Chances, GroupBy, Sampling, chances};
use proptest::prelude::*;

use toy::{draft_of, season};

const fn options(mechanism: Mechanism) -> RunOptions {
    RunOptions::with(mechanism, PlacementRule::LeastTotalRank)
}

fn sampling(draws: u32) -> Sampling {
    Sampling { draws: NonZeroU32::new(draws).unwrap(), seed: "toy".into(), precision: None }
}

fn chances_of(season: &Season, mechanism: Mechanism, draws: u32) -> Chances {
    chances(&Preparation::new(season), &options(mechanism), &sampling(draws), &|| ()).unwrap()
}

/// Asserts that an estimate is within four and a half standard errors of the truth: about one in 150 000 is not.
#[track_caller]
fn assert_near(estimate: f64, truth: f64, draws: u32) {
    let error = (truth * (1.0 - truth) / f64::from(draws)).sqrt();
    assert!((estimate - truth).abs() <= 4.5 * error, "{estimate} for {truth} ± {error}");
}

/// Seven of twenty get the places, all alike: 7/20 each, and the sum is exactly seven, whatever the lotteries.
#[test]
fn of_one_job_and_class_everybody_has_the_same_chance() {
    let season = season(&[7], &vec![(0, vec![0]); 20], [None, None]);
    for mechanism in Mechanism::ALL {
        let found = chances_of(&season, mechanism, 4_000);
        assert_eq!((found.draws, found.places, found.ranks()), (4_000, 28_000, 1));
        for row in 0..20 {
            let applicant = ApplicantIx::new(row);
            assert_near(found.of(applicant).p, 0.35, 4_000);
            assert_eq!(found.of(applicant), found.of_rank(applicant, 1));
        }
        let (_, group) = &found.groups[0];
        assert_eq!((group.applicants, group.eligible), (20, 20));
        // As many get a place in every lottery: the mean has no error.
        assert!((group.mean.unwrap() - 0.35).abs() < 1e-12 && group.standard_error.unwrap() < 1e-12);
        assert!(group.min.unwrap() < 0.35 && group.max.unwrap() > 0.35);
    }
}

/// Five of the first class come before ten of the second, for seven places: certain, and 2/10.
#[test]
fn the_first_class_leaves_the_second_what_is_left() {
    let mut draft = draft_of(&season(&[7], &vec![(0, vec![0]); 15], [None, None]));
    draft.settings.classes = ["P", "1"].map(|code| PriorityClass { code: code.into(), name: code.into() }).to_vec();
    draft.applicants[5..].iter_mut().for_each(|applicant| applicant.class = ClassIx::new(1));
    draft.applicants[0].gender = Gender::Female;
    let season = Season::new(draft).unwrap();
    let found = chances_of(&season, Mechanism::Priority, 2_000);
    (0..5).for_each(|row| assert!((found.of(ApplicantIx::new(row)).p - 1.0).abs() < f64::EPSILON));
    (5..15).for_each(|row| assert_near(found.of(ApplicantIx::new(row)).p, 0.2, 2_000));
    let classes: Vec<_> = found.groups.iter().filter(|(group, _)| group.by == GroupBy::Class).collect();
    assert_eq!(classes.iter().map(|(group, of)| (&*group.id, of.eligible)).collect::<Vec<_>>(), [("P", 5), ("1", 10)]);
    assert!((classes[0].1.mean.unwrap() - 1.0).abs() < 1e-12 && (classes[1].1.mean.unwrap() - 0.2).abs() < 1e-12);
    let sexes: Vec<_> = found.groups.iter().filter(|(group, _)| group.by == GroupBy::Gender).collect();
    assert_eq!(sexes.iter().map(|(group, of)| (&*group.id, of.applicants)).collect::<Vec<_>>(), [("female", 1), ("unknown", 14)]);
}

/// Bogomolnaia and Moulin 2001, section 3: two wish for a before b, two for b before a; random serial dictatorship gives each
/// the better of the two with 5/12, the worse with 1/12 (all four objects; here two).
#[test]
fn random_serial_dictatorship_as_published() {
    let season = season_of_even_jobs(&[1, 1], &[vec![0, 1], vec![0, 1], vec![1, 0], vec![1, 0]]);
    let draws = 6_000;
    let found = chances_of(&season, Mechanism::SerialDictatorship, draws);
    for row in 0..4 {
        let applicant = ApplicantIx::new(row);
        assert_near(found.of_rank(applicant, 1).p, 5.0 / 12.0, draws);
        assert_near(found.of_rank(applicant, 2).p, 1.0 / 12.0, draws);
    }
    assert_eq!(found.places, 2 * u64::from(draws));
}

/// Returns a season whose jobs are all paid by the first stream.
fn season_of_even_jobs(capacities: &[u32], wishes: &[Vec<usize>]) -> Season {
    let applicants: Vec<_> = wishes.iter().map(|wishes| (0, wishes.clone())).collect();
    let mut draft = draft_of(&season(capacities, &applicants, [None, None]));
    draft.jobs.iter_mut().for_each(|job| job.streams = [StreamIx::new(0)].into_iter().collect());
    Season::new(draft).unwrap()
}

#[test]
fn draws_end_when_the_chances_are_known_well_enough() {
    let season = season(&[7], &vec![(0, vec![0]); 20], [None, None]);
    let preparation = Preparation::new(&season);
    let told = AtomicU32::new(0);
    let asked = Sampling { precision: Some(0.03), ..sampling(100_000) };
    let tell = || {
        told.fetch_add(1, Ordering::Relaxed);
    };
    let found = chances(&preparation, &options(Mechanism::Priority), &asked, &tell).unwrap();
    assert!(found.half_width() <= 0.03 && found.draws == told.into_inner());
    // At 0.35 ± 0.03 it takes about 1.96² · 0.35 · 0.65 / 0.03² = 971, and never more than 0.5 ± 0.03: 1 067.
    assert!([1_000, 1_250].contains(&found.draws), "{}", found.draws);
    let fewer = chances(&preparation, &options(Mechanism::Priority), &sampling(found.draws - 250), &|| ()).unwrap();
    assert!(fewer.half_width() > 0.03);
}

#[test]
fn a_place_given_by_hand_is_certain() {
    let mut draft = draft_of(&season(&[1], &vec![(0, vec![0]); 3], [None, None]));
    draft.applicants[2].wishes = Box::new([]);
    draft.overrides.push(Override {
        kind: OverrideKind::Lock,
        applicant: ApplicantIx::new(2),
        job: JobIx::new(0),
        stream: None,
        reason: "test".into(),
        by: "test".into(),
    });
    let season = Season::new(draft).unwrap();
    let found = chances_of(&season, Mechanism::Priority, 50);
    let locked = ApplicantIx::new(2);
    assert!(found.is_eligible(locked));
    assert!((found.by_hand(locked).p - 1.0).abs() < f64::EPSILON && found.by_hand(ApplicantIx::new(0)).p < f64::EPSILON);
    assert_eq!(found.groups[0].1.eligible, 3);
}

proptest! {
    /// What is counted is what runs of the same seeds give, place for place, on any number of threads.
    #[test]
    fn counts_are_those_of_runs(
        capacities in prop::collection::vec(0_u32..4, 1..5),
        wishes in prop::collection::vec(prop::collection::vec(0_usize..5, 0..4), 1..14),
        at in 0_usize..Mechanism::ALL.len(),
    ) {
        let known = |wishes: &Vec<usize>| {
            let mut known: Vec<usize> = wishes.iter().copied().filter(|&job| job < capacities.len()).collect();
            known.dedup();
            known
        };
        let season = season_of_even_jobs(&capacities, &wishes.iter().map(known).collect::<Vec<_>>());
        let preparation = Preparation::new(&season);
        let mechanism = Mechanism::ALL[at];
        let found = chances_of(&season, mechanism, 6);
        let mut placed = vec![0; season.applicants().len()];
        for number in 1..=6 {
            let ranking = Ranking::draw(&season, &format!("toy {number}"));
            let outcome = run(&preparation, &ranking, &options(mechanism), &mut |_| ()).unwrap();
            for (row, decision) in outcome.decisions.iter().enumerate() {
                placed[row] += u32::from(matches!(decision.verdict, Verdict::Placed(_)));
            }
        }
        for (row, &count) in placed.iter().enumerate() {
            let applicant = ApplicantIx::new(row);
            prop_assert!((found.of(applicant).p - f64::from(count) / 6.0).abs() < 1e-12);
            let ranks: f64 = (1..=found.ranks()).map(|rank| found.of_rank(applicant, rank).p).sum();
            prop_assert!((ranks - found.of(applicant).p).abs() < 1e-12);
        }
        prop_assert_eq!(found.places, placed.iter().copied().map(u64::from).sum::<u64>());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        prop_assert_eq!(pool.install(|| chances_of(&season, mechanism, 6)), found);
    }
}
