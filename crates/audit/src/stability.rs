//! Checks that a stage is stable: of deferred acceptance (docs/mechanisms.md, section 5.4) and of an upgrade (section 8.2).
//!
//! A place blocks if somebody would rather have it, and it, its department and the stream each have room or hold
//! somebody who comes after them there. Places under a cap are compared each at the job that it is of. The last who is held where there is no room is the cutoff, and
//! the least cutoff on the way up from a job says of everybody without looking at others whether the place blocks.

use feriematch_model::{JobIx, StageReason};

use crate::findings::Findings;
use crate::job_priorities::Standing;
use crate::refutation::Refutation;
use crate::stage::Stage;

/// By what jobs rank people: the least comes first.
pub(crate) trait Priorities {
    /// Where somebody comes.
    type Standing: Copy + Ord;

    /// Returns where the entrant in a row comes at a job.
    fn at(&self, stage: &Stage<'_>, row: usize, job: JobIx) -> Self::Standing;

    /// Returns the best standing that the entrant in a row has at any job that they do not hold.
    fn best(&self, stage: &Stage<'_>, row: usize) -> Self::Standing;
}

/// Claimants of the job first, then everybody by turn.
pub(crate) struct ClaimsThenTurns;

impl Priorities for ClaimsThenTurns {
    type Standing = (bool, usize);

    fn at(&self, stage: &Stage<'_>, row: usize, job: JobIx) -> (bool, usize) {
        (stage.entrants[row].claim != Some(job), row)
    }

    fn best(&self, _: &Stage<'_>, row: usize) -> (bool, usize) {
        (true, row)
    }
}

/// By section 5.3.
pub(crate) struct ClassHomeLottery;

impl Priorities for ClassHomeLottery {
    type Standing = Standing;

    fn at(&self, stage: &Stage<'_>, row: usize, job: JobIx) -> Standing {
        Standing::at_job(stage, row, job)
    }

    fn best(&self, stage: &Stage<'_>, row: usize) -> Standing {
        let home = stage.season().applicant(stage.entrants[row].applicant).home_district;
        Standing::at(stage, row, Some(home))
    }
}

/// Who is the last that a limit, or all on the way up from a job, lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cutoff<S> {
    /// There is no place at all.
    Nobody,
    /// Whoever does not come after the last who is held; the row of that one.
    Last(S, usize),
    /// There is room.
    Open,
}

impl<S: Copy + Ord> Cutoff<S> {
    /// Returns whether a standing gets in.
    fn admits(self, standing: S) -> bool {
        match self {
            Self::Nobody => false,
            // Whoever moves within a group that they are the last in takes their own place there.
            Self::Last(last, _) => standing <= last,
            Self::Open => true,
        }
    }
}

/// Checks that no place blocks; `refusals` are the reasons that hold if none does.
///
/// # Complexity
///
/// Time linear in the choices, and in what the lists hold for those who might have a better place of them.
pub(crate) fn check<P: Priorities>(stage: &Stage<'_>, priorities: &P, refusals: &[Option<StageReason>], findings: &mut Findings) {
    let cutoffs = cutoffs(stage, priorities);
    let of_target = stage.acceptable.fold_targets(stage.stream, |job| cutoffs[job.get()], Ord::max);
    for (row, (entrant, refusal)) in stage.entrants.iter().zip(refusals).enumerate() {
        if matches!(refusal, Some(StageReason::HomeCap | StageReason::NoEligibleJob)) {
            continue;
        }
        let now = stage.rank(entrant);
        let best = priorities.best(stage, row);
        // A job of a list that is a choice of its own at a better rank is no better for being met again.
        let better = stage.choices(entrant).take_while(|choice| now.is_none_or(|now| choice.rank < now));
        let worth_a_look = better.filter(|choice| of_target[choice.target as usize].is_some_and(|cutoff| cutoff.admits(best)));
        let mut jobs = worth_a_look.flat_map(|choice| stage.acceptable.jobs_of(choice.target));
        let blocks = |job: &JobIx| stage.funded[job.get()] && cutoffs[job.get()].admits(priorities.at(stage, row, *job));
        if let Some(job) = jobs.find(blocks) {
            let holder = match cutoffs[job.get()] {
                Cutoff::Last(_, holder) if holder != row => Some(stage.id_of(&stage.entrants[holder])),
                _ => None,
            };
            let job = stage.season().job(job).id.to_string();
            findings.push(Refutation::Blocking { stream: stage.id(), applicant: stage.id_of(entrant), job, holder });
        }
    }
}

/// Returns the least cutoff on the way up from each job.
fn cutoffs<P: Priorities>(stage: &Stage<'_>, priorities: &P) -> Vec<Cutoff<P::Standing>> {
    let room = &stage.room;
    let mut jobs = vec![Node::default(); room.jobs.len()];
    let mut departments = vec![Node::default(); room.departments.len()];
    let mut all = Node::default();
    for (row, entrant) in stage.entrants.iter().enumerate() {
        let Some(job) = entrant.job else { continue };
        let standing = priorities.at(stage, row, job);
        jobs[job.get()].hold(standing, row);
        departments[room.department_of[job.get()] as usize].hold(standing, row);
        all.hold(standing, row);
    }
    let of_job = |row: usize| {
        let department = room.department_of[row] as usize;
        let above = departments[department].cutoff(room.departments[department]).min(all.cutoff(room.stream));
        jobs[row].cutoff(room.jobs[row]).min(above)
    };
    (0..jobs.len()).map(of_job).collect()
}

/// Who is held somewhere: how many, and the last.
#[derive(Debug, Clone, Copy)]
struct Node<S> {
    count: u64,
    last: Option<(S, usize)>,
}

impl<S> Default for Node<S> {
    fn default() -> Self {
        Self { count: 0, last: None }
    }
}

impl<S: Copy + Ord> Node<S> {
    fn hold(&mut self, standing: S, row: usize) {
        self.count += 1;
        self.last = self.last.max(Some((standing, row)));
    }

    fn cutoff(&self, capacity: u64) -> Cutoff<S> {
        match self.last {
            _ if self.count < capacity => Cutoff::Open,
            Some((standing, row)) => Cutoff::Last(standing, row),
            None => Cutoff::Nobody,
        }
    }
}
