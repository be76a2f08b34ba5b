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

/// The groups of a dimension that an applicant or a job belongs to.
pub(crate) struct Membership {
    pub(crate) of_applicant: Option<fn(&Season, &Applicant) -> usize>,
    pub(crate) of_job: Option<fn(&Season, JobIx) -> Option<usize>>,
    /// The ids that files use, and the names.
    pub(crate) names: Vec<(String, String)>,
}

impl Membership {
    pub(crate) fn new(season: &Season, dimension: Dimension) -> Self {
        let s = season.settings();
        let entry = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        match dimension {
            Dimension::District => Self {
                of_applicant: Some(|_, a| a.home_district.get()),
                of_job: Some(|season, job| match season.job(job).employer {
                    Employer::District(d) => Some(d.get()),
                    Employer::Department(_) => None,
                }),
                names: s.districts.iter().map(|d| entry(&d.id, &d.name)).collect(),
            },
            Dimension::Department => Self {
                of_applicant: None,
                of_job: Some(|season, job| match season.job(job).employer {
                    Employer::Department(d) => Some(d.get()),
                    Employer::District(_) => None,
                }),
                names: s.departments.iter().map(|d| entry(&d.id, &d.name)).collect(),
            },
            Dimension::Job => Self {
                of_applicant: None,
                of_job: Some(|_, job| Some(job.get())),
                names: season.jobs().iter().map(|job| entry(&job.id, &job.title)).collect(),
            },
            Dimension::Cohort => {
                // Birth years outside the season's cohorts have a last row of their own.
                let year = |season: &Season, a: &Applicant| {
                    let cohorts = &season.settings().cohorts;
                    cohorts.iter().position(|&c| c == a.birth_date.year()).unwrap_or(cohorts.len())
                };
                let mut names: Vec<_> = s.cohorts.iter().map(|c| (c.to_string(), c.to_string())).collect();
                names.push(entry("other", "other birth years"));
                Self { of_applicant: Some(year), of_job: None, names }
            }
            Dimension::Period => Self {
                of_applicant: None,
                of_job: Some(|season, job| Some(season.job(job).period.get())),
                names: s.periods.iter().map(|p| entry(&p.id, &p.name)).collect(),
            },
            Dimension::Area => Self {
                of_applicant: None,
                of_job: Some(|season, job| Some(season.job(job).area.get())),
                names: s.areas.iter().map(|a| entry(&a.id, &a.name)).collect(),
            },
            Dimension::Class => Self {
                of_applicant: Some(|_, a| a.class.get()),
                of_job: None,
                names: s.classes.iter().map(|c| entry(&c.code, &c.name)).collect(),
            },
        }
    }
}

/// Which groups of jobs applicants' wishes lead to. Where a class of jobs leads is worked out once for all who wish for it.
pub(crate) struct Reach<'p, 's> {
    preparation: &'p Preparation<'s>,
    of_job: fn(&Season, JobIx) -> Option<usize>,
    of_set: Vec<Vec<usize>>,
    of_class: FxHashMap<JobFilter, Vec<usize>>,
}

impl<'p, 's> Reach<'p, 's> {
    pub(crate) fn new(preparation: &'p Preparation<'s>, of_job: fn(&Season, JobIx) -> Option<usize>) -> Self {
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
