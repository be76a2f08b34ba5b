//! In which order jobs come to applicants (docs/mechanisms.md, section 5.3).

use feriematch_model::{DistrictIx, Employer, JobIx};

use crate::stage::Stage;

/// Where somebody comes at a job: the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    /// 0 for those whose place an employer took back, and then the classes.
    group: u32,
    /// Whether the applicant lives elsewhere than where the job's employer is, or that is no district.
    away: bool,
    /// The row of the entrant, which goes by the ranking.
    pub(crate) row: u32,
}

impl Standing {
    /// Returns the standing of the entrant in a row at the jobs of one employing district, or of a department.
    pub(crate) fn at(stage: &Stage<'_>, row: usize, district: Option<DistrictIx>) -> Self {
        let applicant = stage.season().applicant(stage.entrants[row].applicant);
        let group = if applicant.displaced { 0 } else { applicant.class.get() as u32 + 1 };
        Self { group, away: district != Some(applicant.home_district), row: row as u32 }
    }

    /// Returns the standing of the entrant in a row at a job.
    pub(crate) fn at_job(stage: &Stage<'_>, row: usize, job: JobIx) -> Self {
        Self::at(stage, row, district_of(stage, job))
    }
}

/// Returns the district that employs in a job, if it is one.
pub(crate) fn district_of(stage: &Stage<'_>, job: JobIx) -> Option<DistrictIx> {
    match stage.season().job(job).employer {
        Employer::District(district) => Some(district),
        Employer::Department(_) => None,
    }
}
