//! Where there is work.

use jiff::civil::Time;

use crate::{AreaIx, DepartmentIx, DistrictIx, PeriodIx, QualificationIx, SmallSet, StreamIx};

/// A posting with a capacity: so many places of one kind, at one employer, in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The id; unique in the season.
    pub id: Box<str>,
    /// What the posting calls the work.
    pub title: Box<str>,
    /// Who employs.
    pub employer: Employer,
    /// The district where the work is done, if it is in one.
    pub host_district: Option<DistrictIx>,
    /// The work area.
    pub area: AreaIx,
    /// How many places there are.
    pub capacity: u32,
    /// When the work is done.
    pub period: PeriodIx,
    /// The least age on the first working day that the employer asks for.
    pub min_age: Option<u8>,
    /// The greatest age on the first working day.
    pub max_age: Option<u8>,
    /// Qualifications an applicant must have.
    pub requires: SmallSet<QualificationIx>,
    /// Whether a register extract must have been shown.
    pub extract: bool,
    /// Whether the tasks are forbidden to minors.
    pub hazardous: bool,
    /// The home districts whose youths may take the job; empty means every district.
    pub open_to: SmallSet<DistrictIx>,
    /// The funding streams that may pay for a place; never empty.
    pub streams: SmallSet<StreamIx>,
    /// Paid time over the whole period, in minutes.
    pub paid_minutes: Option<u32>,
    /// Working time a day, in minutes.
    pub minutes_per_day: Option<u32>,
    /// Working time a week, in minutes.
    pub minutes_per_week: Option<u32>,
    /// When the working day starts and ends.
    pub daily_time: Option<DailyTime>,
}

/// Who employs a youth: districts and departments both do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Employer {
    /// A district (stadsdel).
    District(DistrictIx),
    /// A department (fackförvaltning).
    Department(DepartmentIx),
}

/// The hours between which a working day, or a permitted window, lies. It ends after it starts, on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyTime {
    /// The first minute.
    pub start: Time,
    /// The end; always later than the start.
    pub end: Time,
}

impl DailyTime {
    /// Returns whether this time lies within the other.
    pub fn is_within(self, window: Self) -> bool {
        window.start <= self.start && self.end <= window.end
    }

    /// Returns the minutes from start to end.
    pub fn span_minutes(self) -> u32 {
        let minute = |t: Time| i32::from(t.hour()) * 60 + i32::from(t.minute());
        u32::try_from(minute(self.end) - minute(self.start)).unwrap_or(0)
    }
}
