//! Random seasons, most of them small, with everything that a season may have.

use feriematch_core::Preparation;
use feriematch_model::*;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;

use crate::builder::{Builder, period, set, stream};
use crate::definition::locks;

prop_compose! {
    fn any_job()(
        capacity in 0_u32..4,
        employer in 0_usize..4,
        area in 0_usize..2,
        second_period in prop::bool::weighted(0.2),
        streams in prop::collection::btree_set(0_usize..3, 1..=3),
        open_to in prop::option::weighted(0.2, 0_usize..2),
        licence in prop::bool::weighted(0.1),
        eight_hours in prop::bool::weighted(0.2),
    ) -> Job {
        let mut job = Builder::new().job("?", capacity).0.jobs.remove(0);
        job.employer = match employer {
            0 | 1 => Employer::District(DistrictIx::new(employer)),
            _ => Employer::Department(DepartmentIx::new(employer - 2)),
        };
        job.host_district = (employer < 3).then(|| DistrictIx::new(employer % 2));
        job.area = AreaIx::new(area);
        job.period = PeriodIx::new(usize::from(second_period));
        job.streams = set(&Vec::from_iter(streams));
        job.open_to = set(open_to.as_slice());
        job.requires = if licence { set(&[0]) } else { SmallSet::new() };
        job.minutes_per_day = eight_hours.then_some(8 * 60);
        job
    }
}

/// A birth date: mostly 17; else out of the cohorts, or turning 16 on the last day of the first period, or 18.
fn any_birth_date() -> impl Strategy<Value = Date> {
    let day = |year, month, day| Just(date(year, month, day));
    prop_oneof![6 => day(2010, 3, 1), 1 => day(2008, 3, 1), 1 => day(2011, 7, 2), 1 => day(2009, 3, 1)]
}

prop_compose! {
    fn any_applicant(jobs: usize)(
        home in 0_usize..2,
        class in 0_usize..3,
        birth_date in any_birth_date(),
        gender in select(vec![Gender::Female, Gender::Female, Gender::Male, Gender::Male, Gender::Other, Gender::Unknown]),
        licence in any::<bool>(),
        one_period in prop::option::weighted(0.2, 0_usize..2),
        wishes in prop::collection::vec((0..jobs * 2 + 5, any::<bool>()), 0..5),
    ) -> Applicant {
        let mut applicant = Builder::new().applicant("?", "").0.applicants.remove(0);
        applicant.birth_date = birth_date;
        applicant.gender = gender;
        applicant.home_district = DistrictIx::new(home);
        applicant.class = ClassIx::new(class);
        applicant.qualifications = if licence { set(&[0]) } else { SmallSet::new() };
        applicant.periods = set(one_period.as_slice());
        let mut rank = 0;
        let wish = |(target, tied): (usize, bool)| {
            rank += u16::from(rank == 0 || !tied);
            // Jobs are twice as likely as each class of jobs.
            let target = match target.checked_sub(jobs * 2) {
                None => Target::Job(JobIx::new(target / 2)),
                Some(class) => Target::Jobs(JobFilter {
                    area: (class % 3 != 0).then(|| AreaIx::new(class % 3 - 1)),
                    district: (class > 2).then(|| DistrictIx::new(class % 2)),
                }),
            };
            Wish { rank, target }
        };
        applicant.wishes = wishes.into_iter().map(wish).collect();
        applicant
    }
}

prop_compose! {
    fn any_stream()(
        payer in select(vec![Payer::HomeDistrict, Payer::HomeDistrict, Payer::Employer, Payer::External]),
        cap in prop::option::weighted(0.3, 0_u32..6),
        class in prop::option::weighted(0.2, 0_usize..3),
        cohort in prop::option::weighted(0.2, 2009_i16..2011),
        home in prop::option::weighted(0.2, 0_usize..2),
    ) -> Stream {
        Stream {
            cap,
            classes: set(class.as_slice()),
            cohorts: cohort.into_iter().collect(),
            home_districts: set(home.as_slice()),
            ..stream("?", payer)
        }
    }
}

/// The three forms of rank costs; the list with a tie between ranks and an end before the longest list of wishes.
fn any_rank_costs() -> impl Strategy<Value = RankCosts> {
    select(vec![RankCosts::Linear, RankCosts::Convex, RankCosts::Table(vec![0, 0, 5])])
}

/// Whether a pair is locked, and the stream that such a lock may state.
fn any_decision() -> impl Strategy<Value = (bool, Option<usize>)> {
    (any::<bool>(), prop::option::weighted(0.4, 0_usize..3))
}

prop_compose! {
    /// A season of so many applicants and jobs at most and 1 to 3 streams, with locks that may not stand.
    fn any_draft_of(most_applicants: usize, most_jobs: usize)(jobs in prop::collection::vec(any_job(), 1..=most_jobs))(
        applicants in prop::collection::vec(any_applicant(jobs.len()), 1..=most_applicants),
        overrides in prop::collection::btree_map((0..12_usize, 0..jobs.len()), any_decision(), 0..5),
        mut jobs in Just(jobs),
        streams in prop::collection::vec(any_stream(), 1..=3),
        homes in [prop::option::weighted(0.4, 0_u32..6), prop::option::weighted(0.2, 0_u32..4)],
        departments in [prop::option::of(0_u32..5), prop::option::weighted(0.3, 0_u32..3)],
        rank_costs in any_rank_costs(),
    ) -> SeasonDraft {
        let mut draft = Builder::new().0;
        let settings = &mut draft.settings;
        settings.periods.push(period("2", date(2027, 7, 5), date(2027, 7, 23)));
        settings.streams = (0..).zip(streams).map(|(row, s)| Stream { id: format!("s{row}").into(), ..s }).collect();
        settings.districts.iter_mut().zip(homes).for_each(|(district, cap)| district.cap = cap);
        settings.departments.iter_mut().zip(departments).for_each(|(department, cap)| department.cap = cap);
        settings.rank_costs = rank_costs;
        for (row, job) in jobs.iter_mut().enumerate() {
            job.id = format!("j{row:02}").into();
            job.streams = set(&job.streams.rows().map(|row| row % settings.streams.len()).collect::<Vec<_>>());
        }
        draft.jobs = jobs;
        draft.applicants = applicants;
        draft.applicants.iter_mut().enumerate().for_each(|(row, a)| a.id = format!("a{row:03}").into());
        let mut locked = None;
        for ((applicant, job), (lock, stream)) in overrides {
            let kind = if lock { OverrideKind::Lock } else { OverrideKind::Forbid };
            let (applicant_ix, job) = (ApplicantIx::new(applicant), JobIx::new(job));
            if applicant < draft.applicants.len() && !(lock && locked == Some(applicant)) {
                let stream = stream.filter(|_| lock).map(|row| StreamIx::new(row % draft.settings.streams.len()));
                let (reason, by) = ("?".into(), "?".into());
                draft.overrides.push(Override { kind, applicant: applicant_ix, job, stream, reason, by });
                locked = if lock { Some(applicant) } else { locked };
            }
        }
        draft
    }
}

/// A season of up to 12 applicants and 6 jobs, with locks that may not stand.
pub(crate) fn any_draft() -> impl Strategy<Value = SeasonDraft> {
    any_draft_of(12, 6)
}

/// Builds a season of a draft without the locks that cannot stand.
pub(crate) fn with_standing_locks(mut draft: SeasonDraft) -> Season {
    let season = Season::new(draft.clone()).unwrap();
    let refused = locks(&Preparation::new(&season)).1;
    let mut row = 0..;
    draft.overrides.retain(|_| !refused.contains(&row.next().unwrap()));
    Season::new(draft).unwrap()
}

/// A season that can be run.
pub(crate) fn any_season() -> impl Strategy<Value = Season> {
    any_draft().prop_map(with_standing_locks)
}

/// A season that can be run and is too large to try every placement.
pub(crate) fn any_larger_season() -> impl Strategy<Value = Season> {
    any_draft_of(150, 25).prop_map(with_standing_locks)
}

/// A season with one stream, with or without caps on home districts.
pub(crate) fn any_season_of_one_stream(home_caps: bool) -> impl Strategy<Value = Season> {
    any_draft().prop_map(move |mut draft| {
        draft.settings.streams.truncate(1);
        draft.jobs.iter_mut().for_each(|job| job.streams = set(&[0]));
        draft.overrides.iter_mut().for_each(|o| o.stream = None);
        if !home_caps {
            draft.settings.districts.iter_mut().for_each(|district| district.cap = None);
        }
        with_standing_locks(draft)
    })
}

pub(crate) fn any_mechanism() -> impl Strategy<Value = Mechanism> {
    select(Mechanism::ALL.to_vec())
}

pub(crate) fn any_placement() -> impl Strategy<Value = PlacementRule> {
    select(PlacementRule::ALL.to_vec())
}

prop_compose! {
    /// Soft targets for those selected; at workplaces only with linear rank costs.
    pub(crate) fn any_reserves()(
        girls in prop::option::of(1_u8..=60),
        boys in prop::option::of(1_u8..=40),
        girls_first in any::<bool>(),
        precedence in select(Precedence::ALL.to_vec()),
    ) -> Balance {
        let reserve = |gender, percent: Option<u8>| percent.map(|percent| Reserve { gender, percent });
        let both = [reserve(Gender::Female, girls), reserve(Gender::Male, boys)];
        let mut reserves: Vec<Reserve> = both.into_iter().flatten().collect();
        if !girls_first {
            reserves.reverse();
        }
        Balance { reserves, precedence, workplaces: None }
    }
}

pub(crate) fn any_workplaces() -> impl Strategy<Value = WorkplaceBalance> {
    (1_u16..4, 51_u8..=100).prop_map(|(ranks, majority_percent)| WorkplaceBalance { ranks, majority_percent })
}
