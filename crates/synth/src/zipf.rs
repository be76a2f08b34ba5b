//! How much more popular a popular job is: Zipf's law, in integers.

/// The weight of the most popular row.
const SCALE: u128 = 10_000_000;

/// The most rows whose weights are all positive, whatever the exponent.
pub(crate) const MOST_ROWS: u32 = 10_000_000;

/// Returns the weight of the `k`-th most popular row, counted from 1: 10⁷ / k^(`fifths` / 5), rounded down.
///
/// The weight is the fifth root of 10³⁵ / k^`fifths`, which integers can find exactly: a floating-point power differs in
/// its last digit from one mathematical library to the next. Exponents are from 0 (all alike) to 5 fifths.
pub(crate) fn weight(k: u32, fifths: u32) -> u64 {
    debug_assert!((1..=MOST_ROWS).contains(&k) && fifths <= 5);
    // At most (10⁷)⁵, which 128 bits hold.
    fifth_root(SCALE.pow(5) / u128::from(k).pow(fifths))
}

/// Returns the fifth root of a number up to 10³⁵, rounded down.
fn fifth_root(number: u128) -> u64 {
    let (mut below, mut above) = (0, SCALE + 1);
    while above - below > 1 {
        let middle = u128::midpoint(below, above);
        if middle.pow(5) <= number { below = middle } else { above = middle }
    }
    below as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_exact() {
        for root in [0_u128, 1, 2, 9_999_999, SCALE] {
            assert_eq!(u128::from(fifth_root(root.pow(5))), root);
            if root > 0 {
                assert_eq!(u128::from(fifth_root(root.pow(5) - 1)), root - 1);
            }
        }
    }

    #[test]
    fn weights_follow_the_law() {
        assert_eq!(weight(1, 4), 10_000_000);
        assert_eq!(weight(32, 4), 625_000); // 32^0.8 = 16
        assert_eq!(weight(2, 4), 5_743_491); // 10^7 / 2^0.8 = 5 743 491.77
        assert_eq!(weight(100_000, 4), 1_000); // (10^5)^0.8 = 10^4
        assert_eq!([weight(1, 0), weight(77, 0)], [10_000_000; 2]);
        assert_eq!(weight(3, 5), 3_333_333);
        assert!((0..=5).all(|fifths| weight(MOST_ROWS, fifths) > 0), "even the last can be drawn");
    }
}
