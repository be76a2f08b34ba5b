//! Writes small seasons in a few words.

use feriematch_model::*;
use jiff::civil::{date, time};

/// The parts of a season, with the words that its wishes may use.
#[derive(Debug, Clone)]
pub(crate) struct Builder(pub(crate) SeasonDraft);

impl Builder {
    /// A season without jobs and applicants: cohorts 2009 to 2011, twelve classes, one period, areas park and office, districts
    /// north and south, the department traffic, and the stream `district`, paid by the home district. No caps.
    pub(crate) fn new() -> Self {
        let named = |id: &str| (Box::<str>::from(id), Box::<str>::from(id));
        let band = |from_age, to_age, hours: u32, start, end, rest: u32| AgeBand {
            from_age,
            to_age,
            minutes_per_day: hours * 60,
            minutes_per_week: hours * 300,
            windows: vec![DailyTime { start: time(start, 0, 0, 0), end: time(end, 0, 0, 0) }],
            daily_rest_minutes: rest * 60,
            minutes_before_break: 270,
            break_minutes: 30,
            days_per_week: 5,
            weekly_rest_minutes: 36 * 60,
            hazardous: false,
        };
        let settings = Settings {
            name: "Test 2027".into(),
            year: 2027,
            cohorts: vec![2009, 2010, 2011],
            classes: (0..12)
                .map(|row| format!("class {row:02}"))
                .map(|code| PriorityClass { name: code.as_str().into(), code: code.into() })
                .collect(),
            periods: vec![Period {
                id: "1".into(),
                name: "Period 1".into(),
                first_day: date(2027, 6, 14),
                last_day: date(2027, 7, 2),
            }],
            areas: ["park", "office"].map(named).map(|(id, name)| Area { id, name }).to_vec(),
            qualifications: vec![Qualification { id: "licence".into(), name: "licence".into() }],
            districts: ["north", "south"].map(named).map(|(id, name)| District { id, name, budget: None, cap: None }).to_vec(),
            departments: vec![Department { id: "traffic".into(), name: "traffic".into(), budget: None, cap: None }],
            streams: vec![stream("district", Payer::HomeDistrict)],
            cost_per_place: None,
            seed: None,
            mechanism: Mechanism::Priority,
            placement: feriematch_model::PlacementRule::default(),
            rank_costs: RankCosts::Linear,
            balance: feriematch_model::Balance::NONE,
            rule_pack: RulePack {
                id: "test".into(),
                source: "test".into(),
                valid_from: date(2027, 1, 1),
                extract_age: ExtractAge::Months(12),
                bands: vec![band(13, 15, 7, 6, 20, 14), band(16, 17, 8, 6, 22, 12)],
            },
            wages: Vec::new(),
            employer_fee_basis_points: 0,
            reduced_fees: Vec::new(),
            reversion: Vec::new(),
        };
        Self(SeasonDraft { settings, applicants: Vec::new(), jobs: Vec::new(), overrides: Vec::new() })
    }

    /// Adds a job of the district north in the area park, paid by the first stream. Jobs come in order of their ids.
    pub(crate) fn job(mut self, id: &str, capacity: u32) -> Self {
        self.0.jobs.push(Job {
            id: id.into(),
            title: id.into(),
            employer: Employer::District(DistrictIx::new(0)),
            host_district: Some(DistrictIx::new(0)),
            area: AreaIx::new(0),
            capacity,
            period: PeriodIx::new(0),
            min_age: None,
            max_age: None,
            requires: SmallSet::new(),
            extract: false,
            hazardous: false,
            open_to: SmallSet::new(),
            streams: set(&[0]),
            paid_minutes: None,
            minutes_per_day: None,
            minutes_per_week: None,
            daily_time: None,
        });
        self
    }

    /// Changes the job added last.
    pub(crate) fn with_job(mut self, change: impl FnOnce(&mut Job)) -> Self {
        change(self.0.jobs.last_mut().unwrap());
        self
    }

    /// Adds an applicant of 17 who lives in the district north, with wishes such as `a = b > park > any`. Applicants
    /// come in order of their ids, after the jobs. Each is of the class after the one before, so the ranking is in order of ids too.
    pub(crate) fn applicant(mut self, id: &str, wishes: &str) -> Self {
        let target = |word: &str| match word {
            "any" => Target::Jobs(JobFilter::ANY),
            "park" => Target::Jobs(JobFilter { area: Some(AreaIx::new(0)), district: None }),
            "office" => Target::Jobs(JobFilter { area: Some(AreaIx::new(1)), district: None }),
            "north" => Target::Jobs(JobFilter { area: None, district: Some(DistrictIx::new(0)) }),
            job => Target::Job(JobIx::new(self.0.jobs.iter().position(|j| &*j.id == job).unwrap())),
        };
        let ranks = wishes.split('>').map(|rank| rank.split('=').map(str::trim).filter(|word| !word.is_empty()));
        let wishes = (1..).zip(ranks).flat_map(|(rank, words)| words.map(move |word| (rank, word)));
        let wishes = wishes.map(|(rank, word)| Wish { rank, target: target(word) }).collect();
        self.0.applicants.push(Applicant {
            id: id.into(),
            name: None,
            birth_date: date(2010, 3, 1),
            gender: Gender::Unknown,
            home_district: DistrictIx::new(0),
            class: ClassIx::new(self.0.applicants.len()),
            wishes,
            periods: SmallSet::new(),
            qualifications: SmallSet::new(),
            extract_shown: None,
            protected: false,
            displaced: false,
        });
        self
    }

    /// Changes the applicant added last.
    pub(crate) fn with_applicant(mut self, change: impl FnOnce(&mut Applicant)) -> Self {
        change(self.0.applicants.last_mut().unwrap());
        self
    }

    /// Changes the settings.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.0.settings);
        self
    }

    /// Adds an override that states no stream.
    pub(crate) fn decide(self, kind: OverrideKind, applicant: &str, job: &str) -> Self {
        self.overrule(kind, applicant, job, None)
    }

    /// Adds a lock that states its stream.
    pub(crate) fn lock_paid_by(self, applicant: &str, job: &str, stream: usize) -> Self {
        self.overrule(OverrideKind::Lock, applicant, job, Some(StreamIx::new(stream)))
    }

    fn overrule(mut self, kind: OverrideKind, applicant: &str, job: &str, stream: Option<StreamIx>) -> Self {
        let applicant = ApplicantIx::new(self.0.applicants.iter().position(|a| &*a.id == applicant).unwrap());
        let job = JobIx::new(self.0.jobs.iter().position(|j| &*j.id == job).unwrap());
        self.0.overrides.push(Override { kind, applicant, job, stream, reason: "test".into(), by: "test".into() });
        self.0.overrides.sort_by_key(|o| (o.applicant, o.job));
        self
    }

    pub(crate) fn build(self) -> Season {
        Season::new(self.0).unwrap()
    }
}

/// A stream without conditions and cap.
pub(crate) fn stream(id: &str, payer: Payer) -> Stream {
    Stream {
        id: id.into(),
        name: id.into(),
        payer,
        cap: None,
        classes: SmallSet::new(),
        cohorts: Vec::new(),
        home_districts: SmallSet::new(),
    }
}

/// A set of rows.
pub(crate) fn set<I: Copy + Into<u32> + FromRow>(rows: &[usize]) -> SmallSet<I> {
    rows.iter().map(|&row| I::from_row(row)).collect()
}

/// An index that can be made of a row number.
pub(crate) trait FromRow {
    fn from_row(row: usize) -> Self;
}

macro_rules! from_row {
    ($($name:ident)*) => {$(
        impl FromRow for $name {
            fn from_row(row: usize) -> Self {
                Self::new(row)
            }
        }
    )*};
}

from_row! { StreamIx ClassIx DistrictIx QualificationIx PeriodIx }
