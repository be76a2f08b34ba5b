//! When rounds are, and what can still be offered in them.

use feriematch_model::Season;
use feriematch_rounds::calendar::working_days_after;
use jiff::civil::Date;

use crate::PlanError;
use crate::study::RoundCalendar;

/// A round with its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRound {
    /// The day of the offers.
    pub offers: Date,
    /// The last day to answer.
    pub deadline: Date,
    /// For each period of the season, whether its jobs can be offered.
    pub open: Vec<bool>,
}

/// Returns the rounds from a day on, as long as some period can be offered: from the deadline to its first day it takes the lead of the calendar.
///
/// # Errors
///
/// Returns an error where a day is beyond the year 9999.
pub fn timetable(calendar: &RoundCalendar, from: Date, season: &Season) -> Result<Vec<DatedRound>, PlanError> {
    let after = |day, count| working_days_after(day, count).ok_or(PlanError::Calendar);
    let mut rounds = Vec::new();
    let mut offers = from;
    loop {
        let deadline = after(offers, calendar.days_to_answer.max(1))?;
        let earliest = after(deadline, calendar.lead_days)?;
        let open: Vec<bool> = season.settings().periods.iter().map(|period| earliest <= period.first_day).collect();
        if !open.contains(&true) {
            return Ok(rounds);
        }
        rounds.push(DatedRound { offers, deadline, open });
        offers = after(deadline, calendar.days_between)?;
    }
}
