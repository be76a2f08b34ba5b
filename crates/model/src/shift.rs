//! What was worked.

use jiff::civil::Date;

use crate::{ApplicantIx, JobIx};

/// A stretch of work on one day, as it was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Who worked.
    pub applicant: ApplicantIx,
    /// In which job, if the report says so.
    pub job: Option<JobIx>,
    /// The day.
    pub date: Date,
    /// When it began, in minutes after midnight.
    pub start: u16,
    /// When it ended, in minutes after midnight: later than the start, and at most 1440.
    pub end: u16,
    /// The unpaid break in it, in minutes: shorter than the shift.
    pub break_minutes: u16,
    /// When the break began, if the report says so; then the break lies within the shift.
    pub break_start: Option<u16>,
}

impl Shift {
    /// Returns the minutes from start to end without the break.
    pub const fn minutes(&self) -> u32 {
        (self.end - self.start - self.break_minutes) as u32
    }
}
