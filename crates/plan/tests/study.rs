//! Seasons simulated: against the record's state machine, against closed forms, and in parts.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};

use feriematch_core::{Preparation, RunOptions};
use feriematch_model::{Mechanism, Money, PlacementRule, Season, WageBand};
use feriematch_plan::study::{
    AnotherStudy, Assumptions, Cell, CellTotals, Dimension, Figure, FigureKey, MergeError, Population, RoundCalendar, Shard,
    Study, StudyPart,
};
use feriematch_plan::{Distribution, OfferRates, PlanError, Player, Rate, Tally};
use jiff::civil::date;
use proptest::prelude::*;

use toy::{draft_of, one_district, season};

const OPTIONS: RunOptions = RunOptions::with(Mechanism::Priority, PlacementRule::LeastTotalRank);

fn rate(some: u32, all: u32) -> Rate {
    Rate::new(some, all).unwrap()
}

fn cell(season: &Season, assumptions: Assumptions) -> Cell<'_> {
    Cell { name: "season".to_owned(), season, options: OPTIONS, assumptions }
}

fn study(season: &Season, assumptions: Assumptions, seasons: u32) -> Study<'_> {
    Study { cells: vec![cell(season, assumptions)], seed: "toy".to_owned(), seasons }
}

fn played(study: &Study<'_>) -> StudyPart {
    study.play(Shard::WHOLE, &|| ControlFlow::Continue(())).unwrap()
}

fn total(cell: &CellTotals, figure: Figure) -> &Distribution {
    cell.total(figure).unwrap()
}

/// Returns the parts of a study, split in so many.
fn parts(study: &Study<'_>, of: u32) -> Vec<StudyPart> {
    Shard::all(NonZeroU32::new(of).unwrap()).map(|shard| study.play(shard, &|| ControlFlow::Continue(())).unwrap()).collect()
}

/// One district that may hire 100 of 300 who all want the same work; so many of 10 offers are declined.
fn declining(some: u32) -> (Season, Assumptions) {
    (one_district(), Assumptions::declines([rate(some, 10), Rate::NOBODY]))
}

fn any_season() -> impl Strategy<Value = Season> {
    let capacities = prop::collection::vec(0_u32..5, 1..6);
    let applicants = prop::collection::vec((0_usize..2, prop::collection::vec(0_usize..5, 0..5)), 1..40);
    let caps = [prop::option::of(0_u32..8), prop::option::of(0_u32..8)];
    (capacities, applicants, caps).prop_map(|(capacities, applicants, caps)| {
        let known = |wishes: Vec<usize>| wishes.into_iter().filter(|&job| job < capacities.len()).collect::<Vec<_>>();
        let applicants: Vec<_> = applicants.into_iter().map(|(home, wishes)| (home, known(wishes))).collect();
        season(&capacities, &applicants, caps)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nobody silent, no calendar: season by season what the record's state machine says of the same seed.
    #[test]
    fn a_season_is_played_as_the_record_plays_it(season in any_season(), declined in [0_u32..4, 0..4], mechanism in 0_usize..6) {
        let rates = declined.map(|some| rate(some, 4));
        let options = RunOptions::with(Mechanism::ALL[mechanism], PlacementRule::default());
        let preparation = Preparation::new(&season);
        let player = Player::new(&preparation, options.clone(), rates.to_vec()).unwrap();
        let cells = vec![Cell { options, ..cell(&season, Assumptions::declines(rates)) }];
        let study = Study { cells, seed: "toy".to_owned(), seasons: 5 };
        for (number, part) in (1..).zip(parts(&study, 5)) {
            let expected = player.play(&format!("toy {number}")).unwrap();
            let sum = |of: fn(&Tally<u32>) -> u32| {
                let all = expected.total();
                Some(i64::from(of(&all.home) + of(&all.others)))
            };
            let cell = &part.cells[0];
            let only = |figure| total(cell, figure).min();
            prop_assert_eq!(only(Figure::Rounds), Some(expected.rounds.into()));
            prop_assert_eq!(only(Figure::Free), Some(expected.free.into()));
            prop_assert_eq!(only(Figure::Offered), sum(|tally| tally.offered));
            prop_assert_eq!(only(Figure::Declined), sum(|tally| tally.declined));
            prop_assert_eq!(only(Figure::Hired), sum(|tally| tally.hired));
            // Home district by home district.
            for (home, by_payer) in ["north", "south"].iter().zip(&expected.homes) {
                let hired = cell.figure(&format!("hired/district/{home}").parse().unwrap()).and_then(Distribution::min);
                prop_assert_eq!(hired.unwrap_or_default(), i64::from(by_payer.home.hired + by_payer.others.hired));
                let paid = cell.figure(&format!("hired/payer/{home}").parse().unwrap()).and_then(Distribution::min).unwrap();
                // The employer of every job is the district in the north.
                let employed: u32 = if *home == "north" { expected.homes.iter().map(|home| home.others.hired).sum() } else { 0 };
                prop_assert_eq!(paid, i64::from(by_payer.home.hired + employed));
            }
        }
    }

    /// Whatever is assumed, offers, places and people add up, in the whole and by each dimension.
    #[test]
    fn figures_add_up(
        season in any_season(),
        [declined, lapsed, withdrawn] in [0_u32..3, 0..3, 0..4],
        redrawn in any::<bool>(),
        calendar in any::<bool>(),
    ) {
        let rates = OfferRates { declined: rate(declined, 4), lapsed: rate(lapsed, 4), withdrawn: rate(withdrawn, 4) };
        let calendar = calendar.then_some(RoundCalendar { first_offers: date(2027, 5, 3), days_to_answer: 5, days_between: 2, lead_days: 10 });
        let population = if redrawn { Population::Redrawn { percent: 150 } } else { Population::AsInFiles };
        let study = study(&season, Assumptions { answers: vec![rates; 2], calendar, population }, 4);
        for part in parts(&study, 4) {
            let cell = &part.cells[0];
            let only = |figure| total(cell, figure).min().unwrap();
            let [offered, hired] = [Figure::Offered, Figure::Hired].map(only);
            prop_assert_eq!(offered, only(Figure::Declined) + only(Figure::Lapsed) + only(Figure::Withdrawn) + hired);
            prop_assert_eq!(only(Figure::Applicants), offered + only(Figure::Unplaced));
            prop_assert_eq!(hired + only(Figure::Free), i64::from(cell.facts.places));
            prop_assert!(only(Figure::Ineligible) <= only(Figure::Unplaced));
            prop_assert!(calendar.is_none() || only(Figure::Rounds) <= 5);
            for figure in [Figure::Applicants, Figure::Offered, Figure::Hired, Figure::Unplaced] {
                for dimension in Dimension::ALL {
                    let of = |part| cell.of(figure, part).and_then(Distribution::min);
                    let counted: Vec<i64> = cell.facts.parts.iter().filter(|part| part.dimension == dimension).filter_map(of).collect();
                    prop_assert!(counted.is_empty() || counted.iter().sum::<i64>() == only(figure), "{:?} by {:?}", figure, dimension);
                }
            }
        }
    }

    /// Any parts, merged in any order, give the bytes of the whole.
    #[test]
    fn parts_make_the_whole(season in any_season(), of in 1_u32..7, order in any::<prop::sample::Index>()) {
        let assumptions = Assumptions {
            population: Population::Redrawn { percent: 100 },
            ..Assumptions::declines([rate(1, 3), rate(1, 2)])
        };
        let cells = ["first", "second"].map(|name| Cell { name: name.to_owned(), ..cell(&season, assumptions.clone()) });
        let study = Study { cells: cells.to_vec(), seed: "toy".to_owned(), seasons: 23 };
        let whole = serde_json::to_string(&played(&study)).unwrap();
        let written = parts(&study, of).into_iter().map(|part| serde_json::to_string(&part).unwrap());
        let mut read: Vec<StudyPart> = written.map(|json| serde_json::from_str(&json).unwrap()).collect();
        let at = order.index(read.len());
        read.rotate_left(at);
        // Two by two, as somebody may who gets them late.
        let last = read.pop().unwrap();
        let merged = if read.is_empty() { last } else { StudyPart::merge(vec![last, StudyPart::merge(read).unwrap()]).unwrap() };
        prop_assert_eq!(serde_json::to_string(&merged).unwrap(), whole);
    }
}

#[test]
fn neither_threads_nor_blocks_matter() {
    let (season, assumptions) = declining(2);
    let study = study(&season, Assumptions { population: Population::Redrawn { percent: 100 }, ..assumptions }, 100);
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| played(&study))).unwrap()
    };
    assert_eq!(with_threads(1), with_threads(2));
    assert_eq!(with_threads(1), with_threads(3));
}

/// Offers until 100 accept: 100/(1 - q) on average, with a variance of 100 q / (1 - q)², and 100 are hired.
#[test]
fn offers_until_enough_accept_are_negative_binomial() {
    let (season, assumptions) = declining(2);
    let part = played(&study(&season, assumptions, 2_000));
    let cell = &part.cells[0];
    assert_eq!((total(cell, Figure::Hired).min(), total(cell, Figure::Hired).max()), (Some(100), Some(100)));
    let offered = total(cell, Figure::Offered);
    // The mean 125, the variance 31.25; four standard errors: 4 √(31.25/2000) = 0.50; of the deviation 5.59, 4 · 5.59/√4000 = 0.35.
    assert!((12_450..=12_550).contains(&offered.mean().unwrap()), "{:?}", offered.mean());
    assert!((524..=595).contains(&offered.standard_deviation().unwrap()), "{:?}", offered.standard_deviation());
}

/// With a single round, of 100 offers those are hired who neither decline, nor are silent, nor give up: binomial with 100 and 0.7 · 0.9.
#[test]
fn of_a_single_round_those_hired_are_binomial() {
    let season = one_district();
    let rates = OfferRates { declined: rate(1, 10), lapsed: rate(1, 5), withdrawn: rate(1, 10) };
    // Five working days after 31 May is 7 June, and after that 14 June, when the work begins: there is no time for a second round.
    let calendar = RoundCalendar { first_offers: date(2027, 5, 31), days_to_answer: 5, days_between: 0, lead_days: 5 };
    let assumptions = Assumptions { answers: vec![rates; 2], calendar: Some(calendar), population: Population::AsInFiles };
    let part = played(&study(&season, assumptions, 2_000));
    let cell = &part.cells[0];
    let only = |figure| (total(cell, figure).min(), total(cell, figure).max());
    assert_eq!([Figure::Rounds, Figure::Weeks, Figure::Offered].map(only), [1, 1, 100].map(|n| (Some(n), Some(n))));
    let hired = total(cell, Figure::Hired);
    // The mean 63, the variance 23.31; four standard errors 0.43, and of the deviation 4.83, 0.31.
    assert!((6_257..=6_343).contains(&hired.mean().unwrap()), "{:?}", hired.mean());
    assert!((452..=514).contains(&hired.standard_deviation().unwrap()), "{:?}", hired.standard_deviation());
    let lapsed = total(cell, Figure::Lapsed).mean().unwrap();
    assert!((1_964..=2_036).contains(&lapsed), "{lapsed}");
}

/// Of n who all want one of c places, each is offered one in c/n of the lotteries: those of a district in proportion to how many they are.
#[test]
fn places_go_to_groups_in_proportion() {
    let applicants: Vec<(usize, Vec<usize>)> = (0..60).map(|row| (usize::from(row >= 20), vec![0])).collect();
    let season = season(&[15], &applicants, [None, None]);
    let part = played(&study(&season, Assumptions::declines([Rate::NOBODY; 2]), 2_000));
    let cell = &part.cells[0];
    let hired = cell.figure(&"hired/district/north".parse().unwrap()).unwrap();
    // Hypergeometric: the mean 15 · 20/60 = 5, the variance 5 · (2/3) · 45/59 = 2.54; four standard errors 0.14.
    assert!((486..=514).contains(&hired.mean().unwrap()), "{:?}", hired.mean());
    assert!((149..=170).contains(&hired.standard_deviation().unwrap()), "{:?}", hired.standard_deviation());
}

/// How many apply is Poisson with a mean and a variance of the number in the files, times the factor.
#[test]
fn how_many_apply_is_poisson() {
    let (season, assumptions) = declining(0);
    let redrawn = |percent| Assumptions { population: Population::Redrawn { percent }, ..assumptions.clone() };
    for (percent, mean, deviation) in [(100, 30_000, 1_732), (50, 15_000, 1_224)] {
        let part = played(&study(&season, redrawn(percent), 2_000));
        let applicants = total(&part.cells[0], Figure::Applicants);
        // Four standard errors: 4 · 17.3/√2000 = 1.55 of the mean, 4 · 17.3/√4000 = 1.1 of the deviation.
        assert!(applicants.mean().unwrap().abs_diff(mean) <= 155, "{:?}", applicants.mean());
        assert!(applicants.standard_deviation().unwrap().abs_diff(deviation) <= 110, "{:?}", applicants.standard_deviation());
    }
}

/// Cells share lotteries, answers and populations: of the same scenario nothing differs, and of one that can only help nobody ever loses.
#[test]
fn differences_are_those_of_the_scenario() {
    let (season, assumptions) = declining(2);
    let mut draft = draft_of(&season);
    draft.settings.districts[0].cap = Some(110);
    let more = Season::new(draft).unwrap();
    let assumptions = Assumptions { population: Population::Redrawn { percent: 40 }, ..assumptions };
    let named = |name: &str, season| Cell { name: name.to_owned(), ..cell(season, assumptions.clone()) };
    let cells = vec![named("as it is", &season), named("the same", &season), named("ten more", &more)];
    let part = played(&Study { cells, seed: "toy".to_owned(), seasons: 200 });
    let [first, same, more] = &part.cells[..] else { panic!("three cells") };
    assert_eq!(first.differences().count(), 0);
    assert!(same.differences().count() > 20);
    assert!(same.differences().all(|(_, difference)| (difference.min(), difference.max()) == (Some(0), Some(0))));
    let hired = more.difference(&FigureKey::from(Figure::Hired)).unwrap();
    // Some of 120 who apply on average decline, so that sometimes there are fewer than 100 for the places.
    assert_eq!((hired.min(), hired.max(), hired.len()), (Some(0), Some(10), 200));
    let gain = total(more, Figure::Hired).moments().mean().unwrap() - total(first, Figure::Hired).moments().mean().unwrap();
    assert!(gain.abs_diff(hired.mean().unwrap()) <= 1);
}

/// A calendar ends offers of a job before its work begins.
#[test]
fn a_job_is_not_offered_too_late() {
    let season = one_district();
    let calendar = |first_offers| RoundCalendar { first_offers, days_to_answer: 5, days_between: 1, lead_days: 0 };
    let rounds = |calendar| {
        let assumptions = Assumptions { calendar: Some(calendar), ..Assumptions::declines([rate(99, 100), Rate::NOBODY]) };
        let part = played(&study(&season, assumptions, 3));
        [Figure::Rounds, Figure::Weeks].map(|figure| total(&part.cells[0], figure).max().unwrap())
    };
    // The work begins on Monday 14 June 2027. A deadline on that day is in time, one on the day after is not.
    assert_eq!(rounds(calendar(date(2027, 6, 7))), [1, 1]);
    assert_eq!(rounds(calendar(date(2027, 6, 8))), [0, 0]);
    // From 27 May: until 3 June, offers on the 4th until the 11th, and then it is too late. 15 days are three weeks begun.
    assert_eq!(rounds(calendar(date(2027, 5, 27))), [2, 3]);
}

#[test]
fn what_it_costs_is_what_those_hired_cost() {
    let (season, assumptions) = declining(5);
    let mut draft = draft_of(&season);
    draft.settings.wages = vec![WageBand { from_age: 13, to_age: 20, per_hour: Money::from_kronor(100) }];
    draft.settings.employer_fee_basis_points = 3_142;
    draft.settings.districts[0].budget = Some(Money::from_ore(100 * 1_182_780));
    draft.jobs[0].paid_minutes = Some(90 * 60);
    let priced = Season::new(draft.clone()).unwrap();
    let part = played(&study(&priced, assumptions.clone(), 50));
    let cell = &part.cells[0];
    // 90 hours at 100 kronor, and 31.42 % on that.
    let cost = total(cell, Figure::Cost);
    assert_eq!(cost.mean(), Some(100 * 1_182_780 * 100));
    assert_eq!((cost.unit(), cost.min()), (100_000, Some(1_183)));
    assert_eq!(total(cell, Figure::Unpriced).max(), Some(0));
    let over = |cell: &CellTotals| cell.figure(&"over_budget/payer/north".parse().unwrap()).unwrap().max();
    assert_eq!(over(cell), Some(0), "a budget that is used up is not exceeded");
    draft.settings.districts[0].budget = Some(Money::from_ore(100 * 1_182_780 - 1));
    let short = Season::new(draft.clone()).unwrap();
    assert_eq!(over(&played(&study(&short, assumptions.clone(), 50)).cells[0]), Some(1));
    // Without hours nobody knows.
    draft.jobs[0].paid_minutes = None;
    let unknown = Season::new(draft).unwrap();
    let part = played(&study(&unknown, assumptions, 50));
    assert_eq!(total(&part.cells[0], Figure::Unpriced).min(), Some(100));
}

#[test]
fn enough_seasons_are_as_many_as_were_asked_for() {
    let (season, assumptions) = declining(2);
    let assumptions = Assumptions { population: Population::Redrawn { percent: 40 }, ..assumptions };
    let all = study(&season, assumptions.clone(), 2_000);
    let until = |half_width| all.play_until(half_width, &|| ControlFlow::Continue(())).unwrap();
    let enough = until(50);
    assert!(enough.seasons > 250 && enough.seasons < 2_000 && enough.seasons.is_multiple_of(250), "{}", enough.seasons);
    assert_eq!(enough, played(&study(&season, assumptions, enough.seasons)));
    let half_width = |part: &StudyPart| total(&part.cells[0], Figure::Hired).half_width().unwrap();
    assert!(half_width(&enough) <= 50);
    assert_eq!(until(1), played(&all));
    // The last row of the convergence is the interval; and it shrinks.
    let convergence = enough.cells[0].convergence(enough.seasons);
    assert_eq!(convergence.last().map(|last| (last.seasons, last.half_width)), Some((enough.seasons, half_width(&enough))));
    assert!(convergence[0].half_width > 2 * half_width(&enough));
}

#[test]
fn a_study_ends_when_it_is_not_wanted_any_more() {
    let (season, assumptions) = declining(2);
    let study = study(&season, assumptions, 10_000);
    let played = AtomicU32::new(0);
    let stop = || if played.fetch_add(1, Ordering::Relaxed) < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(matches!(one.install(|| study.play(Shard::WHOLE, &stop)), Err(PlanError::Stopped)));
    assert_eq!(played.swap(0, Ordering::Relaxed), 3);
    assert!(matches!(study.play_until(1, &stop), Err(PlanError::Stopped)));
    assert!(played.load(Ordering::Relaxed) < 100, "every thread ends after the season that it plays");
}

#[test]
fn what_is_no_part_of_a_study_is_refused() {
    let (season, assumptions) = declining(2);
    let study_of =
        |seed: &str, seasons, assumptions: Assumptions| Study { seed: seed.to_owned(), ..study(&season, assumptions, seasons) };
    let own = parts(&study_of("toy", 10, assumptions.clone()), 4);
    assert_eq!(StudyPart::merge(Vec::new()), Err(MergeError::Nothing));
    let with = |other: &StudyPart| StudyPart::merge(vec![own[0].clone(), other.clone()]);
    let incomplete = with(&own[2]).unwrap();
    assert_eq!(incomplete.missing().iter().map(ToString::to_string).collect::<Vec<_>>(), ["2/4", "4/4"]);
    assert_eq!(incomplete.played(), 5);
    assert!(incomplete.cells[0].convergence(10).is_empty(), "of some of the seasons nothing is said of the first so many");
    assert_eq!(with(&own[0]), Err(MergeError::Overlap { part: 2, shard: "1/4".parse().unwrap() }));
    let another = |other: &Study<'_>| match with(&parts(other, 4)[1]) {
        Err(MergeError::AnotherStudy { part: 2, what }) => what,
        merged => panic!("{merged:?}"),
    };
    assert_eq!(another(&study_of("toys", 10, assumptions.clone())), AnotherStudy::Seed);
    assert_eq!(another(&study_of("toy", 11, assumptions.clone())), AnotherStudy::Seasons);
    assert_eq!(another(&study_of("toy", 10, Assumptions::declines([rate(3, 10), Rate::NOBODY]))), AnotherStudy::Content);
    let mut draft = draft_of(&season);
    draft.jobs[0].capacity += 1;
    let changed = Season::new(draft).unwrap();
    assert_eq!(another(&study(&changed, assumptions.clone(), 10)), AnotherStudy::Content);
    let halves = parts(&study_of("toy", 10, assumptions), 2);
    assert_eq!(with(&halves[1]), Err(MergeError::AnotherSplit { part: 2, found: 2, of: 4 }));
    // Somebody counts a season twice.
    let json = serde_json::to_string(&own[1]).unwrap();
    let changed: StudyPart = serde_json::from_str(&json.replace("[[100,3]]", "[[100,4]]")).unwrap();
    assert_ne!(changed, own[1]);
    assert_eq!(with(&changed), Err(MergeError::Changed { part: 2 }));
    let later: StudyPart = serde_json::from_str(&json.replace("\"format\":1", "\"format\":2")).unwrap();
    assert_eq!(with(&later), Err(MergeError::Format { part: 2, found: 2 }));
}
