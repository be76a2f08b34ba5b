//! Time reports against contracts and the rules for minors, case by case, and what holds for any report.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, Area, AreaIx, ClassIx, DailyTime, Department, DepartmentIx, District, DistrictIx, Employer,
    ExtractAge, Gender, Job, JobIx, Mechanism, Money, Payer, Period, PeriodIx, PriorityClass, RankCosts, ReducedFee, RulePack,
    Season, SeasonDraft, Settings, Shift, SmallSet, Stream, StreamIx, WageBand,
};
use feriematch_payroll::{Against, Contract, Pay, Post, Standing, check, costs};
use jiff::ToSpan;
use jiff::civil::{Date, date, time};
use proptest::prelude::*;

/// The Monday on which the first period begins.
const MONDAY: Date = date(2027, 6, 14);

/// Applicants by age on that Monday: 15, 16 on the Wednesday; 17; 18. Two jobs of 6 hours a day and 90 in all, in periods that follow each
/// other.
const TURNS_16: ApplicantIx = ApplicantIx::new(0);
const MINOR: ApplicantIx = ApplicantIx::new(1);
const ADULT: ApplicantIx = ApplicantIx::new(2);
const FIRST: JobIx = JobIx::new(0);
const SECOND: JobIx = JobIx::new(1);

fn settings() -> Settings {
    let hours = |start, end| DailyTime { start: time(start, 0, 0, 0), end: time(end, 0, 0, 0) };
    let band = |from_age, to_age, day: u32, rest: u32, windows| AgeBand {
        from_age,
        to_age,
        minutes_per_day: day * 60,
        minutes_per_week: day * 300,
        windows,
        daily_rest_minutes: rest * 60,
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
        classes: SmallSet::new(),
        cohorts: Vec::new(),
        home_districts: SmallSet::new(),
    };
    let district = |id: &str, budget| District { id: id.into(), name: id.into(), budget, cap: None };
    let period =
        |id: &str, first_day: Date| Period { id: id.into(), name: id.into(), first_day, last_day: first_day + 18.days() };
    let wage = |from_age, to_age, ore| WageBand { from_age, to_age, per_hour: Money::from_ore(ore) };
    Settings {
        name: "Test 2027".into(),
        year: 2027,
        cohorts: vec![2009, 2010, 2011],
        classes: vec![PriorityClass { code: "A".into(), name: "A".into() }],
        periods: vec![period("1", MONDAY), period("2", MONDAY + 21.days())],
        areas: vec![Area { id: "park".into(), name: "park".into() }],
        qualifications: Vec::new(),
        districts: vec![district("north", Some(Money::from_kronor(10_000))), district("south", None)],
        departments: vec![Department { id: "traffic".into(), name: "traffic".into(), budget: None, cap: None }],
        streams: vec![stream("home", Payer::HomeDistrict), stream("own", Payer::Employer), stream("state", Payer::External)],
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
            bands: vec![band(15, 15, 7, 14, vec![hours(6, 20)]), band(16, 17, 8, 12, vec![hours(6, 22), hours(7, 23)])],
        },
        wages: vec![wage(15, 16, 8_700), wage(17, 17, 9_733)],
        employer_fee_basis_points: 3_142,
        reduced_fees: Vec::new(),
        reversion: Vec::new(),
    }
}

fn season() -> Season {
    let applicant = |id: &str, birth_date, home| Applicant {
        id: id.into(),
        name: None,
        birth_date,
        gender: Gender::Unknown,
        home_district: DistrictIx::new(home),
        class: ClassIx::new(0),
        wishes: Box::new([]),
        periods: SmallSet::new(),
        qualifications: SmallSet::new(),
        extract_shown: None,
        protected: false,
        displaced: false,
    };
    let job = |id: &str, employer, period| Job {
        id: id.into(),
        title: id.into(),
        employer,
        host_district: None,
        area: AreaIx::new(0),
        capacity: 5,
        period: PeriodIx::new(period),
        min_age: None,
        max_age: None,
        requires: SmallSet::new(),
        extract: false,
        hazardous: false,
        open_to: SmallSet::new(),
        streams: [StreamIx::new(0)].into_iter().collect(),
        paid_minutes: Some(90 * 60),
        minutes_per_day: Some(10 * 60),
        minutes_per_week: None,
        daily_time: None,
    };
    let draft = SeasonDraft {
        settings: settings(),
        applicants: vec![
            applicant("A-1", date(2011, 6, 16), 0),
            applicant("A-2", date(2010, 1, 1), 1),
            applicant("A-3", date(2009, 1, 1), 0),
        ],
        jobs: vec![
            job("J-1", Employer::District(DistrictIx::new(1)), 0),
            job("J-2", Employer::Department(DepartmentIx::new(0)), 1),
        ],
        overrides: Vec::new(),
    };
    Season::new(draft).unwrap()
}

fn change(season: &mut Season, change: impl FnOnce(&mut Settings)) {
    let mut draft = SeasonDraft {
        settings: season.settings().clone(),
        applicants: season.applicants().to_vec(),
        jobs: season.jobs().to_vec(),
        overrides: Vec::new(),
    };
    change(&mut draft.settings);
    *season = Season::new(draft).unwrap();
}

const fn at(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

/// A shift on a day after the Monday, with a break of 30 minutes of which nobody says when it was.
fn shift(applicant: ApplicantIx, day: i64, start: u16, end: u16) -> Shift {
    let date = MONDAY + day.days();
    Shift { applicant, job: None, date, start, end, break_minutes: 30, break_start: None }
}

fn signed(applicant: ApplicantIx) -> Contract {
    Contract { applicant, job: FIRST, worked: None }
}

/// Returns what is found in shifts of those who signed for the first job: when, and the code.
fn found(shifts: &[Shift]) -> Vec<(String, &'static str)> {
    let contracts = [TURNS_16, MINOR, ADULT].map(signed);
    check(&season(), &contracts, shifts).exceptions.iter().map(|e| (e.when.to_string(), e.kind.code())).collect()
}

fn on(day: i64, code: &'static str) -> (String, &'static str) {
    ((MONDAY + day.days()).to_string(), code)
}

fn week_of(day: i64, code: &'static str) -> (String, &'static str) {
    (format!("week of {}", MONDAY + day.days()), code)
}

#[test]
fn a_report_as_agreed_has_no_exception() {
    let shifts: Vec<Shift> =
        (0..3).flat_map(|week| (0..5).map(move |day| shift(MINOR, 7 * week + day, at(8, 0), at(14, 30)))).collect();
    let checked = check(&season(), &[signed(MINOR)], &shifts);
    assert_eq!(checked.exceptions, []);
    assert_eq!((checked.reported[0].days, checked.reported[0].minutes), (15, 90 * 60));
}

#[test]
fn the_day_is_as_long_as_the_age_on_it_allows() {
    // 7 hours 30 on the Tuesday at 15, and on the Wednesday, the birthday, at 16.
    let shifts = [1, 2].map(|day| shift(TURNS_16, day, at(8, 0), at(16, 0)));
    assert_eq!(found(&shifts), [on(1, "hours-per-day")]);
    assert_eq!(found(&[shift(MINOR, 0, at(8, 0), at(16, 30))]), []);
    assert_eq!(found(&[shift(MINOR, 0, at(8, 0), at(16, 31))]), [on(0, "hours-per-day")]);
    assert_eq!(found(&[shift(ADULT, 0, at(8, 0), at(18, 0))]), []);
}

#[test]
fn one_window_holds_the_whole_day() {
    let day = |start, end| found(&[shift(MINOR, 0, start, end)]);
    assert_eq!(day(at(6, 0), at(12, 0)), []);
    assert_eq!(day(at(16, 0), at(23, 0)), []);
    assert_eq!(day(at(16, 0), at(23, 1)), [on(0, "working-time")]);
    assert_eq!(day(at(5, 59), at(12, 0)), [on(0, "working-time")]);
    // Before 7 and after 22 on one day is in neither window.
    let both = [shift(MINOR, 0, at(6, 0), at(9, 0)), shift(MINOR, 0, at(20, 0), at(22, 30))];
    assert_eq!(found(&both), [on(0, "working-time")]);
    assert_eq!(found(&[shift(TURNS_16, 0, at(14, 0), at(20, 1))]), [on(0, "working-time")]);
}

#[test]
fn a_break_comes_within_four_and_a_half_hours() {
    let with = |break_minutes, break_start| Shift { break_minutes, break_start, ..shift(MINOR, 0, at(8, 0), at(14, 0)) };
    assert_eq!(found(&[with(30, None)]), []);
    assert_eq!(found(&[with(29, None)]), [on(0, "break")]);
    assert_eq!(found(&[with(30, Some(at(12, 30)))]), []);
    assert_eq!(found(&[with(30, Some(at(12, 31)))]), [on(0, "break")]);
    assert_eq!(found(&[Shift { break_minutes: 0, ..shift(MINOR, 0, at(8, 0), at(12, 30)) }]), []);
    assert_eq!(found(&[Shift { break_minutes: 0, ..shift(MINOR, 0, at(8, 0), at(12, 31)) }]), [on(0, "break")]);
    // Between two shifts there is a break if it is long enough.
    let two = |second| {
        let without = |start, end| Shift { break_minutes: 0, ..shift(MINOR, 0, start, end) };
        found(&[without(at(8, 0), at(11, 0)), without(second, at(14, 0))])
    };
    assert_eq!(two(at(11, 30)), []);
    assert_eq!(two(at(11, 29)), [on(0, "break")]);
}

#[test]
fn the_rest_between_two_days_goes_by_the_age_on_the_first() {
    let evening_and_morning = |applicant, day, start| {
        found(&[shift(applicant, day, at(15, 0), at(20, 0)), shift(applicant, day + 1, start, start + at(5, 0))])
    };
    assert_eq!(evening_and_morning(MINOR, 0, at(8, 0)), []);
    assert_eq!(evening_and_morning(MINOR, 0, at(7, 59)), [on(1, "daily-rest")]);
    assert_eq!(evening_and_morning(TURNS_16, 1, at(9, 59)), [on(2, "daily-rest")]);
    assert_eq!(evening_and_morning(TURNS_16, 1, at(10, 0)), []);
    assert_eq!(evening_and_morning(TURNS_16, 2, at(8, 0)), []);
    assert_eq!(evening_and_morning(ADULT, 0, at(6, 0)), []);
}

#[test]
fn a_week_has_a_limit_two_free_days_and_a_long_rest() {
    let week = |applicant, days: &[i64], start, end| {
        found(&days.iter().map(|&day| shift(applicant, day, start, end)).collect::<Vec<_>>())
    };
    assert_eq!(week(MINOR, &[0, 1, 2, 3, 4], at(8, 0), at(16, 30)), []);
    // 40 hours are the most, six days too many.
    assert_eq!(
        week(MINOR, &[0, 1, 2, 3, 4, 5], at(8, 0), at(15, 30)),
        [week_of(0, "days-per-week"), week_of(0, "hours-per-week")]
    );
    assert_eq!(week(MINOR, &[0, 1, 2, 3, 4, 5], at(8, 0), at(14, 30)), [week_of(0, "days-per-week")]);
    assert_eq!(week(ADULT, &[0, 1, 2, 3, 4, 5, 6], at(8, 0), at(16, 30)), []);
    // Saturday at 21 to Monday at 9 are 36 hours; a minute less is too little, and the days free of work elsewhere don't help.
    let rest = |monday: u16| {
        let mut shifts: Vec<Shift> = [0, 1, 3, 4].map(|day| shift(MINOR, day, at(9, 0), at(13, 0))).into();
        shifts.push(shift(MINOR, 2, at(9, 0), at(13, 0)));
        shifts.push(shift(MINOR, 5, at(17, 0), at(21, 0)));
        shifts.push(shift(MINOR, 7, monday, at(13, 0)));
        found(&shifts)
    };
    assert_eq!(rest(at(9, 0)), [week_of(0, "days-per-week")]);
    assert_eq!(rest(at(8, 59)), [week_of(0, "days-per-week"), week_of(0, "weekly-rest")]);
    // A rest at the beginning of the week counts as well.
    assert_eq!(week(MINOR, &[2, 3, 4, 5, 6, 7, 8, 9, 10], at(8, 0), at(13, 0)), []);
}

#[test]
fn what_does_not_fit_the_contract_is_named_and_stays() {
    let season = season();
    let codes = |contracts: &[Contract], shifts: &[Shift]| {
        let checked = check(&season, contracts, shifts);
        checked.exceptions.iter().map(|e| (e.when.to_string(), e.kind.code())).collect::<Vec<_>>()
    };
    let day = shift(ADULT, 0, at(8, 0), at(14, 30));
    assert_eq!(codes(&[], &[day]), [on(0, "no-contract")]);
    assert_eq!(codes(&[signed(MINOR)], &[day]), [on(0, "no-contract")]);
    let other_job = Shift { job: Some(SECOND), ..day };
    assert_eq!(codes(&[signed(ADULT)], &[other_job]), [on(0, "no-contract")]);
    assert_eq!(found(&[shift(ADULT, 19, at(8, 0), at(14, 30))]), [on(19, "outside-period")]);
    assert_eq!(found(&[shift(ADULT, -1, at(8, 0), at(14, 30))]), [on(-1, "outside-period")]);
    assert_eq!(found(&[shift(ADULT, 0, at(8, 0), at(19, 0))]), [on(0, "more-than-agreed")]);
    let sixteen: Vec<Shift> = (0..16).map(|day| shift(ADULT, day, at(8, 0), at(14, 30))).collect();
    assert_eq!(found(&sixteen), [("all".to_owned(), "more-than-agreed")]);
    let approved = Contract { worked: Some(300), ..signed(ADULT) };
    assert_eq!(codes(&[approved], &[day]), [("all".to_owned(), "approved-otherwise")]);
    assert_eq!(codes(&[Contract { worked: Some(360), ..approved }], &[day]), []);
}

#[test]
fn shifts_overlap_only_if_they_share_a_minute() {
    let two = |start, end| found(&[shift(ADULT, 0, at(8, 0), at(12, 0)), shift(ADULT, 0, start, end)]);
    assert_eq!(two(at(12, 0), at(14, 0)), []);
    assert_eq!(two(at(11, 59), at(14, 0)), [on(0, "overlap")]);
    assert_eq!(two(at(8, 0), at(12, 0)), [on(0, "overlap")]);
    // One that is long past the next begins before the one after it, too.
    let three = [(8, 16), (9, 10), (11, 12)].map(|(start, end)| shift(ADULT, 0, at(start, 0), at(end, 0)));
    assert_eq!(found(&three), [on(0, "overlap"), on(0, "overlap")]);
}

#[test]
fn a_shift_belongs_to_the_contract_whose_period_holds_its_day() {
    let contracts = [signed(ADULT), Contract { job: SECOND, ..signed(ADULT) }];
    let shifts = [shift(ADULT, 0, at(8, 0), at(14, 30)), shift(ADULT, 21, at(8, 0), at(13, 30))];
    let checked = check(&season(), &contracts, &shifts);
    assert_eq!(checked.exceptions, []);
    let reported: Vec<_> = checked.reported.iter().map(|r| (r.job, r.minutes)).collect();
    assert_eq!(reported, [(Some(FIRST), 360), (Some(SECOND), 300)]);
}

#[test]
fn every_payer_pays_for_its_own_and_both_tables_add_up() {
    let season = season();
    let post =
        |applicant, job, stream, standing| Post { applicant, job, stream: StreamIx::new(stream), standing, minutes: Some(5_400) };
    let posts = [
        post(TURNS_16, FIRST, 0, Standing::Offered),
        post(MINOR, FIRST, 0, Standing::Signed),
        post(MINOR, FIRST, 1, Standing::Worked),
        post(MINOR, SECOND, 1, Standing::Accepted),
        post(TURNS_16, FIRST, 2, Standing::Signed),
    ];
    let costs = costs(&season, posts);
    let total = |id: &str| costs.payers.iter().find(|payer| &*payer.id == id).unwrap().total();
    // North is TURNS_16's home and south MINOR's, who works there for the district's own money, too.
    assert_eq!(["north", "south", "traffic", "state"].map(|id| total(id).youths), [1, 2, 1, 1]);
    // At 15, 90 hours at 87.00 kr and 31.42 % on them; at 17, 90 at 97.33 kr.
    assert_eq!(total("north").cost(), Some(Money::from_ore(783_000 + 246_019)));
    assert_eq!(total("traffic").cost(), Some(Money::from_ore(875_970 + 275_230)));
    let pays: Pay = costs.payers.iter().map(|payer| payer.total().pay).sum();
    let streams: Pay = costs.streams.iter().map(|stream| stream.total().pay).sum();
    assert_eq!((pays, streams), (costs.all.total().pay, costs.all.total().pay));
    assert_eq!(costs.all.sum(Standing::Signed).youths, 2);
    assert_eq!(costs.all.budget, None, "not everybody who pays has a budget");
    // Another fee for the birth year of A-1, and for that alone.
    let mut reduced = season.clone();
    change(&mut reduced, |settings| settings.reduced_fees.push(ReducedFee { cohorts: vec![2011], basis_points: 1_021 }));
    let cost = |id: &str| {
        let costs = feriematch_payroll::costs(&reduced, posts);
        costs.payers.iter().find(|payer| &*payer.id == id).unwrap().total().cost()
    };
    assert_eq!(cost("north"), Some(Money::from_ore(783_000 + 79_944)));
    assert_eq!(cost("traffic"), total("traffic").cost());
    // Somebody without a wage makes the sum unknown, not smaller.
    let unknown = feriematch_payroll::costs(&season, [posts[0], post(ADULT, FIRST, 0, Standing::Worked)]);
    let north = unknown.payers[0].total();
    assert_eq!((north.youths, north.unknown, north.cost()), (2, 1, None));
}

fn any_shift() -> impl Strategy<Value = Shift> {
    let times = (0..1_439_u16).prop_flat_map(|start| (Just(start), start + 1..=1_440));
    (0..3_usize, -3..45_i64, times, 0..200_u16, any::<bool>()).prop_map(|(applicant, day, (start, end), pause, is_known)| {
        let break_minutes = pause.min(end - start - 1);
        let break_start = (is_known && break_minutes > 0).then_some(start);
        Shift { break_minutes, break_start, ..shift(ApplicantIx::new(applicant), day, start, end) }
    })
}

proptest! {
    /// Nothing that was reported is lost, whatever it is; and the order of the rows changes nothing.
    #[test]
    fn minutes_are_kept_and_rows_may_be_in_any_order(shifts in prop::collection::vec(any_shift(), 0..40)) {
        let season = season();
        let contracts = [signed(TURNS_16), signed(MINOR), Contract { job: SECOND, ..signed(MINOR) }];
        let checked = check(&season, &contracts, &shifts);
        let minutes: u32 = checked.reported.iter().map(|reported| reported.minutes).sum();
        prop_assert_eq!(minutes, shifts.iter().map(Shift::minutes).sum::<u32>());
        let reversed: Vec<Shift> = shifts.iter().rev().copied().collect();
        let again = check(&season, &contracts, &reversed);
        let told = |checked: &feriematch_payroll::Checked| {
            let of = |e: &feriematch_payroll::Exception| {
                (e.applicant, e.when, e.kind.code(), e.kind.allowed(), e.kind.reported())
            };
            let mut told: Vec<_> = checked.exceptions.iter().map(of).collect();
            told.sort();
            told
        };
        prop_assert_eq!(told(&checked), told(&again));
        prop_assert_eq!(checked.reported, again.reported);
        // An adult who signed nothing breaks no rule for minors.
        let adult = checked.exceptions.iter().filter(|e| e.applicant == ADULT);
        prop_assert!(adult.clone().all(|e| e.kind.against() == Against::Report));
        // Every two shifts that share a minute make at least one exception.
        let share = |a: &Shift, b: &Shift| {
            a.applicant == b.applicant && a.date == b.date && a.start < b.end && b.start < a.end
        };
        let overlapping = shifts.iter().enumerate().any(|(i, a)| shifts[..i].iter().any(|b| share(a, b)));
        prop_assert_eq!(checked.exceptions.iter().any(|e| e.kind.code() == "overlap"), overlapping);
    }

    /// Paying for hours in two parts, or for two people at once, differs from paying at once by the rounding alone.
    #[test]
    fn rounding_is_at_most_half_an_ore_each(per_hour in 0..50_000_i64, minutes in 0..20_000_u64, fee in 0..10_000_u32) {
        let pay = Pay::new(Money::from_ore(per_hour), minutes, fee).unwrap();
        let exact = i128::from(per_hour) * i128::from(minutes);
        prop_assert!((i128::from(pay.wages.ore()) * 60 - exact).abs() * 2 <= 60);
        let exact = i128::from(pay.wages.ore()) * i128::from(fee);
        prop_assert!((i128::from(pay.fee.ore()) * 10_000 - exact).abs() * 2 <= 10_000);
    }
}
