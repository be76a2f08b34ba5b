//! What has to be shown of a stage, by mechanism and rule of placement (docs/mechanisms.md, sections 5, 8 and 9).

use feriematch_model::{
    Evidence, Mechanism, MoveEvidence, Outcome, PlacementEvidence, PlacementRule, SelectionEvidence, StageReason,
};

use crate::certificate::StageCertificate;
use crate::claims::Claims;
use crate::findings::Findings;
use crate::prices::Costs;
use crate::profile::Objective;
use crate::refutation::Refutation;
use crate::stability::{ClaimsThenTurns, ClassHomeLottery};
use crate::stage::Stage;
use crate::workplaces::Workplaces;
use crate::{decisions, deferred_acceptance, prices, profile, ranking_order, replay, reserves, selection, stability, trading};

/// Why each entrant of a stage is refused, `None` for those who are not.
type Refusals = [Option<StageReason>];

/// Checks stages of one outcome.
pub(crate) struct StageCheck<'a> {
    pub(crate) outcome: &'a Outcome,
    pub(crate) claims: &'a Claims<'a>,
    /// Which jobs a sex dominates, where that counts.
    pub(crate) workplaces: Option<&'a Workplaces>,
}

impl StageCheck<'_> {
    /// Checks a stage by its evidence, and counts in its certificate what became of whom.
    pub(crate) fn run(&self, stage: Stage<'_>, evidence: &Evidence, certificate: &mut StageCertificate, findings: &mut Findings) {
        let balance = &self.outcome.balance;
        let stage = if balance.reserves.is_empty() {
            stage
        } else {
            let turns = reserves::turns(&stage, balance);
            stage.in_order(&turns)
        };
        let refusals = match self.outcome.mechanism {
            Mechanism::RankMaximal if !self.claims.may_move() => stage.refusals_whatever_the_turn(),
            _ => stage.refusals(),
        };
        if self.show(&stage, evidence, &refusals, certificate, findings) {
            certificate.count_stage(&stage, &refusals, self.outcome, findings);
        } else {
            findings.push(Refutation::EvidenceKind { stream: stage.id(), mechanism: self.outcome.mechanism });
        }
    }

    /// Checks what the evidence is to show; returns whether it is of the right kind.
    fn show(
        &self,
        stage: &Stage<'_>,
        evidence: &Evidence,
        refusals: &Refusals,
        certificate: &mut StageCertificate,
        findings: &mut Findings,
    ) -> bool {
        use PlacementRule::{Generous, LeastTotalRank, RankMaximal, RankingOrder};
        match (self.outcome.mechanism, self.outcome.placement, evidence) {
            (_, _, Evidence::Replay) if self.claims.are_upgraded() => {
                stability::check(stage, &ClaimsThenTurns, refusals, findings);
            }
            _ if self.claims.are_upgraded() => return false,
            (Mechanism::Priority, LeastTotalRank, Evidence::Certificate { selection, placement, moves }) => {
                show_selection(stage, selection, refusals, certificate, findings);
                self.show_least_cost(stage, placement, moves.as_ref(), certificate, findings);
            }
            _ if self.claims.may_move() => return false,
            (Mechanism::Priority, rule @ (RankMaximal | Generous), Evidence::Profile { selection: Some(selection), levels }) => {
                show_selection(stage, selection, refusals, certificate, findings);
                let objective = if rule == Generous { Objective::Generous } else { Objective::RankMaximal };
                profile::check(stage, objective, levels, findings);
                certificate.levels = Some(levels.len() as u32);
            }
            (Mechanism::Priority, RankingOrder, Evidence::Order { selection }) => {
                show_selection(stage, selection, refusals, certificate, findings);
                ranking_order::check(stage, findings);
            }
            (Mechanism::RankMaximal, _, Evidence::Profile { selection: None, levels }) => {
                profile::check(stage, Objective::RankMaximalOfAll, levels, findings);
                certificate.levels = Some(levels.len() as u32);
            }
            (Mechanism::SerialDictatorship, _, Evidence::Replay) => {
                replay::check_serial_dictatorship(stage, refusals, findings);
            }
            (Mechanism::DeferredAcceptance, _, Evidence::Replay) => {
                stability::check(stage, &ClassHomeLottery, refusals, findings);
                replay::check_places(stage, &deferred_acceptance::decide(stage), findings);
            }
            (Mechanism::TopTradingCycles, _, Evidence::Replay) => {
                replay::check_places(stage, &trading::decide(stage), findings);
            }
            _ => return false,
        }
        true
    }

    /// Checks that no placement of the same people moves fewer or costs less.
    fn show_least_cost(
        &self,
        stage: &Stage<'_>,
        evidence: &PlacementEvidence,
        moves: Option<&MoveEvidence>,
        certificate: &mut StageCertificate,
        findings: &mut Findings,
    ) {
        self.show_fewest_moves(stage, moves, findings);
        let (rank_costs, move_cost) = (&self.outcome.rank_costs, moves.map_or(0, |moves| moves.move_cost));
        let costs = match self.workplaces {
            Some(workplaces) => Costs::Workplaces(rank_costs, workplaces),
            None => Costs::Ranks(rank_costs, move_cost),
        };
        let cost = prices::check(stage, &costs, evidence, findings);
        certificate.least_cost = Some(cost - i128::from(stage.moves()) * i128::from(move_cost));
    }

    /// Checks that a stage moves as many people as its evidence proves to be the fewest.
    fn show_fewest_moves(&self, stage: &Stage<'_>, evidence: Option<&MoveEvidence>, findings: &mut Findings) {
        let moves = stage.moves();
        match evidence {
            Some(evidence) if evidence.moves == moves => {
                prices::check(stage, &Costs::Moves, &evidence.fewest, findings);
            }
            None if !self.claims.are_in(stage.stream) => {}
            _ => findings.push(Refutation::Moves { stream: stage.id(), moves, stated: evidence.map(|evidence| evidence.moves) }),
        }
    }
}

/// Checks that those who were refused for want of places had to be.
fn show_selection(
    stage: &Stage<'_>,
    evidence: &SelectionEvidence,
    refusals: &Refusals,
    certificate: &mut StageCertificate,
    findings: &mut Findings,
) {
    // Under a limit those who wait had to be refused for another reason than that the jobs are closed.
    // Nor can that be shown if the limit stood in the way of somebody who then got a place of a later stream.
    let is_shown = || {
        let mut found = Findings::default();
        selection::check(stage, evidence, refusals, &mut found);
        found.count() == 0
    };
    if !stage.is_limited() && (!stage.may_be_limited() || is_shown()) {
        selection::check(stage, evidence, refusals, findings);
        certificate.closed_jobs = evidence.closed.len() as u32;
    }
}

impl StageCertificate {
    /// Starts with nothing.
    pub(crate) fn of(stream: &str) -> Self {
        Self {
            stream: stream.to_owned(),
            placed: 0,
            locked: 0,
            full: 0,
            home_cap: 0,
            no_eligible_job: 0,
            move_limit: 0,
            closed_jobs: 0,
            least_cost: None,
            levels: None,
        }
    }

    /// Counts the entrants of a stage by what became of them, and checks the reasons that those who wait were given.
    fn count_stage(&mut self, stage: &Stage<'_>, refusals: &Refusals, outcome: &Outcome, findings: &mut Findings) {
        for (entrant, &refusal) in stage.entrants.iter().zip(refusals) {
            self.count(refusal);
            if let Some(reason) = refusal {
                decisions::check_reason(stage.season(), outcome, entrant.applicant, stage.stream, reason, findings);
            }
        }
    }

    /// Counts somebody.
    pub(crate) fn count(&mut self, refusal: Option<StageReason>) {
        *match refusal {
            None => &mut self.placed,
            Some(StageReason::Full) => &mut self.full,
            Some(StageReason::HomeCap) => &mut self.home_cap,
            Some(StageReason::NoEligibleJob) => &mut self.no_eligible_job,
            Some(StageReason::MoveLimit) => &mut self.move_limit,
        } += 1;
    }
}
