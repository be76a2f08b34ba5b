//! The problem of one stage: a season's applicants, jobs and caps as rows, columns and groups.

use std::collections::BTreeMap;

use feriematch_model::{ApplicantIx, DepartmentIx, Employer, JobIx, Payer, Season, StreamIx};
use feriematch_solver::{Problem, ProblemBuilder, SolveError};

use crate::locks::Room;
use crate::{Acceptable, Preparation};

/// The market of a stage.
///
/// Rows are the applicants without a place, in ranking order. Columns are the jobs that the stream may pay for, in job order, with the
/// places still free. Above the columns stand the caps: of departments, and above all the stream's. Home districts' caps are row groups.
pub(crate) struct Market<'p> {
    preparation: &'p Preparation<'p>,
    stream: StreamIx,
    rows: Vec<ApplicantIx>,
    columns: Vec<JobIx>,
    /// The column of each job.
    column_of: Vec<Option<u32>>,
    room: &'p Room,
}

/// A market as the solver takes it, and which cap each group is.
pub(crate) struct StageProblem {
    pub(crate) problem: Problem,
    pub(crate) departments: BTreeMap<DepartmentIx, u32>,
    pub(crate) stream: Option<u32>,
}

impl<'p> Market<'p> {
    /// Sets up the market of a stage for a list of applicants in ranking order, within the room that is left.
    pub(crate) fn new(preparation: &'p Preparation<'p>, rows: Vec<ApplicantIx>, stream: StreamIx, room: &'p Room) -> Self {
        let jobs = preparation.season().jobs();
        let columns: Vec<JobIx> = (0..jobs.len()).filter(|&row| jobs[row].streams.contains(stream)).map(JobIx::new).collect();
        let mut column_of = vec![None; jobs.len()];
        for (column, job) in (0..).zip(&columns) {
            column_of[job.get()] = Some(column);
        }
        Self { preparation, stream, rows, columns, column_of, room }
    }

    pub(crate) fn season(&self) -> &'p Season {
        self.preparation.season()
    }

    /// Returns the applicant of each row.
    pub(crate) fn rows(&self) -> &[ApplicantIx] {
        &self.rows
    }

    /// Gives back the applicant of each row.
    pub(crate) fn into_rows(self) -> Vec<ApplicantIx> {
        self.rows
    }

    /// Returns the job of a column.
    pub(crate) fn job(&self, column: u32) -> JobIx {
        self.columns[column as usize]
    }

    /// Returns the applicant's rank for the job of a column, which must be acceptable.
    pub(crate) fn rank(&self, row: usize, column: u32) -> u16 {
        let acceptable = self.preparation.acceptable(self.rows[row]);
        let found = acceptable.binary_search_by_key(&self.job(column), |a| a.job);
        acceptable[found.unwrap_or_else(|_| unreachable!("a row is only placed on an arc"))].rank
    }

    /// Builds the problem, with the cost of each arc worked out from the acceptable job.
    pub(crate) fn problem(&self, cost: impl Fn(Acceptable) -> i64) -> Result<StageProblem, SolveError> {
        let season = self.season();
        let settings = season.settings();
        let arcs = self.rows.iter().map(|&a| self.preparation.acceptable(a).len()).sum();
        let mut builder = ProblemBuilder::with_capacity(self.rows.len(), arcs);

        let stream = self.room.stream(self.stream).map(|left| builder.add_group(left, None)).transpose()?;
        let mut departments = BTreeMap::new();
        for (row, left) in self.room.departments().iter().enumerate() {
            if let Some(left) = left {
                departments.insert(DepartmentIx::new(row), builder.add_group(*left, stream)?);
            }
        }
        for &job in &self.columns {
            let group = match season.job(job).employer {
                Employer::Department(d) => departments.get(&d).copied().or(stream),
                Employer::District(_) => stream,
            };
            builder.add_column(self.room.job(job), group)?;
        }
        let pays_at_home = settings.streams[self.stream.get()].payer == Payer::HomeDistrict;
        let caps = self.room.homes().iter().map(|left| left.filter(|_| pays_at_home));
        let home_groups: Vec<Option<u32>> =
            caps.map(|cap| cap.map(|cap| builder.add_row_group(cap)).transpose()).collect::<Result<_, _>>()?;

        for &applicant in &self.rows {
            let home = season.applicant(applicant).home_district;
            let jobs = self.preparation.stage_jobs(applicant, self.stream);
            let arcs = jobs.filter_map(|a| self.column_of[a.job.get()].map(|column| (column, cost(a))));
            builder.add_row(home_groups[home.get()], arcs)?;
        }
        Ok(StageProblem { problem: builder.build(), departments, stream })
    }
}
