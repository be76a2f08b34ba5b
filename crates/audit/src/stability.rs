//! Checks that a stage of an upgrade is stable (docs/mechanisms.md, section 8).
//!
//! Jobs, departments' caps and the stream's cap rank people alike: whoever has a claim on a job comes first there, and all others
//! by their turn. A place blocks if somebody would rather have it, and it, its department and the stream each have room or hold
//! somebody who comes after them there. The last who is held where there is no room is the cutoff, and the least cutoff on the
//! way up from a job says of everybody without looking at others whether the place blocks.

use feriematch_model::StageReason;

use crate::eligibility::rank_of;
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::Stage;

/// How somebody ranks where they would be: those with a claim there first, then by turn.
type Standing = (bool, usize);

/// The cutoff where there is room: everybody comes before it.
const OPEN: Standing = (true, usize::MAX);

/// Checks that no place blocks; `refusals` are the reasons that hold if none does.
///
/// # Complexity
///
/// Time linear in the choices.
pub(crate) fn check(stage: &Stage<'_>, refusals: &[Option<StageReason>], findings: &mut Findings) {
    let cutoffs = cutoffs(stage);
    let of_target = stage.acceptable.fold_targets(stage.stream, |job| cutoffs[job.get()], Ord::max);
    for (turn, (entrant, refusal)) in stage.entrants.iter().zip(refusals).enumerate() {
        if matches!(refusal, Some(StageReason::HomeCap | StageReason::NoEligibleJob)) {
            continue;
        }
        let now = entrant.job.and_then(|job| rank_of(stage.season(), entrant.applicant, job));
        let better = stage.choices(entrant).filter(|choice| now.is_none_or(|now| choice.rank < now));
        // Whoever moves within a group that they are the last in takes their own place there.
        let blocks = |target: u32| of_target[target as usize].is_some_and(|cutoff| (true, turn) <= cutoff);
        if let Some(choice) = better.filter(|choice| blocks(choice.target)).min_by_key(|choice| choice.rank) {
            let mut jobs = stage.acceptable.jobs_of(choice.target).filter(|job| stage.funded[job.get()]);
            let job = jobs.find(|job| (true, turn) <= cutoffs[job.get()]);
            let job = job.map(|job| stage.season().job(job).id.to_string()).unwrap_or_default();
            findings.push(Refutation::Blocking { stream: stage.id(), applicant: stage.id_of(entrant), job });
        }
    }
}

/// Returns the least cutoff on the way up from each job.
fn cutoffs(stage: &Stage<'_>) -> Vec<Standing> {
    let room = &stage.room;
    let mut jobs = vec![Node::default(); room.jobs.len()];
    let mut departments = vec![Node::default(); room.departments.len()];
    let mut all = Node::default();
    for (turn, entrant) in stage.entrants.iter().enumerate() {
        let Some(job) = entrant.job else { continue };
        let standing = (entrant.claim != Some(job), turn);
        jobs[job.get()].hold(standing);
        departments[room.department_of[job.get()] as usize].hold(standing);
        all.hold(standing);
    }
    let of_job = |row: usize| {
        let department = room.department_of[row] as usize;
        let above = departments[department].cutoff(room.departments[department]).min(all.cutoff(room.stream));
        jobs[row].cutoff(room.jobs[row]).min(above)
    };
    (0..jobs.len()).map(of_job).collect()
}

/// Who is held somewhere.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    count: u64,
    last: Standing,
}

impl Node {
    fn hold(&mut self, standing: Standing) {
        self.count += 1;
        self.last = self.last.max(standing);
    }

    fn cutoff(&self, capacity: u64) -> Standing {
        match self.count {
            count if count < capacity => OPEN,
            // Nobody comes before this: there is nobody to make room, and no place.
            0 => (false, 0),
            _ => self.last,
        }
    }
}
