//! Gender balance: shares, intervals, and whether a difference is larger than chance.
//!
//! Balance is reported, never decided by. The question asked is the one a parent asks: of these applicants, so many were girls; of
//! those who got a place, so many are. Had places been drawn blindly from the applicants, the number of girls among them would be hypergeometric;
//! the p-value is that of the exact two-sided test.

use std::iter::Sum;
use std::ops::Add;

use feriematch_model::Gender;

/// How many of each recorded sex.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GenderCount {
    /// Girls and women.
    pub female: u32,
    /// Boys and men.
    pub male: u32,
    /// Recorded as something else.
    pub other: u32,
    /// Not recorded.
    pub unknown: u32,
}

impl Add for GenderCount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            female: self.female + other.female,
            male: self.male + other.male,
            other: self.other + other.other,
            unknown: self.unknown + other.unknown,
        }
    }
}

impl Sum for GenderCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

impl GenderCount {
    /// Counts one more.
    pub fn count(&mut self, gender: Gender) {
        *self.of_mut(gender) += 1;
    }

    /// Returns how many there are of one recorded sex.
    pub fn of(&self, gender: Gender) -> u32 {
        match gender {
            Gender::Female => self.female,
            Gender::Male => self.male,
            Gender::Other => self.other,
            Gender::Unknown => self.unknown,
        }
    }

    /// Returns how many there are in all.
    pub fn total(&self) -> u32 {
        self.binary() + self.other + self.unknown
    }

    /// Returns how many are recorded as girls or boys: the base of every share.
    pub fn binary(&self) -> u32 {
        self.female + self.male
    }

    /// Returns the share of girls among girls and boys; `None` where there are neither.
    pub fn female_share(&self) -> Option<f64> {
        (self.binary() > 0).then(|| f64::from(self.female) / f64::from(self.binary()))
    }

    /// Returns the 95 % interval of the share of girls, by Wilson's score; `None` where there are neither girls nor boys.
    pub fn female_interval(&self) -> Option<(f64, f64)> {
        wilson_interval(self.female, self.binary())
    }

    fn of_mut(&mut self, gender: Gender) -> &mut u32 {
        match gender {
            Gender::Female => &mut self.female,
            Gender::Male => &mut self.male,
            Gender::Other => &mut self.other,
            Gender::Unknown => &mut self.unknown,
        }
    }
}

/// Returns the 95 % interval of a share, of which so many of so many were seen, by Wilson's score; `None` of nothing.
///
/// # References
///
/// Wilson, *Probable inference, the law of succession, and statistical inference*, JASA 22 (1927); recommended for small
/// numbers by Brown, Cai and DasGupta, *Interval estimation for a binomial proportion*, Statistical Science 16 (2001).
pub fn wilson_interval(seen: u32, of: u32) -> Option<(f64, f64)> {
    /// The 97.5 % quantile of the standard normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if of == 0 {
        return None;
    }
    let n = f64::from(of);
    let share = f64::from(seen) / n;
    let centre = share + Z * Z / (2.0 * n);
    let half_width = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((centre - half_width) / scale).max(0.0), ((centre + half_width) / scale).min(1.0)))
}

/// Returns p values that are adjusted for their number.
///
/// # References
///
/// Holm, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics 6 (1979).
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut ascending: Vec<usize> = (0..p_values.len()).collect();
    ascending.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (left, at) in (1..=p_values.len() as u32).rev().zip(ascending) {
        largest = largest.max((p_values[at] * f64::from(left)).min(1.0));
        adjusted[at] = largest;
    }
    adjusted
}

/// Those who got a place, compared with those they were taken from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The share of girls among those with a place, less that among those they were taken from.
    pub difference: f64,
    /// The probability that blind draws from the same applicants would differ from the expected number of girls at least as much.
    pub p_value: f64,
}

impl Comparison {
    /// The p-value below which a difference is called larger than chance.
    pub const LEVEL: f64 = 0.05;

    /// Compares the placed with the pool they are part of; `None` where one of them has neither girls nor boys, or where `placed` cannot be a part of `pool`.
    ///
    /// # Complexity
    ///
    /// About ten standard deviations of the number of girls on either side: of the order of the square root of the number placed.
    ///
    /// # References
    ///
    /// Fisher, *The logic of inductive inference*, Journal of the Royal Statistical Society 98 (1935): the exact test, two-sided by
    /// adding up everything that is at most as probable as what was seen.
    pub fn new(placed: &GenderCount, pool: &GenderCount) -> Option<Self> {
        if placed.female > pool.female || placed.male > pool.male {
            return None;
        }
        let difference = placed.female_share()? - pool.female_share()?;
        let p_value = two_sided(pool.female, pool.male, placed.binary(), placed.female);
        Some(Self { difference, p_value })
    }

    /// Returns whether the difference is larger than chance would often make it.
    pub fn is_larger_than_chance(&self) -> bool {
        self.p_value < Self::LEVEL
    }
}

/// Returns the probability that blind draws of `draws` from `girls` and `boys` give a number of girls that is at most as probable as `seen`.
///
/// Probabilities are walked outwards from the most probable number, relative to it, by the ratio of neighbours; what is less than 10^-20 of it
/// can no longer be seen in the sum.
fn two_sided(girls: u32, boys: u32, draws: u32, seen: u32) -> f64 {
    const NEGLIGIBLE: f64 = 1e-20;
    let [girls, boys, draws, seen] = [girls, boys, draws, seen].map(f64::from);
    let least = (draws - boys).max(0.0);
    let most = draws.min(girls);
    let mode = ((draws + 1.0) * (girls + 1.0) / (girls + boys + 2.0)).floor().clamp(least, most);
    // P(k + 1) / P(k)
    let ratio = |k: f64| (girls - k) * (draws - k) / ((k + 1.0) * (boys - draws + k + 1.0));
    let mut walked = vec![(mode, 1.0)];
    for (step, end) in [(1.0, most), (-1.0, least)] {
        let (mut k, mut relative) = (mode, 1.0);
        while (k - end).abs() > 0.5 && relative > NEGLIGIBLE {
            relative *= if step > 0.0 { ratio(k) } else { 1.0 / ratio(k - 1.0) };
            k += step;
            walked.push((k, relative));
        }
    }
    let total: f64 = walked.iter().map(|(_, relative)| relative).sum();
    let seen = walked.iter().find(|(k, _)| (k - seen).abs() < 0.5).map_or(0.0, |(_, relative)| *relative);
    // A relative tolerance, so that the mirror image of what was seen counts although it was rounded differently.
    let extreme: f64 = walked.iter().map(|(_, relative)| relative).filter(|relative| **relative <= seen * (1.0 + 1e-7)).sum();
    (extreme / total).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(female: u32, male: u32) -> GenderCount {
        GenderCount { female, male, ..GenderCount::default() }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-5
    }

    /// Wilson's interval for 81 of 263: Newcombe, *Two-sided confidence intervals for the single proportion*, Statistics in
    /// Medicine 17 (1998), table I, gives 0.2553 to 0.3662; for 0 of 20, 0 to 0.1611; for 15 of 148, 0.0624 to 0.1605.
    #[test]
    fn wilson_interval_as_published() {
        for (count, low, high) in
            [(count(81, 263 - 81), 0.2553, 0.3662), (count(0, 20), 0.0, 0.1611), (count(15, 148 - 15), 0.0624, 0.1605)]
        {
            let (l, h) = count.female_interval().unwrap();
            assert!(close(l, low) && close(h, high), "{l} {h}");
        }
    }

    /// Fisher's tea tasting: 3 of 4 right has a two-sided p-value of 0.4857; 4 of 4, of 0.0286.
    #[test]
    fn exact_test_as_published() {
        let pool = count(4, 4);
        assert!(close(Comparison::new(&count(3, 1), &pool).unwrap().p_value, 0.4857));
        let all = Comparison::new(&count(4, 0), &pool).unwrap();
        assert!(close(all.p_value, 0.0286) && all.is_larger_than_chance());
        assert!(close(all.difference, 0.5));
    }

    /// Large numbers neither overflow nor vanish; the expected values were summed in exact fractions.
    #[test]
    fn exact_test_of_large_numbers() {
        let p = |placed: GenderCount, pool: GenderCount| Comparison::new(&placed, &pool).unwrap().p_value;
        assert!(close(p(count(306, 319), count(757, 753)), 0.464_567));
        assert!(close(p(count(5_100, 4_900), count(10_000, 10_000)), 0.004_887));
        assert!(p(count(60_000, 40_000), count(100_000, 100_000)) < 1e-15);
        assert!(close(p(count(50, 0), count(50, 0)), 1.0));
    }

    /// The example of Holm's adjustment that R gives with `p.adjust(c(0.01, 0.02, 0.03, 0.04), "holm")`.
    #[test]
    fn holm_adjusts_in_steps_and_keeps_the_order() {
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near(&holm(&[0.01, 0.02, 0.03, 0.04]), &[0.04, 0.06, 0.06, 0.06]));
        assert!(near(&holm(&[0.9, 0.001, 0.5]), &[1.0, 0.003, 1.0]));
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(Comparison::new(&count(0, 0), &count(4, 4)), None);
        assert_eq!(Comparison::new(&count(5, 0), &count(4, 4)), None);
        assert_eq!(count(0, 0).female_share(), None);
        assert_eq!(count(0, 0).female_interval(), None);
    }

    #[test]
    fn other_and_unknown_are_counted_but_not_in_the_base() {
        let mut all = GenderCount::default();
        for gender in Gender::ALL {
            all.count(gender);
        }
        assert_eq!((all.total(), all.binary()), (4, 2));
        assert!(Gender::ALL.into_iter().all(|gender| all.of(gender) == 1));
    }
}
