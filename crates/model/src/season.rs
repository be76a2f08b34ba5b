//! The season: settings, applicants, jobs, overrides, checked against each other.

use jiff::civil::Date;
use rayon::prelude::*;

use crate::{
    Applicant, ApplicantIx, AreaIx, Balance, ClassIx, DepartmentIx, DistrictIx, Employer, Job, JobIx, Mechanism, Money,
    PlacementRule, RankCosts, RulePack, SmallSet, StreamIx, Target, WageBand,
};

/// What `season.toml` says: everything but applicants, jobs and overrides. Tables keep the file's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The season's name.
    pub name: Box<str>,
    /// The calendar year of the season.
    pub year: i16,
    /// The birth years that may apply.
    pub cohorts: Vec<i16>,
    /// Priority classes, the first served first.
    pub classes: Vec<PriorityClass>,
    /// Working periods.
    pub periods: Vec<Period>,
    /// Work areas.
    pub areas: Vec<Area>,
    /// Qualifications that jobs may require.
    pub qualifications: Vec<Qualification>,
    /// Districts: where youths live, and employers.
    pub districts: Vec<District>,
    /// Departments: employers.
    pub departments: Vec<Department>,
    /// Funding streams, in the order in which they are served.
    pub streams: Vec<Stream>,
    /// What one place is planned to cost; a district's budget divided by it caps the places it buys.
    pub cost_per_place: Option<Money>,
    /// The public seed of the lottery, if the file gives one.
    pub seed: Option<Box<str>>,
    /// The mechanism that a run uses unless told otherwise.
    pub mechanism: Mechanism,
    /// Which of the placements of those selected is taken.
    pub placement: PlacementRule,
    /// What a wish's rank costs the placement.
    pub rank_costs: RankCosts,
    /// Soft targets for girls and boys; none by default.
    pub balance: Balance,
    /// What the law allows minors.
    pub rule_pack: RulePack,
    /// Wages by age, ascending, without overlap; empty where costs are not computed.
    pub wages: Vec<WageBand>,
    /// The employer's fee on wages, in hundredths of a per cent.
    pub employer_fee_basis_points: u32,
    /// Fees that hold for some birth years instead; no birth year is in two of them.
    pub reduced_fees: Vec<ReducedFee>,
    /// Who gets the places that nobody of the season can take, and in what proportion.
    pub reversion: Vec<Beneficiary>,
}

/// The employer's fee on the wages of those born in some years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReducedFee {
    /// The birth years.
    pub cohorts: Vec<i16>,
    /// The fee, in hundredths of a per cent.
    pub basis_points: u32,
}

/// Somebody outside the season to whom surplus places are ceded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beneficiary {
    /// Who.
    pub name: Box<str>,
    /// What part of the places, in proportion to the others' shares.
    pub share: u32,
}

/// A priority class (fairness class). The code is opaque: it never tells the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorityClass {
    /// The code that files use.
    pub code: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
}

/// A working period. Every day from the first to the last may be worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
    /// The first working day: the wage and the least age follow the age on this day.
    pub first_day: Date,
    /// The last working day.
    pub last_day: Date,
}

/// A work area, such as parks or elderly care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
}

/// A qualification that a job may require.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
}

/// A district (stadsdel).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
    /// The money for youths who live here, wherever they work.
    pub budget: Option<Money>,
    /// The most youths living here that home-district streams may place, where it is given as a number.
    pub cap: Option<u32>,
}

/// A department (fackförvaltning).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
    /// The department's own money for summer jobs.
    pub budget: Option<Money>,
    /// The most youths who may work in the department, over all streams.
    pub cap: Option<u32>,
}

/// A funding stream. Streams are served one after the other in the order of [`Settings::streams`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The id that files use.
    pub id: Box<str>,
    /// What reports call it.
    pub name: Box<str>,
    /// Who pays.
    pub payer: Payer,
    /// The most places the stream pays for.
    pub cap: Option<u32>,
    /// The classes it pays for; empty means every class.
    pub classes: SmallSet<ClassIx>,
    /// The birth years it pays for; empty means every cohort.
    pub cohorts: Vec<i16>,
    /// The home districts it pays for; empty means every district.
    pub home_districts: SmallSet<DistrictIx>,
}

impl Stream {
    /// Returns whether the stream pays for everybody, of any class, birth year and home district.
    pub fn is_open_to_all(&self) -> bool {
        self.classes.is_empty() && self.cohorts.is_empty() && self.home_districts.is_empty()
    }
}

/// Who pays for a place of a funding stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The district where the youth lives; its cap counts.
    HomeDistrict,
    /// The employer of the job.
    Employer,
    /// Somebody outside, such as the state.
    External,
}

/// An administrator's decision on one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What is decided.
    pub kind: OverrideKind,
    /// On whom.
    pub applicant: ApplicantIx,
    /// On which job.
    pub job: JobIx,
    /// Which stream pays for a locked place; the first of the job's that admits the applicant, if not said. Nothing for what
    /// is forbidden.
    pub stream: Option<StreamIx>,
    /// Why.
    pub reason: Box<str>,
    /// Who decided it.
    pub by: Box<str>,
}

/// What an override does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverrideKind {
    /// The applicant gets a place of this job before anything else is decided.
    Lock,
    /// The applicant has a place of this job from an earlier round and keeps it: a lock that nobody decided by hand.
    Hold,
    /// The applicant does not get a place of this job.
    Forbid,
}

impl OverrideKind {
    /// Returns whether it gives the applicant a place of the job.
    pub const fn gives_place(self) -> bool {
        matches!(self, Self::Lock | Self::Hold)
    }
}

/// The parts of a season before they are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonDraft {
    /// What `season.toml` says.
    pub settings: Settings,
    /// Applicants, sorted by id.
    pub applicants: Vec<Applicant>,
    /// Jobs, sorted by id.
    pub jobs: Vec<Job>,
    /// Overrides, sorted by applicant, then job.
    pub overrides: Vec<Override>,
}

/// A season whose parts fit together.
///
/// Applicants and jobs are sorted by id, so nothing that is computed from a season can depend on the order of rows in a
/// file. Every index in it is in range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season(SeasonDraft);

/// Why parts do not make a season. Readers of files find these first and say where; this is the last line of defence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeasonError {
    /// A table is not sorted by a unique key.
    #[error("{table} are not sorted by a unique key at row {row}")]
    NotSorted {
        /// The table.
        table: &'static str,
        /// The first row that is not above the one before it.
        row: usize,
    },
    /// A row refers to something that is not there.
    #[error("row {row} of {table}: unknown {what}")]
    Dangling {
        /// The table.
        table: &'static str,
        /// The row.
        row: usize,
        /// What is missing.
        what: &'static str,
    },
    /// A table has more rows than sets of its rows can hold, or none where one is needed.
    #[error("there are {count} {table}; it takes {least} to {most}")]
    Size {
        /// The table.
        table: &'static str,
        /// How many rows it has.
        count: usize,
        /// The fewest allowed.
        least: usize,
        /// The most allowed.
        most: usize,
    },
    /// A value contradicts another or is out of its range.
    #[error("row {row} of {table}: {what}")]
    Value {
        /// The table.
        table: &'static str,
        /// The row.
        row: usize,
        /// What is wrong.
        what: &'static str,
    },
}

impl Season {
    /// Checks that the parts fit together.
    ///
    /// # Errors
    ///
    /// Returns the first thing that does not fit.
    pub fn new(draft: SeasonDraft) -> Result<Self, SeasonError> {
        let season = Self(draft);
        season.check_settings()?;
        season.check_applicants()?;
        season.check_jobs()?;
        season.check_overrides()?;
        Ok(season)
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Returns the applicants, sorted by id.
    pub fn applicants(&self) -> &[Applicant] {
        &self.0.applicants
    }

    /// Returns the jobs, sorted by id.
    pub fn jobs(&self) -> &[Job] {
        &self.0.jobs
    }

    /// Returns the overrides, sorted by applicant, then job.
    pub fn overrides(&self) -> &[Override] {
        &self.0.overrides
    }

    /// Returns an applicant.
    pub fn applicant(&self, index: ApplicantIx) -> &Applicant {
        &self.0.applicants[index.get()]
    }

    /// Returns a job.
    pub fn job(&self, index: JobIx) -> &Job {
        &self.0.jobs[index.get()]
    }

    /// Returns the period in which a job is done.
    pub fn period_of(&self, job: &Job) -> &Period {
        &self.0.settings.periods[job.period.get()]
    }

    /// Finds an applicant by id.
    pub fn find_applicant(&self, id: &str) -> Option<ApplicantIx> {
        self.0.applicants.binary_search_by(|a| (*a.id).cmp(id)).ok().map(ApplicantIx::new)
    }

    /// Finds a job by id.
    pub fn find_job(&self, id: &str) -> Option<JobIx> {
        self.0.jobs.binary_search_by(|j| (*j.id).cmp(id)).ok().map(JobIx::new)
    }

    /// Returns the best rank at which an applicant wished for a job, eligible or not.
    pub fn wished_rank(&self, applicant: ApplicantIx, job: JobIx) -> Option<u16> {
        let names = |target| match target {
            Target::Job(wished) => wished == job,
            Target::Jobs(filter) => filter.admits(self.job(job)),
        };
        self.applicant(applicant).wishes.iter().find(|wish| names(wish.target)).map(|wish| wish.rank)
    }

    /// Returns the overrides on one applicant, sorted by job.
    pub fn overrides_on(&self, applicant: ApplicantIx) -> &[Override] {
        let from = self.0.overrides.partition_point(|o| o.applicant < applicant);
        let to = self.0.overrides.partition_point(|o| o.applicant <= applicant);
        &self.0.overrides[from..to]
    }

    /// Returns the most youths of a district that home-district streams may place: the stated cap, what the budget buys
    /// at the planned cost of a place, or the lesser of the two; `None` where neither is given.
    pub fn home_cap(&self, district: DistrictIx) -> Option<u32> {
        let settings = &self.0.settings;
        let district = &settings.districts[district.get()];
        let bought = district.budget.zip(settings.cost_per_place).map(|(budget, unit)| budget.buys(unit));
        match (district.cap, bought) {
            (Some(cap), Some(bought)) => Some(cap.min(bought)),
            (cap, bought) => cap.or(bought),
        }
    }

    /// Returns the name of an employer.
    pub fn employer_name(&self, employer: Employer) -> &str {
        match employer {
            Employer::District(d) => &self.0.settings.districts[d.get()].name,
            Employer::Department(d) => &self.0.settings.departments[d.get()].name,
        }
    }

    /// Returns the id of an employer.
    pub fn employer_id(&self, employer: Employer) -> &str {
        match employer {
            Employer::District(d) => &self.0.settings.districts[d.get()].id,
            Employer::Department(d) => &self.0.settings.departments[d.get()].id,
        }
    }

    /// Returns the hourly wage of an applicant in a job, by the age on the first working day; `None` where no band of
    /// the wage table holds that age.
    pub fn wage(&self, applicant: &Applicant, job: &Job) -> Option<Money> {
        if self.0.settings.wages.is_empty() {
            return None;
        }
        let age = crate::age_on(applicant.birth_date, self.period_of(job).first_day);
        let within = |band: &&WageBand| (i16::from(band.from_age)..=i16::from(band.to_age)).contains(&age);
        self.0.settings.wages.iter().find(within).map(|band| band.per_hour)
    }

    /// Returns the employer's fee on an applicant's wages, in hundredths of a per cent.
    pub fn employer_fee_basis_points(&self, applicant: &Applicant) -> u32 {
        let settings = &self.0.settings;
        let reduced = settings.reduced_fees.iter().find(|fee| fee.cohorts.contains(&applicant.birth_date.year()));
        reduced.map_or(settings.employer_fee_basis_points, |fee| fee.basis_points)
    }

    fn check_settings(&self) -> Result<(), SeasonError> {
        let s = &self.0.settings;
        let limit = SmallSet::<StreamIx>::LIMIT;
        for (table, count, least, most) in [
            ("priority classes", s.classes.len(), 1, limit),
            ("periods", s.periods.len(), 1, limit),
            ("districts", s.districts.len(), 1, limit),
            ("funding streams", s.streams.len(), 1, limit),
            ("qualifications", s.qualifications.len(), 0, limit),
            ("work areas", s.areas.len(), 0, AreaIx::LIMIT),
        ] {
            if !(least..=most).contains(&count) {
                return Err(SeasonError::Size { table, count, least, most });
            }
        }
        let value = |table, row, what| Err(SeasonError::Value { table, row, what });
        if let Some(row) = s.periods.iter().position(|p| p.last_day < p.first_day) {
            return value("periods", row, "the last day comes before the first");
        }
        if s.cost_per_place.is_some_and(|cost| cost <= Money::ZERO) {
            return value("settings", 0, "the cost of a place is not positive");
        }
        if let RankCosts::Table(costs) = &s.rank_costs
            && (costs.is_empty() || !costs.is_sorted())
        {
            return value("settings", 0, "rank costs are empty or fall");
        }
        if s.balance.check(s.mechanism, s.placement, &s.rank_costs).is_err() {
            return value("settings", 0, "the soft balance targets cannot be served");
        }
        if !bands_ascend(s.wages.iter().map(|b| (b.from_age, b.to_age)), false) {
            return value("wages", 0, "the age bands overlap or are out of order");
        }
        if s.rule_pack.bands.is_empty() || !bands_ascend(s.rule_pack.bands.iter().map(|b| (b.from_age, b.to_age)), true) {
            return value("rule pack", 0, "the age bands are missing, overlap or leave a gap");
        }
        Ok(())
    }

    fn check_applicants(&self) -> Result<(), SeasonError> {
        let table = "applicants";
        let s = &self.0.settings;
        sorted(table, &self.0.applicants, |a, b| a.id < b.id)?;
        let check = |(row, a): (usize, &Applicant)| {
            let dangling = |what| Some(SeasonError::Dangling { table, row, what });
            if a.home_district.get() >= s.districts.len() {
                return dangling("district");
            }
            if a.class.get() >= s.classes.len() {
                return dangling("priority class");
            }
            if a.periods.rows().any(|p| p >= s.periods.len()) {
                return dangling("period");
            }
            if a.qualifications.rows().any(|q| q >= s.qualifications.len()) {
                return dangling("qualification");
            }
            if a.wishes.iter().any(|w| w.rank == 0) || !a.wishes.is_sorted_by_key(|w| w.rank) {
                return Some(SeasonError::Value { table, row, what: "wishes are not sorted by ranks from 1" });
            }
            for wish in &a.wishes {
                match wish.target {
                    Target::Job(job) if job.get() >= self.0.jobs.len() => return dangling("job"),
                    Target::Jobs(f) if f.area.is_some_and(|x| x.get() >= s.areas.len()) => return dangling("area"),
                    Target::Jobs(f) if f.district.is_some_and(|x| x.get() >= s.districts.len()) => return dangling("district"),
                    _ => {}
                }
            }
            None
        };
        self.0.applicants.par_iter().enumerate().find_map_first(check).map_or(Ok(()), Err)
    }

    fn check_jobs(&self) -> Result<(), SeasonError> {
        let table = "jobs";
        let s = &self.0.settings;
        sorted(table, &self.0.jobs, |a, b| a.id < b.id)?;
        for (row, job) in self.0.jobs.iter().enumerate() {
            let dangling = |what| Err(SeasonError::Dangling { table, row, what });
            let employer_missing = match job.employer {
                Employer::District(d) => d.get() >= s.districts.len(),
                Employer::Department(d) => d.get() >= s.departments.len(),
            };
            if employer_missing {
                return dangling("employer");
            }
            if job.host_district.is_some_and(|d| d.get() >= s.districts.len())
                || job.open_to.rows().any(|d| d >= s.districts.len())
            {
                return dangling("district");
            }
            if job.area.get() >= s.areas.len() {
                return dangling("area");
            }
            if job.period.get() >= s.periods.len() {
                return dangling("period");
            }
            if job.requires.rows().any(|q| q >= s.qualifications.len()) {
                return dangling("qualification");
            }
            if job.streams.rows().any(|x| x >= s.streams.len()) {
                return dangling("funding stream");
            }
            if job.streams.is_empty() {
                return Err(SeasonError::Value { table, row, what: "no funding stream pays for the job" });
            }
            if job.daily_time.is_some_and(|t| t.end <= t.start) {
                return Err(SeasonError::Value { table, row, what: "the working day ends before it starts" });
            }
        }
        Ok(())
    }

    fn check_overrides(&self) -> Result<(), SeasonError> {
        let table = "overrides";
        sorted(table, &self.0.overrides, |a, b| (a.applicant, a.job) < (b.applicant, b.job))?;
        let mut locked: Option<ApplicantIx> = None;
        for (row, o) in self.0.overrides.iter().enumerate() {
            if o.applicant.get() >= self.0.applicants.len() {
                return Err(SeasonError::Dangling { table, row, what: "applicant" });
            }
            if o.job.get() >= self.0.jobs.len() {
                return Err(SeasonError::Dangling { table, row, what: "job" });
            }
            if o.stream.is_some_and(|stream| stream.get() >= self.0.settings.streams.len()) {
                return Err(SeasonError::Dangling { table, row, what: "funding stream" });
            }
            match o.kind {
                OverrideKind::Lock | OverrideKind::Hold if locked == Some(o.applicant) => {
                    return Err(SeasonError::Value { table, row, what: "the applicant is locked to two jobs" });
                }
                OverrideKind::Lock | OverrideKind::Hold => locked = Some(o.applicant),
                OverrideKind::Forbid if o.stream.is_some() => {
                    return Err(SeasonError::Value { table, row, what: "a funding stream pays for what is forbidden" });
                }
                OverrideKind::Forbid => {}
            }
        }
        Ok(())
    }
}

impl Settings {
    /// Finds a department by id.
    pub fn find_department(&self, id: &str) -> Option<DepartmentIx> {
        self.departments.iter().position(|d| &*d.id == id).map(DepartmentIx::new)
    }

    /// Finds a funding stream by id.
    pub fn find_stream(&self, id: &str) -> Option<StreamIx> {
        self.streams.iter().position(|s| &*s.id == id).map(StreamIx::new)
    }
}

/// Checks that rows ascend strictly.
fn sorted<T: Sync>(table: &'static str, rows: &[T], ascends: impl Fn(&T, &T) -> bool + Sync) -> Result<(), SeasonError> {
    match rows.par_windows(2).position_first(|pair| !ascends(&pair[0], &pair[1])) {
        Some(at) => Err(SeasonError::NotSorted { table, row: at + 1 }),
        None => Ok(()),
    }
}

/// Returns whether age bands are well-formed and follow each other, with no gap if `adjacent`.
fn bands_ascend(bands: impl Iterator<Item = (u8, u8)>, adjacent: bool) -> bool {
    let mut next: Option<u16> = None;
    for (from, to) in bands {
        let starts_right = next.is_none_or(|n| if adjacent { u16::from(from) == n } else { u16::from(from) >= n });
        if to < from || !starts_right {
            return false;
        }
        next = Some(u16::from(to) + 1);
    }
    true
}
