//! Who claims how much, within which bounds.

use num_bigint::BigUint;

/// A claim: in proportion to its weight, not less than `least` and not more than `most`.
///
/// A claim of no weight gets its least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// In proportion to what.
    pub weight: BigUint,
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

/// Why nothing can be divided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApportionError {
    /// A least is above the most of the same claim.
    #[error("claim {claim} has a least of {least}, above its most of {most}")]
    BoundsReversed {
        /// Which claim, from 0.
        claim: usize,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// The least of all together is more than there is.
    #[error("the least of all together is {least}, and there are {total}")]
    TooFew {
        /// The sum of the least, or the largest number there is if it is more.
        least: u64,
        /// What is to be divided.
        total: u64,
    },
    /// The most of all together is less than there is; who has no weight gets no more than the least.
    #[error("all together get {most} at most, and there are {total}")]
    TooMany {
        /// The sum of the most.
        most: u64,
        /// What is to be divided.
        total: u64,
    },
}

impl Claim {
    /// Returns a claim without bounds.
    pub fn of(weight: impl Into<BigUint>) -> Self {
        Self { weight: weight.into(), least: 0, most: u64::MAX }
    }

    /// Returns the claim with a least.
    #[must_use]
    pub fn at_least(self, least: u64) -> Self {
        Self { least, ..self }
    }

    /// Returns the claim with a most.
    #[must_use]
    pub fn at_most(self, most: u64) -> Self {
        Self { most, ..self }
    }

    /// Returns the most that it can get: the least where it has no weight.
    pub(crate) fn ceiling(&self) -> u64 {
        if self.weight == BigUint::ZERO { self.least } else { self.most }
    }
}

/// Checks that so much can be divided.
pub(crate) fn check(total: u64, claims: &[Claim]) -> Result<(), ApportionError> {
    for (at, claim) in claims.iter().enumerate() {
        if claim.least > claim.most {
            return Err(ApportionError::BoundsReversed { claim: at, least: claim.least, most: claim.most });
        }
    }
    let sum = |of: fn(&Claim) -> u64| claims.iter().map(of).fold(0, u64::saturating_add);
    let (least, most) = (sum(|claim| claim.least), sum(Claim::ceiling));
    if least > total {
        return Err(ApportionError::TooFew { least, total });
    }
    if most < total {
        return Err(ApportionError::TooMany { most, total });
    }
    Ok(())
}
