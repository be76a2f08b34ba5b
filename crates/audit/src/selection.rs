//! Checks who is selected in a stage of `priority`, by the closed jobs (docs/mechanisms.md, sections 5.1 and 6).
//!
//! Write K for those whom the outcome selects, c(V) for the most applicants whom capacities and caps admit into a set V of
//! jobs, and V(p) for the jobs closed in turn p or before; turns go by the ranking, or where places are reserved by section 9.1. The outcome's own placement shows that K, and
//! so every part of it, is placeable and within the caps of home districts. So the greedy choice never refuses anyone in K
//! as long as it has taken nobody else. It has not, if everyone outside K has no acceptable job, or finds the home
//! district's cap used up by K's members ahead, or is *full*: their acceptable jobs all lie in V(p), p being their
//! turn, and c(V(p)) members of K ahead of p have all their acceptable jobs in V(p) too. By induction over the turns
//! the greedy choice is K.
//!
//! Let m(i) be the first turn by which all acceptable jobs of i are closed. For a member k of K, m(k) must come after
//! k's own; then all members counted at p are ahead of p. It is left to compare, at every turn in which jobs are
//! closed, the number of k with m(k) ≤ p with c(V(p)), which grows by one job at a time; and to see that m(t) ≤ p for
//! everyone full. That is one pass over all choices and one over the closed jobs.
//!
//! Where the evidence fails, the greedy choice itself is made, to tell a bad proof from a bad selection.

use feriematch_model::{JobIx, SelectionEvidence, StageReason};

use crate::augment::Packing;
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::Stage;

/// The turn of a job that is never closed.
const OPEN: u32 = u32::MAX;

/// Checks the evidence for a stage's selection; `refusals` are the reasons that hold if it is right.
pub(crate) fn check(stage: &Stage<'_>, evidence: &SelectionEvidence, refusals: &[Option<StageReason>], findings: &mut Findings) {
    let before = findings.count();
    let closed_at = closing_turns(stage, evidence, refusals, findings);
    let last_closed = stage.acceptable.fold_targets(stage.stream, |job| closed_at[job.get()], u32::max);
    let mut needy: Vec<u32> = Vec::new();
    for (entrant, refusal) in stage.entrants.iter().zip(refusals) {
        let of_choices = stage.choices(entrant).filter_map(|choice| last_closed[choice.target as usize]);
        let all_closed = of_choices.max().unwrap_or(OPEN);
        match refusal {
            None if all_closed <= entrant.turn => findings.push(Refutation::SelectedBehindClosed {
                stream: stage.id(),
                applicant: stage.id_of(entrant),
                closer: stage.id_of(stage.at_turn(all_closed)),
            }),
            None if all_closed != OPEN => needy.push(all_closed),
            Some(StageReason::Full) if all_closed > entrant.turn => {
                let jobs = stage.choices(entrant).flat_map(|choice| stage.acceptable.jobs_of(choice.target));
                let mut open = jobs.filter(|job| stage.funded[job.get()] && closed_at[job.get()] > entrant.turn);
                let job = open.next().map(|job| stage.season().job(job).id.to_string()).unwrap_or_default();
                findings.push(Refutation::NotShown { stream: stage.id(), applicant: stage.id_of(entrant), job });
            }
            None | Some(_) => {}
        }
    }
    check_fullness(stage, &closed_at, needy, findings);
    if findings.count() > before {
        diagnose(stage, findings);
    }
}

/// Returns the turn in which each job was closed.
fn closing_turns(
    stage: &Stage<'_>,
    evidence: &SelectionEvidence,
    refusals: &[Option<StageReason>],
    findings: &mut Findings,
) -> Vec<u32> {
    let season = stage.season();
    // The turns of those who were refused for want of places.
    let mut refused_at = vec![None; season.applicants().len()];
    for (entrant, &refusal) in stage.entrants.iter().zip(refusals) {
        refused_at[entrant.applicant.get()] = (refusal == Some(StageReason::Full)).then_some(entrant.turn);
    }
    let mut closed_at = vec![OPEN; season.jobs().len()];
    for (job_id, closer_id) in &evidence.closed {
        let job = season.find_job(job_id).filter(|job| stage.funded[job.get()]);
        let turn = season.find_applicant(closer_id).and_then(|closer| refused_at[closer.get()]);
        match (job, turn) {
            (Some(job), Some(turn)) => closed_at[job.get()] = turn,
            (None, _) => {
                findings.push(Refutation::ClosedJobUnknown { stream: stage.id(), job: job_id.clone() });
            }
            (_, None) => {
                findings.push(Refutation::ClosedBy { stream: stage.id(), job: job_id.clone(), applicant: closer_id.clone() });
            }
        }
    }
    closed_at
}

/// Compares, whenever jobs are closed, how many selected applicants need the closed jobs with how many these admit.
///
/// `needy` are the turns by which selected applicants find all their jobs closed.
fn check_fullness(stage: &Stage<'_>, closed_at: &[u32], mut needy: Vec<u32>, findings: &mut Findings) {
    needy.sort_unstable();
    let mut closed: Vec<JobIx> = (0..closed_at.len()).map(JobIx::new).filter(|job| closed_at[job.get()] != OPEN).collect();
    closed.sort_unstable_by_key(|job| closed_at[job.get()]);
    let room = &stage.room;
    let mut into_department = vec![0; room.departments.len()];
    let mut into_all: u64 = 0;
    let mut jobs = 0;
    for together in closed.chunk_by(|a, b| closed_at[a.get()] == closed_at[b.get()]) {
        for job in together {
            let department = room.department_of[job.get()] as usize;
            let cap = room.departments[department];
            let before: u64 = into_department[department];
            into_department[department] = before + room.jobs[job.get()];
            into_all += into_department[department].min(cap) - before.min(cap);
        }
        jobs += together.len();
        let turn = closed_at[together[0].get()];
        let holders = needy.partition_point(|&by| by <= turn) as u64;
        let admits = into_all.min(room.stream);
        if holders != admits {
            findings.push(Refutation::ClosedNotFull {
                stream: stage.id(),
                closer: stage.id_of(stage.at_turn(turn)),
                jobs,
                holders,
                admits,
            });
        }
    }
}

/// Makes the greedy choice up to the first applicant in the ranking who is wrongly left out, and finds who, if anybody, is
/// in instead: the member of K whom that applicant keeps from being added in their turn.
fn diagnose(stage: &Stage<'_>, findings: &mut Findings) {
    let mut packing = Packing::new(stage);
    let mut homes = stage.homes.clone();
    let mut left_out = None;
    for (row, entrant) in stage.entrants.iter().enumerate() {
        if left_out.is_some() && entrant.job.is_none() {
            continue;
        }
        let home = stage.home_of(entrant);
        let as_in_outcome = |packing: &mut Packing<'_>| entrant.job.is_some_and(|job| packing.seat(row, job, None));
        let added = (homes[home] > 0 || entrant.claim.is_some()) && (as_in_outcome(&mut packing) || packing.add(row, None));
        match left_out.take() {
            Some(applicant) if !added => {
                let holder = stage.id_of(entrant);
                findings.push(Refutation::WrongOrder { stream: stage.id(), applicant, holder });
                return;
            }
            None if added && entrant.job.is_none() => left_out = Some(stage.id_of(entrant)),
            earlier => left_out = earlier,
        }
        homes[home] -= u64::from(added && entrant.claim.is_none());
    }
    if let Some(applicant) = left_out {
        findings.push(Refutation::NotMaximal { stream: stage.id(), applicant });
    }
}
