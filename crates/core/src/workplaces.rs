//! Soft balance at workplaces: what a placement costs where somebody works among the other sex; `docs/mechanisms.md`, section 9.2.

use feriematch_model::{ApplicantIx, Gender, JobIx, WorkplaceBalance};
use feriematch_solver::{Problem, SolveError};

use crate::Preparation;
use crate::market::Market;

/// Which sex dominates each job, and what it is worth to place the other there.
#[derive(Debug, Clone)]
pub struct Workplaces {
    rule: WorkplaceBalance,
    dominant: Vec<Option<Gender>>,
}

impl Workplaces {
    /// Counts who wishes for each job and may take it.
    ///
    /// # Complexity
    ///
    /// Linear in the entries of the preparation, and for each set of jobs that wishes for classes open in its jobs.
    pub fn new(preparation: &Preparation<'_>, rule: WorkplaceBalance) -> Self {
        let season = preparation.season();
        let mut girls_and_boys = vec![(0_u32, 0_u32); season.jobs().len()];
        for (row, applicant) in season.applicants().iter().enumerate() {
            let is_girl = match applicant.gender {
                Gender::Female => true,
                Gender::Male => false,
                Gender::Other | Gender::Unknown => continue,
            };
            // A job may be named one by one and in a class as well: it counts once.
            for acceptable in preparation.acceptable(ApplicantIx::new(row)) {
                let (girls, boys) = &mut girls_and_boys[acceptable.job.get()];
                *(if is_girl { girls } else { boys }) += 1;
            }
        }
        let dominant = |(girls, boys): (u32, u32)| {
            let percent = |part: u32| u64::from(part) * 100;
            let needed = u64::from(girls + boys) * u64::from(rule.majority_percent);
            match (percent(girls) >= needed, percent(boys) >= needed) {
                _ if girls + boys == 0 => None,
                (true, _) => Some(Gender::Female),
                (_, true) => Some(Gender::Male),
                _ => None,
            }
        };
        Self { rule, dominant: girls_and_boys.into_iter().map(dominant).collect() }
    }

    /// Returns the sex that dominates a job, if one does.
    pub fn dominant(&self, job: JobIx) -> Option<Gender> {
        self.dominant[job.get()]
    }

    /// Returns whether somebody of a sex works among the other in a job.
    pub fn is_among_the_other(&self, gender: Gender, job: JobIx) -> bool {
        matches!((gender, self.dominant(job)), (Gender::Female, Some(Gender::Male)) | (Gender::Male, Some(Gender::Female)))
    }

    /// Returns the problem in which every girl or boy who does not work among the other sex costs so many ranks more.
    pub(crate) fn weigh(&self, market: &Market<'_>, problem: &Problem) -> Result<Problem, SolveError> {
        let season = market.season();
        problem.rearranged(0..problem.row_count() as u32, |row, column, cost| {
            let gender = season.applicant(market.rows()[row as usize]).gender;
            let is_free = self.is_among_the_other(gender, market.job(column)) || !matches!(gender, Gender::Female | Gender::Male);
            Some(cost + if is_free { 0 } else { i64::from(self.rule.ranks) })
        })
    }
}
