//! Section 5: stages, one after the other, and seasons where there is little or nothing to give.

use feriematch_model::*;
use jiff::civil::date;

use crate::builder::{Builder, of_department, outcome_of, set, stream, verdicts};

/// The mechanisms that serve one stream after the other.
const BY_STAGES: [Mechanism; 2] = [Mechanism::Priority, Mechanism::SerialDictatorship];

/// A season with two streams, `first` and `second`, either of which may pay for every job.
fn two_streams(change: impl FnOnce(&mut Stream, &mut Stream)) -> impl FnOnce(Builder) -> Season {
    let mut streams = [stream("first", Payer::External), stream("second", Payer::External)];
    let [first, second] = &mut streams;
    change(first, second);
    move |builder| {
        let mut draft = builder.with(|settings| settings.streams = streams.to_vec()).0;
        draft.jobs.iter_mut().for_each(|job| job.streams = set(&[0, 1]));
        Season::new(draft).unwrap()
    }
}

fn born_2009(applicant: &mut Applicant) {
    applicant.birth_date = date(2009, 3, 1);
}

#[test]
fn what_one_stream_leaves_is_for_the_next() {
    let season = two_streams(|first, _| first.cap = Some(1));
    let season =
        season(Builder::new().job("a", 3).applicant("w", "a").applicant("x", "a").applicant("y", "a").applicant("z", "a"));
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["a:first", "a:second", "a:second", "-full-full"]);
    }
}

/// A place given stays given: the second stream moves nobody, even where that would make room.
#[test]
fn a_later_stream_moves_nobody() {
    let season = two_streams(|first, _| first.cap = Some(1));
    let season = season(Builder::new().job("a", 1).job("b", 1).applicant("x", "a > b").applicant("y", "a"));
    for mechanism in BY_STAGES {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["a:first", "-full-full"]);
    }
}

/// Slot precedence: which stream is served first decides who gets a place, and how many do. A grant for the cohort of 2009 pays for one place,
/// the open stream for another.
///
/// S. Kominers and T. Sönmez: Matching with slot-specific priorities, Theoretical Economics 2016.
#[test]
fn the_order_of_streams_decides() {
    let in_order = |grant_first: bool| {
        two_streams(move |first, second| {
            (first.cap, second.cap) = (Some(1), Some(1));
            let grant = if grant_first { first } else { second };
            grant.cohorts = vec![2009];
        })
    };
    let two = || Builder::new().job("a", 2).applicant("x", "a").with_applicant(born_2009).applicant("y", "a");
    let three = || two().applicant("z", "a").with_applicant(born_2009);
    for mechanism in BY_STAGES {
        let place = |grant_first, builder| verdicts(&outcome_of(&in_order(grant_first)(builder), mechanism));
        assert_eq!(place(true, two()), ["a:first", "a:second"], "the grant pays for x and leaves the open place to y");
        assert_eq!(place(false, two()), ["a:first", "-full-none"], "x takes the open place, and the grant pays for nobody");
        assert_eq!(place(true, three()), ["a:first", "a:second", "-full-full"]);
        assert_eq!(place(false, three()), ["a:first", "-full-none", "a:second"], "z comes in though y is ahead");
    }
}

/// On paper there are no stages: each is paid by the first stream that still can.
#[test]
fn the_paper_lottery_looks_for_a_stream_wish_by_wish() {
    let season = two_streams(|first, second| {
        first.cap = Some(1);
        second.cohorts = vec![2009];
    });
    let builder =
        Builder::new().job("a", 3).applicant("x", "a").applicant("y", "a").with_applicant(born_2009).applicant("z", "a");
    let outcome = outcome_of(&season(builder), Mechanism::PaperLottery);
    assert_eq!(verdicts(&outcome), ["a:first", "a:second", "-full-none"]);
}

#[test]
fn a_departments_cap_counts_all_streams() {
    let season = two_streams(|first, _| first.cap = Some(1));
    let builder = Builder::new().with(|settings| settings.departments[0].cap = Some(2));
    let builder = builder.job("a", 3).with_job(of_department(0)).job("b", 3).with_job(of_department(0)).job("c", 1);
    let builder = builder.applicant("w", "a").applicant("x", "b").applicant("y", "b").applicant("z", "c");
    let season = season(builder);
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["a:first", "b:second", "-full-full", "c:second"]);
    }
}

/// A home district's cap counts the streams that the home district pays, and no others.
#[test]
fn a_home_cap_counts_what_the_home_pays() {
    let capped = |change: fn(&mut Stream, &mut Stream)| {
        let builder = Builder::new().with(|settings| settings.districts[0].cap = Some(1));
        let builder = builder.job("a", 9).applicant("w", "a").applicant("x", "a").applicant("y", "a");
        let builder = builder.with_applicant(|applicant| applicant.home_district = DistrictIx::new(1));
        two_streams(change)(builder)
    };
    let both = capped(|first, second| (first.payer, second.payer) = (Payer::HomeDistrict, Payer::HomeDistrict));
    let second = capped(|first, second| (first.cap, second.payer) = (Some(1), Payer::HomeDistrict));
    let neither = capped(|first, second| (first.payer, second.payer) = (Payer::Employer, Payer::External));
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&both, mechanism)), ["a:first", "-home-home", "a:first"]);
        assert_eq!(verdicts(&outcome_of(&second, mechanism)), ["a:first", "a:second", "a:second"]);
        assert_eq!(verdicts(&outcome_of(&neither, mechanism)), ["a:first"; 3]);
    }
}

/// Whom the home cap stops leaves the place to the next in the ranking.
#[test]
fn a_home_cap_stops_nobody_of_another_home() {
    let builder = Builder::new().with(|settings| settings.districts[0].cap = Some(0)).job("a", 1);
    let builder = builder.applicant("x", "a").applicant("y", "a");
    let season = builder.with_applicant(|applicant| applicant.home_district = DistrictIx::new(1)).build();
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["-home", "a:district"]);
    }
}

#[test]
fn no_room_is_no_place() {
    let season = |capacity, change: fn(&mut Settings)| {
        Builder::new().with(change).job("a", capacity).with_job(of_department(0)).applicant("x", "a").build()
    };
    for mechanism in Mechanism::ALL {
        let verdict = |season: &Season| verdicts(&outcome_of(season, mechanism)).remove(0);
        assert_eq!(verdict(&season(0, |_| ())), "-full");
        assert_eq!(verdict(&season(1, |settings| settings.departments[0].cap = Some(0))), "-full");
        assert_eq!(verdict(&season(1, |settings| settings.streams[0].cap = Some(0))), "-full");
        assert_eq!(verdict(&season(1, |settings| settings.districts[0].cap = Some(0))), "-home");
        assert_eq!(verdict(&season(1, |_| ())), "a:district");
    }
}

#[test]
fn nobody_eligible_gets_nothing() {
    let builder =
        Builder::new().job("a", 5).with_job(|job| job.hazardous = true).job("b", 5).with_job(|job| job.min_age = Some(18));
    let season = builder.applicant("x", "any").applicant("y", "b").applicant("z", "").build();
    for mechanism in Mechanism::ALL {
        let outcome = outcome_of(&season, mechanism);
        assert_eq!(verdicts(&outcome), ["!minimum-age!hazardous-work", "!minimum-age", ""]);
        assert_eq!(outcome.stages.len(), 1);
    }
}

#[test]
fn a_season_may_be_empty() {
    for mechanism in Mechanism::ALL {
        let outcome = outcome_of(&Builder::new().build(), mechanism);
        assert_eq!((outcome.decisions.len(), outcome.stages.len()), (0, 1));
        assert_eq!(verdicts(&outcome_of(&Builder::new().job("a", 1).build(), mechanism)), [""; 0]);
        assert_eq!(verdicts(&outcome_of(&Builder::new().applicant("x", "any").build(), mechanism)), [""]);
    }
}
