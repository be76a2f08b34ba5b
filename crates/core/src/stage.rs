//! What a stage of a run gives, and the steps it goes through.

use feriematch_model::{ApplicantIx, Evidence, JobIx, StageReason, StreamIx};

/// What a run is doing, told to whoever wants to time it or to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Builds the problem of a stage.
    Market,
    /// Decides who.
    Select,
    /// Decides where.
    Place,
    /// Puts together the outcome and its evidence.
    Evidence,
}

/// A place that somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) applicant: ApplicantIx,
    pub(crate) job: JobIx,
    pub(crate) stream: StreamIx,
    pub(crate) rank: Option<u16>,
}

/// What a mechanism decides in one stage.
pub(crate) struct Served {
    /// For each row of the market, the job and the rank it was wished at, or why there is none.
    pub(crate) rows: Vec<Result<(JobIx, u16), StageReason>>,
    pub(crate) evidence: Evidence,
}
