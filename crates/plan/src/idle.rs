//! Places that nobody has, and why.

use feriematch_core::Preparation;
use feriematch_model::{ApplicantIx, JobIx, Outcome};
use rayon::prelude::*;

use crate::stage_view::Holdings;

/// A job with places that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle {
    /// The job.
    pub job: JobIx,
    /// The places that nobody has.
    pub left: u32,
    /// How many wish for it.
    pub wish: u32,
    /// How many of them may take it.
    pub may: u32,
    /// How many of these have no place.
    pub wait: u32,
    /// How many who wish for it have a protected identity.
    pub protected: u32,
}

/// Why a place is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdleBecause {
    /// Nobody wishes for it.
    NobodyWishes,
    /// Nobody who wishes for it may take it.
    NobodyMay,
    /// Everybody who could take it has a place.
    NobodyWaits,
    /// Somebody could take it, but a cap is used up.
    Cap,
}

impl Idle {
    /// Returns why the places are left.
    pub const fn because(&self) -> IdleBecause {
        match (self.wish, self.may, self.wait) {
            (0, ..) => IdleBecause::NobodyWishes,
            (_, 0, _) => IdleBecause::NobodyMay,
            (_, _, 0) => IdleBecause::NobodyWaits,
            _ => IdleBecause::Cap,
        }
    }
}

/// Finds the places that nobody has in an outcome, by job.
///
/// # Complexity
///
/// Jobs with such places × wishes of all applicants, on the threads of the current pool.
pub fn idle_places(preparation: &Preparation<'_>, outcome: &Outcome) -> Vec<Idle> {
    let season = preparation.season();
    let holdings = Holdings::new(preparation, outcome);
    let left = holdings.left();
    let idle: Vec<JobIx> = (0..left.len()).filter(|&row| left[row] > 0).map(JobIx::new).collect();
    let look = |&job: &JobIx| {
        let applicants = (0..season.applicants().len()).map(ApplicantIx::new);
        let mut idle = Idle { job, left: left[job.get()], wish: 0, may: 0, wait: 0, protected: 0 };
        for applicant in applicants.filter(|&applicant| season.wished_rank(applicant, job).is_some()) {
            let may = preparation.eligibility().check(applicant, job).is_ok();
            idle.wish += 1;
            idle.protected += u32::from(season.applicant(applicant).protected);
            idle.may += u32::from(may);
            idle.wait += u32::from(may && !holdings.has_place(applicant));
        }
        idle
    };
    idle.par_iter().map(look).collect()
}
