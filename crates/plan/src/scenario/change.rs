//! What can be changed.

use feriematch_model::{
    AreaIx, ClassIx, DepartmentIx, DistrictIx, Employer, Job, JobIx, Mechanism, PeriodIx, PlacementRule, RankCosts, SmallSet,
    StreamIx,
};
use jiff::civil::Date;

use crate::Rate;
use crate::relaxation::Relaxation;
use crate::scenario::Adjustment;

/// One change of a season, or of what is assumed of it. The order of the variants is that in which changes are made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Those born in a year may not apply.
    DropCohort(i16),
    /// Those born in a year may apply: those of the files, or people made up after another cohort.
    AddCohort {
        /// The birth year.
        year: i16,
        /// Whom they are like; nobody where the files have some.
        like: Option<Likeness>,
    },
    /// So many of a hundred apply.
    Applicants(u32),
    /// Jobs have no places.
    Close(JobSelection),
    /// Jobs have other numbers of places.
    Places(JobSelection, Adjustment),
    /// Jobs are done in another period.
    MoveJobs(JobSelection, PeriodIx),
    /// A period has other dates.
    Dates {
        /// The period.
        period: PeriodIx,
        /// The first working day.
        first_day: Date,
        /// The last working day.
        last_day: Date,
    },
    /// A cap is another, or there is none.
    Cap(CapOf, Option<Adjustment>),
    /// Budgets are others, in öre, or there are none: an employer's, or of every district and department that has one.
    Budget(Option<Employer>, Option<Adjustment>),
    /// What a place is planned to cost is another, in öre.
    CostPerPlace(Adjustment),
    /// Wages are others, in öre an hour: at an age, or at all ages.
    Wage(Option<u8>, Adjustment),
    /// The employer's fee is another, in basis points.
    Fee(Adjustment),
    /// Offers are answered in another way: by those who live in a district, or by everybody.
    Answers(AnswerKind, Option<DistrictIx>, RateChange),
    /// The rounds have other dates.
    Calendar(CalendarChange),
    /// A funding stream pays for others.
    Funding(StreamIx, Condition),
    /// Priority classes are one: that of the first.
    MergeClasses(Vec<ClassIx>),
    /// A rule does not hold.
    Lift(Relaxation),
    /// Places are assigned in another way.
    Method(MethodChange),
    /// Priority classes are served in this order.
    OrderClasses(Vec<ClassIx>),
    /// Funding streams are served in this order.
    OrderFunding(Vec<StreamIx>),
}

/// Whom made-up applicants are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// The birth year of those whose applications are copied.
    pub year: i16,
    /// How many there are; as many as were born in that year, if not said.
    pub applicants: Option<u32>,
}

/// Jobs that meet every condition stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobSelection {
    /// This one.
    pub job: Option<JobIx>,
    /// Those of an employer.
    pub employer: Option<Employer>,
    /// Those hosted in a district.
    pub host_district: Option<DistrictIx>,
    /// Those of a work area.
    pub area: Option<AreaIx>,
    /// Those of a period.
    pub period: Option<PeriodIx>,
}

impl JobSelection {
    /// Every job.
    pub const ALL: Self = Self { job: None, employer: None, host_district: None, area: None, period: None };

    /// Returns whether a job is one of them.
    pub fn admits(&self, index: JobIx, job: &Job) -> bool {
        self.job.is_none_or(|only| only == index)
            && self.employer.is_none_or(|employer| employer == job.employer)
            && self.host_district.is_none_or(|district| job.host_district == Some(district))
            && self.area.is_none_or(|area| area == job.area)
            && self.period.is_none_or(|period| period == job.period)
    }

    /// Returns which of some jobs they are.
    pub fn among(self, jobs: &[Job]) -> impl Iterator<Item = JobIx> {
        let jobs = jobs.iter().enumerate().map(|(row, job)| (JobIx::new(row), job));
        jobs.filter(move |(index, job)| self.admits(*index, job)).map(|(index, _)| index)
    }
}

/// Whose cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapOf {
    /// Of those who work in a department.
    Department(DepartmentIx),
    /// Of the places that a funding stream pays for.
    Stream(StreamIx),
    /// Of those who live in a district.
    HomeDistrict(DistrictIx),
}

/// An answer to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerKind {
    /// No.
    Declined,
    /// None, until the deadline.
    Lapsed,
    /// Yes, and then no.
    Withdrawn,
}

impl AnswerKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Declined, Self::Lapsed, Self::Withdrawn];

    /// Returns the name that files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What becomes of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateChange {
    /// It is this instead.
    Set(Rate),
    /// So many of a hundred of it.
    Percent(u32),
}

/// What becomes of the dates of rounds; what is not said stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CalendarChange {
    /// The day of the first offers.
    pub first_offers: Option<Date>,
    /// Working days to answer an offer.
    pub days_to_answer: Option<u32>,
    /// Working days between a deadline and the next offers.
    pub days_between: Option<u32>,
    /// Working days between the answer and the first day of work, at least.
    pub lead_days: Option<u32>,
}

/// For whom a funding stream pays; an empty list means for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// For these classes.
    Classes(SmallSet<ClassIx>),
    /// For these birth years.
    Cohorts(Vec<i16>),
    /// For those who live in these districts.
    HomeDistricts(SmallSet<DistrictIx>),
}

/// What becomes of the way in which places are assigned; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodChange {
    /// The mechanism.
    pub mechanism: Option<Mechanism>,
    /// The rule of placement, of the mechanism `priority`.
    pub placement: Option<PlacementRule>,
    /// What a wish's rank costs.
    pub rank_costs: Option<RankCosts>,
}

impl Change {
    /// Returns when it is made: changes of a lower number come first.
    pub(crate) const fn turn(&self) -> u8 {
        match self {
            Self::DropCohort(_) => 0,
            Self::AddCohort { .. } => 1,
            Self::Applicants(_) => 2,
            Self::Close(_) => 3,
            Self::Places(..) => 4,
            Self::MoveJobs(..) => 5,
            Self::Dates { .. } => 6,
            Self::Cap(..) => 7,
            Self::Budget(..) => 8,
            Self::CostPerPlace(_) => 9,
            Self::Wage(..) => 10,
            Self::Fee(_) => 11,
            Self::Answers(..) => 12,
            Self::Calendar(_) => 13,
            Self::Funding(..) => 14,
            Self::MergeClasses(_) => 15,
            Self::Lift(_) => 16,
            Self::Method(_) => 17,
            // Last, since everything else names classes and streams by where they are in the files.
            Self::OrderClasses(_) => 18,
            Self::OrderFunding(_) => 19,
        }
    }

    /// Returns whether it says itself that nothing changes: the level of a grid that is the season as it is.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Places(_, by)
            | Self::Cap(_, Some(by))
            | Self::Budget(_, Some(by))
            | Self::CostPerPlace(by)
            | Self::Wage(_, by)
            | Self::Fee(by) => by.is_nothing(),
            Self::Applicants(percent) | Self::Answers(_, _, RateChange::Percent(percent)) => *percent == 100,
            _ => false,
        }
    }
}
