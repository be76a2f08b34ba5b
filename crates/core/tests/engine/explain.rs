//! What is said to one applicant: true of the outcome, and the deficient set is one.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_core::{Bottleneck, Cutoff, Preparation, Ranking, WishExplanation, explain};
use feriematch_model::*;
use proptest::prelude::*;

use crate::builder::{Builder, SEED, of_department, outcome_of, set, stream};
use crate::definition::{Limit, Seat, Stage, given_before, seats};
use crate::random::{any_mechanism, any_season};

/// A deficient set by name.
struct DeficientSet {
    jobs: BTreeSet<JobIx>,
    departments: BTreeSet<DepartmentIx>,
    stream_cap: bool,
}

impl DeficientSet {
    /// Grows the set from the jobs that an applicant could get, until it is closed: with a job, all that its holders could get instead; with a
    /// job that has a free place, all that give places under the cap that is used up.
    fn around(applicant: ApplicantIx, stage: &Stage<'_>, season: &Season, after: &[Seat], stream: StreamIx) -> Self {
        let options = |a| stage.options(a).into_iter().map(|(job, _)| job);
        let in_stage = || after.iter().filter(|seat| placed_in(stream, seat));
        let mut set = Self { jobs: options(applicant).collect(), departments: BTreeSet::new(), stream_cap: false };
        loop {
            let mut jobs = set.jobs.clone();
            for &job in &set.jobs {
                jobs.extend(in_stage().filter(|seat| seat.job == job).flat_map(|seat| options(seat.applicant)));
                if Limit::Job(job).left(season, after) == Some(0) {
                    continue;
                }
                match season.job(job).employer {
                    Employer::Department(d) if Limit::Department(d).left(season, after) == Some(0) => {
                        set.departments.insert(d);
                        let colleagues = in_stage().filter(|s| season.job(s.job).employer == Employer::Department(d));
                        jobs.extend(colleagues.map(|seat| seat.job));
                    }
                    _ => {
                        set.stream_cap = true;
                        jobs.extend(in_stage().map(|seat| seat.job));
                    }
                }
            }
            if jobs == set.jobs {
                return set;
            }
            set.jobs = jobs;
        }
    }
}

fn placed_in(stream: StreamIx, seat: &Seat) -> bool {
    seat.by == PlacedBy::Ranking && seat.stream == stream
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Those ahead in the deficient set can take nothing outside it, fill it or a cap above it, and leave no way to place the applicant too.
    #[test]
    fn a_bottleneck_is_a_deficient_set(season in any_season()) {
        let outcome = outcome_of(&season, Mechanism::Priority);
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let seats = seats(&season, &outcome);
        for applicant in (0..season.applicants().len()).map(ApplicantIx::new) {
            for explained in explain(&preparation, &outcome, applicant).unwrap().stages {
                let stream = explained.stream;
                prop_assert_eq!(explained.bottleneck.is_some(), explained.reason == StageReason::Full);
                let Some(found) = explained.bottleneck else { continue };

                let given = given_before(&seats, stream);
                let after: Vec<Seat> = seats.iter().copied().filter(|s| given.contains(s) || s.stream == stream).collect();
                let stage = Stage::new(&preparation, stream, given);
                let set = DeficientSet::around(applicant, &stage, &season, &after, stream);
                let inside: Vec<Seat> = after.iter().copied().filter(|seat| set.jobs.contains(&seat.job)).collect();
                let (holders, before): (Vec<Seat>, Vec<Seat>) = inside.into_iter().partition(|seat| placed_in(stream, seat));
                prop_assert_eq!(
                    &found,
                    &Bottleneck {
                        jobs: set.jobs.len() as u32,
                        held_ahead: holders.len() as u32,
                        held_before: before.len() as u32,
                        departments: set.departments.iter().copied().collect(),
                        stream_cap: set.stream_cap,
                    }
                );

                for holder in &holders {
                    prop_assert!(ranking.position(holder.applicant) < ranking.position(applicant));
                    prop_assert!(stage.options(holder.applicant).iter().all(|(job, _)| set.jobs.contains(job)));
                }
                for &job in &set.jobs {
                    let cap_above = match season.job(job).employer {
                        Employer::Department(d) => set.departments.contains(&d) || set.stream_cap,
                        Employer::District(_) => set.stream_cap,
                    };
                    prop_assert!(cap_above || Limit::Job(job).left(&season, &after) == Some(0));
                }
                for &department in &set.departments {
                    prop_assert_eq!(Limit::Department(department).left(&season, &after), Some(0));
                }
                prop_assert!(!set.stream_cap || Limit::Stream(stream).left(&season, &after) == Some(0));

                let place = |ways, a| stage.extend(&ways, stage.options(a).into_iter().map(|(job, _)| (job, 0)));
                let ways = holders.iter().map(|holder| holder.applicant).fold(stage.nobody(), place);
                prop_assert!(ways.least_cost().is_some(), "those ahead can be placed at once");
                prop_assert!(place(ways, applicant).least_cost().is_none(), "and not with the applicant");
            }
        }
    }

    #[test]
    fn numbers_are_those_of_the_outcome(season in any_season(), mechanism in any_mechanism()) {
        let outcome = outcome_of(&season, mechanism);
        let preparation = Preparation::new(&season);
        let mut waiting: Vec<&Decision> =
            outcome.decisions.iter().filter(|d| matches!(d.verdict, Verdict::Waiting { .. })).collect();
        waiting.sort_by_key(|d| d.position);
        for (row, decision) in outcome.decisions.iter().enumerate() {
            let applicant = ApplicantIx::new(row);
            let explained = explain(&preparation, &outcome, applicant).unwrap();
            prop_assert_eq!((explained.applicant, explained.mechanism), (applicant, mechanism));
            prop_assert_eq!(explained.decision, decision);
            prop_assert_eq!(explained.applicants as usize, outcome.decisions.len());
            let class = season.applicant(applicant).class;
            let classmates: Vec<&Decision> = (0..outcome.decisions.len())
                .filter(|&other| season.applicant(ApplicantIx::new(other)).class == class)
                .map(|other| &outcome.decisions[other])
                .collect();
            prop_assert_eq!(explained.class_size as usize, classmates.len());
            let ahead = classmates.iter().filter(|d| d.position < decision.position).count();
            prop_assert_eq!(explained.ahead_in_class as usize, ahead);
            let place = waiting.iter().position(|d| d.applicant == decision.applicant).map(|place| place as u32 + 1);
            prop_assert_eq!(explained.waiting_place, place);
            let reasons: Vec<StageReason> = explained.stages.iter().map(|stage| stage.reason).collect();
            match &decision.verdict {
                Verdict::Waiting { reasons: stated } => prop_assert_eq!(&reasons, stated),
                _ => prop_assert!(reasons.is_empty()),
            }
            if mechanism != Mechanism::Priority {
                prop_assert!(explained.stages.iter().all(|stage| stage.bottleneck.is_none()));
            }
            let expected: Vec<_> = season.applicant(applicant).wishes.iter().map(|w| wish(&preparation, &outcome, applicant, w)).collect();
            prop_assert_eq!(explained.wishes, expected);
        }
    }
}

/// Counts what became of a wish, job by job.
fn wish(preparation: &Preparation<'_>, outcome: &Outcome, applicant: ApplicantIx, wish: &Wish) -> WishExplanation {
    let season = preparation.season();
    let named = (0..season.jobs().len()).map(JobIx::new).filter(|&job| match wish.target {
        Target::Job(named) => named == job,
        Target::Jobs(filter) => filter.admits(season.job(job)),
    });
    let (open, refused): (Vec<JobIx>, Vec<JobIx>) =
        named.partition(|&job| preparation.eligibility().check(applicant, job).is_ok());
    let mut rules = BTreeMap::new();
    for &job in &refused {
        *rules.entry(preparation.eligibility().check(applicant, job).unwrap_err()).or_insert(0) += 1;
    }
    let held: Vec<(&Decision, PlacedBy)> = seats(season, outcome)
        .into_iter()
        .filter(|seat| open.contains(&seat.job))
        .map(|seat| (&outcome.decisions[seat.applicant.get()], seat.by))
        .collect();
    let last = held.iter().filter(|(_, by)| *by == PlacedBy::Ranking).map(|(decision, _)| *decision).max_by_key(|d| d.position);
    let cutoff = last.map(|decision| {
        let holder = season.applicant(season.find_applicant(&decision.applicant).unwrap());
        let class = (!holder.protected).then_some(holder.class);
        Cutoff { position: decision.position, lottery: decision.lottery, class }
    });
    WishExplanation {
        rank: wish.rank,
        target: wish.target,
        jobs: (open.len() + refused.len()) as u32,
        refused: rules.into_iter().collect(),
        places: open.iter().map(|&job| season.job(job).capacity).sum(),
        taken: held.len() as u32,
        cutoff,
    }
}

/// Returns the bottleneck of the applicant with the last id in the only, or the first, stage.
fn bottleneck(builder: Builder) -> Bottleneck {
    let season = builder.build();
    let outcome = outcome_of(&season, Mechanism::Priority);
    let last = ApplicantIx::new(season.applicants().len() - 1);
    explain(&Preparation::new(&season), &outcome, last).unwrap().stages.remove(0).bottleneck.unwrap()
}

/// `z` wishes for `a` only; its holder could move to `b` and that one's to `c`, but all three are needed. `d`, which none of them wants, is no part of it.
#[test]
fn a_bottleneck_follows_the_chain() {
    let jobs = Builder::new().job("a", 1).job("b", 1).job("c", 2).job("d", 1);
    let builder = jobs.applicant("v", "d").applicant("w", "a > b").applicant("x", "b > c").applicant("y", "c > a");
    let builder = builder.applicant("y2", "c").applicant("z", "a");
    let chain = Bottleneck { jobs: 3, held_ahead: 4, ..Bottleneck::default() };
    assert_eq!(bottleneck(builder), chain);
}

#[test]
fn a_bottleneck_counts_places_given_before() {
    let builder = Builder::new().job("a", 2).applicant("x", "a").applicant("y", "a").applicant("z", "a");
    let expected = Bottleneck { jobs: 1, held_ahead: 1, held_before: 1, ..Bottleneck::default() };
    assert_eq!(bottleneck(builder.decide(OverrideKind::Lock, "y", "a")), expected);
}

/// The cap of a department keeps `z` from the free place of `b`, since a colleague in `a` holds the only one that the cap allows.
#[test]
fn a_bottleneck_names_the_departments_whose_cap_is_used_up() {
    let builder = Builder::new().with(|settings| settings.departments[1].cap = Some(1));
    let builder = builder.job("a", 1).with_job(of_department(1)).job("b", 1).with_job(of_department(1)).job("c", 1);
    let builder = builder.applicant("x", "a").applicant("y", "c").applicant("z", "b");
    let departments = vec![DepartmentIx::new(1)];
    assert_eq!(bottleneck(builder), Bottleneck { jobs: 2, held_ahead: 1, departments, ..Bottleneck::default() });
}

#[test]
fn a_bottleneck_says_that_the_streams_cap_is_used_up() {
    let builder = Builder::new().with(|settings| settings.streams[0].cap = Some(2));
    let builder = builder.job("a", 1).job("b", 1).job("c", 1).applicant("x", "a").applicant("y", "b").applicant("z", "c");
    assert_eq!(bottleneck(builder), Bottleneck { jobs: 3, held_ahead: 2, stream_cap: true, ..Bottleneck::default() });
}

/// What a later stream gives is no part of why an earlier one gave nothing.
#[test]
fn a_bottleneck_is_that_of_its_stage() {
    let builder = Builder::new().with(|settings| settings.streams.push(stream("grant", Payer::External)));
    let builder = builder.with(|settings| settings.streams[0].cap = Some(1));
    let builder = builder.job("a", 2).with_job(|job| job.streams = set(&[0, 1])).applicant("x", "a").applicant("y", "a");
    let expected = Bottleneck { jobs: 1, held_ahead: 1, stream_cap: true, ..Bottleneck::default() };
    assert_eq!(bottleneck(builder.applicant("z", "a")), expected);
}

#[test]
fn an_outcome_without_the_applicant_explains_nothing() {
    let season = Builder::new().job("a", 1).applicant("x", "a").build();
    let mut outcome = outcome_of(&season, Mechanism::Priority);
    outcome.decisions.clear();
    assert_eq!(explain(&Preparation::new(&season), &outcome, ApplicantIx::new(0)), None);
}
