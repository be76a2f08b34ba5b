//! The mechanisms on random small seasons, against the definition and the checker.

use std::collections::BTreeMap;

use feriematch_audit::{audit, maxima};
use feriematch_core::{Preparation, Ranking, RunOptions, Solver, run};
use feriematch_model::*;
use proptest::prelude::*;

use crate::builder::{Builder, SEED, outcome_of, verdicts};
use crate::definition::{Decided, Seat, Stage, given_before, paper_lottery, seats};
use crate::random::{any_larger_season, any_mechanism, any_season, any_season_of_one_stream};

/// Checks that a stage of an outcome decides on everybody what the definition does.
fn check_stage(season: &Season, outcome: &Outcome, stream: StreamIx, decided: &Decided) -> Result<(), TestCaseError> {
    for (&applicant, expected) in &decided.on {
        let verdict = &outcome.decisions[applicant.get()].verdict;
        let placed_here = match verdict {
            Verdict::Placed(placed) if season.settings().find_stream(&placed.stream) == Some(stream) => Some(placed),
            _ => None,
        };
        match expected {
            Ok(bound_rank) => {
                prop_assert!(placed_here.is_some(), "{applicant:?} gets no place in {stream:?}, but {verdict:?}");
                prop_assert!(bound_rank.is_none() || placed_here.unwrap().rank == *bound_rank);
            }
            Err(reason) => {
                prop_assert!(placed_here.is_none(), "{applicant:?} gets a place in {stream:?}, but should not: {reason:?}");
                if let Verdict::Waiting { reasons } = verdict {
                    prop_assert_eq!(reasons[stream.get()], *reason);
                }
            }
        }
    }
    Ok(())
}

/// Returns the total rank cost of the places that a stage gives by ranking.
fn cost_of(season: &Season, outcome: &Outcome, stream: StreamIx) -> i64 {
    let cost = |decision: &Decision| match &decision.verdict {
        Verdict::Placed(placed)
            if placed.by == PlacedBy::Ranking && season.settings().find_stream(&placed.stream) == Some(stream) =>
        {
            i64::from(season.settings().rank_costs.cost(placed.rank.unwrap()))
        }
        _ => 0,
    };
    outcome.decisions.iter().map(cost).sum()
}

/// Returns the total rank cost that the evidence of each stage states.
fn stated_costs(outcome: &Outcome) -> Vec<i64> {
    let stated = |stage: &feriematch_model::Stage| match &stage.evidence {
        Evidence::Certificate { placement, .. } => placement.cost,
        Evidence::Replay | Evidence::Profile { .. } | Evidence::Order { .. } => panic!("no certificate"),
    };
    outcome.stages.iter().map(stated).collect()
}

/// Runs a season by `priority` with either solver.
fn priority_by(season: &Season, solver: Solver) -> Outcome {
    let options = RunOptions { solver, ..RunOptions::with(Mechanism::Priority, PlacementRule::default()) };
    let outcome = run(&Preparation::new(season), &Ranking::draw(season, SEED), &options, &mut |_| ()).unwrap();
    audit(season, &outcome).unwrap();
    outcome
}

/// Checks that another solver places the same applicants at the same cost, and that its prices prove it too. Only the first stage
/// can be compared: placements of equal cost leave different places to the next.
fn check_against_reference(season: &Season) -> Result<(), TestCaseError> {
    let [sparse, reference] = [Solver::Sparse, Solver::Reference].map(|solver| priority_by(season, solver));
    prop_assert_eq!(stated_costs(&sparse)[0], stated_costs(&reference)[0]);
    let first = |outcome: &Outcome| -> Vec<ApplicantIx> {
        let seats = seats(season, outcome).into_iter();
        seats.filter(|seat| seat.stream == StreamIx::new(0)).map(|seat| seat.applicant).collect()
    };
    prop_assert_eq!(first(&sparse), first(&reference));
    Ok(())
}

fn streams(season: &Season) -> impl Iterator<Item = StreamIx> + use<> {
    (0..season.settings().streams.len()).map(StreamIx::new)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_outcome_passes_the_audit(season in any_season(), mechanism in any_mechanism()) {
        prop_assert_eq!(outcome_of(&season, mechanism).check_is_of(&season), Ok(()));
    }

    /// Stage by stage: the same are selected as by trying every way to place, at the least cost, and the reasons are right.
    #[test]
    fn priority_is_as_defined(season in any_season()) {
        let outcome = outcome_of(&season, Mechanism::Priority);
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let seats = seats(&season, &outcome);
        for (stream, stated) in streams(&season).zip(stated_costs(&outcome)) {
            let stage = Stage::new(&preparation, stream, given_before(&seats, stream));
            let decided = stage.priority(&ranking);
            check_stage(&season, &outcome, stream, &decided)?;
            prop_assert_eq!(Some(stated), decided.ways.least_cost());
            prop_assert_eq!(stated, cost_of(&season, &outcome, stream));
        }
    }

    /// Stage by stage: everybody gets the rank that is left when those before keep theirs.
    #[test]
    fn serial_dictatorship_is_as_defined(season in any_season()) {
        let outcome = outcome_of(&season, Mechanism::SerialDictatorship);
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let seats = seats(&season, &outcome);
        for stream in streams(&season) {
            let stage = Stage::new(&preparation, stream, given_before(&seats, stream));
            check_stage(&season, &outcome, stream, &stage.serial_dictatorship(&ranking))?;
        }
    }

    #[test]
    fn the_paper_lottery_is_as_defined(season in any_season()) {
        let outcome = outcome_of(&season, Mechanism::PaperLottery);
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let drawn = paper_lottery(&preparation, &ranking);
        let given: BTreeMap<ApplicantIx, Seat> =
            seats(&season, &outcome).into_iter().filter(|s| s.by == PlacedBy::Ranking).map(|s| (s.applicant, s)).collect();
        for (applicant, expected) in drawn {
            prop_assert_eq!(given.get(&applicant).copied(), expected.clone().ok());
            if let Verdict::Waiting { reasons } = &outcome.decisions[applicant.get()].verdict {
                prop_assert_eq!(Err(reasons.clone()), expected);
            }
        }
    }

    #[test]
    fn the_reference_solver_places_at_the_same_cost(season in any_season()) {
        check_against_reference(&season)?;
    }

    /// Without caps on home districts, the ranking costs no places: as many are placed as any selection could be.
    #[test]
    fn priority_places_as_many_as_possible(season in any_season_of_one_stream(false)) {
        let outcome = outcome_of(&season, Mechanism::Priority);
        let most = maxima(&season, &outcome).map_err(|refutations| TestCaseError::fail(format!("{refutations:#?}")))?;
        prop_assert_eq!(most.stages[0].placed, most.stages[0].with_caps);
    }

    /// Districts, departments and areas stand in no order: in another one, nobody gains or loses a place. (With several streams,
    /// ties between placements of equal cost leave different places to the later ones.)
    #[test]
    fn the_order_of_tables_decides_nothing(season in any_season_of_one_stream(true), mechanism in any_mechanism()) {
        let outcome = outcome_of(&season, mechanism);
        let mirrored = outcome_of(&mirror(&season), mechanism);
        for (before, after) in outcome.decisions.iter().zip(&mirrored.decisions) {
            prop_assert_eq!((before.lottery, before.position), (after.lottery, after.position));
            match (&before.verdict, &after.verdict) {
                (Verdict::Placed(before), Verdict::Placed(after)) => prop_assert_eq!(before.by, after.by),
                (before, after) => prop_assert_eq!(before, after),
            }
        }
        let stream = StreamIx::new(0);
        prop_assert_eq!(cost_of(&season, &outcome, stream), cost_of(&season, &mirrored, stream));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, ..ProptestConfig::default() })]

    #[test]
    fn larger_seasons_pass_the_audit_and_cost_what_the_reference_does(season in any_larger_season()) {
        check_against_reference(&season)?;
        for mechanism in [Mechanism::SerialDictatorship, Mechanism::PaperLottery] {
            outcome_of(&season, mechanism);
        }
    }
}

pub(crate) fn draft_of(season: &Season) -> SeasonDraft {
    SeasonDraft {
        settings: season.settings().clone(),
        applicants: season.applicants().to_vec(),
        jobs: season.jobs().to_vec(),
        overrides: season.overrides().to_vec(),
    }
}

/// Returns the season with its two districts, its two departments and its two areas in the other order.
fn mirror(season: &Season) -> Season {
    let mut draft = draft_of(season);
    draft.settings.districts.reverse();
    draft.settings.departments.reverse();
    draft.settings.areas.reverse();
    let district = |d: DistrictIx| DistrictIx::new(1 - d.get());
    let districts = |set: SmallSet<DistrictIx>| set.rows().map(|row| DistrictIx::new(1 - row)).collect();
    let area = |a: AreaIx| AreaIx::new(1 - a.get());
    for stream in &mut draft.settings.streams {
        stream.home_districts = districts(stream.home_districts);
    }
    for applicant in &mut draft.applicants {
        applicant.home_district = district(applicant.home_district);
        for wish in &mut applicant.wishes {
            if let Target::Jobs(filter) = &mut wish.target {
                *filter = JobFilter { area: filter.area.map(area), district: filter.district.map(district) };
            }
        }
    }
    for job in &mut draft.jobs {
        job.employer = match job.employer {
            Employer::District(d) => Employer::District(district(d)),
            Employer::Department(d) => Employer::Department(DepartmentIx::new(1 - d.get())),
        };
        job.host_district = job.host_district.map(district);
        job.area = area(job.area);
        job.open_to = districts(job.open_to);
    }
    Season::new(draft).unwrap()
}

/// `x` comes first and wishes most for the only job that `y` can take.
#[test]
fn mechanisms_differ_in_who_makes_room() {
    let season = Builder::new().job("a", 1).job("b", 1).applicant("x", "a > b").applicant("y", "a").build();
    assert_eq!(verdicts(&outcome_of(&season, Mechanism::Priority)), ["b:district", "a:district"]);
    assert_eq!(verdicts(&outcome_of(&season, Mechanism::SerialDictatorship)), ["a:district", "-full"]);
    assert_eq!(verdicts(&outcome_of(&season, Mechanism::PaperLottery)), ["a:district", "-full"]);
}

/// `x` is indifferent: serial dictatorship keeps both jobs open for `x`, the printed list does not.
#[test]
fn only_the_paper_lottery_breaks_ties_blindly() {
    let season = Builder::new().job("a", 1).job("b", 1).applicant("x", "a = b").applicant("y", "a").build();
    assert_eq!(verdicts(&outcome_of(&season, Mechanism::SerialDictatorship)), ["b:district", "a:district"]);
    assert_eq!(verdicts(&outcome_of(&season, Mechanism::PaperLottery)), ["a:district", "-full"]);
}

/// A first and a third rank, or two second ones: linear costs cannot tell, others can.
#[test]
fn rank_costs_decide_where() {
    let places = |rank_costs| {
        let builder = Builder::new().with(|settings| settings.rank_costs = rank_costs).job("a", 1).job("b", 1).job("c", 1);
        // No job is in the south, so y's best wish is the second.
        let season = builder.applicant("x", "a > b").applicant("y", "south > a > c").build();
        let outcome = outcome_of(&season, Mechanism::Priority);
        (verdicts(&outcome).join(" "), stated_costs(&outcome)[0])
    };
    let (unequal, equal) = ("a:district c:district".to_owned(), "b:district a:district".to_owned());
    assert_eq!(places(RankCosts::Linear).1, 4);
    assert_eq!(places(RankCosts::Convex), (equal.clone(), 8));
    assert_eq!(places(RankCosts::Table(vec![1, 2, 4])), (equal, 4));
    assert_eq!(places(RankCosts::Table(vec![0, 3])), (unequal, 3));
}
