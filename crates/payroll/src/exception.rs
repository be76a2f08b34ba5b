//! What a time report must be looked at for.

use std::fmt;

use feriematch_model::{ApplicantIx, DailyTime, JobIx, Rule};
use jiff::civil::Date;

/// Something in the time reports that somebody must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Whose report it is.
    pub applicant: ApplicantIx,
    /// Of which job, if there is a contract for one.
    pub job: Option<JobIx>,
    /// When.
    pub when: When,
    /// What it is, with what was allowed and what was reported.
    pub kind: ExceptionKind,
    /// The first of the shifts that it is about, as a row of the report; none where no single one is to blame.
    pub row: Option<usize>,
}

/// The time that an exception is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// A day.
    Day(Date),
    /// The week that begins on this Monday.
    Week(Date),
    /// All of the contract.
    Contract,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => f.pad(&day.to_string()),
            Self::Week(monday) => f.pad(&format!("week of {monday}")),
            Self::Contract => f.pad("all"),
        }
    }
}

/// What kind of exception it is. Minutes where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExceptionKind {
    /// Nobody signed a contract for this work.
    NoContract,
    /// Two shifts of one person overlap.
    Overlap {
        /// The shift before: a row of the report.
        other: usize,
    },
    /// The day is outside the period of the contract.
    OutsidePeriod {
        /// The first day of the period.
        first: Date,
        /// The last day.
        last: Date,
    },
    /// More than was agreed: on a day, in a week or altogether.
    MoreThanAgreed {
        /// What was agreed.
        agreed: u32,
        /// What was reported.
        reported: u32,
    },
    /// Another time was approved before.
    ApprovedOtherwise {
        /// What was approved.
        approved: u32,
        /// What is reported now.
        reported: u32,
    },
    /// Nobody of this age may work.
    TooYoung {
        /// The least age, in years.
        least: u8,
        /// The age on the day.
        age: i16,
    },
    /// Longer than the law allows on a day.
    HoursPerDay {
        /// What is allowed.
        allowed: u32,
        /// What was reported.
        reported: u32,
    },
    /// Longer than the law allows in a week.
    HoursPerWeek {
        /// What is allowed.
        allowed: u32,
        /// What was reported.
        reported: u32,
    },
    /// At hours of which the law allows none to hold the whole working day.
    WorkingTime {
        /// The hours allowed.
        allowed: Vec<DailyTime>,
        /// When the day began and ended, in minutes after midnight.
        reported: (u16, u16),
    },
    /// Too long without a break.
    Break {
        /// The longest time of work without a break.
        allowed: u32,
        /// What was reported.
        reported: u32,
    },
    /// Too little rest before the next working day.
    DailyRest {
        /// The least rest.
        least: u32,
        /// What was reported.
        reported: u32,
    },
    /// On too many days of a week.
    DaysPerWeek {
        /// How many days are allowed.
        allowed: u8,
        /// On how many days work was reported.
        reported: u8,
    },
    /// Too little rest in one piece in a week.
    WeeklyRest {
        /// The least rest.
        least: u32,
        /// The longest there was.
        reported: u32,
    },
}

/// What an exception goes against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// The report contradicts itself or the record: nobody can say what was worked.
    Report,
    /// The law.
    Law,
    /// What was agreed.
    Contract,
}

impl Against {
    /// Returns the word that tables use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Law => "law",
            Self::Contract => "contract",
        }
    }
}

impl ExceptionKind {
    /// Returns the code that tables use: that of the rule where eligibility has the same.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoContract => "no-contract",
            Self::Overlap { .. } => "overlap",
            Self::OutsidePeriod { .. } => "outside-period",
            Self::MoreThanAgreed { .. } => "more-than-agreed",
            Self::ApprovedOtherwise { .. } => "approved-otherwise",
            Self::TooYoung { .. } => Rule::MinimumAge.code(),
            Self::HoursPerDay { .. } => Rule::HoursPerDay.code(),
            Self::HoursPerWeek { .. } => Rule::HoursPerWeek.code(),
            Self::WorkingTime { .. } => Rule::WorkingTime.code(),
            Self::Break { .. } => "break",
            Self::DailyRest { .. } => Rule::DailyRest.code(),
            Self::DaysPerWeek { .. } => "days-per-week",
            Self::WeeklyRest { .. } => "weekly-rest",
        }
    }

    /// Returns what it goes against.
    pub const fn against(&self) -> Against {
        match self {
            Self::NoContract | Self::Overlap { .. } => Against::Report,
            Self::OutsidePeriod { .. } | Self::MoreThanAgreed { .. } | Self::ApprovedOtherwise { .. } => Against::Contract,
            _ => Against::Law,
        }
    }

    /// Returns whether the hours may be approved all the same, by somebody who says why: what was worked is known, and paid.
    pub const fn can_be_approved(&self) -> bool {
        !matches!(self.against(), Against::Report)
    }

    /// Returns what was allowed, in words.
    pub fn allowed(&self) -> String {
        match self {
            Self::NoContract => "a signed contract".to_owned(),
            Self::Overlap { .. } => "one shift at a time".to_owned(),
            Self::OutsidePeriod { first, last } => format!("{first} to {last}"),
            Self::MoreThanAgreed { agreed: minutes, .. } | Self::ApprovedOtherwise { approved: minutes, .. } => hours(*minutes),
            Self::TooYoung { least, .. } => format!("from {least} years"),
            Self::HoursPerDay { allowed, .. } | Self::HoursPerWeek { allowed, .. } => hours(*allowed),
            Self::WorkingTime { allowed, .. } => allowed.iter().map(window).collect::<Vec<_>>().join(" or "),
            Self::Break { allowed, .. } => format!("{} without a break", hours(*allowed)),
            Self::DailyRest { least, .. } | Self::WeeklyRest { least, .. } => format!("at least {} of rest", hours(*least)),
            Self::DaysPerWeek { allowed, .. } => format!("{allowed} days"),
        }
    }

    /// Returns what was reported, in words.
    pub fn reported(&self) -> String {
        match self {
            Self::NoContract => "none".to_owned(),
            Self::Overlap { .. } => "two at once".to_owned(),
            Self::OutsidePeriod { .. } => "another day".to_owned(),
            Self::TooYoung { age, .. } => format!("{age} years"),
            Self::WorkingTime { reported: (start, end), .. } => format!("{}-{}", clock(*start), clock(*end)),
            Self::DaysPerWeek { reported, .. } => format!("{reported} days"),
            Self::MoreThanAgreed { reported, .. }
            | Self::ApprovedOtherwise { reported, .. }
            | Self::HoursPerDay { reported, .. }
            | Self::HoursPerWeek { reported, .. }
            | Self::Break { reported, .. }
            | Self::DailyRest { reported, .. }
            | Self::WeeklyRest { reported, .. } => hours(*reported),
        }
    }
}

/// Writes minutes as hours and minutes, `7:30`.
pub fn hours(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn window(window: &DailyTime) -> String {
    let time = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    format!("{}-{}", time(window.start), time(window.end))
}
