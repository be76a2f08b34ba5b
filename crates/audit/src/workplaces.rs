//! Which jobs girls or boys dominate, and what that adds to the cost of a place (docs/mechanisms.md, section 9.2).

use feriematch_model::{ApplicantIx, Gender, JobIx, WorkplaceBalance};

use crate::acceptable::Acceptable;

/// The sex that dominates each job, if one does, and what a place costs on account of it.
pub(crate) struct Workplaces {
    dominated_by: Vec<Option<Gender>>,
    ranks: u16,
}

impl Workplaces {
    /// Counts for how many girls and boys each job is acceptable.
    ///
    /// # Complexity
    ///
    /// Time is linear in the choices and in what lists hold.
    pub(crate) fn count(acceptable: &Acceptable<'_>, rule: WorkplaceBalance) -> Self {
        let season = acceptable.season();
        let mut of_target = vec![[0_u64; 2]; acceptable.target_count()];
        // What a list counts although the job is a choice of its own already.
        let mut twice = vec![[0_u64; 2]; season.jobs().len()];
        for (row, applicant) in season.applicants().iter().enumerate() {
            let Some(sex) = sex(applicant.gender) else { continue };
            let choices = acceptable.choices(ApplicantIx::new(row));
            for (at, choice) in choices.iter().enumerate() {
                of_target[choice.target as usize][sex] += 1;
                if let Ok(job) = acceptable.resolve(choice.target) {
                    let lists = choices[at + 1..].iter().filter(|later| later.target != choice.target);
                    twice[job.get()][sex] += lists.filter(|later| acceptable.leads_to(later.target, job)).count() as u64;
                }
            }
        }
        let mut of_job = vec![[0_u64; 2]; season.jobs().len()];
        for (target, counts) in (0_u32..).zip(&of_target).filter(|(_, counts)| **counts != [0, 0]) {
            for job in acceptable.jobs_of(target) {
                of_job[job.get()][0] += counts[0];
                of_job[job.get()][1] += counts[1];
            }
        }
        let dominant = |(counts, twice): (&[u64; 2], &[u64; 2])| {
            let [girls, boys] = [counts[0] - twice[0], counts[1] - twice[1]];
            let dominates = |count: u64| count > 0 && count * 100 >= (girls + boys) * u64::from(rule.majority_percent);
            match (dominates(girls), dominates(boys)) {
                (true, _) => Some(Gender::Female),
                (_, true) => Some(Gender::Male),
                _ => None,
            }
        };
        Self { dominated_by: of_job.iter().zip(&twice).map(dominant).collect(), ranks: rule.ranks }
    }

    /// Returns what somebody's place costs beside its rank: nothing where the other sex dominates.
    pub(crate) fn cost(&self, gender: Gender, job: JobIx) -> i128 {
        let other = match gender {
            Gender::Female => Gender::Male,
            Gender::Male => Gender::Female,
            Gender::Other | Gender::Unknown => return 0,
        };
        if self.dominated_by[job.get()] == Some(other) { 0 } else { i128::from(self.ranks) }
    }
}

/// Returns the column of a sex that counts.
fn sex(gender: Gender) -> Option<usize> {
    match gender {
        Gender::Female => Some(0),
        Gender::Male => Some(1),
        Gender::Other | Gender::Unknown => None,
    }
}
