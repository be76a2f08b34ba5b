//! Small seasons, written in a few words.

use feriematch_model::*;
use jiff::civil::date;

/// A season of two districts, north and south, with jobs of these capacities. Each applicant lives in one and wishes for some
/// jobs. Jobs in even rows are paid by the home district, which may have a cap, those in odd rows by the employer.
pub(crate) fn season(capacities: &[u32], applicants: &[(usize, Vec<usize>)], caps: [Option<u32>; 2]) -> Season {
    let job = |(row, &capacity): (usize, &u32)| Job {
        id: format!("j{row:02}").into(),
        title: "park".into(),
        employer: Employer::District(DistrictIx::new(0)),
        host_district: None,
        area: AreaIx::new(0),
        capacity,
        period: PeriodIx::new(0),
        min_age: None,
        max_age: None,
        requires: SmallSet::new(),
        extract: false,
        hazardous: false,
        open_to: SmallSet::new(),
        streams: [StreamIx::new(row % 2)].into_iter().collect(),
        paid_minutes: None,
        minutes_per_day: None,
        minutes_per_week: None,
        daily_time: None,
    };
    let applicant = |(row, (home, wishes)): (usize, &(usize, Vec<usize>))| Applicant {
        id: format!("a{row:04}").into(),
        name: None,
        birth_date: date(2010, 3, 1),
        gender: Gender::Unknown,
        home_district: DistrictIx::new(*home),
        class: ClassIx::new(0),
        wishes: (1..).zip(wishes).map(|(rank, &job)| Wish { rank, target: Target::Job(JobIx::new(job)) }).collect(),
        periods: SmallSet::new(),
        qualifications: SmallSet::new(),
        extract_shown: None,
        protected: false,
        displaced: false,
    };
    Season::new(SeasonDraft {
        settings: settings(caps),
        applicants: applicants.iter().enumerate().map(applicant).collect(),
        jobs: capacities.iter().enumerate().map(job).collect(),
        overrides: Vec::new(),
    })
    .unwrap()
}

/// Takes a season apart, to change something.
#[allow(dead_code, reason = "not every test that includes this module changes seasons")]
pub(crate) fn draft_of(season: &Season) -> SeasonDraft {
    SeasonDraft {
        settings: season.settings().clone(),
        applicants: season.applicants().to_vec(),
        jobs: season.jobs().to_vec(),
        overrides: season.overrides().to_vec(),
    }
}

/// One district that may hire 100, and 300 who all want the same work.
#[allow(dead_code, reason = "not every test that includes this module plays it")]
pub(crate) fn one_district() -> Season {
    season(&[300], &vec![(0, vec![0]); 300], [Some(100), None])
}

fn settings(caps: [Option<u32>; 2]) -> Settings {
    let stream = |id: &str, payer| Stream {
        id: id.into(),
        name: id.into(),
        payer,
        cap: None,
        classes: SmallSet::new(),
        cohorts: Vec::new(),
        home_districts: SmallSet::new(),
    };
    let district = |(name, cap): (&str, Option<u32>)| District { id: name.into(), name: name.into(), budget: None, cap };
    Settings {
        name: "Toy 2027".into(),
        year: 2027,
        cohorts: vec![2010],
        classes: vec![PriorityClass { code: "1".into(), name: "1".into() }],
        periods: vec![Period { id: "1".into(), name: "1".into(), first_day: date(2027, 6, 14), last_day: date(2027, 7, 2) }],
        areas: vec![Area { id: "park".into(), name: "park".into() }],
        qualifications: Vec::new(),
        districts: ["north", "south"].into_iter().zip(caps).map(district).collect(),
        departments: Vec::new(),
        streams: vec![stream("home", Payer::HomeDistrict), stream("employer", Payer::Employer)],
        cost_per_place: None,
        seed: None,
        mechanism: Mechanism::Priority,
        placement: feriematch_model::PlacementRule::default(),
        rank_costs: RankCosts::Linear,
        balance: feriematch_model::Balance::NONE,
        rule_pack: RulePack {
            id: "none".into(),
            source: "none".into(),
            valid_from: date(2027, 1, 1),
            extract_age: ExtractAge::Months(12),
            bands: vec![AgeBand {
                from_age: 13,
                to_age: 15,
                minutes_per_day: 420,
                minutes_per_week: 2_100,
                windows: Vec::new(),
                daily_rest_minutes: 840,
                minutes_before_break: 270,
                break_minutes: 30,
                days_per_week: 5,
                weekly_rest_minutes: 36 * 60,
                hazardous: false,
            }],
        },
        wages: Vec::new(),
        employer_fee_basis_points: 0,
        reduced_fees: Vec::new(),
        reversion: Vec::new(),
    }
}
