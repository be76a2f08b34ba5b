//! The rules of placement and the soft targets, against sections 5.1 and 9 of docs/mechanisms.md.

use feriematch_core::{Preparation, Quality, Ranking, RunOptions};
use feriematch_model::*;
use proptest::prelude::*;

use crate::builder::{Builder, SEED, outcome_of, outcome_with, verdicts};
use crate::definition::{Seat, Stage, given_before, seats};
use crate::mechanisms::draft_of;
use crate::random::{any_placement, any_reserves, any_season, any_season_of_one_stream, any_workplaces};

/// More than there are applicants, so that one at a level outweighs all at lesser ones.
const WEIGHT: i64 = 16;

/// Returns what a rank costs somebody so that the least total is the rule's.
fn weight(rule: PlacementRule, turn: usize, rank: u16) -> i64 {
    match rule {
        PlacementRule::LeastTotalRank => i64::from(rank),
        PlacementRule::RankMaximal => -WEIGHT.pow(6 - u32::from(rank)),
        PlacementRule::Generous => WEIGHT.pow(u32::from(rank)),
        PlacementRule::RankingOrder => i64::from(rank) * 8_i64.pow(12 - turn as u32),
    }
}

fn placed_ids(outcome: &Outcome) -> Vec<&str> {
    let is_placed = |d: &&Decision| matches!(d.verdict, Verdict::Placed(_));
    outcome.decisions.iter().filter(is_placed).map(|d| d.applicant.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Stage by stage: of every way to place those selected, the outcome's is the best by the rule.
    #[test]
    fn rules_of_placement_are_as_defined(season in any_season(), rule in any_placement()) {
        prop_assume!(rule != PlacementRule::LeastTotalRank || season.settings().rank_costs == RankCosts::Linear);
        let outcome = outcome_with(&season, &RunOptions::with(Mechanism::Priority, rule));
        let (preparation, ranking) = (Preparation::new(&season), Ranking::draw(&season, SEED));
        let seats = seats(&season, &outcome);
        for stream in (0..season.settings().streams.len()).map(StreamIx::new) {
            let stage = Stage::new(&preparation, stream, given_before(&seats, stream));
            let decided = stage.priority_at(&ranking, |turn, rank| weight(rule, turn, rank));
            let in_stage = seats.iter().filter(|seat| seat.stream == stream && seat.by == PlacedBy::Ranking);
            let weight_of = |seat: &Seat| {
                let turn = ranking.position(seat.applicant) as usize - 1;
                weight(rule, turn, preparation.rank(seat.applicant, seat.job).unwrap())
            };
            prop_assert_eq!(decided.ways.least_cost(), Some(in_stage.map(weight_of).sum()));
        }
    }

    /// Where one stream pays for all, the rule of placement decides nothing about who.
    #[test]
    fn rules_of_placement_select_the_same(season in any_season_of_one_stream(true), rule in any_placement()) {
        let plain = outcome_of(&season, Mechanism::Priority);
        let other = outcome_with(&season, &RunOptions::with(Mechanism::Priority, rule));
        prop_assert_eq!(placed_ids(&plain), placed_ids(&other));
    }

    #[test]
    fn soft_targets_pass_the_audit(season in any_season(), rule in any_placement(), balance in any_reserves()) {
        outcome_with(&season, &RunOptions { balance, ..RunOptions::with(Mechanism::Priority, rule) });
    }

    /// Who is selected stays the same in the first stage, and nobody is paid more ranks than the target is worth.
    #[test]
    fn balance_at_workplaces_is_worth_its_ranks(season in any_season_of_one_stream(true), rule in any_workplaces(), reserves in any_reserves()) {
        let mut draft = draft_of(&season);
        draft.settings.rank_costs = RankCosts::Linear;
        let season = Season::new(draft).unwrap();
        let with = Balance { workplaces: Some(rule), ..reserves.clone() };
        let plain = RunOptions { balance: reserves, ..RunOptions::with(Mechanism::Priority, PlacementRule::default()) };
        let targeted = RunOptions { balance: with, ..plain.clone() };
        let [without, with] = [plain, targeted].map(|options| outcome_with(&season, &options));
        prop_assert_eq!(placed_ids(&without), placed_ids(&with));
        let workplaces = feriematch_core::Workplaces::new(&Preparation::new(&season), rule);
        let ranks_and_balanced = |outcome: &Outcome| {
            let mut sums = (0_i64, 0_i64);
            for seat in seats(&season, outcome).iter().filter(|seat| seat.by == PlacedBy::Ranking) {
                sums.0 += i64::from(season.wished_rank(seat.applicant, seat.job).unwrap());
                sums.1 += i64::from(workplaces.is_among_the_other(season.applicant(seat.applicant).gender, seat.job));
            }
            sums
        };
        let (before, after) = (ranks_and_balanced(&without), ranks_and_balanced(&with));
        prop_assert!(after.0 >= before.0 && after.1 >= before.1);
        prop_assert!(after.0 - before.0 <= i64::from(rule.ranks) * (after.1 - before.1));
    }

    /// What no mechanism should leave to be had: with strict wishes and one stream those that promise it are efficient, and deferred
    /// acceptance is stable.
    #[test]
    fn promises_are_kept(season in any_season_of_one_stream(true)) {
        let preparation = Preparation::new(&season);
        let ranking = Ranking::draw(&season, SEED);
        let quality = |mechanism| Quality::of(&preparation, &ranking, &outcome_of(&season, mechanism)).unwrap();
        prop_assert_eq!(quality(Mechanism::DeferredAcceptance).blocking_pairs, 0);
        let priority = quality(Mechanism::Priority);
        prop_assert_eq!(priority.placeable, 0);
        if season.settings().rank_costs == RankCosts::Linear {
            prop_assert_eq!(priority.improvable, 0);
        }
        for mechanism in [Mechanism::SerialDictatorship, Mechanism::RankMaximal] {
            prop_assert_eq!((quality(mechanism).placeable, quality(mechanism).improvable), (0, 0), "{}", mechanism);
        }
    }
}

/// Half of the first four in the ranking are girls: a reserve of half the places changes nothing if it is filled first, and a quarter does
/// if it comes on top.
#[test]
fn the_order_of_reserves_matters() {
    let season = |precedence, percent| {
        let mut builder = Builder::new().job("park", 4);
        for id in ["a", "b", "c", "d", "e", "f"] {
            let gender = if "abf".contains(id) { Gender::Female } else { Gender::Male };
            builder = builder.applicant(id, "park").with_applicant(|applicant| applicant.gender = gender);
        }
        let reserve = Reserve { gender: Gender::Female, percent };
        builder.0.settings.balance = Balance { reserves: vec![reserve], precedence, workplaces: None };
        builder.build()
    };
    let placed = |precedence, percent| {
        let season = season(precedence, percent);
        placed_ids(&outcome_with(&season, &RunOptions::of(&season))).concat()
    };
    // The ranking alone gives the places to a, b, c and d: half of them girls.
    assert_eq!(placed(Precedence::ReserveFirst, 50), "abcd");
    assert_eq!(placed(Precedence::ReserveFirst, 75), "abcf");
    assert_eq!(placed(Precedence::OpenFirst, 25), "abcf");
}

/// A boy and a girl who each wish first for where their own sex dominates, and would change for one rank each.
#[test]
fn each_sex_is_placed_where_the_other_dominates() {
    let mut builder = Builder::new().job("care", 1).job("park", 1);
    for (id, wishes, gender) in [
        ("a", "care > park", Gender::Female),
        ("b", "park > care", Gender::Male),
        ("c", "care", Gender::Female),
        ("d", "park", Gender::Male),
    ] {
        builder = builder.applicant(id, wishes).with_applicant(|applicant| applicant.gender = gender);
    }
    let season = builder.build();
    let by = |ranks: Option<u16>| {
        let workplaces = ranks.map(|ranks| WorkplaceBalance { ranks, majority_percent: 60 });
        let balance = Balance { workplaces, ..Balance::NONE };
        let options = RunOptions { balance, ..RunOptions::with(Mechanism::Priority, PlacementRule::default()) };
        verdicts(&outcome_with(&season, &options))
    };
    assert_eq!(by(None), ["care:district", "park:district", "-full", "-full"]);
    assert_eq!(by(Some(2)), ["park:district", "care:district", "-full", "-full"]);
}
