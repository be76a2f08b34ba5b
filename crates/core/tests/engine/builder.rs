//! Writes small seasons in a few words.

use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_model::*;
use jiff::civil::{date, time};

/// The seed of every run.
pub(crate) const SEED: &str = "public seed";

/// The parts of a season, with the words that its wishes may use.
#[derive(Debug, Clone)]
pub(crate) struct Builder(pub(crate) SeasonDraft);

impl Builder {
    /// A season without jobs and applicants: cohorts 2009 to 2011, twenty classes, one period of three weeks, areas park and office,
    /// districts north and south, departments traffic and culture, and the stream `district`, paid by the home district. No caps. The
    /// limits on minors' work are those of Sweden.
    pub(crate) fn new() -> Self {
        let named = |id: &str| (Box::<str>::from(id), Box::<str>::from(id));
        let class = |code: String| PriorityClass { name: code.as_str().into(), code: code.into() };
        let settings = Settings {
            name: "Test 2027".into(),
            year: 2027,
            cohorts: vec![2009, 2010, 2011],
            classes: (0..20).map(|row| class(format!("class {row:02}"))).collect(),
            periods: vec![period("1", date(2027, 6, 14), date(2027, 7, 2))],
            areas: ["park", "office"].map(named).map(|(id, name)| Area { id, name }).to_vec(),
            qualifications: ["licence", "swimming"].map(named).map(|(id, name)| Qualification { id, name }).to_vec(),
            districts: ["north", "south"].map(named).map(|(id, name)| District { id, name, budget: None, cap: None }).to_vec(),
            departments: ["traffic", "culture"]
                .map(named)
                .map(|(id, name)| Department { id, name, budget: None, cap: None })
                .to_vec(),
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
                bands: vec![
                    AgeBand {
                        from_age: 13,
                        to_age: 15,
                        minutes_per_day: 7 * 60,
                        minutes_per_week: 35 * 60,
                        windows: vec![hours(6, 20)],
                        daily_rest_minutes: 14 * 60,
                        minutes_before_break: 270,
                        break_minutes: 30,
                        days_per_week: 5,
                        weekly_rest_minutes: 36 * 60,
                        hazardous: false,
                    },
                    AgeBand {
                        from_age: 16,
                        to_age: 17,
                        minutes_per_day: 8 * 60,
                        minutes_per_week: 40 * 60,
                        windows: vec![hours(6, 22), hours(7, 23)],
                        daily_rest_minutes: 12 * 60,
                        minutes_before_break: 270,
                        break_minutes: 30,
                        days_per_week: 5,
                        weekly_rest_minutes: 36 * 60,
                        hazardous: false,
                    },
                ],
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

    /// Adds an applicant of 17 who lives in the district north, with wishes such as `a = b > park & south > any`. Applicants come in order
    /// of their ids, after the jobs. Each is of the class after the one before, so the ranking is in order of ids too.
    pub(crate) fn applicant(mut self, id: &str, wishes: &str) -> Self {
        let ranks = wishes.split('>').map(|rank| rank.split('=').map(str::trim).filter(|words| !words.is_empty()));
        let wishes = (1..).zip(ranks).flat_map(|(rank, tied)| tied.map(move |words| (rank, words)));
        let wishes = wishes.map(|(rank, words)| Wish { rank, target: self.target(words) }).collect();
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

    fn target(&self, words: &str) -> Target {
        if let Some(row) = self.0.jobs.iter().position(|j| &*j.id == words) {
            return Target::Job(JobIx::new(row));
        }
        let mut filter = JobFilter::ANY;
        for word in words.split('&').map(str::trim) {
            match word {
                "park" => filter.area = Some(AreaIx::new(0)),
                "office" => filter.area = Some(AreaIx::new(1)),
                "north" => filter.district = Some(DistrictIx::new(0)),
                "south" => filter.district = Some(DistrictIx::new(1)),
                "any" => {}
                _ => panic!("`{word}` is no job, area or district"),
            }
        }
        Target::Jobs(filter)
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

/// The time from one full hour to another.
pub(crate) fn hours(start: i8, end: i8) -> DailyTime {
    DailyTime { start: time(start, 0, 0, 0), end: time(end, 0, 0, 0) }
}

/// A working period.
pub(crate) fn period(id: &str, first_day: jiff::civil::Date, last_day: jiff::civil::Date) -> Period {
    Period { id: id.into(), name: id.into(), first_day, last_day }
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

/// Makes a job one of a department, done in no district.
pub(crate) fn of_department(row: usize) -> impl FnOnce(&mut Job) {
    move |job| {
        job.employer = Employer::Department(DepartmentIx::new(row));
        job.host_district = None;
    }
}

/// Runs a season by a mechanism, and has the outcome audited.
pub(crate) fn outcome_of(season: &Season, mechanism: Mechanism) -> Outcome {
    outcome_with(season, &RunOptions::with(mechanism, PlacementRule::default()))
}

/// Runs a season as asked, and has the outcome audited.
pub(crate) fn outcome_with(season: &Season, options: &RunOptions) -> Outcome {
    let outcome = run(&Preparation::new(season), &Ranking::draw(season, SEED), options, &mut |_| ()).unwrap();
    feriematch_audit::audit(season, &outcome).unwrap();
    outcome
}

/// Says in a few words what became of everybody, in order of ids: `a:district`, the job and the stream; `-full`, the reasons; or `!cohort`, the rules.
pub(crate) fn verdicts(outcome: &Outcome) -> Vec<String> {
    let words = |decision: &Decision| match &decision.verdict {
        Verdict::Placed(placed) => format!("{}:{}", placed.job, placed.stream),
        Verdict::Waiting { reasons } => reasons.iter().map(|reason| format!("-{}", word(*reason))).collect(),
        Verdict::Ineligible { rules } => rules.iter().map(|rule| format!("!{rule}")).collect(),
    };
    outcome.decisions.iter().map(words).collect()
}

fn word(reason: StageReason) -> &'static str {
    match reason {
        StageReason::NoEligibleJob => "none",
        StageReason::HomeCap => "home",
        StageReason::Full => "full",
        StageReason::MoveLimit => "limit",
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
