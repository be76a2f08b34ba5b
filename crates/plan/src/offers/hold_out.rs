//! What a district would have been predicted to do from the others.

use crate::offers::{Answered, CountDistribution, Hierarchy, Yields, most_offers, pooled};

/// Between these probabilities lies what is said to be expected: nine of ten.
const EXPECTED: (f64, f64) = (0.05, 0.95);

/// How alike districts are taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// All have one and the same rate of acceptance.
    Same,
    /// Each has a rate of its own; how much they differ is learned, too.
    Similar,
}

impl Likeness {
    /// Both, in the order in which tables show them.
    pub const ALL: [Self; 2] = [Self::Same, Self::Similar];

    /// Returns what is known of the rate of a district of which nothing was seen, from those of which something was.
    pub fn learn(self, others: &[Answered]) -> Yields {
        match self {
            Self::Same => Yields::learned(pooled(others)),
            Self::Similar => Hierarchy::learn(others).yields(&[Answered::NONE]),
        }
    }
}

/// A number beside what was predicted for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Predicted {
    /// The least and the greatest number of the nine of ten that are expected, and the one in the middle.
    pub low: u32,
    /// The median.
    pub median: u32,
    /// See `low`.
    pub high: u32,
    /// The number that there was.
    pub observed: u32,
    /// Its mid-rank: the probability of less, and half of that of just as many.
    pub mid_rank: f64,
}

impl Predicted {
    /// Returns whether the number is one of those expected.
    pub const fn is_expected(&self) -> bool {
        self.low <= self.observed && self.observed <= self.high
    }
}

/// What the others say of a district, beside what it did.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// How alike districts were taken to be.
    pub likeness: Likeness,
    /// Of as many offers as there were: how many are accepted.
    pub accepted: CountDistribution,
    /// Of as many offers as there were: how many are not accepted.
    pub declined: Predicted,
    /// For as many yeses as there were: how many offers it takes, none above the number of youths.
    pub needed: Predicted,
    /// The most offers for as many places as there were yeses, at the stated risk of more.
    pub offers: u32,
    /// The risk of more yeses than places with those offers, if each district has a rate of its own.
    pub risk_if_similar: f64,
    /// The risk of more yeses than places with those offers, by the share that did accept.
    pub risk_after_all: f64,
    /// How many places they would have left free on average, by that share.
    pub free_after_all: f64,
}

impl HeldOut {
    /// Predicts what a district did from what others did, at a stated risk. No more than so many youths can be asked.
    pub fn new(likeness: Likeness, others: &[Answered], district: Answered, youths: u32, risk: f64) -> Self {
        let Answered { accepted, offers: made } = district;
        let yields = likeness.learn(others);
        let yes = yields.accepted(0, made);
        let declined = Predicted {
            low: made - yes.quantile(EXPECTED.1),
            median: made - yes.quantile(0.5),
            high: made - yes.quantile(EXPECTED.0),
            observed: made - accepted,
            mid_rank: 1.0 - yes.mid_rank(accepted),
        };
        // It takes no more than n offers if, of n, enough are accepted.
        let enough = |offers: u32| 1.0 - yields.accepted(0, offers).below(accepted);
        let quantile = |probability: f64| {
            let (mut too_few, mut enough_of) = (accepted.saturating_sub(1), youths.max(accepted));
            while enough_of - too_few > 1 {
                let middle = too_few + (enough_of - too_few) / 2;
                if enough(middle) >= probability {
                    enough_of = middle;
                } else {
                    too_few = middle;
                }
            }
            enough_of
        };
        let before = made.checked_sub(1).map_or(0.0, &enough);
        let needed = Predicted {
            low: quantile(EXPECTED.0),
            median: quantile(0.5),
            high: quantile(EXPECTED.1),
            observed: made,
            mid_rank: f64::midpoint(before, enough(made)),
        };
        let offers = most_offers(youths, risk, accepted, |offers| yields.accepted(0, offers));
        let own = Yields::known(&[f64::from(accepted) / f64::from(made.max(1))]).accepted(0, offers);
        Self {
            likeness,
            declined,
            needed,
            offers,
            risk_if_similar: Likeness::Similar.learn(others).accepted(0, offers).above(accepted),
            risk_after_all: own.above(accepted),
            free_after_all: own.short_of(accepted),
            accepted: yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::Beta;

    fn answered(accepted: u32, offers: u32) -> Answered {
        Answered { accepted, offers }
    }

    /// Offers and declines of 2015: Kungsholmen 21 of 206, Norrmalm 22 of 198, Östermalm 51 of 236.
    #[test]
    fn ostermalm_is_not_like_the_others() {
        let others = [answered(185, 206), answered(176, 198)];
        let [same, similar] = Likeness::ALL.map(|likeness| HeldOut::new(likeness, &others, answered(185, 236), 374, 0.05));
        let by_pooled = CountDistribution::beta_binomial(236, &Beta { yes: 362.0, no: 44.0 });
        assert_eq!((same.declined.median, same.declined.observed), (236 - by_pooled.quantile(0.5), 51));
        assert!(!same.declined.is_expected() && same.declined.mid_rank > 0.999, "{same:?}");
        assert!(!same.needed.is_expected() && same.needed.mid_rank > 0.999, "{same:?}");
        // What differs between districts is hardly known from two of them: much more is possible.
        assert!(similar.declined.high > same.declined.high && similar.declined.low <= same.declined.low, "{similar:?}");
        assert!(similar.declined.mid_rank < same.declined.mid_rank);
        assert!(similar.offers <= same.offers);
    }

    /// Declines and offers needed are two sides of one thing: more than expected of one is more of the other.
    #[test]
    fn one_that_is_like_the_others_is_expected() {
        let others = [answered(180, 200), answered(270, 300)];
        for likeness in Likeness::ALL {
            let held = HeldOut::new(likeness, &others, answered(90, 100), 500, 0.05);
            assert!(held.declined.is_expected() && held.needed.is_expected(), "{held:?}");
            assert!((0.2..0.8).contains(&held.declined.mid_rank) && (0.2..0.8).contains(&held.needed.mid_rank), "{held:?}");
            assert!(held.declined.low <= held.declined.median && held.declined.median <= held.declined.high);
            assert!(held.needed.low >= 90 && held.needed.high <= 500);
        }
    }
}
