//! What jobs have in common: the words in which a person thinks of them.

use feriematch_model::{AreaIx, DistrictIx, Employer, Job, JobIx, PeriodIx, Season};

/// What some jobs have in common; nothing where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobTraits {
    /// The one job that it is.
    pub job: Option<JobIx>,
    /// The work area.
    pub area: Option<AreaIx>,
    /// The period.
    pub period: Option<PeriodIx>,
    /// The employer.
    pub employer: Option<Employer>,
    /// The one home district whose youths may take them.
    pub open_to: Option<DistrictIx>,
    /// The least age on the first day, where all ask for the same, and for one.
    pub min_age: Option<u8>,
    /// Whether all need a register extract.
    pub extract: bool,
}

impl JobTraits {
    /// Returns what some jobs have in common; nothing is in common to none.
    pub fn of(season: &Season, jobs: impl IntoIterator<Item = JobIx>) -> Option<Self> {
        let alone = |at: JobIx| {
            let Job { area, period, employer, open_to, min_age, extract, .. } = *season.job(at);
            let only = open_to.rows().next().filter(|_| open_to.len() == 1).map(DistrictIx::new);
            Self {
                job: Some(at),
                area: Some(area),
                period: Some(period),
                employer: Some(employer),
                open_to: only,
                min_age,
                extract,
            }
        };
        jobs.into_iter().map(alone).reduce(Self::both)
    }

    /// Returns what both have in common.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self {
            job: self.job.filter(|_| self.job == other.job),
            area: self.area.filter(|_| self.area == other.area),
            period: self.period.filter(|_| self.period == other.period),
            employer: self.employer.filter(|_| self.employer == other.employer),
            open_to: self.open_to.filter(|_| self.open_to == other.open_to),
            min_age: self.min_age.filter(|_| self.min_age == other.min_age),
            extract: self.extract && other.extract,
        }
    }

    /// Returns by how many words the traits name a class of jobs.
    pub(crate) fn words(self) -> u32 {
        [self.job.is_some(), self.area.is_some(), self.period.is_some(), self.employer.is_some()].into_iter().map(u32::from).sum()
    }

    /// Returns every way to name a class of jobs by one or more of job, area, period and employer that these are all in: the job alone, and
    /// every combination of the rest.
    pub(crate) fn classes(self) -> Vec<Self> {
        let none = Self { job: None, area: None, period: None, employer: None, open_to: None, min_age: None, extract: false };
        let mut classes = Vec::new();
        for choice in 1_u8..8 {
            let class = Self {
                area: self.area.filter(|_| choice & 1 != 0),
                period: self.period.filter(|_| choice & 2 != 0),
                employer: self.employer.filter(|_| choice & 4 != 0),
                ..none
            };
            if class.words() == choice.count_ones() {
                classes.push(class);
            }
        }
        classes.extend(self.job.map(|job| Self { job: Some(job), ..none }));
        classes
    }

    /// Returns whether a job is of the class that the traits name.
    pub(crate) fn admits(self, season: &Season, at: JobIx) -> bool {
        let job = season.job(at);
        self.job.is_none_or(|named| named == at)
            && self.area.is_none_or(|area| area == job.area)
            && self.period.is_none_or(|period| period == job.period)
            && self.employer.is_none_or(|employer| employer == job.employer)
    }
}
