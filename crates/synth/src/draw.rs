//! Random draws whose results are fixed by the seed alone, on every machine and with every version of the dependencies.
//!
//! ChaCha20 is a published cipher; the only thing taken from it is its sequence of 64-bit words. Everything else, from
//! ranges to shuffles, is integer arithmetic in this module: no floating-point number, and no distribution of a library
//! that may change its mind in a minor version.

use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};

/// A stream of random draws. Streams of one seed are independent, so each row can have its own, in any order.
pub(crate) struct Draw(ChaCha20Rng);

impl Draw {
    /// Opens a stream. Rows of a table take the streams of their row numbers.
    pub(crate) fn row(seed: u64, row: u64) -> Self {
        // The key is the seed and a label, not `seed_from_u64`, whose expansion is the library's own.
        let mut key = *b"........feriematch synth seasons";
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha20Rng::from_seed(key);
        rng.set_stream(row);
        Self(rng)
    }

    /// Opens the stream of a draw that is made once a season. No table is long enough to reach it.
    pub(crate) fn once(seed: u64, purpose: Purpose) -> Self {
        Self::row(seed, u64::MAX - purpose as u64)
    }

    /// Returns a number below `bound`, each equally likely; 0 if `bound` is 0.
    ///
    /// # References
    ///
    /// D. Lemire, "Fast random integer generation in an interval", ACM Trans. Model. Comput. Simul. 29(1), 2019, algorithm 5.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let mut product = u128::from(self.0.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            let reject = bound.wrapping_neg() % bound;
            while (product as u64) < reject {
                product = u128::from(self.0.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// Returns a row number below `len`.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// Returns a number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(u64::from(most - least) + 1) as u32
    }

    /// Returns true in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < u64::from(percent)
    }

    /// Puts items in random order, each order equally likely (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// The draws that are made once a season.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Which jobs there are.
    Jobs = 1,
    /// Who the applicants are, where exact counts are dealt out.
    People = 2,
}

/// Weights to draw row numbers by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    /// The sum of the weights up to and including each row.
    cumulative: Vec<u64>,
}

impl Weights {
    /// Returns the sum of all weights.
    pub(crate) fn total(&self) -> u64 {
        self.cumulative.last().copied().unwrap_or(0)
    }

    /// Draws a row number with probability in proportion to its weight, in time logarithmic in the number of rows.
    ///
    /// # Panics
    ///
    /// Panics if no weight is positive.
    pub(crate) fn pick(&self, draw: &mut Draw) -> usize {
        assert!(self.total() > 0, "there is something to draw");
        let ticket = draw.below(self.total());
        self.cumulative.partition_point(|&sum| sum <= ticket)
    }
}

impl FromIterator<u64> for Weights {
    fn from_iter<T: IntoIterator<Item = u64>>(weights: T) -> Self {
        let running = |sum: &mut u64, weight| {
            *sum += weight;
            Some(*sum)
        };
        Self { cumulative: weights.into_iter().scan(0, running).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut draw = Draw::row(2015, 7);
        let drawn: Vec<u64> = (0..6).map(|_| draw.below(1000)).collect();
        // The high words of 1000 times the 64-bit words of ChaCha20, as an implementation written from RFC 8439 gives them.
        assert_eq!(drawn, [842, 24, 597, 165, 869, 965]);
    }

    #[test]
    fn rows_and_seeds_have_streams_of_their_own() {
        let first = |seed, row| Draw::row(seed, row).below(u64::MAX);
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }

    #[test]
    fn ranges_are_even() {
        let mut draw = Draw::row(1, 0);
        let mut counts = [0; 6];
        (0..60_000).for_each(|_| counts[draw.index(6)] += 1);
        // Six standard deviations of a binomial count of 60 000 with 1/6 are 548.
        assert!(counts.iter().all(|count| (9_452..10_548).contains(count)), "{counts:?}");
        assert_eq!(draw.below(1), 0);
    }

    #[test]
    fn a_bound_near_the_word_size_is_unbiased() {
        // Below 3 * 2^62 a plain multiplication would give multiples of 3 twice the weight of others.
        let mut draw = Draw::row(1, 0);
        let bound = 3 << 62;
        let threes = (0..30_000).filter(|_| draw.below(bound).is_multiple_of(3)).count();
        assert!((9_510..10_490).contains(&threes), "{threes}");
    }

    #[test]
    fn weights_are_kept_and_zero_is_never_drawn() {
        let weights: Weights = [0, 30, 0, 10, 0].into_iter().collect();
        let mut draw = Draw::row(3, 0);
        let mut counts = [0; 5];
        (0..40_000).for_each(|_| counts[weights.pick(&mut draw)] += 1);
        assert_eq!([counts[0], counts[2], counts[4]], [0; 3]);
        assert!((29_480..30_520).contains(&counts[1]), "{counts:?}");
    }

    #[test]
    fn shuffles_reach_every_order() {
        let mut seen = std::collections::BTreeMap::new();
        for row in 0..6_000 {
            let mut items = [1, 2, 3];
            Draw::row(5, row).shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| (820..1_180).contains(count)), "{seen:?}");
    }
}
