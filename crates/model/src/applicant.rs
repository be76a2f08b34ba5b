//! Who applies, and what they wish for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AreaIx, ClassIx, DistrictIx, JobIx, PeriodIx, QualificationIx, SmallSet};

/// One young person's application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// The pseudonymous id under which the application is known; unique in the season.
    pub id: Box<str>,
    /// The name, where the file has one. Used to find duplicates and to address offers; never in an outcome.
    pub name: Option<Box<str>>,
    /// The day of birth.
    pub birth_date: Date,
    /// The recorded sex; reported on, never decided by.
    pub gender: Gender,
    /// The district where the applicant lives and whose budget pays.
    pub home_district: DistrictIx,
    /// The priority class.
    pub class: ClassIx,
    /// The wishes, sorted by rank; wishes of one rank tie.
    pub wishes: Box<[Wish]>,
    /// The periods in which the applicant can work; empty means every period.
    pub periods: SmallSet<PeriodIx>,
    /// What the applicant is qualified for.
    pub qualifications: SmallSet<QualificationIx>,
    /// The day the register extract was shown, if it was.
    pub extract_shown: Option<Date>,
    /// Whether the identity is protected: everything but the id is masked in every output.
    pub protected: bool,
    /// Whether an employer took back the place that the applicant had: then they come before everybody else who waits.
    pub displaced: bool,
}

/// The recorded sex of an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// Girl or woman.
    Female,
    /// Boy or man.
    Male,
    /// Recorded as something else.
    Other,
    /// Not recorded.
    Unknown,
}

impl Gender {
    /// Every value, in the order in which tables show them.
    pub const ALL: [Self; 4] = [Self::Female, Self::Male, Self::Other, Self::Unknown];
}

/// One entry of a preference list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wish {
    /// The place on the list, from 1; equal ranks tie.
    pub rank: u16,
    /// The job or jobs wished for.
    pub target: Target,
}

/// What a wish names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// One job.
    Job(JobIx),
    /// Every job that passes a filter.
    Jobs(JobFilter),
}

/// A class of jobs: those in an area, in a district, both, or any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobFilter {
    /// Only jobs of this work area.
    pub area: Option<AreaIx>,
    /// Only jobs hosted in this district.
    pub district: Option<DistrictIx>,
}

impl JobFilter {
    /// Every job: what `any` means.
    pub const ANY: Self = Self { area: None, district: None };

    /// Returns whether a job belongs to the class.
    pub fn admits(self, job: &crate::Job) -> bool {
        self.area.is_none_or(|area| area == job.area) && self.district.is_none_or(|district| Some(district) == job.host_district)
    }
}

/// Returns the age in whole years on a day; negative before birth.
///
/// Somebody born on 29 February is counted a year older on 1 March in a year that has no such day.
pub fn age_on(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A season has tens of millions of wishes: their size is time and memory.
    #[test]
    fn a_wish_is_small() {
        assert!(size_of::<Wish>() <= 12, "{}", size_of::<Wish>());
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let born = date(1999, 6, 15);
        assert_eq!(age_on(born, date(2015, 6, 14)), 15);
        assert_eq!(age_on(born, date(2015, 6, 15)), 16);
        assert_eq!(age_on(date(2000, 2, 29), date(2015, 2, 28)), 14);
        assert_eq!(age_on(date(2000, 2, 29), date(2015, 3, 1)), 15);
    }
}
