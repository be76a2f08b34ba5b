//! What a scenario gives, and how much more that is than the season as it is, with how well both are known.

#![allow(clippy::cast_precision_loss, reason = "numbers of youths and öre are far below 2^53")]

use feriematch_plan::study::{CellTotals, Dimension, Figure, FigureKey, PartOfSeason};
use feriematch_plan::{Distribution, GroupBy};

/// How many standard errors either way of a mean hold 95 % of a normal distribution.
const NORMAL_95: f64 = 1.96;

/// A mean, or a mean difference, with half its 95 % interval, both in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Estimate {
    pub(super) mean: i64,
    pub(super) half: i64,
}

impl Estimate {
    /// Returns the mean of a figure over the seasons.
    pub(super) fn of(distribution: &Distribution) -> Option<Self> {
        Some(Self { mean: distribution.mean()?, half: i64::try_from(distribution.half_width()?).ok()? })
    }

    /// Returns the mean of estimates from the same seasons; nothing of none. Half its interval is at most the mean of theirs, which is what is returned.
    pub(super) fn mean_of(estimates: &[Self]) -> Option<Self> {
        let count = i64::try_from(estimates.len()).ok().filter(|&count| count > 0)?;
        let mean = |of: fn(&Self) -> i64| (estimates.iter().map(of).sum::<i64>() + count / 2).div_euclid(count);
        Some(Self { mean: mean(|of| of.mean), half: mean(|of| of.half) })
    }

    /// Returns whether the interval of a difference has zero in it.
    pub(super) const fn is_open(self) -> bool {
        self.mean.abs() <= self.half
    }

    /// Returns the ends of the interval.
    pub(super) const fn ends(self) -> (i64, i64) {
        (self.mean - self.half, self.mean + self.half)
    }

    /// Returns the same in units of so many hundredths, rounded.
    pub(super) fn in_units(self, unit: i64) -> Self {
        let rounded = |number: i64| (number + unit / 2).div_euclid(unit);
        Self { mean: rounded(self.mean), half: rounded(self.half) }
    }
}

/// Standard errors of a difference, in hundredths: as it was played, with the same lotteries and answers in both, and as it would be with
/// different ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Errors {
    pub(super) paired: f64,
    pub(super) separate: f64,
}

impl Errors {
    /// Returns what part the one is of the other; nothing where the difference is the same in every season, or nothing varies.
    pub(super) fn share(self) -> Option<f64> {
        (self.paired > 0.0 && self.separate > 0.0).then(|| self.paired / self.separate)
    }
}

/// A scenario beside the season as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) first: &'a CellTotals,
    pub(super) cell: &'a CellTotals,
}

impl<'a> Pair<'a> {
    pub(super) fn is_first(self) -> bool {
        std::ptr::eq(self.first, self.cell)
    }

    /// Returns how a figure is distributed; nothing of costs where those of somebody are not known.
    pub(super) fn figure(self, key: &FigureKey) -> Option<&'a Distribution> {
        let is_known = !key.figure.is_money() || is_priced(self.cell);
        self.cell.figure(key).filter(|_| is_known)
    }

    /// Returns by how much it is more than in the season as it is, season by season; nothing for that itself, nor of classes where some are merged,
    /// since they are other people then.
    fn each_difference(self, key: &FigureKey) -> Option<&'a Distribution> {
        let is_known = !key.figure.is_money() || is_priced(self.cell) && is_priced(self.first);
        let is_of_class = key.of.as_ref().is_some_and(|(dimension, _)| *dimension == CLASS);
        let is_comparable = !self.is_first() && is_known && !(is_of_class && self.merges_classes());
        self.cell.difference(key).filter(|_| is_comparable)
    }

    /// Returns whether a class of the season as it is has nobody.
    pub(super) fn merges_classes(self) -> bool {
        let has =
            |class: &PartOfSeason| self.cell.facts.parts.iter().any(|part| (part.dimension, &part.id) == (CLASS, &class.id));
        !self.first.facts.parts.iter().filter(|part| part.dimension == CLASS).all(has)
    }

    /// Returns the mean of a figure.
    pub(super) fn mean(self, key: &FigureKey) -> Option<Estimate> {
        Estimate::of(self.figure(key)?)
    }

    /// Returns how much more it is than in the season as it is.
    pub(super) fn difference(self, key: &FigureKey) -> Option<Estimate> {
        Estimate::of(self.each_difference(key)?)
    }

    /// Returns how well the difference is known.
    pub(super) fn errors(self, key: &FigureKey) -> Option<Errors> {
        let paired = self.each_difference(key)?.standard_deviation()? as f64;
        // Where one of them does not have the figure, it is 0 there.
        let sd = |of: Option<&Distribution>| Some(of.map_or(Some(0), Distribution::standard_deviation)? as f64);
        let [own, first] = [sd(self.cell.figure(key))?, sd(self.first.figure(key))?];
        let root = f64::from(self.cell.seasons).sqrt();
        Some(Errors { paired: paired / root, separate: own.hypot(first) / root })
    }

    /// Returns the share of the places that are filled, in hundredths of a per cent.
    pub(super) fn filled(self) -> Option<Estimate> {
        let hired = self.mean(&Figure::Hired.into())?;
        let places = places(self.cell)?;
        let share = |number: i64| (number as f64 * 100.0 / places).round() as i64;
        Some(Estimate { mean: share(hired.mean), half: share(hired.half) })
    }

    /// Returns by how many percentage points that is more than in the season as it is, in hundredths.
    ///
    /// The variance of h/p - h₀/p₀ in a season follows from those of h, h₀ and h - h₀.
    pub(super) fn filled_difference(self) -> Option<Estimate> {
        let key = Figure::Hired.into();
        self.difference(&key)?;
        let (own, first) = (places(self.cell)?, places(self.first)?);
        let sd = |of: Option<&Distribution>| Some(of?.standard_deviation()? as f64);
        let [h, h0, d] = [sd(self.cell.figure(&key))?, sd(self.first.figure(&key))?, sd(self.cell.difference(&key))?];
        let covariance = (h * h + h0 * h0 - d * d) / 2.0;
        let variance = h * h / (own * own) + h0 * h0 / (first * first) - 2.0 * covariance / (own * first);
        let half = NORMAL_95 * (variance.max(0.0) / f64::from(self.cell.seasons)).sqrt();
        let mean = self.mean(&key)?.mean as f64 / own - Pair { cell: self.first, ..self }.mean(&key)?.mean as f64 / first;
        Some(Estimate { mean: (mean * 100.0).round() as i64, half: (half * 100.0).round() as i64 })
    }
}

/// The dimension of priority classes.
const CLASS: Dimension = Dimension::Group(GroupBy::Class);

/// Returns whether the cost of everybody hired is known.
pub(super) fn is_priced(cell: &CellTotals) -> bool {
    cell.total(Figure::Unpriced).is_some_and(|unpriced| unpriced.max() == Some(0))
}

fn places(cell: &CellTotals) -> Option<f64> {
    (cell.facts.places > 0).then(|| f64::from(cell.facts.places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_open_if_zero_is_in_it() {
        let open = [(0, 0), (5, 5), (-5, 5), (6, 5), (-6, 5)].map(|(mean, half)| Estimate { mean, half }.is_open());
        assert_eq!(open, [true, true, true, false, false]);
        assert_eq!(Estimate { mean: -1_249, half: 1_250 }.in_units(100), Estimate { mean: -12, half: 13 });
    }

    #[test]
    fn a_mean_of_estimates_is_known_no_better_than_they_are_on_average() {
        let of = |numbers: &[(i64, i64)]| {
            Estimate::mean_of(&numbers.iter().map(|&(mean, half)| Estimate { mean, half }).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(-7, 3), (-8, 5)]), Some(Estimate { mean: -7, half: 4 }));
        assert_eq!(of(&[(1, 0), (1, 1), (2, 1)]), Some(Estimate { mean: 1, half: 1 }));
    }

    #[test]
    fn errors_are_compared_where_there_are_any() {
        assert_eq!(Errors { paired: 2.0, separate: 5.0 }.share(), Some(0.4));
        assert_eq!(Errors { paired: 0.0, separate: 5.0 }.share(), None);
    }
}
