//! Rematches: who keeps a place, who is moved, and for whom.

use std::collections::BTreeMap;

use feriematch_audit::audit;
use feriematch_core::{ClaimProblem, Preparation, Ranking, RunError, RunOptions, run};
use feriematch_model::*;
use proptest::prelude::*;
use proptest::sample::select;

use crate::builder::{Builder, SEED, outcome_of, set, stream, verdicts};
use crate::definition::{Seat, Stage, given_before, seats};
use crate::random::{any_larger_season, any_season};

fn claim(applicant: &str, job: &str) -> Claim {
    Claim { applicant: applicant.into(), job: job.into(), stream: "district".into() }
}

const UP: MoveRule = MoveRule::Upgrade { lottery: LotteryOrder::Same };

fn few(max_moves: impl Into<Option<u32>>) -> MoveRule {
    MoveRule::FewestMoves { max_moves: max_moves.into() }
}

fn try_rematch(season: &Season, rule: MoveRule, claims: Vec<Claim>) -> Result<Outcome, RunError> {
    let options =
        RunOptions { rematch: Some(Rematch { rule, claims }), ..RunOptions::with(Mechanism::Priority, PlacementRule::default()) };
    run(&Preparation::new(season), &Ranking::draw(season, SEED), &options, &mut |_| ())
}

/// Rematches a season and has the outcome audited.
fn rematched(season: &Season, rule: MoveRule, claims: Vec<Claim>) -> Outcome {
    let outcome = try_rematch(season, rule, claims).unwrap();
    let certificate = audit(season, &outcome).unwrap();
    assert_eq!(certificate.moved, moves(&outcome));
    outcome
}

fn moves(outcome: &Outcome) -> u32 {
    let place = |id: &str| match &outcome.decisions.iter().find(|d| d.applicant == id).unwrap().verdict {
        Verdict::Placed(placed) => placed.job.clone(),
        other => panic!("{id} lost a place: {other:?}"),
    };
    outcome.rematch.as_ref().unwrap().claims.iter().filter(|claim| place(&claim.applicant) != claim.job).count() as u32
}

/// The first has the park and could go to the office or the pool, the second has the office; the third can only take the park, and the
/// fourth only the office.
fn crowded() -> Builder {
    Builder::new()
        .job("office", 1)
        .job("park", 1)
        .job("pool", 1)
        .applicant("a", "park > office > pool")
        .applicant("b", "office")
        .applicant("c", "park")
        .applicant("d", "office")
}

#[test]
fn people_are_moved_to_make_room_if_that_is_allowed() {
    let season = crowded().build();
    let claims = || vec![claim("a", "park"), claim("b", "office")];
    let with = |most: Option<u32>| verdicts(&rematched(&season, few(most), claims()));
    assert_eq!(with(Some(0)), ["park:district", "office:district", "-limit", "-full"]);
    assert_eq!(with(Some(1)), ["pool:district", "office:district", "park:district", "-full"]);
    assert_eq!(with(None), with(Some(1)));
}

#[test]
fn a_later_stream_can_have_a_place_for_somebody_refused_for_the_limit() {
    let season = Builder::new()
        .with(|settings| settings.streams.push(stream("other", Payer::External)))
        .job("office", 1)
        .job("park", 1)
        .job("pool", 1)
        .job("work", 1)
        .with_job(|job| job.streams = set(&[1]))
        .applicant("a", "park > office > pool")
        .applicant("b", "office")
        .applicant("c", "park > work")
        .applicant("d", "office")
        .build();
    let claims = vec![claim("a", "park"), claim("b", "office")];
    let outcome = rematched(&season, few(0), claims);
    assert_eq!(verdicts(&outcome), ["park:district", "office:district", "work:other", "-full-none"]);
}

#[test]
fn those_whose_place_was_taken_back_come_first() {
    let season = crowded().with_applicant(|d| d.displaced = true).build();
    let offices: Vec<_> = verdicts(&outcome_of(&season, Mechanism::Priority));
    assert_eq!(offices, ["pool:district", "-full", "park:district", "office:district"]);
    // But not before somebody who has a place.
    let claims = vec![claim("b", "office")];
    assert_eq!(verdicts(&rematched(&season, few(None), claims))[3], "-full");
}

#[test]
fn moving_up_takes_turns_with_those_who_wait() {
    // The park is free; both the first, who waits, and the second, who has the office, would rather have it.
    let season = || {
        Builder::new()
            .job("office", 1)
            .job("park", 1)
            .applicant("a", "park")
            .applicant("b", "park > office")
            .applicant("c", "office")
            .with(|settings| settings.classes.truncate(3))
    };
    let in_order = season().build();
    let claims = || vec![claim("b", "office")];
    assert_eq!(verdicts(&rematched(&in_order, UP, claims())), ["park:district", "office:district", "-full"]);
    let mut second_first = season().0;
    second_first.applicants[0].class = ClassIx::new(1);
    second_first.applicants[1].class = ClassIx::new(0);
    let second_first = Season::new(second_first).unwrap();
    assert_eq!(verdicts(&rematched(&second_first, UP, claims())), ["-full", "park:district", "office:district"]);
}

#[test]
fn the_reversed_lottery_turns_the_order_within_a_class() {
    let mut draft = Builder::new().job("park", 1).applicant("a", "park").applicant("b", "park").0;
    draft.applicants.iter_mut().for_each(|a| a.class = ClassIx::new(0));
    let season = Season::new(draft).unwrap();
    let who = |lottery| verdicts(&rematched(&season, MoveRule::Upgrade { lottery }, vec![]));
    let (same, reversed) = (who(LotteryOrder::Same), who(LotteryOrder::Reversed));
    assert_eq!(same.iter().rev().collect::<Vec<_>>(), reversed.iter().collect::<Vec<_>>());
}

#[test]
fn a_claim_that_cannot_be_is_refused() {
    let season = crowded().build();
    let problem = |claims| match try_rematch(&season, UP, claims) {
        Err(RunError::Claim { problem, .. }) => problem,
        other => panic!("{other:?}"),
    };
    assert_eq!(problem(vec![claim("e", "park")]), ClaimProblem::Unknown);
    assert_eq!(problem(vec![claim("a", "park"), claim("a", "office")]), ClaimProblem::Unknown);
    assert_eq!(problem(vec![claim("b", "park")]), ClaimProblem::NotAcceptable);
    assert_eq!(problem(vec![claim("a", "park"), claim("c", "park")]), ClaimProblem::NoRoom);
    let options = RunOptions {
        rematch: Some(Rematch { rule: few(None), claims: vec![] }),
        ..RunOptions::with(Mechanism::SerialDictatorship, PlacementRule::default())
    };
    let refused = run(&Preparation::new(&season), &Ranking::draw(&season, SEED), &options, &mut |_| ());
    assert!(matches!(refused, Err(RunError::Moves { mechanism: Mechanism::SerialDictatorship, .. })));
}

/// Changes an outcome, and asserts that the audit refutes it for this reason.
fn refuted(season: &Season, outcome: &Outcome, change: impl FnOnce(&mut Outcome), code: &str) {
    let mut forged = outcome.clone();
    change(&mut forged);
    let codes: Vec<_> =
        audit(season, &forged).expect_err("the forgery passes").iter().map(feriematch_audit::Refutation::code).collect();
    assert!(codes.contains(&code), "{codes:?}");
}

/// Gives somebody another place.
fn give(outcome: &mut Outcome, applicant: &str, job: &str, rank: u16) {
    let decision = outcome.decisions.iter_mut().find(|d| d.applicant == applicant).unwrap();
    let (job, stream, rank) = (job.to_owned(), "district".to_owned(), Some(rank));
    decision.verdict = Verdict::Placed(Placed { job, stream, rank, by: PlacedBy::Ranking });
}

fn wait(outcome: &mut Outcome, applicant: &str) {
    let decision = outcome.decisions.iter_mut().find(|d| d.applicant == applicant).unwrap();
    decision.verdict = Verdict::Waiting { reasons: vec![StageReason::Full] };
}

type ChangeClaims = fn(&mut Rematch);

#[test]
fn forged_moves_are_refuted() {
    let season = crowded().build();
    let outcome = rematched(&season, few(1), vec![claim("a", "park"), claim("b", "office")]);
    let rematch = |outcome: &mut Outcome, change: fn(&mut Rematch)| change(outcome.rematch.as_mut().unwrap());
    let evidence = |outcome: &mut Outcome, change: fn(&mut MoveEvidence)| match &mut outcome.stages[0].evidence {
        Evidence::Certificate { moves: Some(moves), .. } => change(moves),
        other => panic!("{other:?}"),
    };
    let claims: [(ChangeClaims, &str); 4] = [
        (|r| r.claims[0].job = "zoo".into(), "claim"),
        (|r| r.claims[1].job = "park".into(), "claim"),
        (|r| r.claims[1].applicant = "a".into(), "claim"),
        (|r| r.rule = few(0), "too-many-moves"),
    ];
    for (change, code) in claims {
        refuted(&season, &outcome, |o| rematch(o, change), code);
    }
    refuted(&season, &outcome, |o| wait(o, "b"), "claim-lost");
    refuted(&season, &outcome, |o| o.mechanism = Mechanism::SerialDictatorship, "moves-by-other");
    refuted(&season, &outcome, |o| evidence(o, |moves| moves.moves = 0), "moves");
    refuted(&season, &outcome, |o| evidence(o, |moves| moves.fewest.cost = 0), "cost");
    // Somebody who could be placed with the moves allowed is refused.
    refuted(&season, &outcome, |o| wait(o, "c"), "not-maximal");

    // The first moves where nobody gains by it.
    let alone = Builder::new().job("office", 1).job("park", 1).applicant("a", "park > office").build();
    let outcome = rematched(&alone, few(1), vec![claim("a", "park")]);
    let moved = |o: &mut Outcome| {
        give(o, "a", "office", 2);
        evidence(o, |moves| moves.moves = 1);
    };
    refuted(&alone, &outcome, moved, "dear-place");
}

#[test]
fn forged_upgrades_are_refuted() {
    let season = Builder::new()
        .job("office", 1)
        .job("park", 1)
        .applicant("a", "park > office")
        .applicant("b", "office")
        .applicant("c", "park")
        .build();
    let outcome = rematched(&season, UP, vec![claim("a", "office")]);
    assert_eq!(verdicts(&outcome), ["park:district", "office:district", "-full"]);
    // The first stays behind, the last gets what the first would rather have.
    let behind = |o: &mut Outcome| {
        give(o, "a", "office", 2);
        wait(o, "b");
        give(o, "c", "park", 1);
    };
    refuted(&season, &outcome, behind, "blocking");
    refuted(&season, &outcome, |o| wait(o, "b"), "blocking");
    refuted(&season, &outcome, |o| wait(o, "a"), "claim-lost");
    let down = rematched(&season, UP, vec![claim("a", "park")]);
    let demoted = |o: &mut Outcome| {
        give(o, "a", "office", 2);
        wait(o, "b");
        give(o, "c", "park", 1);
    };
    refuted(&season, &down, demoted, "moved-down");
}

/// What has become of those who got a place in a first round.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Left,
    Movable,
    Locked,
}

/// The season after a first round, and the claims of those who may be moved: some left, some lost their place, some are locked.
fn after_a_round(season: &Season, fates: &[Fate], displaced: &[bool]) -> (Season, Vec<Claim>) {
    let outcome = outcome_of(season, Mechanism::Priority);
    let mut draft = SeasonDraft {
        settings: season.settings().clone(),
        applicants: season.applicants().to_vec(),
        jobs: season.jobs().to_vec(),
        overrides: season.overrides().to_vec(),
    };
    let mut claims = Vec::new();
    for (row, decision) in outcome.decisions.iter().enumerate() {
        let Verdict::Placed(placed) = &decision.verdict else {
            draft.applicants[row].displaced = displaced[row % displaced.len()];
            continue;
        };
        if placed.by == PlacedBy::Lock {
            continue;
        }
        match fates[row % fates.len()] {
            // Whoever wishes for nothing takes no part.
            Fate::Left => draft.applicants[row].wishes = Box::default(),
            Fate::Movable => claims.push(Claim {
                applicant: decision.applicant.clone(),
                job: placed.job.clone(),
                stream: placed.stream.clone(),
            }),
            Fate::Locked => draft.overrides.push(Override {
                kind: OverrideKind::Lock,
                applicant: ApplicantIx::new(row),
                job: season.find_job(&placed.job).unwrap(),
                stream: season.settings().find_stream(&placed.stream),
                reason: "?".into(),
                by: "?".into(),
            }),
        }
    }
    draft.overrides.sort_by_key(|o| (o.applicant, o.job));
    (Season::new(draft).unwrap(), claims)
}

fn any_fates() -> impl Strategy<Value = (Vec<Fate>, Vec<bool>)> {
    let fate = select(vec![Fate::Left, Fate::Movable, Fate::Movable, Fate::Locked]);
    (prop::collection::vec(fate, 7), prop::collection::vec(prop::bool::weighted(0.1), 7))
}

fn any_rule() -> impl Strategy<Value = MoveRule> {
    prop_oneof![
        2 => prop::option::of(0_u32..4).prop_map(few),
        1 => select(vec![LotteryOrder::Same, LotteryOrder::Reversed]).prop_map(|lottery| MoveRule::Upgrade { lottery }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Stage by stage: the same people are placed with as few moves, and at as little cost, as by trying every way.
    #[test]
    fn moves_are_the_fewest(season in any_season(), (fates, displaced) in any_fates(), most in prop::option::of(0_u32..4)) {
        let (season, claims) = after_a_round(&season, &fates, &displaced);
        let outcome = rematched(&season, few(most), claims.clone());
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let seat = |claim: &Claim| Seat {
            applicant: season.find_applicant(&claim.applicant).unwrap(),
            job: season.find_job(&claim.job).unwrap(),
            stream: season.settings().find_stream(&claim.stream).unwrap(),
            by: PlacedBy::Ranking,
        };
        let claimed: Vec<Seat> = claims.iter().map(seat).collect();
        let all = seats(&season, &outcome);
        let mut left = most;
        for (stream, row) in (0..season.settings().streams.len()).map(|row| (StreamIx::new(row), row)) {
            let mut given = given_before(&all, stream);
            given.extend(claimed.iter().filter(|seat| seat.stream > stream));
            let of_stage: BTreeMap<_, _> =
                claimed.iter().filter(|seat| seat.stream == stream).map(|seat| (seat.applicant, seat.job)).collect();
            let (decided, moves, cost) = Stage::new(&preparation, stream, given).rematch(&ranking, &of_stage, left);
            for (applicant, expected) in &decided.on {
                let placed = all.iter().any(|seat| seat.applicant == *applicant && seat.stream == stream);
                prop_assert_eq!(placed, expected.is_ok(), "{:?} {:?}", applicant, expected);
                if let (Err(reason), Verdict::Waiting { reasons }) = (expected, &outcome.decisions[applicant.get()].verdict) {
                    prop_assert_eq!(reasons[row], *reason);
                }
            }
            let here = || all.iter().filter(|seat| seat.stream == stream && seat.by == PlacedBy::Ranking);
            let is_moved = |seat: &&Seat| of_stage.get(&seat.applicant).is_some_and(|claim| *claim != seat.job);
            prop_assert_eq!(here().filter(is_moved).count() as u32, moves);
            let rank_cost = |seat: &Seat| {
                i64::from(season.settings().rank_costs.cost(preparation.rank(seat.applicant, seat.job).unwrap()))
            };
            prop_assert_eq!(here().map(rank_cost).sum::<i64>(), cost);
            left = left.map(|left| left - moves);
        }
    }

    /// Nobody loses by an upgrade, and its outcome is stable, which the audit sees.
    #[test]
    fn any_rematch_passes_the_audit(season in any_season(), (fates, displaced) in any_fates(), rule in any_rule()) {
        let (season, claims) = after_a_round(&season, &fates, &displaced);
        let outcome = rematched(&season, rule, claims.clone());
        if matches!(rule, MoveRule::Upgrade { .. }) {
            for claim in claims {
                let applicant = season.find_applicant(&claim.applicant).unwrap();
                let rank = |job: &str| Preparation::new(&season).rank(applicant, season.find_job(job).unwrap());
                let Verdict::Placed(placed) = &outcome.decisions[applicant.get()].verdict else { panic!("a place was lost") };
                prop_assert!(placed.job == claim.job || rank(&placed.job) < rank(&claim.job));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn larger_rematches_pass_the_audit(season in any_larger_season(), (fates, displaced) in any_fates(), rule in any_rule()) {
        let (season, claims) = after_a_round(&season, &fates, &displaced);
        rematched(&season, rule, claims);
    }
}
