//! Forged outcomes of every mechanism, rule of placement, soft target and kind of round: the audit refutes each for the right reason, from
//! the season and from the certificate, and so does the checker in Python.

use feriematch_audit::{Refutation, audit};
use feriematch_model::*;

use crate::builder::Builder;
use crate::forgeries::{drop_place, place, season, verdict};
use crate::python::{Comparison, certificate, codes};
use crate::reference::{Method, Reference};

const SEED: &str = "public seed";

/// Forgeries of one honest outcome.
struct Forgeries<'a> {
    season: &'a Season,
    honest: Outcome,
    comparison: Comparison,
}

impl<'a> Forgeries<'a> {
    /// Decides a season honestly.
    fn of(season: &'a Season, method: impl Into<Method>) -> Self {
        Self::of_outcome(season, Reference::new(season, SEED).decide(method))
    }

    fn of_outcome(season: &'a Season, honest: Outcome) -> Self {
        if let Err(refutations) = audit(season, &honest) {
            panic!("the honest outcome is refuted: {refutations:#?}");
        }
        let mut comparison = Comparison::default();
        let of_honest = certificate(season, &honest);
        assert_eq!(codes(&of_honest).len(), 0);
        comparison.add(of_honest);
        Self { season, honest, comparison }
    }

    /// Asserts that a forgery is refuted with a code among others, and returns all that is refuted.
    #[track_caller]
    fn refuted(&mut self, code: &str, forge: impl FnOnce(&mut Outcome)) -> Vec<Refutation> {
        let mut forged = self.honest.clone();
        forge(&mut forged);
        assert_ne!(forged, self.honest, "nothing is forged");
        let refutations = audit(self.season, &forged).expect_err("the forgery passes");
        let found: Vec<&str> = refutations.iter().map(Refutation::code).collect();
        assert!(found.contains(&code), "{code} is not among {refutations:#?}");
        let forged = certificate(self.season, &forged);
        // Which pairs are eligible a certificate takes for granted: what is not is not listed.
        let expected = if code == "ineligible" { "not-wished" } else { code };
        assert!(codes(&forged).contains(expected), "{expected} is not among {:#?}", forged.check());
        self.comparison.add(forged);
        refutations
    }

    /// Asserts that the checker in Python says the same of all.
    fn agree(&self) {
        self.comparison.agrees();
    }
}

fn methods() -> Vec<Method> {
    let reserve = |gender| Reserve { gender, percent: 50 };
    let reserves = |precedence| Balance { reserves: vec![reserve(Gender::Female)], precedence, workplaces: None };
    let workplaces = Some(WorkplaceBalance { ranks: 2, majority_percent: 60 });
    let mut methods: Vec<Method> = Mechanism::ALL.map(Method::from).to_vec();
    methods.extend(PlacementRule::ALL.map(Method::from));
    methods.extend(Precedence::ALL.map(reserves).map(Method::from));
    methods.push(Balance { workplaces, ..Balance::NONE }.into());
    methods
}

/// What no outcome of any method may do.
#[test]
fn of_any_method() {
    let season = season();
    for method in methods() {
        let mut forgeries = Forgeries::of(&season, method.clone());
        forgeries.refuted("lottery-number", |o| {
            let (one, other) = (o.decisions[0].lottery, o.decisions[1].lottery);
            (o.decisions[0].lottery, o.decisions[1].lottery) = (other, one);
        });
        forgeries.refuted("position", |o| o.decisions[2].position = 1);
        forgeries.refuted("lottery-number", |o| o.seed.push('!'));
        forgeries.refuted("missing-applicant", |o| _ = o.decisions.remove(3));
        forgeries.refuted("unsorted-decisions", |o| o.decisions.swap(3, 4));
        forgeries.refuted("unknown-job", |o| place(o, "a1", "nowhere", "district", Some(1)));
        forgeries.refuted("ineligible", |o| place(o, "a8", "z", "district", Some(1)));
        forgeries.refuted("not-wished", |o| place(o, "a9", "g", "district", None));
        forgeries.refuted("rank", |o| place(o, "a9", "f", "district", Some(2)));
        forgeries.refuted("over-capacity", |o| {
            for applicant in ["a1", "a3", "a4"] {
                place(o, applicant, "a", "district", Some(1));
            }
        });
        forgeries.refuted("over-home-cap", |o| place(o, "a6", "b", "district", Some(1)));
        forgeries.refuted("over-department-cap", |o| {
            place(o, "a2", "c", "district", Some(2));
            place(o, "a5", "c", "district", Some(1));
        });
        forgeries.refuted("over-stream-cap", |o| {
            place(o, "a5", "d", "grant", Some(2));
            place(o, "a6", "d", "grant", Some(2));
        });
        forgeries.refuted("stream-not-of-job", |o| place(o, "a9", "f", "grant", Some(1)));
        forgeries.refuted("lock-ignored", |o| *verdict(o, "a7") = Verdict::Waiting { reasons: vec![StageReason::Full; 2] });
        forgeries.refuted("nothing-acceptable", |o| *verdict(o, "a8") = Verdict::Waiting { reasons: vec![StageReason::Full; 2] });
        forgeries.refuted("not-ineligible", |o| *verdict(o, "a4") = Verdict::Ineligible { rules: Vec::new() });
        forgeries.refuted("reason-count", |o| *verdict(o, "a6") = Verdict::Waiting { reasons: vec![StageReason::HomeCap] });
        forgeries.refuted("reason", |o| {
            let reasons = o.decisions.iter_mut().find_map(|decision| match &mut decision.verdict {
                Verdict::Waiting { reasons } => Some(reasons),
                Verdict::Placed(_) | Verdict::Ineligible { .. } => None,
            });
            reasons.expect("somebody waits")[0] = StageReason::MoveLimit;
        });
        forgeries.refuted("stage-order", |o| o.stages.swap(0, 1));
        forgeries.refuted("evidence-kind", |o| {
            let order = Evidence::Order { selection: SelectionEvidence::default() };
            let is_order = matches!(o.stages[0].evidence, Evidence::Order { .. });
            o.stages[0].evidence = if is_order { Evidence::Replay } else { order };
        });
        forgeries.refuted("rank-costs", |o| o.rank_costs = RankCosts::Table(vec![2, 1]));
        if method.mechanism == Mechanism::Priority {
            forgeries.refuted("balance", |o| o.balance.reserves = vec![Reserve { gender: Gender::Other, percent: 10 }]);
        } else {
            forgeries.refuted("placement-rule", |o| o.placement = PlacementRule::Generous);
            forgeries.refuted("balance", |o| o.balance.reserves = vec![Reserve { gender: Gender::Male, percent: 10 }]);
        }
        forgeries.agree();
    }
}

fn selection(outcome: &mut Outcome) -> &mut SelectionEvidence {
    match &mut outcome.stages[0].evidence {
        Evidence::Certificate { selection, .. }
        | Evidence::Order { selection }
        | Evidence::Profile { selection: Some(selection), .. } => selection,
        other => panic!("no selection: {other:?}"),
    }
}

fn levels(outcome: &mut Outcome) -> &mut Vec<LevelEvidence> {
    match &mut outcome.stages[0].evidence {
        Evidence::Profile { levels, .. } => levels,
        other => panic!("no levels: {other:?}"),
    }
}

fn prices(outcome: &mut Outcome) -> &mut PlacementEvidence {
    match &mut outcome.stages[0].evidence {
        Evidence::Certificate { placement, .. } => placement,
        other => panic!("no prices: {other:?}"),
    }
}

/// Gives two applicants each other's places, with the ranks that they then have.
fn swap(outcome: &mut Outcome, a: (&str, &str, u16), b: (&str, &str, u16)) {
    place(outcome, a.0, a.1, "district", Some(a.2));
    place(outcome, b.0, b.1, "district", Some(b.2));
}

/// `priority`, with each rule of placement: the selection, whatever the rule.
#[test]
fn of_a_selection() {
    let season = season();
    for rule in PlacementRule::ALL {
        let mut forgeries = Forgeries::of(&season, rule);
        forgeries.refuted("closed-not-full", |o| _ = selection(o).closed.insert("g".to_owned(), "a4".to_owned()));
        forgeries.refuted("closed-by", |o| _ = selection(o).closed.insert("g".to_owned(), "a9".to_owned()));
        forgeries.refuted("closed-job-unknown", |o| _ = selection(o).closed.insert("d".to_owned(), "a4".to_owned()));
        forgeries.refuted("selected-behind-closed", |o| _ = selection(o).closed.insert("f".to_owned(), "a4".to_owned()));
        forgeries.refuted("not-shown", |o| selection(o).closed.clear());
        forgeries.refuted("not-maximal", |o| drop_place(o, "a9"));
        forgeries.refuted("wrong-order", |o| {
            drop_place(o, "a2");
            place(o, "a5", "c", "district", Some(1));
        });
        forgeries.agree();
    }
}

/// Three who want the same two jobs and a third: who has which is for the rule to say.
fn three_wishes() -> Season {
    let season = Builder::new().job("x", 1).job("y", 1).job("z", 1);
    season.applicant("p1", "x > y > z").applicant("p2", "x > y > z").applicant("p3", "y > x").build()
}

#[test]
fn of_a_placement() {
    let season = three_wishes();
    let mut forgeries = Forgeries::of(&season, PlacementRule::LeastTotalRank);
    forgeries.refuted("dear-place", |o| prices(o).jobs.clear());
    forgeries.refuted("negative-price", |o| _ = prices(o).jobs.insert("z".to_owned(), -1));
    forgeries.refuted("cost", |o| prices(o).cost -= 1);
    forgeries.agree();

    let mut forgeries = Forgeries::of(&season, PlacementRule::RankMaximal);
    assert_eq!(forgeries.honest.decisions.iter().map(rank).max(), Some(Some(3)), "two first wishes, and somebody is last");
    forgeries.refuted("level-missing", |o| levels(o).clear());
    forgeries.refuted("dear-place", |o| levels(o)[0].jobs.values_mut().for_each(|price| *price += 1));
    forgeries.refuted("price-with-room", |o| levels(o)[0].stream += 1);
    forgeries.refuted("price-unknown", |o| _ = levels(o)[0].homes.insert("north".to_owned(), 1));
    forgeries.refuted("level-order", |o| {
        let again = levels(o)[0].clone();
        levels(o).insert(0, again);
    });
    // Somebody gives up a first wish for a third.
    forgeries.refuted("dear-place", |o| {
        swap(o, ("p1", "y", 2), ("p2", "z", 3));
        place(o, "p3", "x", "district", Some(2));
    });
    forgeries.agree();

    let season = Builder::new().job("x", 1).job("y", 1).job("z", 1);
    let season = season.applicant("p1", "x > y").applicant("p2", "x > y > z").applicant("p3", "y > x > z").build();
    let mut forgeries = Forgeries::of(&season, PlacementRule::Generous);
    forgeries.refuted("level-missing", |o| levels(o).truncate(1));
    forgeries.refuted("negative-price", |o| levels(o)[0].jobs.values_mut().for_each(|price| *price = -1));
    forgeries.agree();

    let mut forgeries = Forgeries::of(&season, PlacementRule::RankingOrder);
    let found = forgeries.refuted("better-rank", |o| {
        swap(o, ("p1", "y", 2), ("p3", "z", 3));
        place(o, "p2", "x", "district", Some(1));
    });
    let (stream, applicant) = ("district".to_owned(), "p1".to_owned());
    assert_eq!(found, [Refutation::BetterRank { stream, applicant, expected: 1, found: 2 }]);
    forgeries.agree();
}

fn rank(decision: &Decision) -> Option<u16> {
    match &decision.verdict {
        Verdict::Placed(placed) => placed.rank,
        Verdict::Waiting { .. } | Verdict::Ineligible { .. } => None,
    }
}

#[test]
fn of_rank_maximal() {
    // Both first wishes are met, and p1 with a lower position waits; of p3 and p4 the first in the ranking has z.
    let season = Builder::new()
        .with(|s| s.districts[1].cap = Some(1))
        .job("x", 1)
        .job("y", 1)
        .job("z", 2)
        .applicant("p1", "x")
        .applicant("p2", "x > y")
        .applicant("p3", "z")
        .with_applicant(|a| a.home_district = DistrictIx::new(1))
        .applicant("p4", "z")
        .with_applicant(|a| a.home_district = DistrictIx::new(1))
        .applicant("p5", "y")
        .build();
    let mut forgeries = Forgeries::of(&season, Mechanism::RankMaximal);
    forgeries.refuted("level-missing", |o| _ = levels(o).pop());
    forgeries.refuted("dear-place", |o| levels(o).last_mut().unwrap().homes.clear());
    // A second wish for p2 where p5 could have a first.
    forgeries.refuted("dear-stay", |o| {
        place(o, "p2", "y", "district", Some(2));
        *verdict(o, "p5") = Verdict::Waiting { reasons: vec![StageReason::Full] };
    });
    // As good a profile, but p4 comes after p3.
    forgeries.refuted("dear-place", |o| {
        place(o, "p4", "z", "district", Some(1));
        *verdict(o, "p3") = Verdict::Waiting { reasons: vec![StageReason::HomeCap] };
    });
    forgeries.refuted("reason", |o| *verdict(o, "p4") = Verdict::Waiting { reasons: vec![StageReason::Full] });
    forgeries.agree();
}

/// x is a job of south, y of north; two who live across wish for the place that the other's district employs in.
fn across() -> Season {
    let south = |a: &mut Applicant| (a.home_district, a.class) = (DistrictIx::new(1), ClassIx::new(0));
    Builder::new()
        .job("x", 1)
        .with_job(|j| j.employer = Employer::District(DistrictIx::new(1)))
        .job("y", 1)
        .job("z", 1)
        .applicant("n1", "x > y")
        .with_applicant(|a| a.class = ClassIx::new(0))
        .applicant("s2", "y > x")
        .with_applicant(south)
        .applicant("s3", "x")
        .with_applicant(|a| (a.home_district, a.class) = (DistrictIx::new(1), ClassIx::new(1)))
        .applicant("s4", "z")
        .with_applicant(|a| (a.home_district, a.class) = (DistrictIx::new(1), ClassIx::new(2)))
        .build()
}

#[test]
fn of_deferred_acceptance() {
    let season = across();
    let waits = || Verdict::Waiting { reasons: vec![StageReason::Full] };
    let mut forgeries = Forgeries::of(&season, Mechanism::DeferredAcceptance);
    // Stable, but not the best for all applicants.
    let found = forgeries.refuted("replayed-place", |o| swap(o, ("n1", "y", 2), ("s2", "x", 2)));
    assert_eq!(found.len(), 1, "{found:#?}");
    let blocking = |applicant: &str, job: &str, holder: Option<&str>| {
        let (applicant, job, holder) = (applicant.to_owned(), job.to_owned(), holder.map(str::to_owned));
        Refutation::Blocking { stream: "district".to_owned(), applicant, job, holder }
    };
    let envied = forgeries.refuted("blocking", |o| {
        place(o, "s3", "x", "district", Some(1));
        *verdict(o, "n1") = waits();
    });
    assert!(envied.contains(&blocking("n1", "x", Some("s3"))), "{envied:#?}");
    let wasted = forgeries.refuted("blocking", |o| *verdict(o, "s4") = waits());
    assert!(wasted.contains(&blocking("s4", "z", None)), "{wasted:#?}");
    forgeries.agree();
}

#[test]
fn of_top_trading_cycles() {
    let season = across();
    let mut forgeries = Forgeries::of(&season, Mechanism::TopTradingCycles);
    let found = forgeries.refuted("replayed-place", |o| swap(o, ("n1", "y", 2), ("s2", "x", 2)));
    assert_eq!(found.len(), 1, "{found:#?}");
    forgeries.refuted("replayed-place", |o| {
        place(o, "s3", "x", "district", Some(1));
        *verdict(o, "n1") = Verdict::Waiting { reasons: vec![StageReason::Full] };
    });
    forgeries.agree();
}

#[test]
fn of_one_after_the_other() {
    let season = three_wishes();
    for (mechanism, code) in [(Mechanism::SerialDictatorship, "replayed-rank"), (Mechanism::PaperLottery, "replayed-place")] {
        let mut forgeries = Forgeries::of(&season, mechanism);
        forgeries.refuted(code, |o| swap(o, ("p1", "y", 2), ("p2", "x", 1)));
        forgeries.agree();
    }
}

#[test]
fn of_soft_targets() {
    let girl = |a: &mut Applicant| a.gender = Gender::Female;
    let boy = |a: &mut Applicant| a.gender = Gender::Male;
    let season = Builder::new().job("a", 2).applicant("b1", "a").with_applicant(boy).applicant("b2", "a").with_applicant(boy);
    let season = season.applicant("g3", "a").with_applicant(girl).applicant("g4", "a").with_applicant(girl).build();
    let reserves = vec![Reserve { gender: Gender::Female, percent: 50 }];
    let mut forgeries = Forgeries::of(&season, Balance { reserves, ..Balance::NONE });
    assert!(matches!(verdict(&mut forgeries.honest, "g3"), Verdict::Placed(_)));
    forgeries.refuted("wrong-order", |o| {
        place(o, "b2", "a", "district", Some(1));
        *verdict(o, "g3") = Verdict::Waiting { reasons: vec![StageReason::Full] };
    });
    forgeries.refuted("wrong-order", |o| o.balance.reserves[0].percent = 100);
    forgeries.refuted("wrong-order", |o| o.balance.reserves.clear());
    forgeries.agree();

    // Girls dominate p and boys o: p1 costs least at o, as a second wish.
    let season = Builder::new().job("o", 3).job("p", 3).applicant("p1", "p > o").with_applicant(girl);
    let season = season.applicant("p2", "p").with_applicant(girl).applicant("p3", "o").with_applicant(boy);
    let season = season.applicant("p4", "o").with_applicant(boy).build();
    let workplaces = Some(WorkplaceBalance { ranks: 2, majority_percent: 60 });
    let mut forgeries = Forgeries::of(&season, Balance { workplaces, ..Balance::NONE });
    assert_eq!(rank(&forgeries.honest.decisions[0]), Some(2));
    forgeries.refuted("dear-place", |o| {
        place(o, "p1", "p", "district", Some(1));
        prices(o).cost += 1;
    });
    forgeries.refuted("cost", |o| o.balance.workplaces = Some(WorkplaceBalance { ranks: 3, majority_percent: 60 }));
    forgeries.agree();
}

fn claim(applicant: &str, job: &str) -> Claim {
    Claim { applicant: applicant.to_owned(), job: job.to_owned(), stream: "district".to_owned() }
}

/// Who has b moves up to a, which is free, and leaves b to whoever waits.
#[test]
fn of_an_upgrade() {
    let season = Builder::new().job("a", 1).job("b", 1);
    let season = season.applicant("p1", "a > b").applicant("p2", "b").applicant("p3", "a").build();
    let mut outcome = Reference::new(&season, SEED).decide(Mechanism::Priority);
    outcome.stages[0].evidence = Evidence::Replay;
    let rule = MoveRule::Upgrade { lottery: LotteryOrder::Same };
    outcome.rematch = Some(Rematch { rule, claims: vec![claim("p1", "b")] });
    let waits = || Verdict::Waiting { reasons: vec![StageReason::Full] };
    let mut forgeries = Forgeries::of_outcome(&season, outcome);
    let claims = |o: &mut Outcome, claims: Vec<Claim>| o.rematch.as_mut().unwrap().claims = claims;
    forgeries.refuted("claim", |o| claims(o, vec![claim("p2", "a")]));
    forgeries.refuted("claim", |o| claims(o, vec![claim("p1", "b"), claim("p1", "a")]));
    forgeries.refuted("claim-lost", |o| *verdict(o, "p1") = waits());
    forgeries.refuted("moved-down", |o| {
        claims(o, vec![claim("p1", "a")]);
        place(o, "p1", "b", "district", Some(2));
        *verdict(o, "p2") = waits();
    });
    forgeries.refuted("blocking", |o| *verdict(o, "p2") = waits());
    forgeries.refuted("blocking", |o| {
        place(o, "p1", "b", "district", Some(2));
        place(o, "p3", "a", "district", Some(1));
        *verdict(o, "p2") = waits();
    });
    forgeries.refuted("balance", |o| o.balance.reserves = vec![Reserve { gender: Gender::Male, percent: 10 }]);
    forgeries.agree();
}

/// Who has x moves to y, so that somebody who wishes for nothing else can have x.
#[test]
fn of_fewest_moves() {
    let season = Builder::new().job("x", 1).job("y", 1).applicant("p1", "x > y").applicant("p2", "x").build();
    let mut outcome = Reference::new(&season, SEED).decide(Mechanism::Priority);
    let priced = |cost, price| {
        let jobs = [("x".to_owned(), price)].into();
        PlacementEvidence { cost, jobs, departments: [].into(), stream: 0 }
    };
    // Everybody pays what y costs p1: a move in one count, ten a move and two for the rank in the other.
    let moves = Some(MoveEvidence { moves: 1, move_cost: 10, fewest: priced(1, 1) });
    let selection = SelectionEvidence::default();
    outcome.stages[0].evidence = Evidence::Certificate { selection, placement: priced(13, 11), moves };
    let rule = MoveRule::FewestMoves { max_moves: Some(1) };
    outcome.rematch = Some(Rematch { rule, claims: vec![claim("p1", "x")] });
    let mut forgeries = Forgeries::of_outcome(&season, outcome);
    let moves = |o: &mut Outcome, change: &dyn Fn(&mut MoveEvidence)| match &mut o.stages[0].evidence {
        Evidence::Certificate { moves: Some(moves), .. } => change(moves),
        other => panic!("no moves: {other:?}"),
    };
    forgeries.refuted("moves", |o| moves(o, &|moves| moves.moves = 0));
    forgeries.refuted("dear-place", |o| moves(o, &|moves| moves.fewest.jobs.clear()));
    forgeries.refuted("cost", |o| moves(o, &|moves| moves.move_cost = 9));
    forgeries.refuted("too-many-moves", |o| {
        o.rematch.as_mut().unwrap().rule = MoveRule::FewestMoves { max_moves: Some(0) };
    });
    forgeries.refuted("moves-by-other", |o| o.mechanism = Mechanism::SerialDictatorship);
    forgeries.refuted("placement-rule", |o| o.placement = PlacementRule::Generous);
    forgeries.refuted("evidence-kind", |o| o.stages[0].evidence = Evidence::Replay);
    forgeries.refuted("not-maximal", |o| {
        *verdict(o, "p2") = Verdict::Waiting { reasons: vec![StageReason::Full] };
        place(o, "p1", "x", "district", Some(1));
        moves(o, &|moves| moves.moves = 0);
    });
    forgeries.agree();
}
