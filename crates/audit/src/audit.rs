//! The order of the audit.

use feriematch_model::{ApplicantIx, Evidence, Mechanism, Outcome, PlacedBy, Season, StageReason, StreamIx, Verdict};

use crate::acceptable::Acceptable;
use crate::certificate::{Certificate, StageCertificate};
use crate::claims::Claims;
use crate::findings::Findings;
use crate::lottery::Ranking;
use crate::refutation::Refutation;
use crate::stage::{Seat, Stage, Tally};
use crate::stage_check::StageCheck;
use crate::workplaces::Workplaces;
use crate::{decisions, replay};

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
/// Time is linear in applicants, wishes and jobs, apart from sorting, for `priority`, `top-trading-cycles` and `paper-lottery` (plus, where
/// wishes name classes of jobs, profiles of applicants × classes × kinds of jobs); for placements by profile and for `rank-maximal` times the number
/// of levels; for `deferred-acceptance` times a logarithm. `serial-dictatorship` and reserves are replayed by augmenting paths, and
/// placements in ranking order take a search for everybody who does not get a best wish.
pub fn audit(season: &Season, outcome: &Outcome) -> Result<Certificate, Vec<Refutation>> {
    let mut findings = Findings::default();
    decisions::check_header(season, outcome, &mut findings);
    let mut findings = findings.settle()?;
    let seats = decisions::read(season, outcome, &mut findings);
    let findings = findings.settle()?;

    let acceptable = Acceptable::of(season);
    check_decided(&acceptable, outcome, &seats, findings)
}

/// Checks an outcome whose decisions have been read, by what is acceptable to whom.
pub(crate) fn check_decided(
    acceptable: &Acceptable<'_>,
    outcome: &Outcome,
    seats: &[Option<Seat>],
    mut findings: Findings,
) -> Result<Certificate, Vec<Refutation>> {
    let season = acceptable.season();
    let ranking = Ranking::draw(season, &outcome.seed);
    ranking.check(outcome, &mut findings);
    decisions::check_verdicts(acceptable, outcome, &mut findings);
    let statements_wrong = findings.count();
    decisions::check_places(acceptable, outcome, seats, &mut findings);
    let given = decisions::check_limits(season, seats, &mut findings);
    let claims = Claims::read(acceptable, outcome, seats, &mut findings);
    let moved = claims.check_moves(seats, &mut findings);
    if findings.count() > statements_wrong {
        findings = findings.settle()?;
    }

    let stages = check_stages(acceptable, &ranking, outcome, seats, &claims, &mut findings);
    findings.settle()?;
    Ok(certificate(acceptable, outcome, seats, &given, moved, stages))
}

/// Checks that each stage decides what its mechanism decides.
fn check_stages(
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
    let on_paper = match (outcome.mechanism, &outcome.rematch) {
        (Mechanism::PaperLottery, None) => Some(check_paper(acceptable, ranking, outcome, seats, &given, findings)),
        _ => None,
    };
    let workplaces = outcome.balance.workplaces.map(|rule| Workplaces::count(acceptable, rule));
    let mut certificates = Vec::new();
    for (row, evidence) in outcome.stages.iter().enumerate() {
        let stream = StreamIx::new(row);
        let mut certificate = StageCertificate { locked: locked[row], ..StageCertificate::of(&evidence.stream) };
        if let Some(reasons) = &on_paper {
            if evidence.evidence != Evidence::Replay {
                let (stream, mechanism) = (evidence.stream.clone(), outcome.mechanism);
                findings.push(Refutation::EvidenceKind { stream, mechanism });
            }
            for (_, reasons) in reasons {
                certificate.count(Some(reasons[row]));
            }
            let by_stream = |seat: &&Seat| seat.stream == stream && seat.by == PlacedBy::Ranking;
            certificate.placed = seats.iter().flatten().filter(by_stream).count() as u32;
        } else {
            let mut taken = given.clone();
            claims.reserve(season, stream, &mut taken);
            let stage = Stage::new(acceptable, ranking, seats, &taken, stream, claims);
            let check = StageCheck { outcome, claims, workplaces: workplaces.as_ref() };
            check.run(stage, &evidence.evidence, &mut certificate, findings);
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

/// Checks the paper lottery, which goes over all streams at once; returns the reasons of everyone without a place, one a stream.
fn check_paper(
    acceptable: &Acceptable<'_>,
    ranking: &Ranking,
    outcome: &Outcome,
    seats: &[Option<Seat>],
    locked: &Tally,
    findings: &mut Findings,
) -> Vec<(ApplicantIx, Vec<StageReason>)> {
    let all_reasons = replay::check_paper_lottery(acceptable, ranking, seats, locked.clone(), findings);
    for (applicant, reasons) in &all_reasons {
        for (stream, &reason) in reasons.iter().enumerate() {
            decisions::check_reason(acceptable.season(), outcome, *applicant, StreamIx::new(stream), reason, findings);
        }
    }
    all_reasons
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
        placement: outcome.placement,
        balance: outcome.balance.clone(),
        rank_costs: outcome.rank_costs.clone(),
        seed: outcome.seed.clone(),
        seed_is_of_season: settings.seed.as_deref().map(|seed| seed == outcome.seed),
        mechanism_is_of_season: (settings.mechanism, &settings.rank_costs) == (outcome.mechanism, &outcome.rank_costs)
            && (outcome.rematch.is_some() || (settings.placement, &settings.balance) == (outcome.placement, &outcome.balance)),
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
