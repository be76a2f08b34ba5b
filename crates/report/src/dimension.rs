//! What figures are counted by, and who belongs to which group.

use feriematch_core::Preparation;
use feriematch_model::{Applicant, ApplicantIx, Employer, JobFilter, JobIx, Season, Target};
use rustc_hash::FxHashMap;

/// What a table has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Home district of the applicants; places are those the district itself offers.
    District,
    /// Department that offers the places.
    Department,
    /// Job: one posting with its places.
    Job,
    /// Birth year.
    Cohort,
    /// Working period.
    Period,
    /// Work area.
    Area,
    /// Priority class.
    Class,
}

impl Dimension {
    /// Those of the report, in its order.
    pub const OF_REPORT: [Self; 6] = [Self::District, Self::Department, Self::Cohort, Self::Period, Self::Area, Self::Class];

    /// Returns the name that programs use.
    pub const fn key(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Department => "department",
            Self::Job => "job",
            Self::Cohort => "cohort",
            Self::Period => "period",
            Self::Area => "area",
            Self::Class => "class",
        }
    }
}

/// Returns the group that a job belongs to, if any.
pub(crate) type OfJob = fn(&Season, JobIx) -> Option<usize>;
/// Returns the group that an applicant belongs to.
pub(crate) type OfApplicant = fn(&Season, &Applicant) -> usize;

impl Dimension {
    /// Returns how an applicant belongs to a group, unless by a job.
    pub(crate) fn of_applicant(self) -> Option<OfApplicant> {
        match self {
            Self::District => Some(|_, applicant| applicant.home_district.get()),
            // Birth years outside the season's cohorts have a last group of their own.
            Self::Cohort => Some(|season, applicant| {
                let cohorts = &season.settings().cohorts;
                cohorts.iter().position(|&cohort| cohort == applicant.birth_date.year()).unwrap_or(cohorts.len())
            }),
            Self::Class => Some(|_, applicant| applicant.class.get()),
            Self::Department | Self::Job | Self::Period | Self::Area => None,
        }
    }

    /// Returns how a job belongs to a group.
    pub(crate) fn of_job(self) -> Option<OfJob> {
        match self {
            Self::District => Some(|season, job| match season.job(job).employer {
                Employer::District(district) => Some(district.get()),
                Employer::Department(_) => None,
            }),
            Self::Department => Some(|season, job| match season.job(job).employer {
                Employer::Department(department) => Some(department.get()),
                Employer::District(_) => None,
            }),
            Self::Job => Some(|_, job| Some(job.get())),
            Self::Period => Some(|season, job| Some(season.job(job).period.get())),
            Self::Area => Some(|season, job| Some(season.job(job).area.get())),
            Self::Cohort | Self::Class => None,
        }
    }

    /// Returns the groups: the ids that files use, and the names.
    pub(crate) fn groups(self, season: &Season) -> Vec<(String, String)> {
        let settings = season.settings();
        let entry = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        match self {
            Self::District => settings.districts.iter().map(|d| entry(&d.id, &d.name)).collect(),
            Self::Department => settings.departments.iter().map(|d| entry(&d.id, &d.name)).collect(),
            Self::Job => season.jobs().iter().map(|job| entry(&job.id, &job.title)).collect(),
            Self::Cohort => {
                let cohorts = settings.cohorts.iter().map(|cohort| (cohort.to_string(), cohort.to_string()));
                cohorts.chain([entry("other", "other birth years")]).collect()
            }
            Self::Period => settings.periods.iter().map(|p| entry(&p.id, &p.name)).collect(),
            Self::Area => settings.areas.iter().map(|a| entry(&a.id, &a.name)).collect(),
            Self::Class => settings.classes.iter().map(|c| entry(&c.code, &c.name)).collect(),
        }
    }
}

/// Which groups of jobs applicants' wishes lead to. Where a class of jobs leads is worked out once for all who wish for it.
pub(crate) struct Reach<'p, 's> {
    preparation: &'p Preparation<'s>,
    of_job: OfJob,
    of_set: Vec<Vec<usize>>,
    of_class: FxHashMap<JobFilter, Vec<usize>>,
}

impl<'p, 's> Reach<'p, 's> {
    pub(crate) fn new(preparation: &'p Preparation<'s>, of_job: OfJob) -> Self {
        let mut reach = Self { preparation, of_job, of_set: Vec::new(), of_class: FxHashMap::default() };
        reach.of_set = preparation.job_sets().iter().map(|set| reach.led_to(&set.jobs)).collect();
        reach
    }

    /// Returns the group of a job.
    pub(crate) fn group_of(&self, job: JobIx) -> Option<usize> {
        (self.of_job)(self.preparation.season(), job)
    }

    fn led_to(&self, jobs: &[JobIx]) -> Vec<usize> {
        each_once(jobs.iter().filter_map(|&job| self.group_of(job)).collect())
    }

    /// Returns the groups in which an applicant wishes for a job, each once, ascending.
    pub(crate) fn wished(&mut self, applicant: ApplicantIx) -> Vec<usize> {
        let mut groups = Vec::new();
        for wish in &self.preparation.season().applicant(applicant).wishes {
            match wish.target {
                Target::Job(job) => groups.extend(self.group_of(job)),
                Target::Jobs(filter) => {
                    if !self.of_class.contains_key(&filter) {
                        self.of_class.insert(filter, self.led_to(self.preparation.named_by(&wish.target)));
                    }
                    groups.extend(self.of_class.get(&filter).into_iter().flatten());
                }
            }
        }
        each_once(groups)
    }

    /// Returns the groups in which an applicant may take a job wished for, each once, ascending.
    pub(crate) fn acceptable(&self, applicant: ApplicantIx) -> Vec<usize> {
        let single = self.preparation.single(applicant).iter().filter_map(|a| self.group_of(a.job));
        let shared = self.preparation.shared(applicant).iter().flat_map(|wish| &self.of_set[wish.set as usize]).copied();
        each_once(single.chain(shared).collect())
    }
}

fn each_once(mut groups: Vec<usize>) -> Vec<usize> {
    groups.sort_unstable();
    groups.dedup();
    groups
}
