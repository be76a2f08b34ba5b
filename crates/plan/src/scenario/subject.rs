//! What a change is of: two changes of one thing contradict each other.

use feriematch_model::{ClassIx, DepartmentIx, DistrictIx, Employer, JobIx, PeriodIx, Season, StreamIx};

use crate::scenario::{AnswerKind, CapOf, Change, Condition, JobSelection};

/// One thing that a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Cohort(i16),
    Applicants,
    Places(JobIx),
    PeriodOf(JobIx),
    Dates(PeriodIx),
    Cap(CapOf),
    Budget(Employer),
    CostPerPlace,
    /// A band of the table of wages, by its row.
    Wage(usize),
    Fee,
    Answers(AnswerKind, DistrictIx),
    FirstOffers,
    DaysToAnswer,
    DaysBetween,
    LeadDays,
    FundedClasses(StreamIx),
    FundedCohorts(StreamIx),
    FundedHomes(StreamIx),
    Class(ClassIx),
    Mechanism,
    Placement,
    RankCosts,
    OrderOfClasses,
    OrderOfFunding,
}

impl Change {
    /// Returns what the change is of, in order. Of rules lifted and jobs closed there is nothing: whoever says so twice says the same.
    pub(crate) fn subjects(&self, season: &Season) -> Vec<Subject> {
        let settings = season.settings();
        let jobs = |selection: &JobSelection| selection.among(season.jobs());
        let mut subjects: Vec<Subject> = match self {
            Self::DropCohort(year) | Self::AddCohort { year, .. } => vec![Subject::Cohort(*year)],
            Self::Applicants(_) => vec![Subject::Applicants],
            Self::Close(_) | Self::Lift(_) => Vec::new(),
            Self::Places(selection, _) => jobs(selection).map(Subject::Places).collect(),
            Self::MoveJobs(selection, _) => jobs(selection).map(Subject::PeriodOf).collect(),
            Self::Dates { period, .. } => vec![Subject::Dates(*period)],
            Self::Cap(of, _) => vec![Subject::Cap(*of)],
            Self::Budget(employer, _) => budgets(season, *employer).into_iter().map(Subject::Budget).collect(),
            Self::CostPerPlace(_) => vec![Subject::CostPerPlace],
            Self::Wage(age, _) => wage_bands(season, *age).map(Subject::Wage).collect(),
            Self::Fee(_) => vec![Subject::Fee],
            Self::Answers(kind, home, _) => match home {
                Some(home) => vec![Subject::Answers(*kind, *home)],
                None => (0..settings.districts.len()).map(|row| Subject::Answers(*kind, DistrictIx::new(row))).collect(),
            },
            Self::Calendar(change) => [
                change.first_offers.map(|_| Subject::FirstOffers),
                change.days_to_answer.map(|_| Subject::DaysToAnswer),
                change.days_between.map(|_| Subject::DaysBetween),
                change.lead_days.map(|_| Subject::LeadDays),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Funding(stream, condition) => vec![match condition {
                Condition::Classes(_) => Subject::FundedClasses(*stream),
                Condition::Cohorts(_) => Subject::FundedCohorts(*stream),
                Condition::HomeDistricts(_) => Subject::FundedHomes(*stream),
            }],
            Self::MergeClasses(classes) => classes.iter().copied().map(Subject::Class).collect(),
            Self::Method(change) => [
                change.mechanism.map(|_| Subject::Mechanism),
                change.placement.map(|_| Subject::Placement),
                change.rank_costs.as_ref().map(|_| Subject::RankCosts),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::OrderClasses(_) => vec![Subject::OrderOfClasses],
            Self::OrderFunding(_) => vec![Subject::OrderOfFunding],
        };
        subjects.sort_unstable();
        subjects
    }
}

/// Returns whose budgets are meant: one employer's, or all that there are.
pub(crate) fn budgets(season: &Season, employer: Option<Employer>) -> Vec<Employer> {
    let settings = season.settings();
    let districts = settings.districts.iter().enumerate().filter(|(_, district)| district.budget.is_some());
    let departments = settings.departments.iter().enumerate().filter(|(_, department)| department.budget.is_some());
    match employer {
        Some(employer) => vec![employer],
        None => districts
            .map(|(row, _)| Employer::District(DistrictIx::new(row)))
            .chain(departments.map(|(row, _)| Employer::Department(DepartmentIx::new(row))))
            .collect(),
    }
}

/// Returns the rows of the bands of wages that are meant: the one of an age, or all.
pub(crate) fn wage_bands(season: &Season, age: Option<u8>) -> impl Iterator<Item = usize> {
    let bands = season.settings().wages.iter().enumerate();
    bands.filter(move |(_, band)| age.is_none_or(|age| (band.from_age..=band.to_age).contains(&age))).map(|(row, _)| row)
}

/// Returns the first thing that two changes are both of, whose lists are in order.
pub(crate) fn common(one: &[Subject], other: &[Subject]) -> Option<Subject> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    while let (Some(&&a), Some(&&b)) = (one.peek(), other.peek()) {
        match a.cmp(&b) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => return Some(a),
        }
    }
    None
}
