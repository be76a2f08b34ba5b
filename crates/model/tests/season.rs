//! What makes a season, and what its fingerprint tells apart.

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, Area, AreaIx, Beneficiary, ClassIx, DailyTime, Department, DepartmentIx, District,
    DistrictIx, Employer, ExtractAge, Fingerprint, Gender, Job, JobFilter, JobIx, Mechanism, Money, Override, OverrideKind,
    Payer, Period, PeriodIx, PriorityClass, Qualification, QualificationIx, RankCosts, RulePack, Season, SeasonDraft,
    SeasonError, Settings, Stream, StreamIx, Target, WageBand, Wish,
};
use jiff::civil::{date, time};

fn settings() -> Settings {
    let day = DailyTime { start: time(6, 0, 0, 0), end: time(22, 0, 0, 0) };
    let band = |from_age, to_age| AgeBand {
        from_age,
        to_age,
        minutes_per_day: 480,
        minutes_per_week: 2_400,
        windows: vec![day],
        daily_rest_minutes: 720,
        minutes_before_break: 270,
        break_minutes: 30,
        days_per_week: 5,
        weekly_rest_minutes: 36 * 60,
        hazardous: false,
    };
    let stream = |id: &str, payer| Stream {
        id: id.into(),
        name: id.into(),
        payer,
        cap: None,
        classes: [].into_iter().collect(),
        cohorts: Vec::new(),
        home_districts: [].into_iter().collect(),
    };
    let district = |id: &str| District { id: id.into(), name: id.into(), budget: None, cap: None };
    let period = |id: &str, month| Period {
        id: id.into(),
        name: id.into(),
        first_day: date(2027, month, 1),
        last_day: date(2027, month, 20),
    };
    Settings {
        name: "test".into(),
        year: 2027,
        cohorts: vec![2009, 2010],
        classes: ["P", "A"].map(|c| PriorityClass { code: c.into(), name: c.into() }).into(),
        periods: vec![period("1", 6), period("2", 7)],
        areas: ["park", "office"].map(|a| Area { id: a.into(), name: a.into() }).into(),
        qualifications: vec![Qualification { id: "swim".into(), name: "swim".into() }],
        districts: vec![district("north"), district("south")],
        departments: vec![Department { id: "roads".into(), name: "roads".into(), budget: None, cap: None }],
        streams: vec![stream("home", Payer::HomeDistrict), stream("own", Payer::Employer)],
        cost_per_place: None,
        seed: None,
        mechanism: Mechanism::Priority,
        placement: feriematch_model::PlacementRule::default(),
        rank_costs: RankCosts::Linear,
        balance: feriematch_model::Balance::NONE,
        rule_pack: RulePack {
            id: "pack".into(),
            source: "a source".into(),
            valid_from: date(2020, 1, 1),
            bands: vec![band(13, 15), band(16, 17)],
            extract_age: ExtractAge::Months(12),
        },
        wages: vec![
            WageBand { from_age: 15, to_age: 16, per_hour: Money::from_kronor(87) },
            WageBand { from_age: 17, to_age: 17, per_hour: Money::from_ore(9_750) },
        ],
        employer_fee_basis_points: 3_142,
        reduced_fees: Vec::new(),
        reversion: Vec::new(),
    }
}

fn applicant(id: &str) -> Applicant {
    let wish = |rank, target| Wish { rank, target };
    Applicant {
        id: id.into(),
        name: None,
        birth_date: date(2010, 6, 1),
        gender: Gender::Female,
        home_district: DistrictIx::new(0),
        class: ClassIx::new(1),
        wishes: [wish(1, Target::Job(JobIx::new(0))), wish(2, Target::Jobs(JobFilter::ANY))].into(),
        periods: [].into_iter().collect(),
        qualifications: [].into_iter().collect(),
        extract_shown: None,
        protected: false,
        displaced: false,
    }
}

fn job(id: &str) -> Job {
    Job {
        id: id.into(),
        title: "work".into(),
        employer: Employer::District(DistrictIx::new(0)),
        host_district: None,
        area: AreaIx::new(0),
        capacity: 2,
        period: PeriodIx::new(0),
        min_age: None,
        max_age: None,
        requires: [].into_iter().collect(),
        extract: false,
        hazardous: false,
        open_to: [].into_iter().collect(),
        streams: [StreamIx::new(0)].into_iter().collect(),
        paid_minutes: Some(5_400),
        minutes_per_day: None,
        minutes_per_week: None,
        daily_time: None,
    }
}

fn pair(kind: OverrideKind, applicant: usize, job: usize) -> Override {
    let (applicant, job) = (ApplicantIx::new(applicant), JobIx::new(job));
    Override { kind, applicant, job, stream: None, reason: "why".into(), by: "who".into() }
}

fn draft() -> SeasonDraft {
    SeasonDraft {
        settings: settings(),
        applicants: vec![applicant("a"), applicant("b")],
        jobs: vec![job("x"), job("y")],
        overrides: vec![pair(OverrideKind::Lock, 0, 1)],
    }
}

/// One change to a season.
type Change = fn(&mut SeasonDraft);

#[test]
fn parts_that_do_not_fit_are_refused() {
    let refused: &[(&str, Change)] = &[
        ("applicants are not sorted by a unique key at row 1", |d| d.applicants.reverse()),
        ("applicants are not sorted by a unique key at row 1", |d| d.applicants[1].id = "a".into()),
        ("jobs are not sorted by a unique key at row 1", |d| d.jobs[1].id = "x".into()),
        ("overrides are not sorted by a unique key at row 1", |d| d.overrides.push(pair(OverrideKind::Forbid, 0, 1))),
        ("row 0 of applicants: unknown district", |d| d.applicants[0].home_district = DistrictIx::new(2)),
        ("row 0 of applicants: unknown priority class", |d| d.applicants[0].class = ClassIx::new(2)),
        ("row 1 of applicants: unknown period", |d| d.applicants[1].periods.insert(PeriodIx::new(2))),
        ("row 1 of applicants: unknown qualification", |d| {
            d.applicants[1].qualifications.insert(QualificationIx::new(1));
        }),
        ("row 0 of applicants: unknown job", |d| {
            d.applicants[0].wishes[0].target = Target::Job(JobIx::new(2));
        }),
        ("row 0 of applicants: unknown area", |d| {
            d.applicants[0].wishes[0].target = Target::Jobs(JobFilter { area: Some(AreaIx::new(2)), district: None });
        }),
        ("row 0 of applicants: unknown district", |d| {
            d.applicants[0].wishes[0].target = Target::Jobs(JobFilter { area: None, district: Some(DistrictIx::new(2)) });
        }),
        ("row 0 of applicants: wishes are not sorted by ranks from 1", |d| d.applicants[0].wishes[0].rank = 3),
        ("row 0 of applicants: wishes are not sorted by ranks from 1", |d| d.applicants[0].wishes[0].rank = 0),
        ("row 1 of jobs: unknown employer", |d| d.jobs[1].employer = Employer::Department(DepartmentIx::new(1))),
        ("row 1 of jobs: unknown district", |d| d.jobs[1].host_district = Some(DistrictIx::new(2))),
        ("row 1 of jobs: unknown district", |d| d.jobs[1].open_to.insert(DistrictIx::new(2))),
        ("row 1 of jobs: unknown area", |d| d.jobs[1].area = AreaIx::new(2)),
        ("row 1 of jobs: unknown period", |d| d.jobs[1].period = PeriodIx::new(2)),
        ("row 1 of jobs: unknown qualification", |d| d.jobs[1].requires.insert(QualificationIx::new(1))),
        ("row 1 of jobs: unknown funding stream", |d| d.jobs[1].streams.insert(StreamIx::new(2))),
        ("row 1 of jobs: no funding stream pays for the job", |d| d.jobs[1].streams = [].into_iter().collect()),
        ("row 1 of jobs: the working day ends before it starts", |d| {
            d.jobs[1].daily_time = Some(DailyTime { start: time(12, 0, 0, 0), end: time(12, 0, 0, 0) });
        }),
        ("row 0 of overrides: unknown applicant", |d| d.overrides[0].applicant = ApplicantIx::new(2)),
        ("row 0 of overrides: unknown job", |d| d.overrides[0].job = JobIx::new(2)),
        ("row 0 of overrides: unknown funding stream", |d| d.overrides[0].stream = Some(StreamIx::new(2))),
        ("row 0 of overrides: a funding stream pays for what is forbidden", |d| {
            d.overrides[0].kind = OverrideKind::Forbid;
            d.overrides[0].stream = Some(StreamIx::new(0));
        }),
        ("row 1 of overrides: the applicant is locked to two jobs", |d| d.overrides.insert(0, pair(OverrideKind::Lock, 0, 0))),
        ("there are 0 periods; it takes 1 to 64", |d| d.settings.periods.clear()),
        ("there are 65 districts; it takes 1 to 64", |d| {
            let one = d.settings.districts[0].clone();
            d.settings.districts = vec![one; 65];
        }),
        ("row 1 of periods: the last day comes before the first", |d| d.settings.periods[1].last_day = date(2027, 6, 30)),
        ("row 0 of settings: the cost of a place is not positive", |d| d.settings.cost_per_place = Some(Money::ZERO)),
        ("row 0 of settings: rank costs are empty or fall", |d| d.settings.rank_costs = RankCosts::Table(vec![2, 1])),
        ("row 0 of settings: rank costs are empty or fall", |d| d.settings.rank_costs = RankCosts::Table(Vec::new())),
        ("row 0 of wages: the age bands overlap or are out of order", |d| d.settings.wages[1].from_age = 16),
        ("row 0 of rule pack: the age bands are missing, overlap or leave a gap", |d| {
            d.settings.rule_pack.bands[1].from_age = 17;
        }),
        ("row 0 of rule pack: the age bands are missing, overlap or leave a gap", |d| d.settings.rule_pack.bands.clear()),
    ];
    assert!(Season::new(draft()).is_ok());
    for (expected, change) in refused {
        let mut changed = draft();
        change(&mut changed);
        assert_eq!(Season::new(changed).map_err(|error: SeasonError| error.to_string()).err().as_deref(), Some(*expected));
    }
}

fn fingerprint(change: Change) -> [String; 4] {
    let mut changed = draft();
    change(&mut changed);
    let f = Fingerprint::of(&Season::new(changed).expect("a change that keeps the parts together"));
    [f.settings, f.applicants, f.jobs, f.overrides]
}

/// Applies every change alone and demands that it alters the fingerprint of one part, each change in a way of its own.
fn every_change_shows(part: usize, changes: &[Change]) {
    let mut seen = vec![fingerprint(|_| ())];
    for (number, &change) in changes.iter().enumerate() {
        let now = fingerprint(change);
        for before in &seen {
            assert_ne!(now[part], before[part], "change {number} is not told apart");
        }
        seen.push(now);
    }
}

#[test]
fn every_setting_is_in_the_fingerprint() {
    every_change_shows(
        0,
        &[
            |d| d.settings.name = "other".into(),
            |d| d.settings.year = 2028,
            |d| d.settings.cohorts.push(2011),
            |d| d.settings.classes[0].code = "Q".into(),
            |d| d.settings.classes[0].name = "Q".into(),
            |d| d.settings.classes.reverse(),
            |d| d.settings.periods[0].id = "9".into(),
            |d| d.settings.periods[0].name = "9".into(),
            |d| d.settings.periods[0].first_day = date(2027, 6, 2),
            |d| d.settings.periods[0].last_day = date(2027, 6, 21),
            |d| d.settings.areas[0].id = "other".into(),
            |d| d.settings.areas[0].name = "other".into(),
            |d| d.settings.qualifications[0].id = "other".into(),
            |d| d.settings.qualifications[0].name = "other".into(),
            |d| d.settings.districts[0].id = "other".into(),
            |d| d.settings.districts[0].name = "other".into(),
            |d| d.settings.districts[0].budget = Some(Money::from_kronor(1)),
            |d| d.settings.districts[0].cap = Some(1),
            |d| d.settings.departments[0].id = "other".into(),
            |d| d.settings.departments[0].name = "other".into(),
            |d| d.settings.departments[0].budget = Some(Money::from_kronor(1)),
            |d| d.settings.departments[0].cap = Some(1),
            |d| d.settings.streams.reverse(),
            |d| d.settings.streams[0].id = "other".into(),
            |d| d.settings.streams[0].name = "other".into(),
            |d| d.settings.streams[0].payer = Payer::External,
            |d| d.settings.streams[0].payer = Payer::Employer,
            |d| d.settings.streams[0].cap = Some(1),
            |d| d.settings.streams[0].classes.insert(ClassIx::new(0)),
            |d| d.settings.streams[0].cohorts.push(2010),
            |d| d.settings.streams[0].home_districts.insert(DistrictIx::new(0)),
            |d| d.settings.cost_per_place = Some(Money::from_kronor(9_833)),
            |d| d.settings.rule_pack.id = "other".into(),
            |d| d.settings.rule_pack.source = "other".into(),
            |d| d.settings.rule_pack.valid_from = date(2021, 1, 1),
            |d| d.settings.rule_pack.bands[0].from_age = 12,
            |d| d.settings.rule_pack.bands[1].to_age = 18,
            |d| d.settings.rule_pack.bands[0].minutes_per_day = 1,
            |d| d.settings.rule_pack.bands[0].minutes_per_week = 1,
            |d| d.settings.rule_pack.bands[0].windows[0].start = time(7, 0, 0, 0),
            |d| d.settings.rule_pack.bands[0].windows[0].end = time(21, 0, 0, 0),
            |d| d.settings.rule_pack.bands[0].daily_rest_minutes = 1,
            |d| d.settings.rule_pack.bands[0].hazardous = true,
            |d| d.settings.rule_pack.extract_age = ExtractAge::Months(3),
            |d| d.settings.rule_pack.extract_age = ExtractAge::Days(3),
            |d| d.settings.wages[0].from_age = 14,
            |d| d.settings.wages[1].to_age = 18,
            |d| d.settings.wages[0].per_hour = Money::from_kronor(88),
            |d| d.settings.employer_fee_basis_points = 0,
            |d| d.settings.reversion.push(Beneficiary { name: "other".into(), share: 1 }),
            |d| d.settings.reversion.push(Beneficiary { name: "other".into(), share: 2 }),
            |d| d.settings.reversion.push(Beneficiary { name: "another".into(), share: 1 }),
        ],
    );
}

#[test]
fn every_column_of_the_applicants_is_in_the_fingerprint() {
    every_change_shows(
        1,
        &[
            |d| d.applicants[0].id = "A".into(),
            |d| d.applicants[0].name = Some("N".into()),
            |d| d.applicants[0].birth_date = date(2010, 6, 2),
            |d| d.applicants[0].gender = Gender::Male,
            |d| d.applicants[0].gender = Gender::Other,
            |d| d.applicants[0].gender = Gender::Unknown,
            |d| d.applicants[0].home_district = DistrictIx::new(1),
            |d| d.applicants[0].class = ClassIx::new(0),
            |d| d.applicants[0].wishes = [].into(),
            |d| d.applicants[0].wishes[1].rank = 1,
            |d| d.applicants[0].wishes[0].target = Target::Job(JobIx::new(1)),
            |d| d.applicants[0].wishes[1].target = Target::Jobs(JobFilter { area: Some(AreaIx::new(0)), district: None }),
            |d| d.applicants[0].wishes[1].target = Target::Jobs(JobFilter { area: None, district: Some(DistrictIx::new(0)) }),
            |d| d.applicants[0].periods.insert(PeriodIx::new(0)),
            |d| d.applicants[0].qualifications.insert(QualificationIx::new(0)),
            |d| d.applicants[0].extract_shown = Some(date(2027, 1, 1)),
            |d| d.applicants[0].protected = true,
            |d| d.applicants[0].displaced = true,
            |d| d.applicants.truncate(1),
        ],
    );
}

#[test]
fn every_column_of_the_jobs_is_in_the_fingerprint() {
    every_change_shows(
        2,
        &[
            |d| d.jobs[0].id = "X".into(),
            |d| d.jobs[0].title = "other".into(),
            |d| d.jobs[0].employer = Employer::District(DistrictIx::new(1)),
            |d| d.jobs[0].employer = Employer::Department(DepartmentIx::new(0)),
            |d| d.jobs[0].host_district = Some(DistrictIx::new(0)),
            |d| d.jobs[0].area = AreaIx::new(1),
            |d| d.jobs[0].capacity = 3,
            |d| d.jobs[0].period = PeriodIx::new(1),
            |d| d.jobs[0].min_age = Some(16),
            |d| d.jobs[0].max_age = Some(16),
            |d| d.jobs[0].requires.insert(QualificationIx::new(0)),
            |d| d.jobs[0].extract = true,
            |d| d.jobs[0].hazardous = true,
            |d| d.jobs[0].open_to.insert(DistrictIx::new(0)),
            |d| d.jobs[0].streams.insert(StreamIx::new(1)),
            |d| d.jobs[0].paid_minutes = None,
            |d| d.jobs[0].minutes_per_day = Some(360),
            |d| d.jobs[0].minutes_per_week = Some(360),
            |d| d.jobs[0].daily_time = Some(DailyTime { start: time(8, 0, 0, 0), end: time(16, 0, 0, 0) }),
        ],
    );
}

#[test]
fn every_column_of_the_overrides_is_in_the_fingerprint() {
    every_change_shows(
        3,
        &[
            |d| d.overrides[0].kind = OverrideKind::Forbid,
            |d| d.overrides[0].applicant = ApplicantIx::new(1),
            |d| d.overrides[0].job = JobIx::new(0),
            |d| d.overrides[0].stream = Some(StreamIx::new(0)),
            |d| d.overrides[0].stream = Some(StreamIx::new(1)),
            |d| d.overrides[0].reason = "other".into(),
            |d| d.overrides[0].by = "other".into(),
            |d| d.overrides.clear(),
        ],
    );
}

/// An outcome names the season that it was made from for good: that of overrides without a stream has always been this one.
#[test]
fn overrides_without_a_stream_keep_their_fingerprint() {
    let [.., locked] = fingerprint(|_| ());
    let [.., forbidden] = fingerprint(|d| d.overrides[0].kind = OverrideKind::Forbid);
    assert_eq!(
        [locked, forbidden],
        [
            "3b5192e09c704e80fddd6ae1ccae34b1db215114c7063eaf8ffd819e016af1f0",
            "4eb7a4343dcdf2683eb785e35398b7a5d3a353d627b568c30d5837468b457435",
        ]
    );
}

#[test]
fn what_an_outcome_names_itself_is_left_out() {
    let plain = fingerprint(|_| ());
    assert_eq!(plain, fingerprint(|d| d.settings.seed = Some("seed".into())));
    assert_eq!(plain, fingerprint(|d| d.settings.mechanism = Mechanism::PaperLottery));
    assert_eq!(plain, fingerprint(|d| d.settings.rank_costs = RankCosts::Convex));
}

#[test]
fn a_home_cap_is_the_lesser_of_what_is_stated_and_what_the_budget_buys() {
    let cap = |change: Change| {
        let mut changed = draft();
        change(&mut changed);
        Season::new(changed).expect("a season").home_cap(DistrictIx::new(0))
    };
    assert_eq!(cap(|_| ()), None);
    assert_eq!(cap(|d| d.settings.districts[0].cap = Some(7)), Some(7));
    assert_eq!(cap(|d| d.settings.districts[0].budget = Some(Money::from_kronor(2_000_000))), None);
    let buys = |d: &mut SeasonDraft| {
        d.settings.districts[0].budget = Some(Money::from_kronor(2_000_000));
        d.settings.cost_per_place = Some(Money::from_kronor(9_833));
    };
    assert_eq!(cap(buys), Some(203));
}

#[test]
fn the_wage_goes_by_the_age_on_the_first_working_day() {
    let season = Season::new(draft()).expect("a season");
    let (born_2010, job) = (&season.applicants()[0], &season.jobs()[0]);
    // 17 on 1 June 2027.
    assert_eq!(season.wage(born_2010, job), Some(Money::from_ore(9_750)));
    let mut older = born_2010.clone();
    older.birth_date = date(2009, 6, 1);
    assert_eq!(season.wage(&older, job), None);
}
