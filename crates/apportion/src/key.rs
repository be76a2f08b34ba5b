//! Keys: shares made of indicators.

use num_bigint::BigUint;

/// The parts of a whole that each has, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// The parts, in the order of those who have them.
    pub parts: Vec<BigUint>,
    /// What they add up to.
    pub whole: BigUint,
}

/// A key: what part of the whole goes by which indicator.
///
/// By a key with weights w, everybody's share is Σ w_k · x_k / X_k, where x_k is the own number of indicator k and X_k that of all. So an indicator
/// counts by its weight, whatever it is measured in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The indicators' rows, each with its weight in hundredths of a per cent.
    pub weights: Vec<(usize, u32)>,
}

/// Why a key gives no shares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The weights do not add up to 100 per cent.
    #[error("the weights add up to {}.{:02} per cent, not to 100", sum / 100, sum % 100)]
    Sum {
        /// The sum, in hundredths of a per cent.
        sum: u64,
    },
    /// Nobody has anything of an indicator that counts.
    #[error("indicator {indicator} is zero everywhere")]
    Empty {
        /// Its row.
        indicator: usize,
    },
}

/// Hundredths of a per cent in a whole.
const WHOLE: u32 = 10_000;

impl Key {
    /// Returns everybody's share; an indicator has a number for each.
    ///
    /// # Errors
    ///
    /// Returns an error where weights do not add up to 100 per cent, or an indicator of some weight is zero everywhere.
    pub fn shares(&self, indicators: &[Vec<u64>]) -> Result<Shares, KeyError> {
        let sum: u64 = self.weights.iter().map(|&(_, weight)| u64::from(weight)).sum();
        if sum != WHOLE.into() {
            return Err(KeyError::Sum { sum });
        }
        let mut shares: Option<Shares> = None;
        for &(indicator, weight) in self.weights.iter().filter(|(_, weight)| *weight > 0) {
            let own = Shares::of(&indicators[indicator]);
            if own.whole == BigUint::ZERO {
                return Err(KeyError::Empty { indicator });
            }
            shares = Some(match shares {
                None => own.times(weight),
                Some(shares) => shares.plus(&own.times(weight)),
            });
        }
        let mut shares = shares.unwrap_or(Shares { parts: Vec::new(), whole: BigUint::ZERO });
        // The weights add up to one.
        shares.whole = shares.parts.iter().sum();
        Ok(shares)
    }
}

impl Shares {
    /// Returns the shares in proportion to some numbers.
    pub fn of(numbers: &[u64]) -> Self {
        Self {
            parts: numbers.iter().map(|&number| number.into()).collect(),
            whole: numbers.iter().map(|&n| BigUint::from(n)).sum(),
        }
    }

    /// Returns the shares by a new key phased in: so many hundredths of a per cent of the whole by it, the rest by the old one.
    #[must_use]
    pub fn phased_in(new: &Self, old: &Self, new_share: u32) -> Self {
        let mut mixed = new.clone().times(new_share).plus(&old.clone().times(WHOLE - new_share));
        mixed.whole = mixed.parts.iter().sum();
        mixed
    }

    /// Returns a part in so many parts of a whole of its own, such as millionths, rounded half up.
    pub fn of_whole(&self, part: usize, whole: u64) -> u64 {
        if self.whole == BigUint::ZERO {
            return 0;
        }
        let doubled = &self.parts[part] * whole * 2_u32 + &self.whole;
        u64::try_from(doubled / (&self.whole * 2_u32)).unwrap_or(u64::MAX)
    }

    fn times(mut self, weight: u32) -> Self {
        self.parts.iter_mut().for_each(|part| *part *= weight);
        self
    }

    /// Adds fractions with the denominators of both.
    fn plus(&self, other: &Self) -> Self {
        let part = |(a, b): (&BigUint, &BigUint)| a * &other.whole + b * &self.whole;
        Self { parts: self.parts.iter().zip(&other.parts).map(part).collect(), whole: &self.whole * &other.whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_counts_by_its_weight_whatever_it_is_measured_in() {
        let indicators = [vec![300, 100], vec![1, 1], vec![0, 0]];
        let key = Key { weights: vec![(0, 6_000), (1, 4_000)] };
        // 60 % of 3/4 and 40 % of 1/2.
        let shares = key.shares(&indicators).unwrap();
        assert_eq!([0, 1].map(|part| shares.of_whole(part, 100)), [65, 35]);
        let larger = key.shares(&[vec![300_000, 100_000], vec![1, 1], vec![0, 0]]).unwrap();
        assert_eq!(larger.of_whole(0, 1_000_000), 650_000);
        let old = Key { weights: vec![(1, 10_000)] }.shares(&indicators).unwrap();
        assert_eq!(Shares::phased_in(&shares, &old, 7_000).of_whole(0, 1_000), 605);
        assert_eq!(Key { weights: vec![(0, 5_000)] }.shares(&indicators), Err(KeyError::Sum { sum: 5_000 }));
        assert_eq!(Key { weights: vec![(2, 10_000)] }.shares(&indicators), Err(KeyError::Empty { indicator: 2 }));
        assert_eq!(KeyError::Sum { sum: 9_550 }.to_string(), "the weights add up to 95.50 per cent, not to 100");
    }
}
