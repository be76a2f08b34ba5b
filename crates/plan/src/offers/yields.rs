//! What is known of the shares of offers that are accepted, and how many accept.

use rayon::prelude::*;

use crate::offers::beta::bisect;
use crate::offers::{Beta, CountDistribution};

/// How much is left out of the distribution of a group, at either end, where groups are added up.
const TRIMMED: f64 = 1e-15;

/// How many of how many offers were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// Those who accepted; no more than were offered a place.
    pub accepted: u32,
    /// Those who were offered a place, and whose answer, or silence until the deadline, is known.
    pub offers: u32,
}

impl Answered {
    /// Nothing has been seen.
    pub const NONE: Self = Self { accepted: 0, offers: 0 };
}

/// What is known of the yield of several groups of offers: the share of each that is accepted.
///
/// What is not known is a mixture: one of several worlds, each with its weight, in each of which every group has a rate of its own, that is known exactly or up
/// to a beta distribution. Within a world groups are independent of each other; what they have in common differs from world to world.
#[derive(Debug, Clone, PartialEq)]
pub struct Yields {
    weights: Vec<f64>,
    /// For each group, its rate in each world.
    groups: Vec<Vec<Part>>,
}

/// The rate of a group in one world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part {
    Exactly(f64),
    Beta(Beta),
}

impl Part {
    fn mean(self) -> f64 {
        match self {
            Self::Exactly(rate) => rate,
            Self::Beta(beta) => beta.mean(),
        }
    }

    fn at_most(self, share: f64) -> f64 {
        match self {
            Self::Exactly(rate) => f64::from(rate <= share),
            Self::Beta(beta) => beta.at_most(share),
        }
    }

    fn accepted(self, offers: u32) -> CountDistribution {
        match self {
            Self::Exactly(rate) => CountDistribution::binomial(offers, rate),
            Self::Beta(beta) => CountDistribution::beta_binomial(offers, &beta),
        }
    }
}

impl Yields {
    pub(super) fn new(weights: Vec<f64>, groups: Vec<Vec<Part>>) -> Self {
        Self { weights, groups }
    }

    /// Takes the rates of groups, between 0 and 1, for known.
    pub fn known(rates: &[f64]) -> Self {
        Self::new(vec![1.0], rates.iter().map(|&rate| vec![Part::Exactly(rate.clamp(0.0, 1.0))]).collect())
    }

    /// Takes one group's rate for known up to a beta distribution.
    pub fn learned(beta: Beta) -> Self {
        Self::new(vec![1.0], vec![vec![Part::Beta(beta)]])
    }

    /// Returns the same with the mean of each group's rate taken for known.
    #[must_use]
    pub fn as_if_known(&self) -> Self {
        Self::known(&(0..self.len()).map(|group| self.mean(group)).collect::<Vec<_>>())
    }

    /// Returns whether every rate is known.
    pub fn is_known(&self) -> bool {
        self.groups.iter().flatten().all(|part| matches!(part, Part::Exactly(_)))
    }

    /// Returns how many groups there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Returns whether there are no groups.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Returns the mean of a group's rate.
    pub fn mean(&self, group: usize) -> f64 {
        self.parts(group).map(|(weight, part)| weight * part.mean()).sum()
    }

    /// Returns the rate of a group that is not exceeded with a probability.
    pub fn quantile(&self, group: usize, probability: f64) -> f64 {
        bisect(|share| self.parts(group).map(|(weight, part)| weight * part.at_most(share)).sum::<f64>() < probability)
    }

    /// Returns how many of so many offers to a group are accepted.
    ///
    /// # Complexity
    ///
    /// O(offers) for each world.
    pub fn accepted(&self, group: usize, offers: u32) -> CountDistribution {
        CountDistribution::mixture(self.parts(group).map(|(weight, part)| (weight, part.accepted(offers))))
    }

    /// Returns how many of so many offers to each group are accepted altogether.
    ///
    /// Where there are several worlds, probabilities below 10⁻¹⁵ at the ends are left out.
    ///
    /// # Complexity
    ///
    /// O(offers²) for each world.
    pub fn accepted_by_all(&self, offers: &[u32]) -> CountDistribution {
        let most = if self.weights.len() > 1 { TRIMMED } else { 0.0 };
        let in_world = |world: usize| {
            let of_groups = self.groups.iter().zip(offers).map(|(rates, &offers)| rates[world].accepted(offers).trimmed(most));
            of_groups.reduce(|sum, group| sum.plus(&group).trimmed(most)).unwrap_or(CountDistribution::certain(0))
        };
        // Worlds are worked out on all threads and added up in order.
        let worlds: Vec<CountDistribution> = (0..self.weights.len()).into_par_iter().map(in_world).collect();
        CountDistribution::mixture(self.weights.iter().copied().zip(worlds))
    }

    fn parts(&self, group: usize) -> impl Iterator<Item = (f64, Part)> {
        self.weights.iter().copied().zip(self.groups[group].iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::Hierarchy;

    #[test]
    fn known_rates_give_binomials() {
        let yields = Yields::known(&[0.8, 0.5]);
        assert_eq!(yields.accepted(0, 12), CountDistribution::binomial(12, 0.8));
        let sum = yields.accepted_by_all(&[12, 3]);
        assert_eq!(sum, CountDistribution::binomial(12, 0.8).plus(&CountDistribution::binomial(3, 0.5)));
        assert!((yields.quantile(0, 0.3) - 0.8).abs() < 1e-9 && (yields.mean(1) - 0.5).abs() < 1e-15);
        assert_eq!(yields.as_if_known(), yields);
    }

    /// What is not known of the rates makes the sum more spread, the more so the more the groups have in common.
    #[test]
    fn a_rate_that_is_learned_spreads_more() {
        let seen = [Answered { accepted: 185, offers: 206 }, Answered { accepted: 176, offers: 198 }];
        let learned = Hierarchy::learn(&seen).yields(&seen);
        let offers = [203, 203];
        let [learned_sum, known_sum] = [&learned, &learned.as_if_known()].map(|yields| yields.accepted_by_all(&offers));
        assert!((learned_sum.mean() - known_sum.mean()).abs() < 0.01);
        let alone: f64 = CountDistribution::plus(&learned.accepted(0, 203), &learned.accepted(1, 203)).above(380);
        assert!(known_sum.above(380) < alone && alone < learned_sum.above(380));
        assert!((learned_sum.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-11);
    }
}
