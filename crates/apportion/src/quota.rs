//! Quotas: exact shares of the total, within bounds.

use num_bigint::BigUint;

use crate::claim::Claim;

/// A number that is not negative, as a fraction.
#[derive(Debug, Clone)]
pub(crate) struct Fraction {
    pub(crate) above: BigUint,
    pub(crate) below: BigUint,
}

/// The quotas of claims within their bounds: mid(least, λ · weight, most), with the λ at which they add up to the total.
///
/// Without bounds they are the exact shares. This is the water that rises in vessels of unequal width, each with a floor and a lid.
pub(crate) struct Quotas {
    /// λ, as a fraction.
    rate: Fraction,
    /// The quotas, in parts of the denominator of λ.
    pub(crate) parts: Vec<BigUint>,
}

impl Quotas {
    /// Finds the quotas; the bounds leave room for the total.
    ///
    /// # Complexity
    ///
    /// O(n log n) operations.
    pub(crate) fn new(total: u64, claims: &[Claim]) -> Self {
        let total = BigUint::from(total);
        let mut levels: Vec<Fraction> = vec![Fraction { above: BigUint::ZERO, below: 1_u32.into() }];
        for claim in claims.iter().filter(|claim| claim.weight > BigUint::ZERO) {
            levels.extend([claim.least, claim.most].map(|bound| Fraction { above: bound.into(), below: claim.weight.clone() }));
        }
        levels.sort_by(|a, b| (&a.above * &b.below).cmp(&(&b.above * &a.below)));
        // The last level at which no more than the total is given: beyond it, up to the next, the sum rises along a line.
        let reached = levels.partition_point(|level| {
            let parts: BigUint = claims.iter().map(|claim| level.part(claim)).sum();
            parts <= &total * &level.below
        });
        let level = levels.swap_remove(reached.max(1) - 1);
        let is_rising = |claim: &&Claim| {
            let own = &claim.weight * &level.above;
            claim.weight > BigUint::ZERO && &level.below * claim.least <= own && own < &level.below * claim.most
        };
        let rising: BigUint = claims.iter().filter(is_rising).map(|claim| &claim.weight).sum();
        let fixed: BigUint = claims.iter().filter(|claim| !is_rising(claim)).map(|claim| level.part(claim)).sum();
        let rate = if rising == BigUint::ZERO {
            level
        } else {
            // Whatever is fixed is at a bound, so that the division leaves nothing.
            Fraction { above: total - fixed / &level.below, below: rising }
        };
        Self { parts: claims.iter().map(|claim| rate.part(claim)).collect(), rate }
    }

    /// Returns the whole part of a quota.
    pub(crate) fn floor(&self, claim: usize) -> u64 {
        u64::try_from(&self.parts[claim] / &self.rate.below).unwrap_or(u64::MAX)
    }

    /// Returns what a quota has beyond its whole part; comparable among claims.
    pub(crate) fn remainder(&self, claim: usize) -> BigUint {
        &self.parts[claim] % &self.rate.below
    }

    /// Returns λ.
    pub(crate) const fn rate(&self) -> &Fraction {
        &self.rate
    }
}

impl Fraction {
    /// Returns mid(least, λ · weight, most) with this λ, in parts of its denominator.
    fn part(&self, claim: &Claim) -> BigUint {
        let (least, most) = (&self.below * claim.least, &self.below * claim.ceiling());
        (&self.above * &claim.weight).max(least).min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bounds_hold_back_is_shared_by_the_others() {
        let claims = [Claim::of(8_u32).at_most(2), Claim::of(1_u32), Claim::of(1_u32).at_least(5), Claim::of(0_u32).at_least(1)];
        let quotas = Quotas::new(11, &claims);
        assert_eq!([0, 1, 2, 3].map(|claim| quotas.floor(claim)), [2, 3, 5, 1]);
        assert!((0..4).all(|claim| quotas.remainder(claim) == BigUint::ZERO));
    }
}
