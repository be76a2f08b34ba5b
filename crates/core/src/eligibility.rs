//! Which applicant may take which job; `docs/mechanisms.md`, section 1.

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, DailyTime, Job, JobIx, OverrideKind, Period, Rule, Season, Stream, StreamIx, age_on,
};

const MINUTES_PER_DAY: u32 = 24 * 60;

/// The rules of a season, prepared so that a pair is checked in constant time.
#[derive(Debug)]
pub struct Eligibility<'s> {
    season: &'s Season,
    /// For each job, for each band of the rule pack, the first rule on minors' work that the job breaks.
    minors: Vec<Option<Rule>>,
}

impl<'s> Eligibility<'s> {
    /// Prepares the rules of a season, in time linear in the number of jobs.
    pub fn new(season: &'s Season) -> Self {
        let bands = &season.settings().rule_pack.bands;
        let minors = season.jobs().iter().flat_map(|job| bands.iter().map(|band| broken_by_minors(job, band))).collect();
        Self { season, minors }
    }

    /// Checks a pair.
    ///
    /// # Errors
    ///
    /// Returns the first rule, in the order of [`Rule::ALL`], that refuses the pair.
    pub fn check(&self, applicant: ApplicantIx, job: JobIx) -> Result<(), Rule> {
        self.check_law(applicant, job)?;
        let forbids = |o: &feriematch_model::Override| o.kind == OverrideKind::Forbid && o.job == job;
        if self.season.overrides_on(applicant).iter().any(forbids) {
            return Err(Rule::Forbidden);
        }
        Ok(())
    }

    /// Returns whether a funding stream's own conditions admit an applicant.
    pub fn stream_admits(&self, stream: StreamIx, applicant: &Applicant) -> bool {
        stream_condition(&self.season.settings().streams[stream.get()], applicant).is_ok()
    }

    /// Checks everything but the overrides.
    fn check_law(&self, applicant: ApplicantIx, job: JobIx) -> Result<(), Rule> {
        let settings = self.season.settings();
        let a = self.season.applicant(applicant);
        let j = self.season.job(job);
        let period = self.season.period_of(j);

        if !settings.cohorts.contains(&a.birth_date.year()) {
            return Err(Rule::Cohort);
        }
        self.check_age(a, job, period)?;
        if !a.periods.is_empty() && !a.periods.contains(j.period) {
            return Err(Rule::Period);
        }
        if !j.requires.is_subset(a.qualifications) {
            return Err(Rule::Qualification);
        }
        if j.extract {
            check_extract(a, period)?;
        }
        if !j.open_to.is_empty() && !j.open_to.contains(a.home_district) {
            return Err(Rule::HomeDistrict);
        }
        let mut first_failure = None;
        for row in j.streams.rows() {
            match stream_condition(&settings.streams[row], a) {
                Ok(()) => return Ok(()),
                Err(rule) => first_failure = first_failure.or(Some(rule)),
            }
        }
        first_failure.map_or(Ok(()), Err)
    }

    fn check_age(&self, applicant: &Applicant, job: JobIx, period: &Period) -> Result<(), Rule> {
        let bands = &self.season.settings().rule_pack.bands;
        let j = self.season.job(job);
        let first = age_on(applicant.birth_date, period.first_day);
        let last = age_on(applicant.birth_date, period.last_day);
        let youngest = i16::from(bands[0].from_age);
        if first < j.min_age.map_or(youngest, |age| youngest.max(i16::from(age))) {
            return Err(Rule::MinimumAge);
        }
        if j.max_age.is_some_and(|age| first > i16::from(age)) {
            return Err(Rule::MaximumAge);
        }
        // Every age between the first and the last day is the age on some day, and rules are declared in checking order:
        // the least rule broken at any of these ages is the first that some day breaks.
        let of_job = &self.minors[job.get() * bands.len()..][..bands.len()];
        let some_day_in = |band: &AgeBand| first <= i16::from(band.to_age) && last >= i16::from(band.from_age);
        let broken = bands.iter().zip(of_job).filter(|(band, _)| some_day_in(band)).filter_map(|(_, &rule)| rule).min();
        broken.map_or(Ok(()), Err)
    }
}

/// Returns the first rule on minors' work that a job breaks in an age band.
fn broken_by_minors(job: &Job, band: &AgeBand) -> Option<Rule> {
    let fits_a_window = |time: DailyTime| band.windows.iter().any(|&window| time.is_within(window));
    let rests = |time: DailyTime| MINUTES_PER_DAY - time.span_minutes() >= band.daily_rest_minutes;
    [
        (Rule::HoursPerDay, job.minutes_per_day.is_some_and(|minutes| minutes > band.minutes_per_day)),
        (Rule::HoursPerWeek, job.minutes_per_week.is_some_and(|minutes| minutes > band.minutes_per_week)),
        (Rule::WorkingTime, job.daily_time.is_some_and(|time| !fits_a_window(time))),
        (Rule::DailyRest, job.daily_time.is_some_and(|time| !rests(time))),
        (Rule::HazardousWork, job.hazardous && !band.hazardous),
    ]
    .into_iter()
    .find_map(|(rule, broken)| broken.then_some(rule))
}

/// Checks that a register extract was shown by the first working day, and at most a year before it.
fn check_extract(applicant: &Applicant, period: &Period) -> Result<(), Rule> {
    match applicant.extract_shown {
        Some(shown) if shown <= period.first_day => {
            // Compared as year, month and day, so that a first day of 29 February has a date a year before, if not in the calendar.
            let first = period.first_day;
            let a_year_before = (first.year() - 1, first.month(), first.day());
            if (shown.year(), shown.month(), shown.day()) >= a_year_before { Ok(()) } else { Err(Rule::ExtractTooOld) }
        }
        _ => Err(Rule::ExtractMissing),
    }
}

/// Checks a stream's own conditions.
fn stream_condition(stream: &Stream, applicant: &Applicant) -> Result<(), Rule> {
    if !stream.classes.is_empty() && !stream.classes.contains(applicant.class) {
        return Err(Rule::FundingClass);
    }
    if !stream.cohorts.is_empty() && !stream.cohorts.contains(&applicant.birth_date.year()) {
        return Err(Rule::FundingCohort);
    }
    if !stream.home_districts.is_empty() && !stream.home_districts.contains(applicant.home_district) {
        return Err(Rule::FundingDistrict);
    }
    Ok(())
}
