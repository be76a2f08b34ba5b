//! Divisor methods, within bounds.
//!
//! An apportionment by a divisor method within bounds gives everybody mid(least, [weight / x], most), where [·] rounds at the method's signposts and
//! the divisor x makes the sum right (Balinski and Young 2001, appendix A). Equivalently, with rank-index weight / d(k): everybody begins with the least,
//! and each further place goes to whoever has the highest index among those below their most. Indices fall as k rises, so the second gives every total in
//! turn, and a total's apportionment is reached from that of any other by single steps. We begin at x = 1/λ of the quotas, where each is within one of
//! its quota; hence at most n steps follow, whatever the total.

use std::cmp::Ordering;

use num_bigint::BigUint;

use crate::claim::Claim;
use crate::method::Method;
use crate::quota::Quotas;

/// How strong a claim to its k-th place is: weight / d(k), and above all of these the weight itself where d(k) is zero.
struct Priority<'c> {
    weight: &'c BigUint,
    /// d(k) squared, as a fraction.
    above: BigUint,
    below: BigUint,
}

impl<'c> Priority<'c> {
    fn new(method: Method, claim: &'c Claim, k: u64) -> Self {
        let signpost = method.signpost_squared(k);
        Self { weight: &claim.weight, above: signpost.above, below: signpost.below }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let is_first = |priority: &Self| priority.above == BigUint::ZERO;
        match (is_first(self), is_first(other)) {
            (true, true) => self.weight.cmp(other.weight),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let squared = |of: &Self, with: &Self| of.weight.pow(2) * &of.below * &with.above;
                squared(self, other).cmp(&squared(other, self))
            }
        }
    }
}

/// Divides by a divisor method. Of equal claims the first listed come first; both kinds of them are returned.
pub(crate) fn divide(method: Method, total: u64, claims: &[Claim]) -> (Vec<u64>, Vec<usize>, Vec<usize>) {
    let quotas = Quotas::new(total, claims);
    let mut given: Vec<u64> = (0..claims.len()).map(|at| rounded(method, &quotas, claims, at)).collect();
    let mut sum: u128 = given.iter().map(|&given| u128::from(given)).sum();
    while sum < total.into() {
        let Some(next) = strongest(method, claims, &given).first().copied() else { break };
        given[next] += 1;
        sum += 1;
    }
    while sum > total.into() {
        let Some(&last) = weakest(method, claims, &given).last() else { break };
        given[last] -= 1;
        sum -= 1;
    }
    let (last, next) = (weakest(method, claims, &given), strongest(method, claims, &given));
    let is_tie = last.first().zip(next.first()).is_some_and(|(&last, &next)| {
        let has = Priority::new(method, &claims[last], given[last]);
        has.compare(&Priority::new(method, &claims[next], given[next] + 1)).is_eq()
    });
    if is_tie { (given, last, next) } else { (given, Vec::new(), Vec::new()) }
}

/// Returns those with the strongest claim to one more.
fn strongest(method: Method, claims: &[Claim], given: &[u64]) -> Vec<usize> {
    let below = (0..claims.len()).filter(|&at| given[at] < claims[at].ceiling());
    let next = below.map(|at| (at, Priority::new(method, &claims[at], given[at] + 1)));
    foremost(next, Ordering::Greater)
}

/// Returns those whose last one above the least is given with the weakest claim.
fn weakest(method: Method, claims: &[Claim], given: &[u64]) -> Vec<usize> {
    let above = (0..claims.len()).filter(|&at| given[at] > claims[at].least);
    let last = above.map(|at| (at, Priority::new(method, &claims[at], given[at])));
    foremost(last, Ordering::Less)
}

/// Returns all that nobody comes before, in their order.
fn foremost<'c>(priorities: impl Iterator<Item = (usize, Priority<'c>)>, before: Ordering) -> Vec<usize> {
    let mut found: Vec<(usize, Priority<'c>)> = Vec::new();
    for (at, priority) in priorities {
        let order = found.first().map_or(Ordering::Equal, |(_, first)| priority.compare(first));
        if order == before {
            found.clear();
        }
        if order == before || order.is_eq() {
            found.push((at, priority));
        }
    }
    found.into_iter().map(|(at, _)| at).collect()
}

/// Returns the quota rounded at the method's signposts, within the bounds.
fn rounded(method: Method, quotas: &Quotas, claims: &[Claim], at: usize) -> u64 {
    let claim = &claims[at];
    let rate = quotas.rate();
    let own = &rate.above * &claim.weight;
    let whole = u64::try_from(&own / &rate.below).unwrap_or(u64::MAX).min(claim.ceiling());
    if whole == claim.ceiling() {
        return whole;
    }
    // The signpost between here and the next whole number, squared as all of them.
    let signpost = method.signpost_squared(whole + 1);
    let is_up = claim.weight > BigUint::ZERO && own.pow(2) * signpost.below >= rate.below.pow(2) * signpost.above;
    (whole + u64::from(is_up)).max(claim.least)
}
