//! The price of rules, on seasons small enough to work it out by hand.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use feriematch_core::RunOptions;
use feriematch_model::*;
use feriematch_plan::{Effect, Price, Relaxation, RuleKind, prices};
use jiff::civil::date;
use proptest::prelude::*;

use toy::{draft_of, season};

const OPTIONS: RunOptions = RunOptions::with(Mechanism::Priority, PlacementRule::LeastTotalRank);

fn list_of(season: &Season) -> Vec<Price> {
    prices(season, "seed", &OPTIONS, Relaxation::all(season), &|| ()).unwrap().prices
}

/// Returns the price of a rule.
#[track_caller]
fn price_of(season: &Season, rule: &Relaxation) -> feriematch_plan::Difference {
    let list = list_of(season);
    list.iter().find(|price| price.rule == *rule).unwrap_or_else(|| panic!("{rule:?} is not in {list:?}")).without.unwrap()
}

/// Three who live in the north wish for a job of three places that the home district pays for, which may hire one.
#[test]
fn a_home_cap_costs_those_whom_it_keeps_out() {
    let season = season(&[3], &vec![(0, vec![0]); 3], [Some(1), None]);
    let without = price_of(&season, &Relaxation::HomeCap(DistrictIx::new(0)));
    assert_eq!((without.places, without.gain_place, without.lose_place, without.first_wishes), (2, 2, 0, 2));
    assert_eq!((without.rank_sum, without.mean_rank, without.cost), (2, Some(0), None));
    assert_eq!(without.effect(), Effect::People);
    // Nothing else is stated but what every season has, and the order of the two streams.
    let kinds: Vec<RuleKind> = list_of(&season).iter().map(|price| price.rule.kind()).collect();
    assert_eq!(kinds, [RuleKind::HomeCap, RuleKind::Cohorts, RuleKind::MinorsRules, RuleKind::StreamOrder]);
}

/// Two wish for x before y; whoever is first gets x. Only the one who is second may take x if the other shows no extract.
#[test]
fn a_rule_may_decide_only_where() {
    let mut draft = draft_of(&season(&[1, 1], &[(0, vec![0, 1]), (0, vec![0, 1])], [None, None]));
    draft.jobs[0].streams = [StreamIx::new(0), StreamIx::new(1)].into_iter().collect();
    draft.jobs[0].extract = true;
    draft.jobs[1].streams = draft.jobs[0].streams;
    let season = Season::new(draft).unwrap();
    let without = price_of(&season, &Relaxation::Extract);
    assert_eq!((without.places, without.effect()), (1, Effect::People));
    assert_eq!((without.first_wishes, without.rank_sum, without.mean_rank), (1, 1, Some(-50)));
    let mut shown = draft_of(&season);
    shown.applicants[0].extract_shown = Some(date(2027, 6, 1));
    shown.applicants[1].extract_shown = Some(date(2027, 6, 2));
    let without = price_of(&Season::new(shown).unwrap(), &Relaxation::Extract);
    assert_eq!(without.effect(), Effect::None);
}

/// The first class has nobody but the last of the lottery.
#[test]
fn without_classes_the_lottery_decides_and_streams_still_look_at_classes() {
    let mut draft = draft_of(&season(&[1], &vec![(0, vec![0]); 8], [None, None]));
    draft.settings.classes = ["P", "1"].map(|code| PriorityClass { code: code.into(), name: code.into() }).to_vec();
    draft.applicants.iter_mut().for_each(|applicant| applicant.class = ClassIx::new(1));
    let numbers: Vec<_> =
        draft.applicants.iter().map(|applicant| feriematch_core::Lottery::new("seed").number(&applicant.id)).collect();
    let last = (0..8).max_by_key(|&row| numbers[row]).unwrap();
    draft.applicants[last].class = ClassIx::new(0);
    let season = Season::new(draft.clone()).unwrap();
    let without = price_of(&season, &Relaxation::Classes);
    assert_eq!((without.places, without.gain_place, without.lose_place), (0, 1, 1));
    // If the stream pays for the first class only, the classes of the ranking make no difference.
    draft.settings.streams[0].classes.insert(ClassIx::new(0));
    let season = Season::new(draft).unwrap();
    assert_eq!(price_of(&season, &Relaxation::Classes).effect(), Effect::None);
    let without = price_of(&season, &Relaxation::StreamClasses(StreamIx::new(0)));
    assert_eq!((without.gain_place, without.effect()), (0, Effect::None), "the first class still comes first");
}

/// What every other rule keeps from the only applicant.
#[test]
fn each_rule_that_bars_the_only_applicant_costs_a_place() {
    type Bar = fn(&mut SeasonDraft);
    let bars: [(Relaxation, Bar); 11] = [
        (Relaxation::Cohorts, |draft| draft.settings.cohorts = vec![2009]),
        (Relaxation::LeastAge, |draft| draft.jobs[0].min_age = Some(18)),
        (Relaxation::GreatestAge, |draft| draft.jobs[0].max_age = Some(16)),
        (Relaxation::MinorsRules, |draft| {
            draft.settings.rule_pack.bands[0].to_age = 17;
            draft.jobs[0].hazardous = true;
        }),
        (Relaxation::Periods, |draft| {
            let other = Period { id: "2".into(), ..draft.settings.periods[0].clone() };
            draft.settings.periods.push(other);
            draft.applicants[0].periods.insert(PeriodIx::new(1));
        }),
        (Relaxation::OpenTo, |draft| draft.jobs[0].open_to.insert(DistrictIx::new(1))),
        (Relaxation::Qualification(QualificationIx::new(0)), |draft| {
            draft.settings.qualifications.push(Qualification { id: "licence".into(), name: "licence".into() });
            draft.jobs[0].requires.insert(QualificationIx::new(0));
        }),
        (Relaxation::StreamCohorts(StreamIx::new(0)), |draft| draft.settings.streams[0].cohorts = vec![2009]),
        (Relaxation::StreamHomes(StreamIx::new(0)), |draft| {
            draft.settings.streams[0].home_districts.insert(DistrictIx::new(1));
        }),
        (Relaxation::StreamCap(StreamIx::new(0)), |draft| draft.settings.streams[0].cap = Some(0)),
        (Relaxation::Forbids, |draft| {
            draft.overrides.push(Override {
                kind: OverrideKind::Forbid,
                applicant: ApplicantIx::new(0),
                job: JobIx::new(0),
                stream: None,
                reason: "test".into(),
                by: "test".into(),
            });
        }),
    ];
    for (rule, bar) in bars {
        let mut draft = draft_of(&season(&[1], &[(0, vec![0])], [None, None]));
        bar(&mut draft);
        let season = Season::new(draft).unwrap();
        for price in list_of(&season) {
            let gained = price.without.unwrap().gain_place;
            assert_eq!(gained, u32::from(price.rule == rule), "{rule:?} bars, {:?} is lifted", price.rule);
        }
    }
}

/// Of two places one is kept for girls: the girl who is last has it, and without the target the second boy.
#[test]
fn soft_targets_have_a_price() {
    let mut draft = draft_of(&season(&[2], &vec![(0, vec![0]); 3], [None, None]));
    let numbers: Vec<_> =
        draft.applicants.iter().map(|applicant| feriematch_core::Lottery::new("seed").number(&applicant.id)).collect();
    let last = (0..3).max_by_key(|&row| numbers[row]).unwrap();
    draft.applicants.iter_mut().for_each(|applicant| applicant.gender = Gender::Male);
    draft.applicants[last].gender = Gender::Female;
    draft.settings.balance.reserves = vec![Reserve { gender: Gender::Female, percent: 50 }];
    let season = Season::new(draft).unwrap();
    let priced = prices(&season, "seed", &RunOptions::of(&season), vec![Relaxation::Balance], &|| ()).unwrap().prices;
    let without = priced[0].without.unwrap();
    assert_eq!((without.places, without.gain_place, without.lose_place), (0, 1, 1));
}

#[test]
fn of_four_streams_every_order_is_tried_and_of_five_neighbours_change_places() {
    let orders = |streams: usize| {
        let mut draft = draft_of(&season(&[1], &[(0, vec![0])], [None, None]));
        draft.settings.streams =
            (0..streams).map(|row| Stream { id: row.to_string().into(), ..draft.settings.streams[0].clone() }).collect();
        let all = Relaxation::all(&Season::new(draft).unwrap());
        all.into_iter().filter(|rule| rule.kind() == RuleKind::StreamOrder).count()
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(orders), [0, 1, 5, 23, 4, 5]);
}

proptest! {
    /// Another order names the same streams: put back, it is the season it was.
    #[test]
    fn another_order_of_streams_and_back_is_the_same_season(capacities in prop::collection::vec(0_u32..4, 1..5)) {
        let mut draft = draft_of(&season(&capacities, &[(0, vec![0])], [None, None]));
        draft.overrides.push(Override {
            kind: OverrideKind::Lock,
            applicant: ApplicantIx::new(0),
            job: JobIx::new(0),
            stream: Some(StreamIx::new(0)),
            reason: "test".into(),
            by: "test".into(),
        });
        let season = Season::new(draft).unwrap();
        let other = Relaxation::StreamOrder(vec![StreamIx::new(1), StreamIx::new(0)]);
        let reordered = other.lifted(&season).unwrap();
        prop_assert_eq!(&*reordered.settings().streams[0].id, "employer");
        prop_assert_eq!(reordered.overrides()[0].stream, Some(StreamIx::new(1)));
        prop_assert_eq!(other.lifted(&reordered).unwrap(), season);
    }

    /// Without a rule, never fewer are placed where one stream serves everybody; and the figures are those of the people.
    #[test]
    fn no_rule_adds_places(
        capacities in prop::collection::vec(0_u32..4, 1..5),
        applicants in prop::collection::vec((0_usize..2, prop::collection::vec(0_usize..5, 0..4)), 1..20),
        stream_cap in prop::option::of(0_u32..6),
        extracts in 0_u32..16,
    ) {
        let known = |wishes: Vec<usize>| wishes.into_iter().filter(|&job| job < capacities.len()).collect::<Vec<_>>();
        let applicants: Vec<_> = applicants.into_iter().map(|(home, wishes)| (home, known(wishes))).collect();
        let mut draft = draft_of(&season(&capacities, &applicants, [None, None]));
        draft.settings.streams.truncate(1);
        draft.settings.streams[0].cap = stream_cap;
        for (row, job) in draft.jobs.iter_mut().enumerate() {
            job.streams = [StreamIx::new(0)].into_iter().collect();
            job.extract = extracts >> row & 1 == 1;
        }
        let season = Season::new(draft).unwrap();
        let list = prices(&season, "seed", &OPTIONS, Relaxation::all(&season), &|| ()).unwrap();
        for price in &list.prices {
            let without = price.without.unwrap();
            prop_assert!(without.places >= 0, "{:?}", price);
            prop_assert_eq!(without.places, i64::from(without.gain_place) - i64::from(without.lose_place));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let again = pool.install(|| prices(&season, "seed", &OPTIONS, Relaxation::all(&season), &|| ())).unwrap();
        prop_assert_eq!(again, list);
    }
}
