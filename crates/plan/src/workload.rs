//! Staff hours by step and week: what the season's work needs, and what is there.

mod figures;

use std::collections::BTreeMap;

use feriematch_rounds::calendar::is_working_day;
use jiff::ToSpan;
use jiff::civil::Date;

pub use figures::WorkloadFigures;

/// What a step of the work is done for, each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// An application.
    Application,
    /// An offer.
    Offer,
    /// Somebody who is hired.
    Hire,
    /// A time report.
    Report,
}

impl Counted {
    /// Everything that is counted, with the name that files use.
    pub const ALL: [(&'static str, Self); 4] =
        [("application", Self::Application), ("offer", Self::Offer), ("hire", Self::Hire), ("report", Self::Report)];
}

/// How many there are of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volumes {
    /// Applications.
    pub applications: u32,
    /// Offers.
    pub offers: u32,
    /// Youths hired.
    pub hires: u32,
    /// Time reports.
    pub reports: u32,
}

impl Volumes {
    /// Returns how many there are of something.
    pub const fn of(&self, counted: Counted) -> u32 {
        match counted {
            Counted::Application => self.applications,
            Counted::Offer => self.offers,
            Counted::Hire => self.hires,
            Counted::Report => self.reports,
        }
    }

    /// Returns the volumes of another season with so many applications and youths hired: offers and reports in proportion to those hired, rounded up.
    #[must_use]
    pub fn scaled(&self, applications: u32, hires: u32) -> Self {
        let in_proportion = |count: u32| {
            let scaled = (u64::from(count) * u64::from(hires)).div_ceil(u64::from(self.hires.max(1)));
            u32::try_from(scaled).unwrap_or(u32::MAX)
        };
        Self { applications, hires, offers: in_proportion(self.offers), reports: in_proportion(self.reports) }
    }
}

/// A step of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffStep {
    /// The id.
    pub id: Box<str>,
    /// What tables call it.
    pub name: Box<str>,
    /// What it is done for, each time.
    pub per: Counted,
    /// How many minutes it takes each time.
    pub minutes: u32,
    /// Its first day.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// Where the minutes come from.
    pub source: Box<str>,
}

/// Some who do the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub name: Box<str>,
    /// How many.
    pub people: u32,
    /// What each works on a working day, in minutes.
    pub minutes_a_day: u32,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
}

/// A week of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// The Monday.
    pub monday: Date,
    /// How many working days it has.
    pub working_days: u32,
    /// The minutes of each step.
    pub needed: Vec<u64>,
    /// The minutes of all who are there.
    pub there: u64,
}

impl Week {
    /// Returns the minutes of all steps.
    pub fn total(&self) -> u64 {
        self.needed.iter().sum()
    }

    /// Returns the minutes that are missing.
    pub fn short(&self) -> u64 {
        self.total().saturating_sub(self.there)
    }
}

/// What the work needs, and what is there, week by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The weeks, from the first with work or staff to the last.
    pub weeks: Vec<Week>,
}

impl Workload {
    /// Spreads the minutes of each step evenly over its working days.
    ///
    /// Minutes stay whole: through the k-th of n working days, ⌊k · minutes / n⌋ of them are done, so that the sum is exact.
    ///
    /// # Complexity
    ///
    /// The product of days and steps.
    pub fn new(figures: &WorkloadFigures, volumes: &Volumes) -> Self {
        let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
        let none = |monday| Week { monday, working_days: 0, needed: vec![0; figures.steps.len()], there: 0 };
        for (row, step) in figures.steps.iter().enumerate() {
            let days: Vec<Date> = working_days(step.first_day, step.last_day).collect();
            let minutes = u64::from(volumes.of(step.per)) * u64::from(step.minutes);
            let through = |days_done: usize| minutes * days_done as u64 / days.len() as u64;
            for (at, &day) in days.iter().enumerate() {
                weeks.entry(monday(day)).or_insert_with_key(|&monday| none(monday)).needed[row] += through(at + 1) - through(at);
            }
        }
        for staff in &figures.staff {
            for day in working_days(staff.first_day, staff.last_day) {
                let week = weeks.entry(monday(day)).or_insert_with_key(|&monday| none(monday));
                week.there += u64::from(staff.people) * u64::from(staff.minutes_a_day);
            }
        }
        for week in weeks.values_mut() {
            week.working_days = working_days(week.monday, week.monday.saturating_add(6.days())).count() as u32;
        }
        Self { weeks: weeks.into_values().collect() }
    }

    /// Returns the minutes of each step.
    pub fn by_step(&self) -> Vec<u64> {
        let steps = self.weeks.first().map_or(0, |week| week.needed.len());
        (0..steps).map(|step| self.weeks.iter().map(|week| week.needed[step]).sum()).collect()
    }

    /// Returns the minutes of all steps.
    pub fn total(&self) -> u64 {
        self.weeks.iter().map(Week::total).sum()
    }

    /// Returns the minutes of all who are there.
    pub fn there(&self) -> u64 {
        self.weeks.iter().map(|week| week.there).sum()
    }

    /// Returns the week with most work, the first of several.
    pub fn peak(&self) -> Option<&Week> {
        self.weeks.iter().rev().max_by_key(|week| week.total())
    }
}

/// Returns the working days from one day to another, both included.
pub(crate) fn working_days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |&day| day <= last).filter(|&day| is_working_day(day))
}

/// Returns the Monday of a day's week.
fn monday(day: Date) -> Date {
    day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn figures() -> WorkloadFigures {
        let step = |per, minutes, first_day, last_day| StaffStep {
            id: "s".into(),
            name: "s".into(),
            per,
            minutes,
            first_day,
            last_day,
            source: "".into(),
        };
        WorkloadFigures {
            source: "".into(),
            volumes: Volumes { applications: 10, offers: 7, hires: 5, reports: 5 },
            // Maundy Thursday to the Wednesday after Easter 2015: four working days.
            steps: vec![
                step(Counted::Application, 3, date(2015, 4, 2), date(2015, 4, 9)),
                step(Counted::Hire, 7, date(2015, 4, 9), date(2015, 4, 9)),
            ],
            staff: vec![Staff {
                name: "two".into(),
                people: 2,
                minutes_a_day: 10,
                first_day: date(2015, 4, 6),
                last_day: date(2015, 4, 12),
            }],
        }
    }

    #[test]
    fn work_is_spread_over_working_days_and_adds_up() {
        let figures = figures();
        let workload = Workload::new(&figures, &figures.volumes);
        let weeks: Vec<_> =
            workload.weeks.iter().map(|week| (week.monday, week.working_days, week.needed.clone(), week.there)).collect();
        assert_eq!(weeks, [(date(2015, 3, 30), 4, vec![7, 0], 0), (date(2015, 4, 6), 4, vec![23, 35], 80)]);
        assert_eq!((workload.by_step(), workload.total(), workload.there()), (vec![30, 35], 65, 80));
        assert_eq!(workload.peak().map(|week| week.monday), Some(date(2015, 4, 6)));
        assert_eq!(workload.weeks.iter().map(Week::short).collect::<Vec<_>>(), [7, 0]);
    }

    #[test]
    fn another_season_has_offers_and_reports_in_proportion() {
        let volumes = Volumes { applications: 10, offers: 7, hires: 5, reports: 5 };
        let larger = volumes.scaled(100, 11);
        assert_eq!(larger, Volumes { applications: 100, offers: 16, hires: 11, reports: 11 });
    }
}
