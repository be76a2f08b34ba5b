//! What nobody knows yet, and a planner assumes.

mod read;

pub(crate) use read::rate;

use feriematch_model::{JobIx, Season};
use feriematch_rounds::calendar::working_days_after;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{OfferRates, PlanError, Rate};

/// What nobody knows yet, and a planner assumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumptions {
    /// For each home district, in the order of the season, what becomes of offers.
    pub answers: Vec<OfferRates>,
    /// When rounds are; without it there are rounds until nothing can be offered.
    pub calendar: Option<RoundCalendar>,
    /// Who applies.
    pub population: Population,
}

/// When rounds are, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundCalendar {
    /// The day of the first offers.
    pub first_offers: Date,
    /// How many working days there are to answer, at least one.
    pub days_to_answer: u32,
    /// How many working days there are between a deadline and the next offers.
    pub days_between: u32,
    /// How many working days there are at least between a deadline and the first day of a job that is offered.
    pub lead_days: u32,
}

/// Who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Population {
    /// The applicants of the files, in every season.
    AsInFiles,
    /// In each season every applicant of the files stands for a Poisson-distributed number of applicants who are like them.
    Redrawn {
        /// The mean of the number, in hundredths: 100 for as many applicants as in the files on average.
        percent: u32,
    },
}

impl Assumptions {
    /// Offers are declined with these shares, one a home district; nobody is silent or withdraws, there are rounds until nothing can be offered,
    /// and the applicants of the files apply.
    pub fn declines(rates: impl IntoIterator<Item = Rate>) -> Self {
        Self { answers: rates.into_iter().map(OfferRates::declined).collect(), calendar: None, population: Population::AsInFiles }
    }
}

/// Which jobs can be offered in which round, and how long rounds take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// For each job the last round in which it can be offered, 0 if in none.
    last_round: Vec<u32>,
    /// For each round, how many weeks after the first offers its deadline is.
    weeks: Vec<u32>,
}

impl Schedule {
    /// Sets up the rounds until the first day of every job is too near.
    pub(crate) fn new(calendar: &RoundCalendar, season: &Season) -> Result<Self, PlanError> {
        let after = |day, count| working_days_after(day, count).ok_or(PlanError::Calendar);
        let first_days: Vec<Date> = season.jobs().iter().map(|job| season.period_of(job).first_day).collect();
        let mut schedule = Self { last_round: vec![0; first_days.len()], weeks: Vec::new() };
        let mut offers = calendar.first_offers;
        loop {
            let deadline = after(offers, calendar.days_to_answer.max(1))?;
            let earliest = after(deadline, calendar.lead_days)?;
            let round = schedule.weeks.len() as u32 + 1;
            let open = schedule.last_round.iter_mut().zip(&first_days).filter(|&(_, &first_day)| earliest <= first_day);
            if open.map(|(last_round, _)| *last_round = round).count() == 0 {
                return Ok(schedule);
            }
            let days = (deadline - calendar.first_offers).get_days().unsigned_abs();
            schedule.weeks.push(days.div_ceil(7));
            offers = after(deadline, calendar.days_between)?;
        }
    }

    /// Returns whether a job can be offered in a round, from 1.
    pub(crate) fn is_open(&self, job: JobIx, round: u32) -> bool {
        self.last_round[job.get()] >= round
    }

    /// Returns the most rounds that there can be.
    pub(crate) const fn most_rounds(&self) -> u32 {
        self.weeks.len() as u32
    }

    /// Returns how many weeks so many rounds take.
    pub(crate) fn weeks(&self, rounds: u32) -> u32 {
        rounds.checked_sub(1).map_or(0, |last| self.weeks[last as usize])
    }
}
