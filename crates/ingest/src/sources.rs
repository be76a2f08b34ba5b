//! Where in the files the parts of a season stand, for callers with findings of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use feriematch_model::{ApplicantIx, JobIx};

use crate::Span;
use crate::diagnostic::{Origin, Position};

/// Where the rows and settings of a season stand in its files.
#[derive(Debug, Clone)]
pub struct Sources {
    pub(crate) applicants: TableSource,
    pub(crate) jobs: TableSource,
    pub(crate) overrides: TableSource,
    pub(crate) settings: Arc<Origin>,
    pub(crate) setting_positions: BTreeMap<String, Position>,
}

/// The place of each row of a table, eight bytes a row.
#[derive(Debug, Clone)]
pub(crate) struct TableSource {
    pub(crate) origin: Arc<Origin>,
    pub(crate) positions: Vec<Position>,
}

impl TableSource {
    fn span(&self, row: usize) -> Span {
        self.positions.get(row).map_or_else(|| Span::whole(&self.origin), |&position| Span::new(&self.origin, position))
    }
}

impl Sources {
    /// Returns the place of an applicant's id.
    pub fn applicant(&self, applicant: ApplicantIx) -> Span {
        self.applicants.span(applicant.get())
    }

    /// Returns the place of a job's id.
    pub fn job(&self, job: JobIx) -> Span {
        self.jobs.span(job.get())
    }

    /// Returns the place of a row of [`Season::overrides`](feriematch_model::Season::overrides).
    pub fn override_row(&self, row: usize) -> Span {
        self.overrides.span(row)
    }

    /// Returns the place of a value of `season.toml`, by its path: `lottery.seed`, `districts[3].cap`. Where the file does
    /// not state it, that is the place of what it would belong to.
    pub fn setting(&self, path: &str) -> Span {
        let mut path = path;
        loop {
            if let Some(&position) = self.setting_positions.get(path) {
                return Span::new(&self.settings, position);
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return Span::whole(&self.settings),
            }
        }
    }
}
