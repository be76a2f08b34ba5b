//! How many offers to send at a stated risk.

use crate::offers::{CountDistribution, Yields};

/// Places that offers are to fill, wherever they are, and those who may be offered one, by home district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Places that nobody has accepted; those offered and not answered are among them.
    pub places: u32,
    /// Each home district.
    pub homes: Vec<HomePool>,
}

/// Those of a home district who may be offered a place, and how many of them may get one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HomePool {
    /// The most who may accept in addition to those who have, if the district's budget or its cap says so.
    pub ceiling: Option<u32>,
    /// Offers out that are not answered.
    pub unanswered: u32,
    /// How many wait who may take a place.
    pub waiting: u32,
}

/// What comes of offers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// New offers.
    pub offers: u32,
    /// How many may accept.
    pub room: u32,
    /// The probability that more do.
    pub risk: f64,
    /// How many accept on average, those with an offer already among them.
    pub accepted: f64,
    /// How many too many accept on average.
    pub excess: f64,
    /// How many places are still free on average once everybody has answered.
    pub free: f64,
}

impl Forecast {
    /// Works out what comes of offers if so many accept.
    pub fn new(offers: u32, room: u32, accepted: &CountDistribution) -> Self {
        Self {
            offers,
            room,
            risk: accepted.above(room),
            accepted: accepted.mean(),
            excess: accepted.excess_over(room),
            free: accepted.short_of(room),
        }
    }
}

impl Pool {
    /// Divides the places over the home districts in proportion to those who wait or have an offer, none more than its ceiling and than there are youths.
    ///
    /// Places that nobody may take are left over.
    pub fn rooms(&self) -> Vec<u32> {
        let youths: Vec<u32> = self.homes.iter().map(|home| home.waiting + home.unanswered).collect();
        let bounds: Vec<u32> =
            self.homes.iter().zip(&youths).map(|(home, &youths)| home.ceiling.map_or(youths, |most| most.min(youths))).collect();
        within_bounds(self.places, &youths, &bounds)
    }

    /// Returns the most new offers to each home district with which the risk of more yeses than its room is at most the one stated.
    pub fn alone(&self, yields: &Yields, risk: f64) -> Vec<u32> {
        let of_home = |(at, (home, room)): (usize, (&HomePool, u32))| {
            most_offers(home.waiting, risk, room, |offers| yields.accepted(at, home.unanswered + offers))
        };
        self.homes.iter().zip(self.rooms()).enumerate().map(of_home).collect()
    }

    /// Returns the most new offers, by home district, with which the risk of more yeses than places altogether is at most the one stated.
    ///
    /// They are divided over the districts in proportion to what each would send [`alone`](Self::alone), as long as the risk of more yeses than its
    /// ceiling, too, is at most the one stated.
    pub fn together(&self, yields: &Yields, risk: f64) -> Vec<u32> {
        let (shares, bounds) = self.shares(yields, risk);
        let most = bounds.iter().sum();
        let total =
            most_offers(most, risk, self.places, |offers| self.accepted(yields, &within_bounds(offers, &shares, &bounds)));
        within_bounds(total, &shares, &bounds)
    }

    /// Divides a number of new offers over the home districts, as [`together`](Self::together) does; the rest where there are too many.
    pub fn divide(&self, yields: &Yields, risk: f64, offers: u32) -> Vec<u32> {
        let (shares, bounds) = self.shares(yields, risk);
        within_bounds(offers, &shares, &bounds)
    }

    fn shares(&self, yields: &Yields, risk: f64) -> (Vec<u32>, Vec<u32>) {
        let below_ceiling = |(at, home): (usize, &HomePool)| match home.ceiling {
            None => home.waiting,
            Some(ceiling) => most_offers(home.waiting, risk, ceiling, |offers| yields.accepted(at, home.unanswered + offers)),
        };
        (self.alone(yields, risk), self.homes.iter().enumerate().map(below_ceiling).collect())
    }

    /// Returns how many accept altogether if so many new offers are sent to each home district.
    pub fn accepted(&self, yields: &Yields, offers: &[u32]) -> CountDistribution {
        let all: Vec<u32> = self.homes.iter().zip(offers).map(|(home, &offers)| home.unanswered + offers).collect();
        yields.accepted_by_all(&all)
    }

    /// Returns how many offers there are that are not answered.
    pub fn unanswered(&self) -> u32 {
        self.homes.iter().map(|home| home.unanswered).sum()
    }
}

/// Returns the most offers with which the probability that more accept than there is room is at most the risk; 0 if it never is.
///
/// The probability grows with each offer, so the range is halved.
pub fn most_offers(most: u32, risk: f64, room: u32, accepted: impl Fn(u32) -> CountDistribution) -> u32 {
    let is_within = |offers: u32| accepted(offers).above(room) <= risk;
    // What is known to be within, and not to be; so many offers as places are within, if all of them are new.
    let (mut within, mut beyond) = (0, most + 1);
    let mut step = room.clamp(1, most.max(1));
    while beyond - within > 1 {
        // Near the first guess first: the number looked for is a little above the room.
        let next = (within + step).min(beyond - 1);
        if is_within(next) {
            within = next;
            step = (step / 4).max(1).min(step);
        } else {
            beyond = next;
            step = ((beyond - within) / 2).max(1);
        }
    }
    within
}

/// Divides a number in proportion to shares, nobody more than their bound, by the method of Sainte-Laguë (Webster): one after the other goes to whoever has
/// the greatest share for each 2n + 1 that they have, and between equal ones to whoever is listed first. So of one more nobody gets fewer.
fn within_bounds(total: u32, shares: &[u32], bounds: &[u32]) -> Vec<u32> {
    let mut divided = vec![0_u32; shares.len()];
    for _ in 0..total {
        // Whoever has no share comes last, not never.
        let claim = |at: usize| (u64::from(shares[at].max(1)), 2 * u64::from(divided[at]) + 1);
        let open = (0..shares.len()).filter(|&at| divided[at] < bounds[at]);
        let next = open.reduce(|first, at| {
            let ((share, has), (other, other_has)) = (claim(first), claim(at));
            if other * has > share * other_has { at } else { first }
        });
        let Some(next) = next else { break };
        divided[next] += 1;
    }
    divided
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::{Answered, Hierarchy};
    use proptest::prelude::*;

    fn home(ceiling: Option<u32>, unanswered: u32, waiting: u32) -> HomePool {
        HomePool { ceiling, unanswered, waiting }
    }

    /// 185 places at a yield of 546/640: 207 offers overbook with 3.6 %, 208 with more than 5 %.
    #[test]
    fn the_offers_of_2015() {
        let pool = Pool { places: 185, homes: vec![home(None, 0, 1_511)] };
        let yields = Yields::known(&[546.0 / 640.0]);
        assert_eq!((pool.alone(&yields, 0.05), pool.together(&yields, 0.05)), (vec![207], vec![207]));
        let forecast = Forecast::new(217, 185, &pool.accepted(&yields, &[217]));
        assert!((forecast.risk - 0.480_580_358_756_275_47).abs() < 1e-12);
        assert!((forecast.accepted - 217.0 * 546.0 / 640.0).abs() < 1e-9);
        assert!((forecast.accepted - forecast.excess + forecast.free - 185.0).abs() < 1e-9);
        // Offers that are out are part of the risk.
        let pool = Pool { places: 185, homes: vec![home(None, 200, 1_511)] };
        assert_eq!(pool.alone(&yields, 0.05), [7]);
        let pool = Pool { places: 185, homes: vec![home(None, 220, 1_511)] };
        assert_eq!(pool.alone(&yields, 0.05), [0]);
    }

    #[test]
    fn rooms_are_bounded_by_budgets_and_youths() {
        let pool = Pool { places: 100, homes: vec![home(Some(10), 0, 300), home(None, 5, 25), home(None, 0, 400)] };
        assert_eq!(pool.rooms(), [10, 6, 84]);
        let pool = Pool { places: 100, homes: vec![home(Some(10), 0, 300), home(None, 5, 25)] };
        assert_eq!(pool.rooms(), [10, 30], "60 places are left over");
        assert_eq!(within_bounds(7, &[0, 0], &[3, 9]), [3, 4]);
        // Sainte-Laguë as in textbooks: 53 000, 24 000 and 23 000 votes, seven seats.
        assert_eq!(within_bounds(7, &[53_000, 24_000, 23_000], &[7; 3]), [3, 2, 2]);
    }

    /// Three pools together need less of a margin than each alone.
    #[test]
    fn one_pool_takes_more_offers_and_keeps_to_the_budgets() {
        let homes = vec![home(Some(203), 0, 566), home(Some(203), 0, 571), home(Some(203), 0, 374)];
        let pool = Pool { places: 534, homes };
        let yields = Yields::known(&[185.0 / 206.0, 176.0 / 198.0, 185.0 / 236.0]);
        let [alone, together] = [pool.alone(&yields, 0.05), pool.together(&yields, 0.05)];
        assert!(together.iter().sum::<u32>() > alone.iter().sum(), "{together:?} {alone:?}");
        assert!(pool.accepted(&yields, &together).above(534) <= 0.05);
        let one_more = pool.divide(&yields, 0.05, together.iter().sum::<u32>() + 1);
        assert!(pool.accepted(&yields, &one_more).above(534) > 0.05);
        for (at, &offers) in together.iter().enumerate() {
            assert!(yields.accepted(at, offers).above(203) <= 0.05);
        }
        // With less to share out, the budgets no longer matter; with more, they are what ends the offers.
        let many = Pool { places: 5_000, ..pool };
        for (at, &offers) in many.together(&yields, 0.05).iter().enumerate() {
            assert!(yields.accepted(at, offers + 1).above(203) > 0.05);
        }
    }

    #[test]
    fn not_knowing_the_rate_takes_fewer_offers() {
        let pool = Pool { places: 185, homes: vec![home(None, 0, 1_511)] };
        let seen = [Answered { accepted: 546, offers: 640 }];
        let learned = Hierarchy::learn(&seen).yields(&seen);
        let offers = pool.alone(&learned, 0.05)[0];
        assert!((200..207).contains(&offers), "{offers}");
    }

    proptest! {
        /// As a search from 0 upwards says; more risk, or more places, is never fewer offers.
        #[test]
        fn the_most_offers_are_found(places in 0_u32..30, most in 0_u32..60, rate in 0.0_f64..=1.0, risk in 0.001_f64..0.9) {
            let accepted = |offers| CountDistribution::binomial(offers, rate);
            let found = most_offers(most, risk, places, accepted);
            let searched = (0..=most).take_while(|&offers| accepted(offers).above(places) <= risk).last().unwrap_or(0);
            prop_assert_eq!(found, searched);
            prop_assert!(most_offers(most, risk + 0.05, places, accepted) >= found);
            prop_assert!(most_offers(most, risk, places + 1, accepted) >= found);
        }

        #[test]
        fn what_is_divided_is_within_bounds(total in 0_u32..500, parties in prop::collection::vec((0_u32..50, 0_u32..80), 1..8)) {
            let (shares, bounds): (Vec<u32>, Vec<u32>) = parties.into_iter().unzip();
            let divided = within_bounds(total, &shares, &bounds);
            prop_assert_eq!(divided.iter().sum::<u32>(), total.min(bounds.iter().sum()));
            prop_assert!(divided.iter().zip(&bounds).all(|(part, bound)| part <= bound));
            let one_more = within_bounds(total + 1, &shares, &bounds);
            prop_assert!(divided.iter().zip(&one_more).all(|(part, more)| part <= more));
        }
    }
}
