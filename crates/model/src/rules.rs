//! The rules a run applies, and the names under which it says that one of them stood in the way.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{DailyTime, Money};

/// Why an applicant may not take a job. The names are the codes that outputs and docs/mechanisms.md use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// The birth year is not one of the season's cohorts.
    Cohort,
    /// Younger on the first working day than the job or the law asks for.
    MinimumAge,
    /// Older on the first working day than the job allows.
    MaximumAge,
    /// More hours a day than the law allows at the age on some working day.
    HoursPerDay,
    /// More hours a week than the law allows at the age on some working day.
    HoursPerWeek,
    /// Working hours outside what the law allows at the age on some working day.
    WorkingTime,
    /// Less rest between two days than the law asks for at the age on some working day.
    DailyRest,
    /// Tasks that the law forbids at the age on some working day.
    HazardousWork,
    /// The applicant cannot work in the job's period.
    Period,
    /// A qualification that the job requires is missing.
    Qualification,
    /// The register extract has not been shown by the first working day.
    ExtractMissing,
    /// The register extract is older on the first working day than the rule pack allows.
    ExtractTooOld,
    /// The job is not open to youths of the applicant's home district.
    HomeDistrict,
    /// None of the job's funding streams pays for the applicant's priority class.
    FundingClass,
    /// None of the job's funding streams pays for the applicant's cohort.
    FundingCohort,
    /// None of the job's funding streams pays for youths of the applicant's home district.
    FundingDistrict,
    /// An administrator has forbidden the pair.
    Forbidden,
}

impl Rule {
    /// Every rule, in the order in which a pair is checked: the first that fails is the reason given.
    pub const ALL: [Self; 17] = [
        Self::Cohort,
        Self::MinimumAge,
        Self::MaximumAge,
        Self::HoursPerDay,
        Self::HoursPerWeek,
        Self::WorkingTime,
        Self::DailyRest,
        Self::HazardousWork,
        Self::Period,
        Self::Qualification,
        Self::ExtractMissing,
        Self::ExtractTooOld,
        Self::HomeDistrict,
        Self::FundingClass,
        Self::FundingCohort,
        Self::FundingDistrict,
        Self::Forbidden,
    ];

    /// Returns the code, as files and messages write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cohort => "cohort",
            Self::MinimumAge => "minimum-age",
            Self::MaximumAge => "maximum-age",
            Self::HoursPerDay => "hours-per-day",
            Self::HoursPerWeek => "hours-per-week",
            Self::WorkingTime => "working-time",
            Self::DailyRest => "daily-rest",
            Self::HazardousWork => "hazardous-work",
            Self::Period => "period",
            Self::Qualification => "qualification",
            Self::ExtractMissing => "extract-missing",
            Self::ExtractTooOld => "extract-too-old",
            Self::HomeDistrict => "home-district",
            Self::FundingClass => "funding-class",
            Self::FundingCohort => "funding-cohort",
            Self::FundingDistrict => "funding-district",
            Self::Forbidden => "forbidden",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The edition of a rule pack that a season goes by: what the law allows and asks for, from one dated source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePack {
    /// The family's name, which `season.toml` states.
    pub id: Box<str>,
    /// Where the rules come from.
    pub source: Box<str>,
    /// From when they hold.
    pub valid_from: Date,
    /// The ages with limits, ascending and without gaps. Below the first nobody may work; above the last there is no limit.
    pub bands: Vec<AgeBand>,
    /// How old a register extract may be on the first working day.
    pub extract_age: ExtractAge,
}

/// How old a register extract may be on the first working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractAge {
    /// So many calendar months: shown on the same day of the month so many months before, it is still good. Where that month has no
    /// such day, it is good from the first day of the next.
    Months(u16),
    /// So many days.
    Days(u16),
}

impl fmt::Display for ExtractAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::Months(months) => (months, "month"),
            Self::Days(days) => (days, "day"),
        };
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}

/// What is allowed from one age to another, on the day in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeBand {
    /// The youngest age of the band.
    pub from_age: u8,
    /// The oldest age of the band, inclusive.
    pub to_age: u8,
    /// The most working time a day, in minutes.
    pub minutes_per_day: u32,
    /// The most working time a week, in minutes.
    pub minutes_per_week: u32,
    /// The hours of which one must hold the whole working day.
    pub windows: Vec<DailyTime>,
    /// The least rest between two working days, in minutes.
    pub daily_rest_minutes: u32,
    /// The longest time of work without a break, in minutes.
    pub minutes_before_break: u32,
    /// The least length of a break, in minutes.
    pub break_minutes: u32,
    /// The most days of a week, Monday to Sunday, on which one may work.
    pub days_per_week: u8,
    /// The least uninterrupted rest in a week, Monday to Sunday, in minutes.
    pub weekly_rest_minutes: u32,
    /// Whether tasks forbidden to minors are allowed all the same.
    pub hazardous: bool,
}

/// The wage at an age on the first working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WageBand {
    /// The youngest age.
    pub from_age: u8,
    /// The oldest age, inclusive.
    pub to_age: u8,
    /// Pay an hour, holiday pay included.
    pub per_hour: Money,
}

/// What a wish's rank costs the placement, which minimises the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RankCosts {
    /// Rank r costs r: the average rank is as good as it can be.
    Linear,
    /// Rank r costs r squared: bad ranks weigh more.
    Convex,
    /// The costs of ranks 1, 2, 3 …, never falling; ranks beyond the list cost as the last.
    Table(Vec<u32>),
}

impl RankCosts {
    /// Returns the cost of a rank, counted from 1.
    pub fn cost(&self, rank: u16) -> u32 {
        match self {
            Self::Linear => u32::from(rank),
            Self::Convex => u32::from(rank) * u32::from(rank),
            Self::Table(costs) => {
                let last = costs.len() - 1;
                costs[last.min(usize::from(rank) - 1)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_costs() {
        assert_eq!(RankCosts::Linear.cost(3), 3);
        assert_eq!(RankCosts::Convex.cost(3), 9);
        assert_eq!(RankCosts::Table(vec![0, 5]).cost(9), 5);
    }

    #[test]
    fn codes_are_what_serde_writes() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{rule}\""));
        }
    }
}
