//! What a letter knows.

use feriematch_model::{AgeBand, Applicant, ApplicantIx, Job, JobIx, Season, age_on};
use feriematch_payroll::Pay;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::{Kind, LetterError};

/// A place that somebody has, and by when they had to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// Who.
    pub applicant: ApplicantIx,
    /// Which job.
    pub job: JobIx,
    /// In which round it was offered.
    pub round: u32,
    /// The last day to answer.
    pub deadline: Date,
    /// Which wish it meets, from 1; nothing if it was given by hand against the wishes.
    pub rank: Option<u16>,
}

/// What a letter knows: the names that templates may use. docs/letters.md lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts<'s> {
    season: SeasonFacts<'s>,
    applicant: ApplicantFacts<'s>,
    offer: OfferFacts,
    job: JobFacts<'s>,
    wage: Option<WageFacts>,
    limits: Vec<Limits>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct SeasonFacts<'s> {
    name: &'s str,
    year: i16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ApplicantFacts<'s> {
    id: &'s str,
    name: Option<&'s str>,
    birth_date: Option<Date>,
    is_protected: bool,
    /// On the first working day.
    is_minor: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OfferFacts {
    round: u32,
    deadline: Date,
    rank: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct JobFacts<'s> {
    id: &'s str,
    title: &'s str,
    employer: &'s str,
    district: Option<&'s str>,
    area: &'s str,
    period: &'s str,
    first_day: Date,
    last_day: Date,
    minutes: Option<u32>,
    minutes_per_day: Option<u32>,
    minutes_per_week: Option<u32>,
    hours: Option<Hours>,
}

/// From when to when, as texts that the filter `clock` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Hours {
    start: String,
    end: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct WageFacts {
    per_hour: String,
    /// For all paid hours, before tax.
    total: Option<String>,
}

/// What the law allows during a part of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Limits {
    first_day: Date,
    last_day: Date,
    minutes_per_day: u32,
    minutes_per_week: u32,
    windows: Vec<Hours>,
    daily_rest_minutes: u32,
    minutes_before_break: u32,
    break_minutes: u32,
    days_per_week: u8,
    weekly_rest_minutes: u32,
}

impl<'s> Facts<'s> {
    /// Gathers what a letter of a kind knows about somebody's place.
    ///
    /// # Errors
    ///
    /// Says what a contract needs and the season does not state: the wage, the paid time.
    pub fn new(season: &'s Season, kind: Kind, offered: &Offered) -> Result<Self, LetterError> {
        let (applicant, job) = (season.applicant(offered.applicant), season.job(offered.job));
        let settings = season.settings();
        let period = season.period_of(job);
        let age = age_on(applicant.birth_date, period.first_day);
        let wage = season.wage(applicant, job).map(|per_hour| WageFacts {
            per_hour: per_hour.to_string(),
            total: Pay::agreed(season, applicant, job).map(|pay| pay.wages.to_string()),
        });
        if kind == Kind::Contract {
            let (applicant, job_id) = (applicant.id.to_string(), job.id.to_string());
            if wage.is_none() {
                return Err(LetterError::NoWage { applicant, job: job_id, age });
            }
            if job.paid_minutes.is_none() {
                return Err(LetterError::NoHours { applicant, job: job_id });
            }
        }
        Ok(Self {
            season: SeasonFacts { name: &settings.name, year: settings.year },
            applicant: ApplicantFacts {
                id: &applicant.id,
                name: applicant.name.as_deref().filter(|_| !applicant.protected),
                birth_date: (!applicant.protected).then_some(applicant.birth_date),
                is_protected: applicant.protected,
                is_minor: age < 18,
            },
            offer: OfferFacts { round: offered.round, deadline: offered.deadline, rank: offered.rank },
            job: JobFacts {
                id: &job.id,
                title: &job.title,
                employer: season.employer_name(job.employer),
                district: job.host_district.map(|d| &*settings.districts[d.get()].name),
                area: &settings.areas[job.area.get()].name,
                period: &period.name,
                first_day: period.first_day,
                last_day: period.last_day,
                minutes: job.paid_minutes,
                minutes_per_day: job.minutes_per_day,
                minutes_per_week: job.minutes_per_week,
                hours: job.daily_time.map(hours),
            },
            wage,
            limits: limits(season, applicant, job),
        })
    }
}

fn hours(time: feriematch_model::DailyTime) -> Hours {
    let text = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    Hours { start: text(time.start), end: text(time.end) }
}

/// Returns what the law allows during the period, part by part: a birthday may fall into it.
fn limits(season: &Season, applicant: &Applicant, job: &Job) -> Vec<Limits> {
    let period = season.period_of(job);
    let band_on = |day: Date| {
        let age = age_on(applicant.birth_date, day);
        season.settings().rule_pack.bands.iter().find(|b| (i16::from(b.from_age)..=i16::from(b.to_age)).contains(&age))
    };
    let mut parts: Vec<(Date, Date, Option<&AgeBand>)> = Vec::new();
    for day in period.first_day.series(1.day()).take_while(|&day| day <= period.last_day) {
        let band = band_on(day);
        match parts.last_mut() {
            Some((_, last, before)) if *before == band => *last = day,
            _ => parts.push((day, day, band)),
        }
    }
    let limits = |(first_day, last_day, band): (Date, Date, Option<&AgeBand>)| {
        let band = band?;
        Some(Limits {
            first_day,
            last_day,
            minutes_per_day: band.minutes_per_day,
            minutes_per_week: band.minutes_per_week,
            windows: band.windows.iter().copied().map(hours).collect(),
            daily_rest_minutes: band.daily_rest_minutes,
            minutes_before_break: band.minutes_before_break,
            break_minutes: band.break_minutes,
            days_per_week: band.days_per_week,
            weekly_rest_minutes: band.weekly_rest_minutes,
        })
    };
    parts.into_iter().filter_map(limits).collect()
}
