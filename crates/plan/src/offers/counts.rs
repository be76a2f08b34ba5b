//! The distribution of a number of youths: how likely each number is.

use crate::offers::Beta;

/// How likely each number of youths is, such as of those who accept.
///
/// Probabilities are added, multiplied and divided, never subtracted, and all of them are positive. So each has a *relative* error of at most 3·n·2⁻⁵³
/// for n trials, however small it is: 1e-13 for a few hundred offers. A test compares with exact fractions. Probabilities below 1e-300 may be lost.
#[derive(Debug, Clone, PartialEq)]
pub struct CountDistribution {
    /// The number that the first probability is of.
    first: u32,
    /// Of each number from the first on; never empty.
    probabilities: Vec<f64>,
}

impl CountDistribution {
    /// Returns the distribution of what is certain.
    pub fn certain(number: u32) -> Self {
        Self { first: number, probabilities: vec![1.0] }
    }

    /// Returns how many of independent trials succeed, each with a probability of its own: the Poisson-binomial distribution.
    ///
    /// # Complexity
    ///
    /// O(n²) for n trials, by convolution with one trial after the other.
    ///
    /// # References
    ///
    /// S. X. Chen, J. S. Liu: Statistical applications of the Poisson-binomial and conditional Bernoulli distributions, Statistica Sinica 7 (1997);
    /// Y. Hong: On computing the distribution function for the Poisson binomial distribution, Computational Statistics & Data Analysis 59 (2013).
    ///
    /// # Examples
    ///
    /// ```
    /// use feriematch_plan::offers::CountDistribution;
    ///
    /// let accepted = CountDistribution::of_trials([0.5, 0.25]);
    /// assert_eq!([0, 1, 2].map(|number| accepted.probability(number)), [0.375, 0.5, 0.125]);
    /// ```
    pub fn of_trials(trials: impl IntoIterator<Item = f64>) -> Self {
        let mut all = Self::certain(0);
        trials.into_iter().for_each(|p| all.add_trial(p));
        all
    }

    /// Adds an independent trial that succeeds with a probability.
    pub fn add_trial(&mut self, p: f64) {
        let fails = 1.0 - p;
        let mut before = 0.0;
        for probability in &mut self.probabilities {
            let here = *probability;
            *probability = here * fails + before * p;
            before = here;
        }
        self.probabilities.push(before * p);
    }

    /// Returns how many of so many trials succeed, each with the same probability.
    ///
    /// # Complexity
    ///
    /// O(n): each probability comes from its neighbour, beginning with the likeliest.
    pub fn binomial(trials: u32, p: f64) -> Self {
        let n = f64::from(trials);
        if p <= 0.0 || p >= 1.0 {
            return Self::certain(if p <= 0.0 { 0 } else { trials });
        }
        Self::from_ratios(trials, (n + 1.0) * p, |k| (n - k) / (k + 1.0) * (p / (1.0 - p)))
    }

    /// Returns how many of so many trials succeed if their common probability is only known up to a beta distribution.
    ///
    /// # Complexity
    ///
    /// O(n).
    pub fn beta_binomial(trials: u32, of: &Beta) -> Self {
        let n = f64::from(trials);
        let Beta { yes, no } = *of;
        Self::from_ratios(trials, n * of.mean(), |k| (n - k) / (k + 1.0) * ((k + yes) / (n - k - 1.0 + no)))
    }

    /// Works out probabilities from the ratio of each to the one before, from about the likeliest outwards, and divides them by their sum.
    fn from_ratios(trials: u32, likeliest: f64, ratio: impl Fn(f64) -> f64) -> Self {
        let mut probabilities = vec![0.0; trials as usize + 1];
        #[allow(clippy::cast_sign_loss, reason = "the likeliest number is not negative")]
        let middle = (likeliest as u32).min(trials);
        probabilities[middle as usize] = 1.0;
        for k in middle..trials {
            probabilities[k as usize + 1] = probabilities[k as usize] * ratio(f64::from(k));
        }
        for k in (0..middle).rev() {
            probabilities[k as usize] = probabilities[k as usize + 1] / ratio(f64::from(k));
        }
        let mut distribution = Self { first: 0, probabilities };
        distribution.normalise();
        distribution
    }

    fn normalise(&mut self) {
        let sum = self.sum();
        self.probabilities.iter_mut().for_each(|probability| *probability /= sum);
    }

    /// Adds up everything, the small ones at both ends first.
    fn sum(&self) -> f64 {
        let middle = self.probabilities.len() / 2;
        let (low, high) = self.probabilities.split_at(middle);
        low.iter().sum::<f64>() + high.iter().rev().sum::<f64>()
    }

    /// Returns one of several distributions, each with its weight. The weights add up to 1.
    pub fn mixture(parts: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let parts: Vec<(f64, Self)> = parts.into_iter().collect();
        let first = parts.iter().map(|(_, part)| part.first).min().unwrap_or(0);
        let end = parts.iter().map(|(_, part)| part.first as usize + part.probabilities.len()).max().unwrap_or(1);
        let mut probabilities = vec![0.0; end - first as usize];
        for (weight, part) in &parts {
            let from = (part.first - first) as usize;
            for (sum, probability) in probabilities[from..].iter_mut().zip(&part.probabilities) {
                *sum += weight * probability;
            }
        }
        Self { first, probabilities }
    }

    /// Returns the sum of two independent numbers.
    ///
    /// # Complexity
    ///
    /// O(n·m).
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut probabilities = vec![0.0; self.probabilities.len() + other.probabilities.len() - 1];
        for (at, here) in self.probabilities.iter().enumerate() {
            for (sum, there) in probabilities[at..].iter_mut().zip(&other.probabilities) {
                *sum += here * there;
            }
        }
        Self { first: self.first + other.first, probabilities }
    }

    /// Leaves out the ends that have less than so much probability each: an absolute error of at most that, in whatever comes of it.
    #[must_use]
    pub fn trimmed(mut self, most: f64) -> Self {
        let count_of = |ends: &mut dyn Iterator<Item = &f64>| {
            let mut sum = 0.0;
            ends.take_while(|&&probability| {
                sum += probability;
                sum < most
            })
            .count()
        };
        let high = count_of(&mut self.probabilities.iter().rev());
        let low = count_of(&mut self.probabilities.iter());
        if low + high < self.probabilities.len() {
            self.probabilities.truncate(self.probabilities.len() - high);
            self.probabilities.drain(..low);
            self.first += low as u32;
        }
        self
    }

    /// Returns each number with its probability, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, f64)> {
        self.probabilities.iter().enumerate().map(|(at, &probability)| (self.first + at as u32, probability))
    }

    /// Returns the greatest number that can be.
    pub fn max(&self) -> u32 {
        self.first + self.probabilities.len() as u32 - 1
    }

    /// Returns the probability of a number.
    pub fn probability(&self, number: u32) -> f64 {
        number.checked_sub(self.first).and_then(|at| self.probabilities.get(at as usize)).copied().unwrap_or(0.0)
    }

    /// Returns the probability of more than a number.
    pub fn above(&self, number: u32) -> f64 {
        self.iter().rev().take_while(|&(at, _)| at > number).fold(0.0, |sum, (_, probability)| sum + probability)
    }

    /// Returns the probability of less than a number.
    pub fn below(&self, number: u32) -> f64 {
        self.iter().take_while(|&(at, _)| at < number).fold(0.0, |sum, (_, probability)| sum + probability)
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.iter().map(|(number, probability)| f64::from(number) * probability).sum()
    }

    /// Returns by how much a number is exceeded on average, counting nothing where it is not.
    pub fn excess_over(&self, number: u32) -> f64 {
        let above = self.iter().rev().take_while(|&(at, _)| at > number);
        above.fold(0.0, |sum, (at, probability)| sum + f64::from(at - number) * probability)
    }

    /// Returns how much is missing to a number on average, counting nothing where it is reached.
    pub fn short_of(&self, number: u32) -> f64 {
        let below = self.iter().take_while(|&(at, _)| at < number);
        below.fold(0.0, |sum, (at, probability)| sum + f64::from(number - at) * probability)
    }

    /// Returns the least number that is not exceeded with at least such a probability.
    pub fn quantile(&self, share: f64) -> u32 {
        let mut sum = 0.0;
        let found = self.iter().find(|(_, probability)| {
            sum += probability;
            sum >= share
        });
        found.map_or(self.max(), |(number, _)| number)
    }

    /// Returns the mid-rank of a number: the probability of less, and half of that of just as many.
    pub fn mid_rank(&self, number: u32) -> f64 {
        self.below(number) + self.probability(number) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(distribution: &CountDistribution) -> Vec<f64> {
        (0..=distribution.max()).map(|number| distribution.probability(number)).collect()
    }

    #[track_caller]
    fn close(found: f64, expected: f64, relative: f64) {
        assert!((found - expected).abs() <= relative * expected.abs().max(1e-300), "{found:e} is not {expected:e}");
    }

    /// Figures of exact fractions, worked out with Python's `fractions`: 185 places, a yield of 546/640 (shared figures of 2015).
    #[test]
    fn the_offers_of_2015() {
        let yes = 546.0 / 640.0;
        for (offers, risk) in [(206, 0.022_997_131_204_988_48), (207, 0.035_555_674_504_079_6), (217, 0.480_580_358_756_275_47)] {
            close(CountDistribution::binomial(offers, yes).above(185), risk, 1e-12);
            close(CountDistribution::of_trials((0..offers).map(|_| yes)).above(185), risk, 1e-12);
        }
        assert!(
            CountDistribution::binomial(207, yes).above(185) <= 0.05 && CountDistribution::binomial(208, yes).above(185) > 0.05
        );
    }

    #[test]
    fn a_sum_of_groups_is_the_sum_of_their_trials() {
        let groups = [(40, 185.0 / 206.0), (35, 176.0 / 198.0), (50, 185.0 / 236.0)];
        let of_trials = CountDistribution::of_trials(groups.iter().flat_map(|&(n, p)| (0..n).map(move |_| p)));
        let sum = groups.iter().fold(CountDistribution::certain(0), |sum, &(n, p)| sum.plus(&CountDistribution::binomial(n, p)));
        for number in 0..=125 {
            close(sum.probability(number), of_trials.probability(number), 1e-11);
        }
        let trimmed = sum.clone().trimmed(1e-9);
        assert!(trimmed.probabilities.len() < 60 && trimmed.max() <= sum.max());
        assert!((0..=125).all(|number| (trimmed.above(number) - sum.above(number)).abs() < 2e-9));
    }

    #[allow(clippy::float_cmp, reason = "halves, quarters and eighths are exact")]
    #[test]
    fn figures_of_a_small_distribution() {
        let two = CountDistribution::of_trials([0.5, 0.5]);
        assert_eq!([0, 1, 2, 3].map(|number| two.above(number)), [0.75, 0.25, 0.0, 0.0]);
        assert!([two.above(2), two.below(0), two.excess_over(2), two.short_of(0)].iter().all(|none| none.is_sign_positive()));
        assert_eq!([0, 1, 2, 3].map(|number| two.below(number)), [0.0, 0.25, 0.75, 1.0]);
        assert_eq!((two.mean(), two.excess_over(1), two.short_of(1), two.excess_over(0)), (1.0, 0.25, 0.25, 1.0));
        assert_eq!([0.25, 0.26, 0.75, 1.0].map(|share| two.quantile(share)), [0, 1, 1, 2]);
        assert_eq!([0, 1, 2].map(|number| two.mid_rank(number)), [0.125, 0.5, 0.875]);
        let later = CountDistribution::certain(3).plus(&two);
        assert_eq!((later.probability(4), later.probability(1), later.max(), later.mean()), (0.5, 0.0, 5, 4.0));
    }

    /// With Beta(1, 1) every number is as likely; and with a certain rate it is the binomial distribution.
    #[test]
    fn beta_binomials_that_are_known() {
        let uniform = CountDistribution::beta_binomial(9, &Beta { yes: 1.0, no: 1.0 });
        (0..=9).for_each(|number| close(uniform.probability(number), 0.1, 1e-14));
        let certain = CountDistribution::beta_binomial(30, &Beta { yes: 3e12, no: 1e12 });
        let binomial = CountDistribution::binomial(30, 0.75);
        (0..=30).for_each(|number| close(certain.probability(number), binomial.probability(number), 1e-9));
        assert_eq!(CountDistribution::binomial(5, 0.0), CountDistribution::certain(0));
        assert_eq!(CountDistribution::binomial(5, 1.0), CountDistribution::certain(5));
    }

    proptest! {
        /// With probabilities of sixteenths, n trials have outcomes of exact weights with the sum of 16ⁿ.
        #[test]
        fn as_exact_fractions_say(sixteenths in prop::collection::vec(0_u32..=16, 0..30)) {
            let mut exact: Vec<u128> = vec![1];
            for &of in &sixteenths {
                let mut next = vec![0; exact.len() + 1];
                for (k, weight) in exact.iter().enumerate() {
                    next[k] += weight * u128::from(16 - of);
                    next[k + 1] += weight * u128::from(of);
                }
                exact = next;
            }
            let found = CountDistribution::of_trials(sixteenths.iter().map(|&of| f64::from(of) / 16.0));
            let trials = f64::from(sixteenths.len() as u32);
            let whole = (trials * 4.0).exp2();
            for (number, &weight) in (0..).zip(&exact) {
                #[allow(clippy::cast_precision_loss, reason = "to the 53 bits that are compared")]
                close(found.probability(number), weight as f64 / whole, 3.0 * trials * f64::EPSILON);
            }
        }

        /// Every set of those who accept, one by one.
        #[test]
        fn as_all_subsets_say(trials in prop::collection::vec(0.0_f64..=1.0, 0..12), more_than in 0_u32..12) {
            let mut above = 0.0;
            for subset in 0_u32..1 << trials.len() {
                let each = trials.iter().enumerate().map(|(at, p)| if subset >> at & 1 == 1 { *p } else { 1.0 - p });
                if subset.count_ones() > more_than {
                    above += each.product::<f64>();
                }
            }
            prop_assert!((CountDistribution::of_trials(trials).above(more_than) - above).abs() < 1e-12);
        }

        #[test]
        fn probabilities_add_up_to_one(n in 0_u32..400, p in 0.0_f64..=1.0, yes in 0.01_f64..1e5, no in 0.01_f64..1e5) {
            for distribution in [CountDistribution::binomial(n, p), CountDistribution::beta_binomial(n, &Beta { yes, no })] {
                let probabilities = all(&distribution);
                prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
                prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            }
            let mean = CountDistribution::beta_binomial(n, &Beta { yes, no }).mean();
            prop_assert!((mean - f64::from(n) * yes / (yes + no)).abs() < 1e-9 * f64::from(n + 1));
        }
    }
}
