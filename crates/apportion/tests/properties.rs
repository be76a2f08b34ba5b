//! What apportionments have to satisfy, and the same found in other ways.

use std::cmp::Ordering;

use feriematch_apportion::{Claim, Method, apportion};
use proptest::prelude::*;

fn divisors() -> impl Iterator<Item = Method> {
    let swedish = Method::ModifiedSainteLague { first_divisor: 140 };
    Method::ALL.into_iter().filter(|&method| method != Method::LargestRemainder).chain([swedish])
}

fn any_divisor() -> impl Strategy<Value = Method> {
    prop::sample::select(divisors().collect::<Vec<_>>())
}

fn given(method: Method, total: u64, claims: &[Claim]) -> Vec<u64> {
    apportion(method, total, claims).expect("bounds that can be met").given
}

/// Claims with bounds, and a total that they leave room for.
fn bounded() -> impl Strategy<Value = (u64, Vec<Claim>)> {
    let claim = (1_u32..60, 0_u64..6, 0_u64..12)
        .prop_map(|(weight, least, room)| Claim::of(weight).at_least(least).at_most(least + room));
    (prop::collection::vec(claim, 1..6), any::<prop::sample::Index>()).prop_map(|(claims, at)| {
        let least: u64 = claims.iter().map(|claim| claim.least).sum();
        let room: u64 = claims.iter().map(|claim| claim.most - claim.least).sum();
        (least + at.index(room as usize + 1) as u64, claims)
    })
}

/// Returns the square of weight / d(k) times 10⁴ (and nothing for infinity), computed from the definition.
fn index(method: Method, weight: u32, k: u64) -> Option<(u128, u128)> {
    let (w, k) = (u128::from(weight), u128::from(k));
    let (above, below) = match method {
        Method::ModifiedSainteLague { first_divisor } if k == 1 => ((200 * w).pow(2), u128::from(first_divisor).pow(2)),
        Method::SainteLague | Method::ModifiedSainteLague { .. } => ((2 * w).pow(2), (2 * k - 1).pow(2)),
        Method::HuntingtonHill => (w * w, k * (k - 1)),
        Method::Adams => (w * w, (k - 1).pow(2)),
        Method::Dean => ((w * (2 * k - 1)).pow(2), (2 * k * (k - 1)).pow(2)),
        Method::DHondt | Method::LargestRemainder => (w * w, k * k),
    };
    (below > 0).then_some((above, below))
}

fn compare(a: (Option<(u128, u128)>, u32), b: (Option<(u128, u128)>, u32)) -> Ordering {
    match (a.0, b.0) {
        (None, None) => a.1.cmp(&b.1),
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(x), Some(y)) => (x.0 * y.1).cmp(&(y.0 * x.1)),
    }
}

/// One place after the other, each to the first with the highest index.
fn one_by_one(method: Method, total: u64, claims: &[(u32, u64, u64)]) -> Vec<u64> {
    let mut given: Vec<u64> = claims.iter().map(|&(_, least, _)| least).collect();
    while given.iter().sum::<u64>() < total {
        let mut best: Option<usize> = None;
        for (at, &(weight, _, most)) in claims.iter().enumerate().filter(|&(at, claim)| given[at] < claim.2) {
            let of = |at: usize, weight| (index(method, weight, given[at] + 1), weight);
            let is_ahead = best.is_none_or(|best| compare(of(at, weight), of(best, claims[best].0)).is_gt());
            assert!(most > 0);
            if is_ahead {
                best = Some(at);
            }
        }
        given[best.expect("there is room")] += 1;
    }
    given
}

fn plain(claims: &[Claim]) -> Vec<(u32, u64, u64)> {
    claims.iter().map(|claim| (u32::try_from(&claim.weight).expect("small"), claim.least, claim.most)).collect()
}

/// The largest remainder with upper bounds by striking off whoever's quota is beyond the bound, until nobody's is.
fn by_striking_off(total: u64, claims: &[(u32, u64)]) -> Vec<u64> {
    let mut given = vec![0; claims.len()];
    let (mut open, mut left): (Vec<usize>, u64) = ((0..claims.len()).collect(), total);
    loop {
        let sum: u64 = open.iter().map(|&at| u64::from(claims[at].0)).sum();
        let quota = |at: usize| left * u64::from(claims[at].0);
        let (full, rest): (Vec<usize>, Vec<usize>) = open.iter().partition(|&&at| quota(at) >= claims[at].1 * sum);
        if full.is_empty() {
            for &at in &open {
                given[at] = quota(at) / sum;
            }
            open.sort_by_key(|&at| (std::cmp::Reverse(quota(at) % sum), at));
            let whole: u64 = open.iter().map(|&at| given[at]).sum();
            open.iter().take((left - whole) as usize).for_each(|&at| given[at] += 1);
            return given;
        }
        for &at in &full {
            given[at] = claims[at].1;
        }
        left -= full.iter().map(|&at| claims[at].1).sum::<u64>();
        open = rest;
        if open.is_empty() {
            return given;
        }
    }
}

proptest! {
    #[test]
    fn a_divisor_method_gives_one_place_after_the_other((total, claims) in bounded(), method in any_divisor()) {
        prop_assert_eq!(given(method, total, &claims), one_by_one(method, total, &plain(&claims)));
    }

    #[test]
    fn the_largest_remainder_shares_what_bounds_hold_back(
        claims in prop::collection::vec((1_u32..60, 0_u64..12), 1..6), at in any::<prop::sample::Index>(),
    ) {
        let total = at.index(claims.iter().map(|claim| claim.1).sum::<u64>() as usize + 1) as u64;
        let bounded: Vec<Claim> = claims.iter().map(|&(weight, most)| Claim::of(weight).at_most(most)).collect();
        prop_assert_eq!(given(Method::LargestRemainder, total, &bounded), by_striking_off(total, &claims));
    }

    /// Whatever the bounds, everything is divided, and everybody is within them.
    #[test]
    fn bounds_hold((total, claims) in bounded(), method in prop::sample::select(Method::ALL.to_vec())) {
        let given = given(method, total, &claims);
        prop_assert_eq!(given.iter().sum::<u64>(), total);
        prop_assert!(given.iter().zip(&claims).all(|(&given, claim)| (claim.least..=claim.most).contains(&given)));
    }

    /// House-monotone: with one place more nobody gets less. The largest remainder is not (see `alabama_paradox`).
    #[test]
    fn nobody_loses_by_one_more((total, claims) in bounded(), method in any_divisor()) {
        let most: u64 = claims.iter().map(|claim| claim.most).sum();
        prop_assume!(total < most);
        let (before, after) = (given(method, total, &claims), given(method, total + 1, &claims));
        prop_assert!(before.iter().zip(&after).all(|(before, after)| before <= after), "{before:?} {after:?}");
    }

    /// Within quota: no divisor method is always, the largest remainder is.
    #[test]
    fn the_largest_remainder_stays_within_quota(total in 0_u64..500, weights in prop::collection::vec(1_u64..1_000, 1..9)) {
        let sum: u64 = weights.iter().sum();
        let claims: Vec<Claim> = weights.iter().map(|&weight| Claim::of(weight)).collect();
        for (given, weight) in given(Method::LargestRemainder, total, &claims).into_iter().zip(weights) {
            prop_assert!(given >= total * weight / sum && given <= (total * weight).div_ceil(sum));
        }
    }

    /// Uniform: what some of them get together is divided among them as it would be if they were alone (Balinski and Young 2001, chapter 8).
    #[test]
    fn any_part_of_a_divisor_apportionment_is_one((total, claims) in bounded(), method in any_divisor(), mask in any::<u8>()) {
        let given = given(method, total, &claims);
        let part: Vec<usize> = (0..claims.len()).filter(|at| mask & (1 << at) != 0).collect();
        let alone: Vec<Claim> = part.iter().map(|&at| claims[at].clone()).collect();
        let together: u64 = part.iter().map(|&at| given[at]).sum();
        let expected: Vec<u64> = part.iter().map(|&at| given[at]).collect();
        prop_assert_eq!(self::given(method, together, &alone), expected);
    }

    /// Only proportions count.
    #[test]
    fn weights_count_by_proportion((total, claims) in bounded(), method in prop::sample::select(Method::ALL.to_vec()), by in 1_u32..1_000_000) {
        let scaled: Vec<Claim> = claims.iter().map(|claim| Claim { weight: &claim.weight * by, ..claim.clone() }).collect();
        prop_assert_eq!(apportion(method, total, &claims), apportion(method, total, &scaled));
    }

    /// Of those tied, who got one might as well not have, and the other way round: with the list turned round they change places.
    #[test]
    fn ties_are_those_whom_the_order_of_the_list_decides((total, claims) in bounded(), method in prop::sample::select(Method::ALL.to_vec())) {
        let divided = apportion(method, total, &claims).expect("bounds that can be met");
        let turned: Vec<Claim> = claims.iter().rev().cloned().collect();
        let mut other = given(method, total, &turned);
        other.reverse();
        prop_assert_eq!(divided.tie.is_some(), divided.given != other);
        for (at, (&given, &turned)) in divided.given.iter().zip(&other).enumerate() {
            let tie = divided.tie.as_ref();
            let is_in = |rows: &[usize]| rows.contains(&at);
            prop_assert!(given == turned || tie.is_some_and(|tie| is_in(&tie.met) || is_in(&tie.unmet)));
        }
    }
}
