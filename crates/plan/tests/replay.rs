//! Seasons played through: what must hold of every one, and what a closed form says of many.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use feriematch_core::{Preparation, Ranking, RunOptions};
use feriematch_model::{DistrictIx, Mechanism, PlacementRule, Target};
use feriematch_plan::{Answers, PlanError, Player, Rate, Tally, with_ceilings};
use proptest::prelude::*;

use toy::{one_district, season};

const OPTIONS: RunOptions = RunOptions::with(Mechanism::Priority, PlacementRule::LeastTotalRank);

fn seeds(count: u32) -> Vec<String> {
    (1..=count).map(|number| format!("toy {number}")).collect()
}

fn rates() -> Vec<Rate> {
    vec![Rate::new(51, 236).unwrap(), Rate::NOBODY]
}

/// Offers go down the ranking until 100 have accepted, whatever rounds they come in.
#[test]
fn in_one_district_offers_go_down_the_ranking() {
    let season = one_district();
    let preparation = Preparation::new(&season);
    let player = Player::new(&preparation, OPTIONS, rates()).unwrap();
    for seed in seeds(20) {
        let answers = Answers::new(&seed);
        let ranking = Ranking::draw(&season, &seed);
        let mut accepted = 0;
        let reached = ranking.order().iter().take_while(|&&applicant| {
            let goes_on = accepted < 100;
            accepted += u32::from(!answers.declines(&season.applicant(applicant).id, rates()[0]));
            goes_on
        });
        let offered = reached.count() as u32;
        let home = player.play(&seed).unwrap().homes[0].home.clone();
        assert_eq!((home.offered, home.declined, home.hired), (offered, offered - 100, 100), "{seed}");
    }
}

/// How many decline before 100 accept has the negative binomial distribution: with a share q = 51/236, there are 100/(1 - q) =
/// 127.57 offers on average, with a standard deviation of the root of 100 q / (1 - q)² = 5.93.
#[test]
fn offers_are_as_many_as_the_closed_form_says() {
    let season = one_district();
    let preparation = Preparation::new(&season);
    let replays = Player::new(&preparation, OPTIONS, rates()).unwrap().play_all(&seeds(1_000), &|| ()).unwrap();
    let home = &replays.homes[0].home;
    // Four standard errors: of the mean 0.19, of the deviation 0.13.
    let (mean, deviation) = (home.offered.mean().unwrap(), home.offered.standard_deviation().unwrap());
    assert!(mean.abs_diff(12_757) <= 75, "{mean}");
    assert!(deviation.abs_diff(593) <= 53, "{deviation}");
    assert_eq!((home.hired.min(), home.hired.max()), (Some(100), Some(100)));
    assert_eq!(replays.free.percentile(50), Some(200));
}

#[test]
fn neither_threads_nor_the_order_of_seeds_matter() {
    let season = one_district();
    let preparation = Preparation::new(&season);
    let player = Player::new(&preparation, OPTIONS, rates()).unwrap();
    let mut seeds = seeds(64);
    let with_threads = |threads, seeds: &[String]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| player.play_all(seeds, &|| ())).unwrap()
    };
    let one = with_threads(1, &seeds);
    assert_eq!(one.rounds.len(), 64);
    assert_eq!(with_threads(3, &seeds), one);
    seeds.reverse();
    assert_eq!(with_threads(2, &seeds), one);
}

#[test]
fn what_does_not_fit_the_districts_is_refused() {
    let season = one_district();
    let preparation = Preparation::new(&season);
    let refused = Player::new(&preparation, OPTIONS, vec![Rate::NOBODY]).unwrap_err();
    assert!(matches!(refused, PlanError::Districts { found: 1, districts: 2, .. }), "{refused}");
    assert!(matches!(with_ceilings(&season, &[1, 2, 3]), Err(PlanError::Districts { found: 3, districts: 2, .. })));
    let changed = with_ceilings(&season, &[7, 0]).unwrap();
    assert_eq!([0, 1].map(|d| changed.home_cap(DistrictIx::new(d))), [Some(7), Some(0)]);
    assert_eq!(changed.applicants(), season.applicants());
}

proptest! {
    #[test]
    fn a_season_keeps_within_every_limit_and_ends_when_nobody_can_be_offered_anything(
        capacities in prop::collection::vec(0_u32..5, 1..6),
        applicants in prop::collection::vec((0_usize..2, prop::collection::vec(0_usize..5, 0..5)), 1..40),
        caps in [prop::option::of(0_u32..8), prop::option::of(0_u32..8)],
        declined in 0_u32..4,
        seed in "[a-z]{1,4}",
    ) {
        let known = |wishes: Vec<usize>| wishes.into_iter().filter(|&job| job < capacities.len()).collect::<Vec<_>>();
        let applicants: Vec<_> = applicants.into_iter().map(|(home, wishes)| (home, known(wishes))).collect();
        let season = season(&capacities, &applicants, caps);
        let preparation = Preparation::new(&season);
        let rate = Rate::new(declined, 4).unwrap();
        let (played, state) = Player::new(&preparation, OPTIONS, vec![rate; 2]).unwrap().play_to(&seed).unwrap();

        // Count anew from the record's state.
        let mut by_home = [[0; 2]; 2];
        let mut by_job = vec![0; capacities.len()];
        for (id, life) in state.lives() {
            let Some(place) = &life.place else { continue };
            let applicant = season.applicant(season.find_applicant(id).unwrap());
            let job = season.find_job(&place.job).unwrap();
            by_job[job.get()] += 1;
            by_home[applicant.home_district.get()][job.get() % 2] += 1;
            prop_assert!(applicant.wishes.iter().any(|wish| wish.target == Target::Job(job)));
        }
        prop_assert!(by_job.iter().zip(&capacities).all(|(held, capacity)| held <= capacity));
        for (home, of_home) in played.homes.iter().enumerate() {
            prop_assert!(caps[home].is_none_or(|cap| of_home.home.hired <= cap));
            prop_assert_eq!([of_home.home.hired, of_home.others.hired], by_home[home]);
            for tally in [&of_home.home, &of_home.others] {
                prop_assert_eq!(tally.offered, tally.declined + tally.hired);
            }
        }
        let total = played.total();
        let counted = state.rounds().iter().fold([0; 3], |[offered, declined, accepted], round| {
            [offered + round.counts.offered, declined + round.counts.declined, accepted + round.counts.accepted]
        });
        let sum = |of: fn(&Tally<u32>) -> u32| of(&total.home) + of(&total.others);
        prop_assert_eq!(counted, [sum(|t| t.offered), sum(|t| t.declined), sum(|t| t.hired)]);
        prop_assert_eq!(state.rounds().len() as u32, played.rounds);

        // At the end there is nobody left without an offer whom a free place, a wish and a cap would allow one.
        for (row, (home, wishes)) in applicants.iter().enumerate() {
            let had_offer = state.life(&season.applicants()[row].id).is_some();
            for &job in wishes.iter().filter(|_| !had_offer) {
                let is_capped = job % 2 == 0 && caps[*home].is_some_and(|cap| played.homes[*home].home.hired >= cap);
                prop_assert!(by_job[job] == capacities[job] || is_capped, "applicant {} could have job {}", row, job);
            }
        }
    }
}
