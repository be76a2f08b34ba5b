//! What offers that were answered say about those that will be: rates that differ from group to group, learned together.

use crate::offers::yields::{Part, Yields};
use crate::offers::{Answered, Beta};

/// How many values of the spread of the groups' rates are weighed, and of their mean for each.
const SPREADS: u32 = 16;
const MEANS: u32 = 12;
/// How much of the mean's distribution may be beyond the values weighed, at either end.
const BEYOND: f64 = 1e-9;
/// What has less than this part of the whole weight is left out.
const NEGLIGIBLE: f64 = 1e-7;

/// What groups of offers have in common, learned from all of them: the distribution that each group's rate of acceptance is drawn from.
///
/// The rate of a group is drawn from a beta distribution of mean m, worth s offers; of n offers, y are accepted by the binomial distribution. Before anything
/// is seen, every m between 0 and 1 and every τ = 1/√s between 0 and 1 is as likely: τ is about the spread of the rates, in units of what one offer tells.
/// What is seen weighs the pairs (m, τ) by their marginal likelihood, the product over the groups of the beta-binomial probability of what was
/// seen. Given a pair, the rate of a group is Beta(m·s + y, (1 − m)·s + n − y): the share s/(s + n) of it comes from all groups, the rest from its own offers. So
/// small groups are shrunk towards the whole, and how much is learned, too.
///
/// The integral over m and τ is a sum over a grid of 16 by 12, finest where τ is small, and about the likely m for each τ. A test compares with a grid of
/// sixteen times as many: probabilities change by less than 5·10⁻⁴ where three groups of two hundred were seen, 10⁻³ where two were, and 10⁻²
/// where ten offers are all that was.
///
/// # References
///
/// B. Efron, C. Morris: Data analysis using Stein's estimator and its generalizations, JASA 70 (1975), for shrinkage; A. Gelman et al.: Bayesian Data Analysis,
/// 3rd ed. 2013, section 5.3, for this model and this prior (there τ may also be above 1); R. E. Kass, D. Steffey: Approximate Bayesian inference in
/// conditionally independent hierarchical models, JASA 84 (1989), and B. P. Carlin, T. A. Louis: Bayesian Methods for Data Analysis, 3rd ed. 2009, chapter 5,
/// for why plugging in the likeliest pair would say too little about what is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Hierarchy {
    /// The weight of each pair that was weighed, which add up to 1, and the distribution of a group's rate by it.
    components: Vec<(f64, Beta)>,
}

impl Hierarchy {
    /// Learns from groups of offers that were answered. Without any, every rate is as likely.
    ///
    /// # Complexity
    ///
    /// O(offers) for each of 192 pairs.
    pub fn learn(groups: &[Answered]) -> Self {
        Self::with_grid(groups, SPREADS, MEANS)
    }

    fn with_grid(groups: &[Answered], spreads: u32, means: u32) -> Self {
        let mut weighed: Vec<(Scaled, Beta)> = Vec::new();
        for spread in 0..spreads {
            // Evenly spread over the root of τ; the width of a step of τ is part of the weight.
            let root = (f64::from(spread) + 0.5) / f64::from(spreads);
            let worth = root.powi(-4);
            let (low, high) = likely_means(groups, worth);
            for mean in 0..means {
                let mean = low + (high - low) * (f64::from(mean) + 0.5) / f64::from(means);
                let prior = Beta { yes: mean * worth, no: (1.0 - mean) * worth };
                let width = Scaled::of(root * (high - low));
                let weight = groups.iter().fold(width, |weight, group| weight.times_likelihood(prior, *group));
                weighed.push((weight, prior));
            }
        }
        let top = weighed.iter().map(|(weight, _)| weight.exponent).max().unwrap_or(0);
        let mut components: Vec<(f64, Beta)> = weighed.iter().map(|(weight, prior)| (weight.relative_to(top), *prior)).collect();
        let sum: f64 = components.iter().map(|(weight, _)| weight).sum();
        components.retain(|(weight, _)| *weight > sum * NEGLIGIBLE);
        let sum: f64 = components.iter().map(|(weight, _)| weight).sum();
        for (weight, _) in &mut components {
            *weight /= sum;
        }
        Self { components }
    }

    /// Returns what is known of the rates of groups: of each, what was seen of it is [`Answered`]; nothing, if it is a new one.
    ///
    /// What was seen must be part of what was learned from.
    pub fn yields(&self, groups: &[Answered]) -> Yields {
        let weights = self.components.iter().map(|(weight, _)| *weight).collect();
        let of_group = |seen: &Answered| {
            let after = |(_, prior): &(f64, Beta)| Part::Beta(prior.after(seen.accepted, seen.offers - seen.accepted));
            self.components.iter().map(after).collect()
        };
        Yields::new(weights, groups.iter().map(of_group).collect())
    }

    /// Returns the part of what is known of a group that comes from all groups and not from its own offers: between 0 and 1.
    pub fn shrinkage(&self, seen: Answered) -> f64 {
        let part = |(weight, prior): &(f64, Beta)| {
            let worth = prior.yes + prior.no;
            weight * worth / (worth + f64::from(seen.offers))
        };
        self.components.iter().map(part).sum()
    }

    /// Returns the mean of the standard deviation of the rates from group to group.
    pub fn spread(&self) -> f64 {
        self.components.iter().map(|(weight, prior)| weight * prior.variance().sqrt()).sum()
    }
}

/// Returns what is known if all groups have one and the same rate, of which every value was as likely.
pub fn pooled(groups: &[Answered]) -> Beta {
    groups.iter().fold(Beta::UNIFORM, |beta, group| beta.after(group.accepted, group.offers - group.accepted))
}

/// Returns between which numbers the mean of the groups' rates lies if each is drawn from a beta distribution worth so many offers.
///
/// Offers of one group tell less than as many of several (the design effect), so each group counts as n/(1 + (n − 1)/(worth + 1)).
fn likely_means(groups: &[Answered], worth: f64) -> (f64, f64) {
    let mut beta = Beta::UNIFORM;
    for group in groups.iter().filter(|group| group.offers > 0) {
        let offers = f64::from(group.offers);
        let counts_as = 1.0 / (1.0 + (offers - 1.0) / (worth + 1.0));
        beta.yes += f64::from(group.accepted) * counts_as;
        beta.no += f64::from(group.offers - group.accepted) * counts_as;
    }
    (beta.quantile(BEYOND), beta.quantile(1.0 - BEYOND))
}

/// A positive number that may be very small: a product of many probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scaled {
    number: f64,
    /// By which power of 2⁻⁵¹² it is to be multiplied, negated: the greater, the greater the number.
    exponent: i64,
}

impl Scaled {
    const STEP: f64 = 1.340_780_792_994_259_7e154;

    const fn of(number: f64) -> Self {
        Self { number, exponent: 0 }
    }

    /// Multiplies by the beta-binomial probability of what was seen, but for the factor that does not depend on the rate.
    fn times_likelihood(mut self, prior: Beta, seen: Answered) -> Self {
        let worth = prior.yes + prior.no;
        for number in 0..seen.offers {
            let weight = match number.checked_sub(seen.accepted) {
                None => prior.yes + f64::from(number),
                Some(declined) => prior.no + f64::from(declined),
            };
            self.number *= weight / (worth + f64::from(number));
            if self.number < 1.0 / Self::STEP {
                self.number *= Self::STEP;
                self.exponent -= 1;
            }
        }
        self
    }

    /// Returns the number as a multiple of a power; those that are far smaller are 0.
    fn relative_to(self, exponent: i64) -> f64 {
        match exponent - self.exponent {
            0 => self.number,
            1 => self.number / Self::STEP,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offers::CountDistribution;
    use proptest::prelude::*;

    fn answered(accepted: u32, offers: u32) -> Answered {
        Answered { accepted, offers }
    }

    /// Offers and declines of 2015 by district: Kungsholmen, Norrmalm, Östermalm.
    fn of_2015() -> [Answered; 3] {
        [answered(185, 206), answered(176, 198), answered(185, 236)]
    }

    #[test]
    fn a_step_is_a_power_of_two() {
        assert!((Scaled::STEP - 512_f64.exp2()).abs() < f64::EPSILON);
    }

    /// The probabilities of all that could be seen add up to 1, times the factor left out.
    #[test]
    fn likelihoods_are_those_of_the_beta_binomial() {
        let prior = Beta { yes: 3.0, no: 1.5 };
        let distribution = CountDistribution::beta_binomial(5, &prior);
        for (accepted, ways) in (0..).zip([1.0, 5.0, 10.0, 10.0, 5.0, 1.0]) {
            let likelihood = Scaled::of(1.0).times_likelihood(prior, answered(accepted, 5));
            assert!((likelihood.number * ways - distribution.probability(accepted)).abs() < 1e-12);
        }
        // 10 000 offers of which half were accepted: 2^-10 000 and a little more, far below the least number that there is.
        let tiny = Scaled::of(1.0).times_likelihood(Beta { yes: 1e9, no: 1e9 }, answered(5_000, 10_000));
        assert!(tiny.exponent < -18 && tiny.number > 0.0);
    }

    #[test]
    fn a_finer_grid_says_the_same() {
        for (groups, offers, most) in [(&of_2015()[..], 236, 5e-4), (&of_2015()[..2], 236, 1e-3), (&[answered(9, 10)], 20, 1e-2)]
        {
            let coarse = Hierarchy::learn(groups);
            let fine = Hierarchy::with_grid(groups, 4 * SPREADS, 4 * MEANS);
            for seen in [groups[0], Answered::NONE] {
                let [coarse, fine] = [&coarse, &fine].map(|learned| learned.yields(&[seen]).accepted(0, offers));
                for number in (0..offers).step_by(5) {
                    let difference = (coarse.above(number) - fine.above(number)).abs();
                    assert!(difference < most, "{seen:?}, more than {number} of {offers}: {difference:e}");
                }
            }
        }
    }

    /// With one rate for all, or next to nothing seen of a group, it is taken to be like the others.
    #[test]
    fn small_groups_are_shrunk_and_large_ones_are_not() {
        let mut groups = vec![answered(90, 100); 12];
        groups.push(answered(1, 2));
        let learned = Hierarchy::learn(&groups);
        let yields = learned.yields(&groups);
        assert!(learned.shrinkage(groups[12]) > 0.9 && (yields.mean(12) - 0.9).abs() < 0.03, "{}", yields.mean(12));
        let large = [answered(700_000, 1_000_000), answered(90, 100), answered(80, 100)];
        let learned = Hierarchy::learn(&large);
        assert!((learned.yields(&large).mean(0) - 0.7).abs() < 1e-3 && learned.shrinkage(large[0]) < 0.01);
    }

    /// One group tells nothing of others, but itself is known by what was seen of it.
    #[test]
    fn a_single_group_stands_for_itself_and_a_new_one_is_open() {
        let one = [answered(546, 640)];
        let learned = Hierarchy::learn(&one);
        let [own, new] = [one[0], Answered::NONE].map(|seen| learned.yields(&[seen]));
        let width = |yields: &Yields| yields.quantile(0, 0.95) - yields.quantile(0, 0.05);
        assert!((own.mean(0) - 546.0 / 640.0).abs() < 0.01 && width(&own) < 0.06, "{} {}", own.mean(0), width(&own));
        assert!(width(&new) > 0.4, "{}", width(&new));
        // Nothing seen at all: every rate.
        let nothing = Hierarchy::learn(&[]).yields(&[Answered::NONE]);
        assert!((nothing.mean(0) - 0.5).abs() < 1e-6 && width(&nothing) > 0.85);
    }

    #[test]
    fn pooled_is_the_limit_of_no_spread() {
        let groups = [answered(18, 20), answered(17, 20)];
        let limit = pooled(&groups);
        assert_eq!(limit, Beta { yes: 36.0, no: 6.0 });
        let learned = Hierarchy::learn(&vec![answered(900, 1_000); 60]);
        assert!(learned.spread() < 0.01 && learned.shrinkage(answered(18, 20)) > 0.9);
    }

    proptest! {
        /// A district's rate lies between its own share and that of all; weights add up to 1.
        #[test]
        fn rates_lie_between_their_own_and_that_of_all(groups in prop::collection::vec((1_u32..60).prop_flat_map(|offers| (0..=offers, Just(offers))), 2..5)) {
            let groups: Vec<_> = groups.into_iter().map(|(accepted, offers)| answered(accepted, offers)).collect();
            let learned = Hierarchy::learn(&groups);
            prop_assert!((learned.components.iter().map(|(weight, _)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
            let yields = learned.yields(&groups);
            for (at, group) in groups.iter().enumerate() {
                let share = |group: &Answered| f64::from(group.accepted) / f64::from(group.offers);
                let others = groups.iter().map(share);
                let (low, high) = others.fold((0.5_f64, 0.5_f64), |(low, high), share| (low.min(share), high.max(share)));
                prop_assert!((low - 1e-9..=high + 1e-9).contains(&yields.mean(at)), "{:?} {}", groups, yields.mean(at));
                prop_assert!((0.0..=1.0).contains(&learned.shrinkage(*group)));
            }
        }
    }
}
