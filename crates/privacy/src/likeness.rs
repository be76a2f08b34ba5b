//! How much of a row may be shown so that enough other rows show the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Returns for each row how many of its traits may be shown, from the first on, so that at least so many rows show the same as it does.
///
/// Rows that share a trait with too few others show no more than the traits before it. Where those are too few themselves, some rows of the largest of the
/// other groups show no more either, the last first, or all of them if too few would remain: what is masked must not point at anybody (k-anonymity, by
/// suppressing cells). Only if there are fewer rows than that at all do fewer show the same: nothing.
///
/// # Complexity
///
/// O(cells × log rows).
///
/// # References
///
/// Sweeney, *k-anonymity: a model for protecting privacy*, International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10 (2002).
pub fn agreeing<T: Ord>(rows: &[Vec<T>], least: u32) -> Vec<usize> {
    let mut shown = vec![0; rows.len()];
    divide(rows, (0..rows.len()).collect(), 0, least as usize, &mut shown);
    shown
}

/// Divides rows that show so many traits by the next one.
fn divide<T: Ord>(rows: &[Vec<T>], group: Vec<usize>, shown_so_far: usize, least: usize, shown: &mut [usize]) {
    let mut by_trait: BTreeMap<&T, Vec<usize>> = BTreeMap::new();
    let mut masked = 0;
    for row in group {
        match rows[row].get(shown_so_far) {
            Some(value) => by_trait.entry(value).or_default().push(row),
            None => masked += 1,
        }
    }
    masked += by_trait.values().filter(|alike| alike.len() < least).map(Vec::len).sum::<usize>();
    by_trait.retain(|_, alike| alike.len() >= least);
    if (1..least).contains(&masked)
        && let Some(largest) = by_trait.values_mut().max_by_key(|alike| (alike.len(), Reverse(alike[0])))
    {
        let remain = largest.len() - (least - masked);
        largest.truncate(if remain < least { 0 } else { remain });
    }
    for alike in by_trait.into_values().filter(|alike| !alike.is_empty()) {
        for &row in &alike {
            shown[row] = shown_so_far + 1;
        }
        divide(rows, alike, shown_so_far + 1, least, shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn traits_are_shown_as_far_as_enough_rows_share_them() {
        let rows = [["a", "x"], ["a", "x"], ["a", "y"], ["a", "y"], ["b", "x"], ["b", "x"]].map(Vec::from);
        assert_eq!(agreeing(&rows, 2), [2; 6]);
        assert_eq!(agreeing(&rows, 3), [1, 1, 1, 0, 0, 0]);
        assert_eq!(agreeing(&rows, 5), [0; 6]);
        assert_eq!(agreeing(&rows, 1), [2; 6]);
        assert_eq!(agreeing::<u8>(&[], 2), [] as [usize; 0]);
    }

    #[test]
    fn a_row_that_would_be_masked_alone_is_joined_by_others() {
        let rows = ["a", "a", "a", "a", "b"].map(|value| vec![value]);
        assert_eq!(agreeing(&rows, 2), [1, 1, 1, 0, 0]);
        assert_eq!(agreeing(&rows, 3), [0; 5]);
    }

    proptest! {
        #[test]
        fn everybody_is_like_enough_others(rows in prop::collection::vec((0..3_u8, 0..3_u8, 0..3_u8), 0..40), least in 1..6_u32) {
            let rows: Vec<Vec<u8>> = rows.into_iter().map(|(a, b, c)| vec![a, b, c]).collect();
            let mut classes: BTreeMap<&[u8], u32> = BTreeMap::new();
            let shown = agreeing(&rows, least);
            for (row, shown) in rows.iter().zip(&shown) {
                *classes.entry(&row[..*shown]).or_default() += 1;
            }
            for (class, count) in &classes {
                prop_assert!(*count >= least || (class.is_empty() && rows.len() < least as usize), "{:?}: {}", class, count);
            }
        }
    }
}
