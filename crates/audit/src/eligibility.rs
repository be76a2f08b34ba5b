//! Which rule keeps an applicant from a job, read off docs/mechanisms.md, section 1.

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, ExtractAge, Job, JobIx, OverrideKind, Period, Rule, Season, Stream, StreamIx, age_on,
};
use jiff::ToSpan;

/// What has become of an applicant's register extract on a period's first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extract {
    /// Shown, and not too long before.
    Good,
    /// Not shown by then.
    Missing,
    /// Shown longer before than the rule pack allows.
    TooOld,
}

impl Extract {
    /// Judges an applicant's extract.
    pub(crate) fn of(applicant: &Applicant, period: &Period, most: ExtractAge) -> Self {
        let first = period.first_day;
        let Some(shown) = applicant.extract_shown.filter(|&shown| shown <= first) else { return Self::Missing };
        let is_good = match most {
            ExtractAge::Months(months) => {
                let (years, months_on) = (first.year() - shown.year(), first.month() - shown.month());
                let apart = i32::from(years) * 12 + i32::from(months_on);
                let months = i32::from(months);
                apart < months || (apart == months && shown.day() >= first.day())
            }
            ExtractAge::Days(days) => shown.saturating_add(i64::from(days).days()) >= first,
        };
        if is_good { Self::Good } else { Self::TooOld }
    }
}

/// Returns the first rule that keeps an applicant from a job, overrides included.
pub(crate) fn refusal(season: &Season, applicant: ApplicantIx, job: JobIx) -> Option<Rule> {
    refusal_by_rules(season, season.applicant(applicant), season.job(job)).or_else(|| {
        let on = season.overrides_on(applicant);
        let forbidden = on.iter().any(|o| o.job == job && o.kind == OverrideKind::Forbid);
        forbidden.then_some(Rule::Forbidden)
    })
}

/// Returns the first rule that keeps an applicant from a job, overrides aside.
///
/// It looks at nothing of the two but what [`Profile`](crate::acceptable) and kind of job tell apart.
pub(crate) fn refusal_by_rules(season: &Season, applicant: &Applicant, job: &Job) -> Option<Rule> {
    let settings = season.settings();
    let period = season.period_of(job);
    let age = age_on(applicant.birth_date, period.first_day);
    let youngest = settings.rule_pack.bands.first().map(|band| band.from_age);

    if !settings.cohorts.contains(&applicant.birth_date.year()) {
        return Some(Rule::Cohort);
    }
    if job.min_age.max(youngest).is_some_and(|least| age < i16::from(least)) {
        return Some(Rule::MinimumAge);
    }
    if job.max_age.is_some_and(|most| age > i16::from(most)) {
        return Some(Rule::MaximumAge);
    }
    // Every age from that on the first day to that on the last is somebody's age on some day of the period.
    let ages = age..=age_on(applicant.birth_date, period.last_day);
    let bands = &settings.rule_pack.bands;
    let holds_some_age = |band: &&AgeBand| i16::from(band.from_age) <= *ages.end() && *ages.start() <= i16::from(band.to_age);
    let on_some_day = |forbids: &dyn Fn(&AgeBand) -> bool| bands.iter().filter(holds_some_age).any(forbids);
    if job.minutes_per_day.is_some_and(|minutes| on_some_day(&|band| band.minutes_per_day < minutes)) {
        return Some(Rule::HoursPerDay);
    }
    if job.minutes_per_week.is_some_and(|minutes| on_some_day(&|band| band.minutes_per_week < minutes)) {
        return Some(Rule::HoursPerWeek);
    }
    if let Some(day) = job.daily_time {
        if on_some_day(&|band| !band.windows.iter().any(|&window| day.is_within(window))) {
            return Some(Rule::WorkingTime);
        }
        let rest = (24 * 60_u32).saturating_sub(day.span_minutes());
        if on_some_day(&|band| rest < band.daily_rest_minutes) {
            return Some(Rule::DailyRest);
        }
    }
    if job.hazardous && on_some_day(&|band| !band.hazardous) {
        return Some(Rule::HazardousWork);
    }
    if !applicant.periods.is_empty() && !applicant.periods.contains(job.period) {
        return Some(Rule::Period);
    }
    if !job.requires.is_subset(applicant.qualifications) {
        return Some(Rule::Qualification);
    }
    if job.extract {
        match Extract::of(applicant, period, settings.rule_pack.extract_age) {
            Extract::Good => {}
            Extract::Missing => return Some(Rule::ExtractMissing),
            Extract::TooOld => return Some(Rule::ExtractTooOld),
        }
    }
    if !job.open_to.is_empty() && !job.open_to.contains(applicant.home_district) {
        return Some(Rule::HomeDistrict);
    }
    let mut conditions = job.streams.rows().map(|stream| condition_failed(&settings.streams[stream], applicant));
    let by_first = conditions.next().flatten();
    if conditions.any(|failed| failed.is_none()) { None } else { by_first }
}

/// Returns the first of a stream's own conditions that an applicant fails: class, cohort, home district.
pub(crate) fn condition_failed(stream: &Stream, applicant: &Applicant) -> Option<Rule> {
    if !stream.classes.is_empty() && !stream.classes.contains(applicant.class) {
        Some(Rule::FundingClass)
    } else if !stream.cohorts.is_empty() && !stream.cohorts.contains(&applicant.birth_date.year()) {
        Some(Rule::FundingCohort)
    } else if !stream.home_districts.is_empty() && !stream.home_districts.contains(applicant.home_district) {
        Some(Rule::FundingDistrict)
    } else {
        None
    }
}

/// Returns the streams that may pay for an applicant in a job, in the order served.
pub(crate) fn payers<'a>(season: &'a Season, applicant: &'a Applicant, job: &Job) -> impl Iterator<Item = StreamIx> + use<'a> {
    let streams = &season.settings().streams;
    job.streams.rows().filter(|&row| condition_failed(&streams[row], applicant).is_none()).map(StreamIx::new)
}
