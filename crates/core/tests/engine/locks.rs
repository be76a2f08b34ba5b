//! Section 4: locks come first, and some cannot stand.

use feriematch_core::{Finding, LockProblem, Preparation, Ranking, RunError, RunOptions, findings, run};
use feriematch_model::*;
use proptest::prelude::*;

use crate::builder::{Builder, SEED, of_department, outcome_of, set, stream, verdicts};
use crate::definition::{Limit, Seat, locks, seats};
use crate::random::any_draft;

use OverrideKind::Lock;

/// Returns the locks that cannot stand: the row among the overrides, and why.
fn problems(season: &Season) -> Vec<(usize, LockProblem)> {
    let lock = |finding| match finding {
        Finding::Lock { row, problem } => Some((row, problem)),
        _ => None,
    };
    findings(&Preparation::new(season)).into_iter().filter_map(lock).collect()
}

/// Two places in `a`, and three applicants who can take nothing else.
fn three_for_two() -> Builder {
    Builder::new().job("a", 2).applicant("x", "a").applicant("y", "a").applicant("z", "a")
}

#[test]
fn a_lock_comes_before_the_ranking() {
    let season = three_for_two().decide(Lock, "z", "a").build();
    for mechanism in Mechanism::ALL {
        let outcome = outcome_of(&season, mechanism);
        assert_eq!(verdicts(&outcome), ["a:district", "-full", "a:district"]);
        let by = |row: usize| seats(&season, &outcome)[row].by;
        assert_eq!((by(0), by(1)), (PlacedBy::Ranking, PlacedBy::Lock));
    }
}

#[test]
fn a_lock_states_the_rank_if_there_is_one() {
    let builder = Builder::new().job("a", 2).job("b", 1).applicant("x", "b > a").applicant("y", "b");
    let season = builder.decide(Lock, "x", "a").decide(Lock, "y", "a").build();
    for mechanism in Mechanism::ALL {
        let outcome = outcome_of(&season, mechanism);
        let rank = |row: usize| match &outcome.decisions[row].verdict {
            Verdict::Placed(placed) => placed.rank,
            other => panic!("{other:?}"),
        };
        assert_eq!((rank(0), rank(1)), (Some(2), None));
    }
}

/// A lock uses up every limit that the place counts against, and so stands in the way of somebody ahead.
#[test]
fn locks_use_up_caps() {
    let two_jobs = || Builder::new().job("a", 1).with_job(of_department(0)).job("b", 1).with_job(of_department(0));
    let apply = |builder: Builder| builder.applicant("x", "b").applicant("y", "a").decide(Lock, "y", "a").build();
    let department = apply(two_jobs().with(|s| s.departments[0].cap = Some(1)));
    let stream = apply(two_jobs().with(|s| s.streams[0].cap = Some(1)));
    let home = apply(two_jobs().with(|s| s.districts[0].cap = Some(1)));
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&department, mechanism)), ["-full", "a:district"]);
        assert_eq!(verdicts(&outcome_of(&stream, mechanism)), ["-full", "a:district"]);
        assert_eq!(verdicts(&outcome_of(&home, mechanism)), ["-home", "a:district"]);
    }
}

/// A budget caps like a number: 30 000 kr buy three places of 9 833 kr.
#[test]
fn a_budget_is_a_cap() {
    let budget = |kronor| {
        Builder::new().with(|settings| {
            settings.cost_per_place = Some(Money::from_kronor(9_833));
            settings.districts[0].budget = Some(Money::from_kronor(kronor));
        })
    };
    let season = |builder: Builder| builder.job("a", 9).applicant("w", "a").applicant("x", "a").applicant("y", "a").build();
    assert_eq!(verdicts(&outcome_of(&season(budget(29_499)), Mechanism::Priority)), ["a:district"; 3]);
    let short = outcome_of(&season(budget(29_498)), Mechanism::Priority);
    assert_eq!(verdicts(&short), ["a:district", "a:district", "-home"]);
}

/// The place is paid by the first stream of the job whose conditions the applicant meets, in the published order.
#[test]
fn the_first_stream_that_admits_pays() {
    let builder = Builder::new().with(|settings| {
        let grant = Stream { cohorts: vec![2009], ..stream("grant", Payer::External) };
        settings.streams = vec![stream("other", Payer::External), grant, stream("district", Payer::HomeDistrict)];
    });
    let builder = builder.job("a", 2).with_job(|job| job.streams = set(&[1, 2]));
    let builder =
        builder.applicant("x", "a").applicant("y", "a").with_applicant(|a| a.birth_date = jiff::civil::date(2009, 3, 1));
    let season = builder.decide(Lock, "x", "a").decide(Lock, "y", "a").build();
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["a:district", "a:grant"]);
    }
}

/// A lock does not look for another stream when the first has no room: who pays is not for the engine to choose.
#[test]
fn a_lock_does_not_change_streams() {
    let builder = Builder::new().with(|settings| {
        settings.streams =
            vec![Stream { cap: Some(1), ..stream("grant", Payer::External) }, stream("district", Payer::HomeDistrict)];
    });
    let builder = builder.job("a", 2).with_job(|job| job.streams = set(&[0, 1])).applicant("x", "a").applicant("y", "a");
    let season = builder.decide(Lock, "x", "a").decide(Lock, "y", "a").build();
    assert_eq!(problems(&season), [(1, LockProblem::StreamCap)]);
}

/// A lock may say who pays: any stream of the job that admits the applicant, with the room that this one has.
#[test]
fn the_stream_stated_pays() {
    let builder = || {
        let builder = Builder::new().with(|settings| {
            let grant = Stream { cap: Some(1), ..stream("grant", Payer::External) };
            let young = Stream { cohorts: vec![2011], ..stream("young", Payer::External) };
            settings.streams = vec![stream("district", Payer::HomeDistrict), grant, young, stream("other", Payer::External)];
        });
        builder.job("a", 3).with_job(|job| job.streams = set(&[0, 1, 2])).applicant("x", "a").applicant("y", "a")
    };
    let season = builder().lock_paid_by("x", "a", 1).decide(Lock, "y", "a").build();
    for mechanism in Mechanism::ALL {
        assert_eq!(verdicts(&outcome_of(&season, mechanism)), ["a:grant", "a:district"]);
    }
    let locked = |builder: Builder| problems(&builder.build());
    assert_eq!(locked(builder().lock_paid_by("x", "a", 0).lock_paid_by("y", "a", 0)), []);
    assert_eq!(locked(builder().lock_paid_by("x", "a", 1).lock_paid_by("y", "a", 1)), [(1, LockProblem::StreamCap)]);
    // Not for this applicant, and not for this job.
    assert_eq!(locked(builder().lock_paid_by("x", "a", 2).lock_paid_by("y", "a", 0)), [(0, LockProblem::Stream)]);
    assert_eq!(locked(builder().lock_paid_by("x", "a", 0).lock_paid_by("y", "a", 3)), [(1, LockProblem::Stream)]);
    // The home district's cap concerns those only whom it pays for.
    let away = || builder().with(|settings| settings.districts[0].cap = Some(0));
    assert_eq!(locked(away().lock_paid_by("x", "a", 1).lock_paid_by("y", "a", 0)), [(1, LockProblem::HomeCap)]);
    // Whether the pair may be at all comes first.
    let too_old = builder().with(|settings| settings.cohorts = vec![2009]).lock_paid_by("x", "a", 3);
    assert_eq!(locked(too_old), [(0, LockProblem::Ineligible(Rule::Cohort))]);
}

#[test]
fn refused_locks_say_why() {
    let locked = |builder: Builder| problems(&builder.decide(Lock, "x", "a").decide(Lock, "y", "a").build());
    let jobs = |capacity| Builder::new().job("a", capacity).applicant("x", "a").applicant("y", "a");
    assert_eq!(locked(jobs(2)), []);
    assert_eq!(locked(jobs(1)), [(1, LockProblem::JobFull)]);
    assert_eq!(locked(jobs(0)), [(0, LockProblem::JobFull), (1, LockProblem::JobFull)]);
    assert_eq!(locked(jobs(2).with(|s| s.streams[0].cap = Some(1))), [(1, LockProblem::StreamCap)]);
    assert_eq!(locked(jobs(2).with(|s| s.districts[0].cap = Some(1))), [(1, LockProblem::HomeCap)]);
    let mut of_traffic = jobs(2).with(|s| s.departments[0].cap = Some(1));
    of_department(0)(&mut of_traffic.0.jobs[0]);
    assert_eq!(locked(of_traffic), [(1, LockProblem::DepartmentCap)]);
    let too_old = jobs(2).with(|s| s.cohorts = vec![2009]);
    let ineligible = LockProblem::Ineligible(Rule::Cohort);
    assert_eq!(locked(too_old), [(0, ineligible), (1, ineligible)]);
}

/// The row is that among all overrides, and a refused lock takes no room from the next.
#[test]
fn refused_locks_are_counted_among_all_overrides() {
    let builder = three_for_two().with(|s| s.districts[0].cap = Some(1)).job("b", 1);
    let mut draft = builder.decide(OverrideKind::Forbid, "x", "b").decide(Lock, "x", "a").decide(Lock, "y", "b").0;
    draft.applicants[1].home_district = DistrictIx::new(1);
    draft.overrides.push(Override { applicant: ApplicantIx::new(2), ..draft.overrides[0].clone() });
    assert_eq!(problems(&Season::new(draft.clone()).unwrap()), [(3, LockProblem::HomeCap)]);
    draft.applicants[0].birth_date = jiff::civil::date(2001, 1, 1);
    assert_eq!(problems(&Season::new(draft).unwrap()), [(0, LockProblem::Ineligible(Rule::Cohort))]);
}

/// Nothing is run with a lock that cannot stand.
#[test]
fn a_run_stops_at_the_first_refused_lock() {
    let season = Builder::new().job("a", 0).applicant("x", "a").applicant("y", "a").decide(Lock, "x", "a").decide(Lock, "y", "a");
    let season = season.build();
    for mechanism in Mechanism::ALL {
        let options = RunOptions::with(mechanism, PlacementRule::default());
        let ranking = Ranking::draw(&season, SEED);
        let error = run(&Preparation::new(&season), &ranking, &options, &mut |_| ()).unwrap_err();
        assert!(matches!(error, RunError::Lock { row: 0, problem: LockProblem::JobFull }), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// The locks that cannot stand are those of the definition, and the limit that each is said to break leaves no room.
    #[test]
    fn refused_locks_are_as_defined(draft in any_draft()) {
        let season = Season::new(draft).unwrap();
        let preparation = Preparation::new(&season);
        let (_, refused) = locks(&preparation);
        let found = problems(&season);
        prop_assert_eq!(found.iter().map(|(row, _)| *row).collect::<Vec<_>>(), refused);
        for (row, problem) in found {
            let &Override { applicant, job, stream: stated, .. } = &season.overrides()[row];
            let earlier = locks(&preparation).0.into_iter().filter(|seat| seat.applicant < applicant).collect::<Vec<Seat>>();
            let eligible = preparation.eligibility().check(applicant, job);
            if let LockProblem::Ineligible(rule) = problem {
                prop_assert_eq!(eligible, Err(rule));
                continue;
            }
            prop_assert_eq!(eligible, Ok(()));
            let streams = season.job(job).streams.rows().map(StreamIx::new);
            let admits = |s: &StreamIx| preparation.eligibility().stream_admits(*s, season.applicant(applicant));
            let payers: Vec<StreamIx> = streams.filter(admits).collect();
            let pays = stated.is_none_or(|stream| payers.contains(&stream));
            prop_assert_eq!(problem == LockProblem::Stream, !pays);
            if !pays {
                continue;
            }
            let seat = Seat { applicant, job, stream: stated.unwrap_or(payers[0]), by: PlacedBy::Lock };
            let named = Limit::of(&season, seat).into_iter().find(|limit| match limit {
                Limit::Job(_) => problem == LockProblem::JobFull,
                Limit::Department(_) => problem == LockProblem::DepartmentCap,
                Limit::Stream(_) => problem == LockProblem::StreamCap,
                Limit::Home(_) => problem == LockProblem::HomeCap,
            });
            prop_assert_eq!(named.unwrap().left(&season, &earlier), Some(0));
        }
    }
}
