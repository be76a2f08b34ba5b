//! Section 3: the lottery and the ranking.

use feriematch_core::{Lottery, Ranking};
use feriematch_model::*;
use proptest::prelude::*;

use crate::builder::{Builder, SEED};

/// A season of applicants with ids and classes.
fn season(applicants: impl IntoIterator<Item = (u32, usize)>) -> Season {
    let add = |builder: Builder, (id, class): (u32, usize)| {
        builder.applicant(&format!("{id:06}"), "").with_applicant(|a| a.class = ClassIx::new(class))
    };
    applicants.into_iter().fold(Builder::new(), add).build()
}

proptest! {
    #[test]
    fn classes_come_first_then_the_number(applicants in prop::collection::btree_map(0_u32..1_000_000, 0_usize..4, 0..30)) {
        let season = season(applicants);
        let ranking = Ranking::draw(&season, SEED);
        let lottery = Lottery::new(SEED);
        let key = |a: &ApplicantIx| (season.applicant(*a).class, lottery.number(&season.applicant(*a).id), *a);
        prop_assert_eq!(ranking.order().len(), season.applicants().len());
        prop_assert!(ranking.order().is_sorted_by(|a, b| key(a) < key(b)));
        for (position, &applicant) in (1..).zip(ranking.order()) {
            prop_assert_eq!(ranking.position(applicant), position);
            prop_assert_eq!(ranking.number(applicant), lottery.number(&season.applicant(applicant).id));
        }
    }

    /// Whoever withdraws, all others keep their numbers and their order.
    #[test]
    fn nobody_changes_anybody_elses_number(
        applicants in prop::collection::btree_map(0_u32..1_000_000, 0_usize..4, 1..30),
        gone in any::<prop::sample::Index>(),
    ) {
        let before = season(applicants.clone());
        let mut fewer = applicants;
        let id = *gone.get(&fewer.keys().copied().collect::<Vec<_>>());
        fewer.remove(&id);
        let after = season(fewer);
        let drawn = |season: &Season| -> Vec<(String, LotteryNumber)> {
            let ranking = Ranking::draw(season, SEED);
            ranking.order().iter().map(|&a| (season.applicant(a).id.to_string(), ranking.number(a))).collect()
        };
        let mut expected = drawn(&before);
        expected.retain(|(other, _)| *other != format!("{id:06}"));
        prop_assert_eq!(drawn(&after), expected);
    }
}

#[test]
fn another_seed_is_another_lottery() {
    let season = season((0..20).map(|id| (id, 0)));
    assert_ne!(Ranking::draw(&season, "one").order(), Ranking::draw(&season, "two").order());
}
