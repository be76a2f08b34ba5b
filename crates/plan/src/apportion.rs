//! Apportionment: whole places divided in proportion to shares.

/// Divides a number of places in proportion to shares, by the method of the largest remainder.
///
/// Everybody gets the whole part of the exact quota; what is left goes one each to the largest remainders, and between equal ones to
/// whoever is listed first. Nobody gets anything where all shares are zero.
///
/// # Complexity
///
/// O(n log n).
///
/// # References
///
/// A. Hamilton 1792; M. Balinski, H. P. Young: Fair Representation, 2nd ed., Brookings 2001, chapter 3.
///
/// # Examples
///
/// ```
/// assert_eq!(feriematch_plan::largest_remainder(5, &[3, 2]), [3, 2]);
/// assert_eq!(feriematch_plan::largest_remainder(4, &[3, 2]), [2, 2]);
/// assert_eq!(feriematch_plan::largest_remainder(1, &[1, 1]), [1, 0]);
/// ```
pub fn largest_remainder(places: u32, shares: &[u32]) -> Vec<u32> {
    let total: u64 = shares.iter().map(|&share| u64::from(share)).sum();
    if total == 0 {
        return vec![0; shares.len()];
    }
    let product = |share: u32| u64::from(places) * u64::from(share);
    let mut divided: Vec<u32> = shares.iter().map(|&share| (product(share) / total) as u32).collect();
    let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
    // Stable: equal remainders stay in the order of the list.
    by_remainder.sort_by_key(|&row| std::cmp::Reverse(product(shares[row]) % total));
    let left = places - divided.iter().sum::<u32>();
    for &row in by_remainder.iter().take(left as usize) {
        divided[row] += 1;
    }
    divided
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainders_get_what_is_left() {
        // Of 36 seats for 100 000 people the quotas are 9.988, 9.064, 7.181, 5.261, 3.321 and 1.185.
        let populations = [27_744, 25_178, 19_947, 14_614, 9_225, 3_292];
        assert_eq!(largest_remainder(36, &populations), [10, 9, 7, 5, 4, 1]);
    }

    proptest! {
        #[test]
        fn everything_is_divided_within_quota(places in 0_u32..10_000, shares in prop::collection::vec(0_u32..1_000, 1..12)) {
            let total: u64 = shares.iter().map(|&share| u64::from(share)).sum();
            prop_assume!(total > 0);
            let divided = largest_remainder(places, &shares);
            prop_assert_eq!(divided.iter().sum::<u32>(), places);
            for (&share, &count) in shares.iter().zip(&divided) {
                let product = u64::from(places) * u64::from(share);
                prop_assert!(u64::from(count) >= product / total && u64::from(count) <= product.div_ceil(total));
            }
        }
    }
}
