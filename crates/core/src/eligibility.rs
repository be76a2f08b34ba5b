//! Which applicant may take which job; `docs/mechanisms.md`, section 1.

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, DailyTime, DistrictIx, ExtractAge, Job, JobIx, Override, OverrideKind, Period, PeriodIx,
    QualificationIx, Rule, Season, SmallSet, Stream, StreamIx, age_on,
};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

const MINUTES_PER_DAY: u32 = 24 * 60;

/// The rules of a season, prepared so that a pair is checked in constant time.
#[derive(Debug)]
pub struct Eligibility<'s> {
    season: &'s Season,
    /// Jobs of one kind are told apart by no rule but an override. There are few kinds in a season.
    kinds: Vec<Kind>,
    /// The kind of each job.
    kind_of: Vec<u32>,
}

/// What the rules look at in a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    period: PeriodIx,
    min_age: Option<u8>,
    max_age: Option<u8>,
    /// For each band of the rule pack, the first rule on minors' work that the job breaks.
    minors: Vec<Option<Rule>>,
    requires: SmallSet<QualificationIx>,
    extract: bool,
    open_to: SmallSet<DistrictIx>,
    streams: SmallSet<StreamIx>,
}

impl<'s> Eligibility<'s> {
    /// Prepares the rules of a season, in time linear in the number of jobs.
    pub fn new(season: &'s Season) -> Self {
        let bands = &season.settings().rule_pack.bands;
        let mut known: FxHashMap<Kind, u32> = FxHashMap::default();
        let mut kinds = Vec::new();
        let kind_number = |job: &Job| {
            let kind = Kind::of(job, bands);
            *known.entry(kind).or_insert_with_key(|kind| {
                kinds.push(kind.clone());
                kinds.len() as u32 - 1
            })
        };
        let kind_of = season.jobs().iter().map(kind_number).collect();
        Self { season, kinds, kind_of }
    }

    /// Checks a pair.
    ///
    /// # Errors
    ///
    /// Returns the first rule, in the order of [`Rule::ALL`], that refuses the pair.
    pub fn check(&self, applicant: ApplicantIx, job: JobIx) -> Result<(), Rule> {
        self.check_kind(self.season.applicant(applicant), self.kind_of(job))?;
        check_overrides(self.season.overrides_on(applicant), job)
    }

    /// Returns how many kinds of jobs there are.
    pub(crate) fn kind_count(&self) -> usize {
        self.kinds.len()
    }

    /// Returns the kind of a job.
    pub(crate) fn kind_of(&self, job: JobIx) -> u32 {
        self.kind_of[job.get()]
    }

    /// Returns the funding streams that may pay for a job: what the job says, found without looking at the job itself.
    pub(crate) fn streams_of(&self, job: JobIx) -> SmallSet<StreamIx> {
        self.kinds[self.kind_of(job) as usize].streams
    }

    /// Returns the funding streams whose own conditions admit an applicant.
    pub(crate) fn streams_admitting(&self, applicant: &Applicant) -> SmallSet<StreamIx> {
        let streams = (0..self.season.settings().streams.len()).map(StreamIx::new);
        streams.filter(|&stream| self.stream_admits(stream, applicant)).collect()
    }

    /// Returns whether a funding stream's own conditions admit an applicant.
    pub fn stream_admits(&self, stream: StreamIx, applicant: &Applicant) -> bool {
        stream_condition(&self.season.settings().streams[stream.get()], applicant).is_ok()
    }

    /// Checks everything but the overrides: what each of the next functions looks at, in their order.
    pub(crate) fn check_kind(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        self.check_birth_date(applicant, kind)?;
        self.check_period(applicant, kind)?;
        self.check_qualifications(applicant, kind)?;
        self.check_extract(applicant, kind)?;
        self.check_home(applicant, kind)?;
        self.check_funding(applicant, kind)
    }

    pub(crate) fn check_birth_date(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        if !self.season.settings().cohorts.contains(&applicant.birth_date.year()) {
            return Err(Rule::Cohort);
        }
        let kind = &self.kinds[kind as usize];
        self.check_age(applicant, kind, &self.season.settings().periods[kind.period.get()])
    }

    pub(crate) fn check_period(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        let period = self.kinds[kind as usize].period;
        if applicant.periods.is_empty() || applicant.periods.contains(period) { Ok(()) } else { Err(Rule::Period) }
    }

    pub(crate) fn check_qualifications(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        let requires = self.kinds[kind as usize].requires;
        if requires.is_subset(applicant.qualifications) { Ok(()) } else { Err(Rule::Qualification) }
    }

    pub(crate) fn check_extract(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        let kind = &self.kinds[kind as usize];
        let settings = self.season.settings();
        if !kind.extract {
            return Ok(());
        }
        extract_on(applicant, &settings.periods[kind.period.get()], settings.rule_pack.extract_age)
    }

    pub(crate) fn check_home(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        let open_to = self.kinds[kind as usize].open_to;
        if open_to.is_empty() || open_to.contains(applicant.home_district) { Ok(()) } else { Err(Rule::HomeDistrict) }
    }

    pub(crate) fn check_funding(&self, applicant: &Applicant, kind: u32) -> Result<(), Rule> {
        let settings = self.season.settings();
        let kind = &self.kinds[kind as usize];
        let mut first_failure = None;
        for row in kind.streams.rows() {
            match stream_condition(&settings.streams[row], applicant) {
                Ok(()) => return Ok(()),
                Err(rule) => first_failure = first_failure.or(Some(rule)),
            }
        }
        first_failure.map_or(Ok(()), Err)
    }

    fn check_age(&self, applicant: &Applicant, kind: &Kind, period: &Period) -> Result<(), Rule> {
        let bands = &self.season.settings().rule_pack.bands;
        let first = age_on(applicant.birth_date, period.first_day);
        let last = age_on(applicant.birth_date, period.last_day);
        let youngest = i16::from(bands[0].from_age);
        if first < kind.min_age.map_or(youngest, |age| youngest.max(i16::from(age))) {
            return Err(Rule::MinimumAge);
        }
        if kind.max_age.is_some_and(|age| first > i16::from(age)) {
            return Err(Rule::MaximumAge);
        }
        // Every age between the first and the last day is the age on some day, and rules are declared in checking order:
        // the least rule broken at any of these ages is the first that some day breaks.
        let some_day_in = |band: &AgeBand| first <= i16::from(band.to_age) && last >= i16::from(band.from_age);
        let broken = bands.iter().zip(&kind.minors).filter(|(band, _)| some_day_in(band)).filter_map(|(_, &rule)| rule).min();
        broken.map_or(Ok(()), Err)
    }
}

impl Kind {
    fn of(job: &Job, bands: &[AgeBand]) -> Self {
        Self {
            period: job.period,
            min_age: job.min_age,
            max_age: job.max_age,
            minors: bands.iter().map(|band| broken_by_minors(job, band)).collect(),
            requires: job.requires,
            extract: job.extract,
            open_to: job.open_to,
            streams: job.streams,
        }
    }
}

/// Checks the pairs of one applicant after the other, each kind of job once.
pub(crate) struct Checker<'e, 's> {
    eligibility: &'e Eligibility<'s>,
    applicant: ApplicantIx,
    overrides: &'s [Override],
    /// For each kind, the applicant it was last checked for, and what came of it.
    verdicts: Vec<Option<(ApplicantIx, Result<(), Rule>)>>,
}

impl<'e, 's> Checker<'e, 's> {
    /// Begins with an applicant.
    pub(crate) fn new(eligibility: &'e Eligibility<'s>, applicant: ApplicantIx) -> Self {
        let verdicts = vec![None; eligibility.kinds.len()];
        Self { eligibility, applicant, overrides: eligibility.season.overrides_on(applicant), verdicts }
    }

    /// Goes on to another applicant.
    pub(crate) fn go_to(&mut self, applicant: ApplicantIx) {
        self.applicant = applicant;
        self.overrides = self.eligibility.season.overrides_on(applicant);
    }

    /// Returns the applicant's overrides.
    pub(crate) fn overrides(&self) -> &'s [Override] {
        self.overrides
    }

    /// Returns what [`Eligibility::check`] does for the applicant.
    pub(crate) fn check(&mut self, job: JobIx) -> Result<(), Rule> {
        self.check_kind(self.eligibility.kind_of(job))?;
        check_overrides(self.overrides, job)
    }

    /// Returns what [`Eligibility::check_kind`] does for the applicant.
    pub(crate) fn check_kind(&mut self, kind: u32) -> Result<(), Rule> {
        match &mut self.verdicts[kind as usize] {
            Some((applicant, verdict)) if *applicant == self.applicant => *verdict,
            known => {
                let verdict = self.eligibility.check_kind(self.eligibility.season.applicant(self.applicant), kind);
                *known = Some((self.applicant, verdict));
                verdict
            }
        }
    }
}

/// Checks that no override of an applicant forbids a job.
fn check_overrides(overrides: &[Override], job: JobIx) -> Result<(), Rule> {
    let forbids = |o: &Override| o.kind == OverrideKind::Forbid && o.job == job;
    if overrides.iter().any(forbids) { Err(Rule::Forbidden) } else { Ok(()) }
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

/// Checks that a register extract was shown by the first working day, and is then no older than it may be.
pub(crate) fn extract_on(applicant: &Applicant, period: &Period, most: ExtractAge) -> Result<(), Rule> {
    let first = period.first_day;
    let shown = applicant.extract_shown.filter(|shown| *shown <= first).ok_or(Rule::ExtractMissing)?;
    let is_good = match most {
        // Compared as month and day, so that every first day has one so many months before, if not in the calendar.
        ExtractAge::Months(months) => {
            (month_number(shown) + i32::from(months), shown.day()) >= (month_number(first), first.day())
        }
        ExtractAge::Days(days) => first.since(shown).is_ok_and(|age| age.get_days() <= i32::from(days)),
    };
    if is_good { Ok(()) } else { Err(Rule::ExtractTooOld) }
}

/// Numbers the months of all years.
fn month_number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
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
