//! How many rounds of offers it takes until all places are filled.

use std::collections::BTreeMap;

use crate::offers::CountDistribution;

/// What is less likely than this is left out of each step of a chain.
const NEGLIGIBLE: f64 = 1e-15;

/// Places to be filled round after round, and those who wait for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Places that nobody has accepted.
    pub places: u32,
    /// Offers out that are not answered: part of the first round.
    pub unanswered: u32,
    /// How many wait.
    pub waiting: u32,
}

/// What is left after each round.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundsUntilFull {
    /// After each round, from the first: how many places are free on average.
    pub free: Vec<f64>,
    /// After each round: the probability that none is.
    pub full: Vec<f64>,
    /// How many too many have accepted on average, in all rounds.
    pub excess: f64,
}

impl RoundsUntilFull {
    /// Plays rounds exactly: a Markov chain of the places that are free and the youths who wait.
    ///
    /// With k places free, `offers(k)` youths have an offer to answer, as far as enough wait; each accepts with the same probability, and whoever does not is gone.
    /// The rate of acceptance is one of those listed, each with its weight; it is the same in all rounds.
    ///
    /// # Complexity
    ///
    /// O(rates × states × offers), where those states are left out that are less likely than 10⁻¹⁵: of 200 places some thousands are left.
    pub fn play(start: Start, rates: &[(f64, f64)], rounds: u32, offers: impl Fn(u32) -> u32) -> Self {
        let mut all = Self { free: vec![0.0; rounds as usize], full: vec![0.0; rounds as usize], excess: 0.0 };
        for &(weight, rate) in rates {
            let mut accepted: BTreeMap<u32, CountDistribution> = BTreeMap::new();
            let mut states = BTreeMap::from([((start.places, start.waiting), weight)]);
            let mut out = start.unanswered;
            for round in 0..rounds as usize {
                let mut next: BTreeMap<(u32, u32), f64> = BTreeMap::new();
                for ((free, waiting), probability) in states {
                    let new = offers(free).saturating_sub(out).min(waiting);
                    let trials = out + new;
                    let yes = accepted.entry(trials).or_insert_with(|| CountDistribution::binomial(trials, rate));
                    for (yes, likely) in yes.iter().map(|(yes, likely)| (yes, likely * probability)) {
                        if likely > NEGLIGIBLE {
                            *next.entry((free.saturating_sub(yes), waiting - new)).or_default() += likely;
                            all.excess += f64::from(yes.saturating_sub(free)) * likely;
                        }
                    }
                }
                for (&(free, _), probability) in &next {
                    all.free[round] += f64::from(free) * probability;
                    all.full[round] += if free == 0 { *probability } else { 0.0 };
                }
                states = next;
                out = 0;
            }
        }
        all
    }

    /// Returns the first round after which all places are filled with at least such a probability, if there is one.
    pub fn by(&self, probability: f64) -> Option<u32> {
        (1..).zip(&self.full).find(|&(_, &full)| full >= probability).map(|(round, _)| round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    /// With one offer for each free place and enough who wait, a place is free after r rounds with (1 - p)^r, each by itself.
    #[test]
    fn as_the_closed_form_says() {
        let (places, rate) = (203, 185.0 / 206.0);
        let start = Start { places, unanswered: 0, waiting: 10_000 };
        let played = RoundsUntilFull::play(start, &[(1.0, rate)], 6, |free| free);
        for (round, (free, full)) in (1..).zip(played.free.iter().zip(&played.full)) {
            let empty = (1.0_f64 - rate).powi(round);
            close(*free, f64::from(places) * empty);
            close(*full, (1.0 - empty).powi(places as i32));
        }
        assert_eq!(played.excess.to_bits(), 0.0_f64.to_bits());
        assert_eq!((played.by(0.5), played.by(0.95), played.by(0.999_999)), (Some(3), Some(4), None));
    }

    #[test]
    fn whoever_waits_may_run_out_and_offers_that_are_out_count() {
        // Two places, one offer out and one who waits: full if both say yes.
        let start = Start { places: 2, unanswered: 1, waiting: 1 };
        let played = RoundsUntilFull::play(start, &[(1.0, 0.5)], 3, |free| free);
        for round in 0..3 {
            close(played.full[round], 0.25);
            close(played.free[round], 1.0);
        }
        // Two offers out for one place, and nobody else: one too many in a quarter of cases.
        let played = RoundsUntilFull::play(Start { places: 1, unanswered: 2, waiting: 0 }, &[(1.0, 0.5)], 2, |free| free);
        close(played.excess, 0.25);
        close(played.full[1], 0.75);
    }

    #[test]
    fn rates_are_mixed_over_all_rounds() {
        let start = Start { places: 1, unanswered: 0, waiting: 9 };
        let played = RoundsUntilFull::play(start, &[(0.5, 1.0), (0.5, 0.0)], 9, |free| free);
        assert!(played.full.iter().all(|full| (full - 0.5).abs() < 1e-12), "{:?}", played.full);
    }

    /// One offer more than there are places fills them sooner, and at times one too many.
    #[test]
    fn overbooking_is_faster_and_costs() {
        let start = Start { places: 50, unanswered: 0, waiting: 500 };
        let [exact, over] =
            [0, 4].map(|more| RoundsUntilFull::play(start, &[(1.0, 0.85)], 8, |free| if free > 0 { free + more } else { 0 }));
        assert!(over.full.iter().zip(&exact.full).all(|(over, exact)| over >= exact) && over.free[0] < exact.free[0]);
        assert!(over.excess > 0.0);
    }
}
