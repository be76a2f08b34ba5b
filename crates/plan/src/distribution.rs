//! How often which number came out.

use std::collections::BTreeMap;

/// How often which number came out, as a count of each. All figures are exact, rounded to hundredths at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distribution {
    counts: BTreeMap<u32, u32>,
}

impl Distribution {
    /// Adds a number that came out.
    pub fn add(&mut self, number: u32) {
        *self.counts.entry(number).or_default() += 1;
    }

    /// Returns each number that came out and how often, ascending.
    pub fn counts(&self) -> impl Iterator<Item = (u32, u32)> {
        self.counts.iter().map(|(&number, &count)| (number, count))
    }

    /// Returns how many numbers came out.
    pub fn len(&self) -> u32 {
        self.counts.values().sum()
    }

    /// Returns whether none came out.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Returns the least.
    pub fn min(&self) -> Option<u32> {
        self.counts.keys().next().copied()
    }

    /// Returns the greatest.
    pub fn max(&self) -> Option<u32> {
        self.counts.keys().next_back().copied()
    }

    /// Returns the mean in hundredths, rounded half up.
    pub fn mean(&self) -> Option<u64> {
        let len = u64::from(self.len());
        (len > 0).then(|| (self.sum() * 200 + len) / (2 * len))
    }

    /// Returns the standard deviation of the sample, with n - 1, in hundredths, rounded down.
    pub fn standard_deviation(&self) -> Option<u64> {
        let len = u128::from(self.len());
        let squares: u128 = self.counts().map(|(number, count)| u128::from(number).pow(2) * u128::from(count)).sum();
        let spread = len * squares - u128::from(self.sum()).pow(2);
        // The square root of 10⁴ times the variance.
        (len > 1).then(|| u64::try_from((spread * 10_000 / (len * (len - 1))).isqrt()).unwrap_or(u64::MAX))
    }

    /// Returns the quantile by the nearest rank: the least number that so many of a hundred do not exceed.
    pub fn percentile(&self, of_a_hundred: u32) -> Option<u32> {
        let rank = (u64::from(self.len()) * u64::from(of_a_hundred)).div_ceil(100).max(1);
        let mut below = 0;
        self.counts()
            .find(|&(_, count)| {
                below += u64::from(count);
                below >= rank
            })
            .map(|(number, _)| number)
    }

    /// Returns the mid-rank of a number in ten thousandths: how many came out lower, and half of those that came out equal.
    pub fn mid_rank(&self, of: u32) -> Option<u32> {
        let lower: u64 = self.counts.range(..of).map(|(_, &count)| u64::from(count)).sum();
        let equal = self.counts.get(&of).map_or(0, |&count| u64::from(count));
        let len = u64::from(self.len());
        (len > 0).then(|| ((2 * lower + equal) * 5_000 / len) as u32)
    }

    fn sum(&self) -> u64 {
        self.counts().map(|(number, count)| u64::from(number) * u64::from(count)).sum()
    }
}

impl FromIterator<u32> for Distribution {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut distribution = Self::default();
        numbers.into_iter().for_each(|number| distribution.add(number));
        distribution
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of R: `x <- c(2, 4, 4, 4, 5, 5, 7, 9)`; `mean(x)`, `sd(x)` = 2.1381, `quantile(x, p, type = 1)`.
    #[test]
    fn figures_of_a_small_sample() {
        let sample: Distribution = [9, 4, 5, 2, 4, 7, 5, 4].into_iter().collect();
        assert_eq!((sample.len(), sample.min(), sample.max()), (8, Some(2), Some(9)));
        assert_eq!((sample.mean(), sample.standard_deviation()), (Some(500), Some(213)));
        assert_eq!([5, 50, 75, 95, 100].map(|p| sample.percentile(p).unwrap()), [2, 4, 5, 9, 9]);
        // One is lower than 4, and three are 4.
        assert_eq!(sample.mid_rank(4), Some(3_125));
        assert_eq!((sample.mid_rank(0), sample.mid_rank(10)), (Some(0), Some(10_000)));
    }

    #[test]
    fn of_nothing_there_are_no_figures() {
        let none = Distribution::default();
        assert!(none.is_empty());
        assert_eq!((none.mean(), none.standard_deviation(), none.percentile(50), none.mid_rank(1)), (None, None, None, None));
        let one: Distribution = [3].into_iter().collect();
        assert_eq!((one.mean(), one.standard_deviation()), (Some(300), None));
    }
}
