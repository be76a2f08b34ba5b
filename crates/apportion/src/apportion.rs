//! Dividing, and who had an equal claim.

use std::cmp::Reverse;

use num_bigint::BigUint;

use crate::claim::{ApportionError, Claim, check};
use crate::divisor;
use crate::method::Method;
use crate::quota::Quotas;

/// What each gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apportionment {
    /// What each gets, in the order of the claims.
    pub given: Vec<u64>,
    /// Whose claims to the last of it were equal, if any.
    pub tie: Option<Tie>,
}

/// Equal claims, of which only some could be met: of the first listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Who got one.
    pub met: Vec<usize>,
    /// Who did not.
    pub unmet: Vec<usize>,
}

/// Divides a total by a method.
///
/// Within bounds, the largest remainder divides the quotas mid(least, λ · weight, most), with the λ at which they add up; a divisor method gives
/// everybody mid(least, [weight / x], most), with an x at which they add up. Where the method gives everybody one first (d(1) = 0) and there is less,
/// the heaviest come first. Of equal claims the first listed come first.
///
/// # Errors
///
/// Returns an error where the bounds leave no way.
///
/// # Complexity
///
/// O(n² + n log n) operations on integers as long as the weights and the total together, whatever the total.
///
/// # References
///
/// M. L. Balinski, H. P. Young: Fair Representation, 2nd ed., Brookings 2001, chapters 3 and 8 and appendix A; the start near the quotas:
/// F. Pukelsheim: Proportional Representation, 2nd ed., Springer 2017, chapter 4.6.
pub fn apportion(method: Method, total: u64, claims: &[Claim]) -> Result<Apportionment, ApportionError> {
    check(total, claims)?;
    let (given, met, unmet) = match method {
        Method::LargestRemainder => by_largest_remainder(total, claims),
        divisor => divisor::divide(divisor, total, claims),
    };
    Ok(Apportionment { given, tie: (!met.is_empty()).then_some(Tie { met, unmet }) })
}

/// Divides a total in proportion to weights by the largest remainder. Nobody gets anything where all weights are zero.
///
/// # Examples
///
/// ```
/// use feriematch_apportion::largest_remainder;
///
/// assert_eq!(largest_remainder(4, &[3, 2]), [2, 2]);
/// assert_eq!(largest_remainder(1, &[1, 1]), [1, 0]);
/// assert_eq!(largest_remainder(1, &[0, 0]), [0, 0]);
/// ```
pub fn largest_remainder(total: u32, weights: &[u32]) -> Vec<u32> {
    let claims: Vec<Claim> = weights.iter().map(|&weight| Claim::of(weight)).collect();
    match apportion(Method::LargestRemainder, total.into(), &claims) {
        // Nobody gets more than the total.
        Ok(divided) => divided.given.into_iter().map(|given| given as u32).collect(),
        Err(_) => vec![0; weights.len()],
    }
}

fn by_largest_remainder(total: u64, claims: &[Claim]) -> (Vec<u64>, Vec<usize>, Vec<usize>) {
    let quotas = Quotas::new(total, claims);
    let mut given: Vec<u64> = (0..claims.len()).map(|claim| quotas.floor(claim)).collect();
    let left = total.saturating_sub(given.iter().sum()) as usize;
    let remainders: Vec<BigUint> = (0..claims.len()).map(|claim| quotas.remainder(claim)).collect();
    let mut order: Vec<usize> = (0..claims.len()).collect();
    // Stable: equal remainders stay in the order of the list.
    order.sort_by_key(|&claim| Reverse(&remainders[claim]));
    let (up, down) = order.split_at(left);
    for &claim in up {
        given[claim] += 1;
    }
    let equal = |among: &[usize], to: usize| {
        let is_equal = |claim: &usize| remainders[*claim] == remainders[to];
        among.iter().copied().filter(is_equal).collect::<Vec<usize>>()
    };
    match (up.last(), down.first()) {
        (Some(&last), Some(&next)) if remainders[last] == remainders[next] => {
            let (met, unmet) = (equal(up, last), equal(down, next));
            (given, met, unmet)
        }
        _ => (given, Vec::new(), Vec::new()),
    }
}
