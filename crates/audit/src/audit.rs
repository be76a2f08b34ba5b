//! The order of the audit.

use feriematch_model::{
    ApplicantIx, Evidence, Mechanism, MoveEvidence, Outcome, PlacedBy, Season, StageReason, StreamIx, Verdict,
};

use crate::acceptable::Acceptable;
use crate::certificate::{Certificate, StageCertificate};
use crate::claims::Claims;
use crate::findings::Findings;
use crate::lottery::Ranking;
use crate::prices::Costs;
use crate::refutation::Refutation;
use crate::stage::{Seat, Stage, Tally};
use crate::{decisions, prices, replay, selection, stability};

/// Checks an outcome against its season, from the two alone.
///
/// # Errors
///
/// Returns everything that is wrong, a bounded number of each kind. The audit goes in layers, each of which presupposes
/// those before: the outcome is one of this season; its decisions and stages are complete and in order; every place may be
/// given and all keep within the limits; nobody else should have got a place, and nobody another one. It ends with the
/// first layer in which something is wrong.
///
/// # Complexity
///
/// Time is linear in applicants, wishes and jobs, apart from sorting, for `priority` and `paper-lottery` (plus, where
/// wishes name classes of jobs, profiles of applicants × classes × kinds of jobs). `serial-dictatorship` is replayed by
/// augmenting paths.
pub fn audit(season: &Season, outcome: &Outcome) -> Result<Certificate, Vec<Refutation>> {
    let mut findings = Findings::default();
    decisions::check_header(season, outcome, &mut findings);
    let mut findings = findings.settle()?;
    let seats = decisions::read(season, outcome, &mut findings);
    let mut findings = findings.settle()?;

    let ranking = Ranking::draw(season, &outcome.seed);
    ranking.check(outcome, &mut findings);
    let acceptable = Acceptable::of(season);
    decisions::check_verdicts(&acceptable, outcome, &mut findings);
    let statements_wrong = findings.count();
    decisions::check_places(season, outcome, &seats, &mut findings);
    let given = decisions::check_limits(season, &seats, &mut findings);
    let claims = Claims::read(season, outcome, &seats, &mut findings);
    let moved = claims.check_moves(&seats, &mut findings);
    if findings.count() > statements_wrong {
        findings = findings.settle()?;
    }

    let stages = check_evidence(&acceptable, &ranking, outcome, &seats, &claims, &mut findings);
    findings.settle()?;
    Ok(certificate(&acceptable, outcome, &seats, &given, moved, stages))
}

/// Checks that each stage decides what its mechanism decides.
fn check_evidence(
    acceptable: &Acceptable<'_>,
    ranking: &Ranking,
    outcome: &Outcome,
    seats: &[Option<Seat>],
    claims: &Claims<'_>,
    findings: &mut Findings,
) -> Vec<StageCertificate> {
    let season = acceptable.season();
    let mut given = locked_places(season, seats);
    let locked = given.streams.clone();
    let mut reasons_on_paper = Vec::new();
    if outcome.mechanism == Mechanism::PaperLottery && outcome.rematch.is_none() {
        reasons_on_paper = replay::check_paper_lottery(acceptable, ranking, seats, given.clone(), findings);
        for (applicant, reasons) in &reasons_on_paper {
            for (stream, &reason) in reasons.iter().enumerate() {
                decisions::check_reason(season, outcome, *applicant, StreamIx::new(stream), reason, findings);
            }
        }
    }
    let mut certificates = Vec::new();
    for (row, stage) in outcome.stages.iter().enumerate() {
        let stream = StreamIx::new(row);
        let mut certificate = StageCertificate {
            stream: stage.stream.clone(),
            placed: 0,
            locked: locked[row],
            full: 0,
            home_cap: 0,
            no_eligible_job: 0,
            move_limit: 0,
            closed_jobs: 0,
            least_cost: None,
        };
        let mut taken = given.clone();
        claims.reserve(season, stream, &mut taken);
        match (outcome.mechanism, &stage.evidence) {
            (_, Evidence::Replay) if claims.are_upgraded() => {
                let stage = Stage::new(acceptable, ranking, seats, &taken, stream, claims);
                let refusals = stage.refusals();
                stability::check(&stage, &refusals, findings);
                certificate.count_stage(&stage, &refusals, outcome, findings);
            }
            (Mechanism::Priority, Evidence::Certificate { selection, placement, moves }) if !claims.are_upgraded() => {
                let stage = Stage::new(acceptable, ranking, seats, &taken, stream, claims);
                let refusals = stage.refusals();
                // Under a limit those who wait had to be refused for another reason than that the jobs are closed.
                if !stage.is_limited() {
                    selection::check(&stage, ranking, selection, &refusals, findings);
                    certificate.closed_jobs = selection.closed.len() as u32;
                }
                check_moves(&stage, claims.are_in(stream), moves.as_ref(), findings);
                let move_cost = moves.as_ref().map_or(0, |moves| moves.move_cost);
                let cost = prices::check(&stage, &Costs::Ranks(&outcome.rank_costs, move_cost), placement, findings);
                certificate.least_cost = Some(cost - i128::from(stage.moves()) * i128::from(move_cost));
                certificate.count_stage(&stage, &refusals, outcome, findings);
            }
            (Mechanism::SerialDictatorship, Evidence::Replay) => {
                let stage = Stage::new(acceptable, ranking, seats, &taken, stream, claims);
                let refusals = stage.refusals();
                replay::check_serial_dictatorship(&stage, &refusals, findings);
                certificate.count_stage(&stage, &refusals, outcome, findings);
            }
            (Mechanism::PaperLottery, Evidence::Replay) => {
                for (_, reasons) in &reasons_on_paper {
                    certificate.count(Some(reasons[row]));
                }
                let by_stream = |seat: &&Seat| seat.stream == stream && seat.by == PlacedBy::Ranking;
                certificate.placed = seats.iter().flatten().filter(by_stream).count() as u32;
            }
            (mechanism, _) => findings.push(Refutation::EvidenceKind { stream: stage.stream.clone(), mechanism }),
        }
        for (applicant, seat) in seats.iter().enumerate() {
            if let Some(seat) = seat.filter(|seat| seat.stream == stream && seat.by == PlacedBy::Ranking) {
                given.add(season, ApplicantIx::new(applicant), seat);
            }
        }
        certificates.push(certificate);
    }
    certificates
}

impl StageCertificate {
    /// Counts the entrants of a stage by what became of them, and checks the reasons that those who wait were given.
    fn count_stage(&mut self, stage: &Stage<'_>, refusals: &[Option<StageReason>], outcome: &Outcome, findings: &mut Findings) {
        for (entrant, &refusal) in stage.entrants.iter().zip(refusals) {
            self.count(refusal);
            if let Some(reason) = refusal {
                decisions::check_reason(stage.season(), outcome, entrant.applicant, stage.stream, reason, findings);
            }
        }
    }

    fn count(&mut self, refusal: Option<StageReason>) {
        *match refusal {
            None => &mut self.placed,
            Some(StageReason::Full) => &mut self.full,
            Some(StageReason::HomeCap) => &mut self.home_cap,
            Some(StageReason::NoEligibleJob) => &mut self.no_eligible_job,
            Some(StageReason::MoveLimit) => &mut self.move_limit,
        } += 1;
    }
}

/// Checks that a stage moves as many people as its evidence proves to be the fewest.
fn check_moves(stage: &Stage<'_>, can_move: bool, evidence: Option<&MoveEvidence>, findings: &mut Findings) {
    let moves = stage.moves();
    match evidence {
        Some(evidence) if evidence.moves == moves => {
            prices::check(stage, &Costs::Moves, &evidence.fewest, findings);
        }
        None if !can_move => {}
        _ => findings.push(Refutation::Moves { stream: stage.id(), moves, stated: evidence.map(|evidence| evidence.moves) }),
    }
}

/// Counts the places that locks give, which come before any stage.
pub(crate) fn locked_places(season: &Season, seats: &[Option<Seat>]) -> Tally {
    let mut given = Tally::new(season);
    for (applicant, seat) in seats.iter().enumerate() {
        if let Some(seat) = seat.filter(|seat| seat.by.is_before_stages()) {
            given.add(season, ApplicantIx::new(applicant), seat);
        }
    }
    given
}

/// Sums up an audit that found nothing wrong.
fn certificate(
    acceptable: &Acceptable<'_>,
    outcome: &Outcome,
    seats: &[Option<Seat>],
    given: &Tally,
    moved: u32,
    stages: Vec<StageCertificate>,
) -> Certificate {
    let season = acceptable.season();
    let settings = season.settings();
    let count = |is: &dyn Fn(&Verdict) -> bool| outcome.decisions.iter().filter(|d| is(&d.verdict)).count() as u32;
    let given_by = |by: PlacedBy| seats.iter().flatten().filter(|seat| seat.by == by).count() as u32;
    let (locked, held) = (given_by(PlacedBy::Lock), given_by(PlacedBy::Hold));
    Certificate {
        season: outcome.season.clone(),
        mechanism: outcome.mechanism,
        rank_costs: outcome.rank_costs.clone(),
        seed: outcome.seed.clone(),
        seed_is_of_season: settings.seed.as_deref().map(|seed| seed == outcome.seed),
        mechanism_is_of_season: settings.mechanism == outcome.mechanism && settings.rank_costs == outcome.rank_costs,
        applicants: season.applicants().len() as u32,
        jobs: season.jobs().len() as u32,
        places: season.jobs().iter().map(|job| u64::from(job.capacity)).sum(),
        placed: given.streams.iter().sum::<u32>() - locked - held,
        locked,
        held,
        rematch: outcome.rematch.as_ref().map(|rematch| rematch.rule),
        moved,
        waiting: count(&|verdict| matches!(verdict, Verdict::Waiting { .. })),
        ineligible: count(&|verdict| matches!(verdict, Verdict::Ineligible { .. })),
        choices: acceptable.choice_count() as u64,
        stages,
    }
}
