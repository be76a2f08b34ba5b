//! Whole persons and whole places out of shares.

use std::cmp::Reverse;

/// Divides `total` in proportion to `weights` into whole numbers, none above its limit, by the largest remainder.
///
/// Each gets the whole part of its quota and the largest fractions one more; of equal fractions the first comes first.
/// What a limit holds back is divided among the others in the same way. Returns `None` if limits and weights of zero leave
/// no room for the total.
///
/// # References
///
/// M. L. Balinski and H. P. Young, *Fair Representation*, 1982, chapter 3 (Hamilton's method).
pub(crate) fn apportion(total: u64, weights: &[u64], limits: &[u64]) -> Option<Vec<u64>> {
    let mut shares = vec![0; weights.len()];
    let mut open: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] > 0).collect();
    let mut left = total;
    loop {
        let sum: u128 = open.iter().map(|&i| u128::from(weights[i])).sum();
        if sum == 0 {
            return (left == 0).then_some(shares);
        }
        let quota = |i: usize| u128::from(left) * u128::from(weights[i]);
        let (full, rest): (Vec<usize>, Vec<usize>) = open.iter().partition(|&&i| quota(i) >= u128::from(limits[i]) * sum);
        if full.is_empty() {
            for &i in &open {
                shares[i] = (quota(i) / sum) as u64;
            }
            let given: u64 = open.iter().map(|&i| shares[i]).sum();
            open.sort_by_key(|&i| (Reverse(quota(i) % sum), i));
            for &i in open.iter().take((left - given) as usize) {
                shares[i] += 1;
            }
            return Some(shares);
        }
        for &i in &full {
            shares[i] = limits[i];
        }
        left -= full.iter().map(|&i| limits[i]).sum::<u64>();
        open = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: [u64; 4] = [u64::MAX; 4];

    #[test]
    fn largest_fractions_are_rounded_up() {
        // Quotas 4.5, 3.3, 1.5, 0.7: the last and then the first of the two halves.
        assert_eq!(apportion(10, &[45, 33, 15, 7], &FREE), Some(vec![5, 3, 1, 1]));
        assert_eq!(apportion(0, &[1, 2, 3, 4], &FREE), Some(vec![0; 4]));
    }

    #[test]
    fn limits_pass_the_rest_on() {
        assert_eq!(apportion(10, &[1, 1, 1, 1], &[1, 9, 9, 9]), Some(vec![1, 3, 3, 3]));
        assert_eq!(apportion(10, &[8, 1, 1, 0], &[2, 3, 9, 9]), Some(vec![2, 3, 5, 0]));
        assert_eq!(apportion(4, &[1, 1, 1, 1], &[1, 1, 1, 1]), Some(vec![1; 4]));
        assert_eq!(apportion(10, &[1, 1, 1, 1], &[2, 2, 2, 2]), None);
        assert_eq!(apportion(1, &[0, 0, 0, 0], &FREE), None);
    }
}
