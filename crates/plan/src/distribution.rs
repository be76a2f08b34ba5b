//! How often which number came out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// 1.96 squared, in ten thousandths: 1.96 standard errors either way of a mean hold 95 % of a normal distribution.
const SQUARED_95: u128 = 38_416;

/// How often which number came out. Sums are exact, and figures are rounded to hundredths at the end.
///
/// What is counted in large units, such as thousands of kronor of amounts in öre, keeps the exact sum and sum of squares, and so an exact mean and
/// standard deviation; least, greatest and percentiles are of the nearest whole units. So memory grows with the spread, and not with how many numbers
/// came out. Distributions can be put together in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    unit: i64,
    #[serde(flatten)]
    moments: Moments,
    #[serde(with = "pairs")]
    counts: BTreeMap<i64, u32>,
}

/// How many numbers came out, their sum, and the sum of their squares: as much as means and standard deviations take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moments {
    len: u32,
    sum: i64,
    /// May be too large for a number of JSON.
    #[serde(with = "digits")]
    squares: u128,
}

impl Moments {
    /// Adds a number that came out.
    pub fn add(&mut self, number: i64) {
        self.len += 1;
        self.sum += number;
        self.squares += u128::from(number.unsigned_abs()).pow(2);
    }

    /// Adds what came out elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.len += other.len;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Returns how many numbers came out.
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Returns whether none came out.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the mean in hundredths, rounded half up.
    pub fn mean(&self) -> Option<i64> {
        let len = i128::from(self.len);
        (len > 0).then(|| (i128::from(self.sum) * 200 + len).div_euclid(2 * len) as i64)
    }

    /// Returns the standard deviation of the sample, with n - 1, in hundredths, rounded down.
    pub fn standard_deviation(&self) -> Option<u64> {
        // The square root of 10⁴ times the variance.
        self.root_of_variance(10_000, 1)
    }

    /// Returns half the 95 % interval of the mean, in hundredths, rounded down: 1.96 standard errors.
    pub fn half_width(&self) -> Option<u64> {
        self.root_of_variance(SQUARED_95, u128::from(self.len))
    }

    /// Returns the root of the sample's variance times a number, by another, rounded down.
    fn root_of_variance(&self, times: u128, by: u128) -> Option<u64> {
        let len = u128::from(self.len);
        if len < 2 {
            return None;
        }
        // n Σx² - (Σx)² is exact; by n (n - 1) it is the variance.
        let spread = len * self.squares - u128::from(self.sum.unsigned_abs()).pow(2);
        let by = len * (len - 1) * by;
        let quotient = spread.checked_mul(times).map_or_else(|| (spread / by).saturating_mul(times), |product| product / by);
        u64::try_from(quotient.isqrt()).ok()
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self::in_units(1)
    }
}

impl Distribution {
    /// Counts numbers by the nearest multiple of a unit, which is positive.
    pub const fn in_units(unit: i64) -> Self {
        Self { unit, moments: Moments { len: 0, sum: 0, squares: 0 }, counts: BTreeMap::new() }
    }

    /// Adds a number that came out.
    pub fn add(&mut self, number: impl Into<i64>) {
        let number = number.into();
        self.moments.add(number);
        *self.counts.entry((number + self.unit / 2).div_euclid(self.unit)).or_default() += 1;
    }

    /// Adds what came out elsewhere, counted in the same unit.
    pub fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
        for (&number, &count) in &other.counts {
            *self.counts.entry(number).or_default() += count;
        }
    }

    /// Returns the unit.
    pub const fn unit(&self) -> i64 {
        self.unit
    }

    /// Returns how many came out, their sum and the sum of their squares.
    pub const fn moments(&self) -> &Moments {
        &self.moments
    }

    /// Returns each number of units that came out and how often, ascending.
    pub fn counts(&self) -> impl Iterator<Item = (i64, u32)> {
        self.counts.iter().map(|(&number, &count)| (number, count))
    }

    /// Returns how many numbers came out.
    pub const fn len(&self) -> u32 {
        self.moments.len()
    }

    /// Returns whether none came out.
    pub const fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// Returns the least, in units.
    pub fn min(&self) -> Option<i64> {
        self.counts.keys().next().copied()
    }

    /// Returns the greatest, in units.
    pub fn max(&self) -> Option<i64> {
        self.counts.keys().next_back().copied()
    }

    /// Returns the mean in hundredths, rounded half up.
    pub fn mean(&self) -> Option<i64> {
        self.moments.mean()
    }

    /// Returns the standard deviation of the sample, with n - 1, in hundredths, rounded down.
    pub fn standard_deviation(&self) -> Option<u64> {
        self.moments.standard_deviation()
    }

    /// Returns half the 95 % interval of the mean, in hundredths, rounded down: 1.96 standard errors.
    pub fn half_width(&self) -> Option<u64> {
        self.moments.half_width()
    }

    /// Returns the quantile by the nearest rank, in units: the least number that so many of a hundred do not exceed.
    pub fn percentile(&self, of_a_hundred: u32) -> Option<i64> {
        let rank = (u64::from(self.len()) * u64::from(of_a_hundred)).div_ceil(100).max(1);
        let mut below = 0;
        self.counts()
            .find(|&(_, count)| {
                below += u64::from(count);
                below >= rank
            })
            .map(|(number, _)| number)
    }

    /// Returns how many came out above a number of units.
    pub fn above(&self, number: i64) -> u32 {
        self.counts().skip_while(|&(at, _)| at <= number).map(|(_, count)| count).sum()
    }

    /// Returns the mid-rank of a number of units in ten thousandths: how many came out lower, and half of those that came out equal.
    pub fn mid_rank(&self, of: i64) -> Option<u32> {
        let lower: u64 = self.counts.range(..of).map(|(_, &count)| u64::from(count)).sum();
        let equal = self.counts.get(&of).map_or(0, |&count| u64::from(count));
        let len = u64::from(self.len());
        (len > 0).then(|| ((2 * lower + equal) * 5_000 / len) as u32)
    }
}

impl FromIterator<i64> for Distribution {
    fn from_iter<I: IntoIterator<Item = i64>>(numbers: I) -> Self {
        let mut distribution = Self::default();
        numbers.into_iter().for_each(|number| distribution.add(number));
        distribution
    }
}

/// Whole numbers that a number of JSON may be too small for, as texts.
mod digits {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A map as a list of pairs, since keys of JSON are texts.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(counts: &BTreeMap<i64, u32>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(counts)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<i64, u32>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of R: `x <- c(2, 4, 4, 4, 5, 5, 7, 9)`; `mean(x)`, `sd(x)` = 2.1381, `1.96 * sd(x) / sqrt(8)` = 1.4816,
    /// `quantile(x, p, type = 1)`.
    #[test]
    fn figures_of_a_small_sample() {
        let sample: Distribution = [9, 4, 5, 2, 4, 7, 5, 4].into_iter().collect();
        assert_eq!((sample.len(), sample.min(), sample.max()), (8, Some(2), Some(9)));
        assert_eq!((sample.mean(), sample.standard_deviation(), sample.half_width()), (Some(500), Some(213), Some(148)));
        assert_eq!([5, 50, 75, 95, 100].map(|p| sample.percentile(p).unwrap()), [2, 4, 5, 9, 9]);
        // One is lower than 4, and three are 4.
        assert_eq!(sample.mid_rank(4), Some(3_125));
        assert_eq!((sample.mid_rank(0), sample.mid_rank(10)), (Some(0), Some(10_000)));
        assert_eq!([1, 4, 8, 9].map(|number| sample.above(number)), [8, 4, 1, 0]);
    }

    #[test]
    fn of_nothing_there_are_no_figures() {
        let none = Distribution::default();
        assert!(none.is_empty());
        assert_eq!((none.mean(), none.standard_deviation(), none.percentile(50), none.mid_rank(1)), (None, None, None, None));
        let one: Distribution = [3].into_iter().collect();
        assert_eq!((one.mean(), one.standard_deviation(), one.half_width()), (Some(300), None, None));
    }

    /// Amounts in öre, counted in thousands of kronor: the mean is of the amounts, and the percentiles are of the thousands.
    #[test]
    fn large_units_keep_exact_sums() {
        let mut amounts = Distribution::in_units(100_000);
        for amount in [149_999, 150_000, -250_001_i64] {
            amounts.add(amount);
        }
        assert_eq!(amounts.counts().collect::<Vec<_>>(), [(-3, 1), (1, 1), (2, 1)]);
        assert_eq!(amounts.mean(), Some(1_666_600));
    }

    /// Of any parts, in any order, comes what came of the whole; and JSON keeps it.
    #[test]
    fn parts_make_the_whole() {
        let numbers: Vec<i64> = (0..1_000).map(|number| number * 7_919 % 313 - 100).collect();
        let whole: Distribution = numbers.iter().copied().collect();
        let mut merged = Distribution::default();
        for part in numbers.rchunks(77) {
            merged.merge(&part.iter().copied().collect());
        }
        assert_eq!(merged, whole);
        let json = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Distribution>(&json).unwrap(), whole);
    }

    /// Sums of squares of amounts in öre are beyond 64 bits long before a million seasons are played.
    #[test]
    fn figures_do_not_overflow() {
        let mut amounts = Distribution::in_units(100_000);
        amounts.moments =
            Moments { len: 1_000_000, sum: 540_000_000_000_000, squares: 291_600_000_000_000_000_000_000 + 10_u128.pow(22) };
        assert_eq!(amounts.mean(), Some(54_000_000_000));
        // The variance is 10^22 / 999 999.
        assert_eq!(amounts.standard_deviation(), Some(10_000_005_000));
        let json = serde_json::to_string(&amounts).unwrap();
        assert_eq!(serde_json::from_str::<Distribution>(&json).unwrap(), amounts);
    }
}
