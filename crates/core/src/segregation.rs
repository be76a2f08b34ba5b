//! Segregation: how differently girls and boys are spread over work areas, jobs or other units, and whether chance alone would do it.
//!
//! **Measure.** Of all girls the share g_u is in unit u, of all boys the share b_u. The index of dissimilarity is D = ½ Σ |g_u − b_u|: the share
//! of the girls (or of the boys) who would have to be in another unit for both to be spread alike. 0 is alike, 1 is apart.
//!
//! **Chance.** In small units D is large although nothing is systematic: with a place a unit it is always 1. So D is compared with what chance gives:
//! whoever is in a unit stays, and the sexes are dealt out anew among all of them, each order equally likely (a permutation test).
//!
//! **Uncertainty.** An interval says how else D might have come out, had other youths like these applied: girls and boys are drawn anew, with
//! replacement, each from their own (a bootstrap). Drawing adds to D once more what chance had added before, so the interval is moved back to where
//! its mean is D. It is an interval of D in groups of this size: what small units add to D is in it, as it is in what chance gives.
//!
//! Random numbers are the output of BLAKE3 under fixed contexts, so that the same counts give the same figures everywhere, for any number of threads.
//!
//! # References
//!
//! Duncan and Duncan, *A methodological analysis of segregation indexes*, American Sociological Review 20 (1955). Carrington and Troske, *On measuring
//! segregation in samples with small units*, Journal of Business & Economic Statistics 15 (1997). Allen, Burgess, Davidson and Windmeijer, *More
//! reliable inference for the dissimilarity index of segregation*, Econometrics Journal 18 (2015). Phipson and Smyth, *Permutation P-values should
//! never be zero*, Statistical Applications in Genetics and Molecular Biology 9 (2010).

use std::collections::BTreeMap;

use blake3::{Hasher, OutputReader};
use rayon::prelude::*;

/// How many times the sexes are dealt out anew, and the youths drawn anew. One more is a round number of which percentiles are whole.
const REPLICATES: u32 = 1_999;

/// Girls and boys over units. Somebody may be spread over several.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    /// Those who are spread alike, by their weights of units: how many girls and how many boys.
    people: BTreeMap<Vec<(usize, u32)>, [u32; 2]>,
}

/// How differently girls and boys are spread, and what chance has to do with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dissimilarity {
    /// The index of dissimilarity, from 0 to 1.
    pub index: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// What chance alone gives on average.
    pub expected: f64,
    /// Where chance alone stays in 95 of 100 cases.
    pub by_chance: (f64, f64),
    /// The probability that chance alone gives as much at least.
    pub p_value: f64,
}

impl Dissimilarity {
    /// Returns the systematic part: how far the index is from what chance gives, of how far it could be. Negative where it is below.
    ///
    /// # References
    ///
    /// Carrington and Troske (1997), the modified index.
    pub fn systematic(&self) -> f64 {
        let room = if self.index >= self.expected { 1.0 - self.expected } else { self.expected };
        if room > 0.0 { (self.index - self.expected) / room } else { 0.0 }
    }
}

impl Spread {
    /// Adds so many girls and boys who are each spread over units in proportion to weights. Without a weight above 0 nobody is added.
    pub fn add(&mut self, [girls, boys]: [u32; 2], weights: impl IntoIterator<Item = (usize, u32)>) {
        let mut merged: BTreeMap<usize, u32> = BTreeMap::new();
        for (unit, weight) in weights.into_iter().filter(|(_, weight)| *weight > 0) {
            *merged.entry(unit).or_default() += weight;
        }
        if !merged.is_empty() {
            let [all_girls, all_boys] = self.people.entry(merged.into_iter().collect()).or_default();
            *all_girls += girls;
            *all_boys += boys;
        }
    }

    /// Returns how many girls and how many boys there are.
    pub fn counts(&self) -> [u32; 2] {
        [0, 1].map(|sex| self.people.values().map(|counts| counts[sex]).sum())
    }

    /// Returns how many girls and how many boys are in each unit below `units`, in parts of people.
    pub fn by_unit(&self, units: usize) -> Vec<[f64; 2]> {
        let mut sums = vec![[0.0; 2]; units];
        for (weights, counts) in &self.people {
            let whole: u64 = weights.iter().map(|(_, weight)| u64::from(*weight)).sum();
            for &(unit, weight) in weights.iter().filter(|(unit, _)| *unit < units) {
                for (sum, &count) in sums[unit].iter_mut().zip(counts) {
                    *sum += share(u64::from(count) * u64::from(weight), whole);
                }
            }
        }
        sums
    }

    /// Measures how differently girls and boys are spread; `None` where there are no girls or no boys.
    ///
    /// # Complexity
    ///
    /// With n people and w weights of those who are spread differently: O((n + w) replicates), shared by the threads of the current pool.
    pub fn dissimilarity(&self) -> Option<Dissimilarity> {
        let [girls, boys] = self.counts();
        if girls == 0 || boys == 0 {
            return None;
        }
        let rows = Rows::new(self);
        let index = rows.index(&rows.counts, girls, boys);
        let by_chance = sorted(|words| rows.index(&rows.dealt(girls + boys, girls, words), girls, boys), "permutation");
        let resampled = sorted(|words| rows.index(&rows.resampled(girls, boys, words), girls, boys), "bootstrap");
        // Rounding must not make the same spread another.
        let as_much = by_chance.iter().filter(|&&other| other >= index - 1e-12).count() as u32;
        let percentile = |replicates: &[f64], per_mille: u32| replicates[(per_mille * (REPLICATES + 1) / 1_000) as usize - 1];
        let mean = |replicates: &[f64]| replicates.iter().sum::<f64>() / f64::from(REPLICATES);
        let moved_back = |end: f64| (index + end - mean(&resampled)).clamp(0.0, 1.0);
        Some(Dissimilarity {
            index,
            interval: (moved_back(percentile(&resampled, 25)), moved_back(percentile(&resampled, 975))),
            expected: mean(&by_chance),
            by_chance: (percentile(&by_chance, 25), percentile(&by_chance, 975)),
            p_value: f64::from(as_much + 1) / f64::from(REPLICATES + 1),
        })
    }
}

/// Returns what comes out of each replicate, ascending.
fn sorted(replicate: impl Fn(&mut Words) -> f64 + Sync, purpose: &str) -> Vec<f64> {
    let mut all: Vec<f64> = (0..REPLICATES).into_par_iter().map(|number| replicate(&mut Words::new(purpose, number))).collect();
    all.sort_by(f64::total_cmp);
    all
}

#[allow(clippy::cast_precision_loss, reason = "people times weights are far below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// A spread in rows of people who are spread alike, with the units numbered anew.
struct Rows {
    /// For each row, the units and what part of somebody is there.
    parts: Vec<Vec<(usize, f64)>>,
    counts: Vec<[u32; 2]>,
    units: usize,
    /// The row of everybody, and of all girls and all boys.
    everybody: Vec<u32>,
    of_sex: [Vec<u32>; 2],
}

impl Rows {
    fn new(spread: &Spread) -> Self {
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let mut rows =
            Self { parts: Vec::new(), counts: Vec::new(), units: 0, everybody: Vec::new(), of_sex: [Vec::new(), Vec::new()] };
        for (row, (weights, counts)) in (0..).zip(&spread.people) {
            let whole: u64 = weights.iter().map(|(_, weight)| u64::from(*weight)).sum();
            let mut part = |&(unit, weight): &(usize, u32)| {
                let next = numbers.len();
                (*numbers.entry(unit).or_insert(next), share(u64::from(weight), whole))
            };
            rows.parts.push(weights.iter().map(&mut part).collect());
            rows.counts.push(*counts);
            for (of_sex, &count) in rows.of_sex.iter_mut().zip(counts) {
                of_sex.extend(std::iter::repeat_n(row, count as usize));
            }
            rows.everybody.extend(std::iter::repeat_n(row, (counts[0] + counts[1]) as usize));
        }
        rows.units = numbers.len();
        rows
    }

    /// Returns the index of dissimilarity of so many girls and boys in each row.
    fn index(&self, counts: &[[u32; 2]], girls: u32, boys: u32) -> f64 {
        let mut difference = vec![0.0; self.units];
        for (parts, [of_girls, of_boys]) in self.parts.iter().zip(counts) {
            let of_row = f64::from(*of_girls) / f64::from(girls) - f64::from(*of_boys) / f64::from(boys);
            for (unit, part) in parts {
                difference[*unit] += of_row * part;
            }
        }
        difference.iter().map(|d: &f64| d.abs()).sum::<f64>() / 2.0
    }

    /// Deals out the sexes anew: so many of everybody are girls.
    fn dealt(&self, people: u32, girls: u32, words: &mut Words) -> Vec<[u32; 2]> {
        let mut deck = self.everybody.clone();
        // Fisher and Yates's shuffle, as far as is needed: of the fewer.
        let drawn = girls.min(people - girls);
        let mut counts: Vec<[u32; 2]> = self.counts.iter().map(|[of_girls, of_boys]| [0, of_girls + of_boys]).collect();
        for at in 0..drawn {
            let other = at + words.below(people - at);
            deck.swap(at as usize, other as usize);
            let of_row = &mut counts[deck[at as usize] as usize];
            of_row[0] += 1;
            of_row[1] -= 1;
        }
        if drawn < girls {
            for of_row in &mut counts {
                of_row.swap(0, 1);
            }
        }
        counts
    }

    /// Draws so many girls from the girls and boys from the boys, with replacement.
    fn resampled(&self, girls: u32, boys: u32, words: &mut Words) -> Vec<[u32; 2]> {
        let mut counts = vec![[0; 2]; self.counts.len()];
        for (sex, number) in [girls, boys].into_iter().enumerate() {
            for _ in 0..number {
                let drawn = self.of_sex[sex][words.below(number) as usize];
                counts[drawn as usize][sex] += 1;
            }
        }
        counts
    }
}

/// Random numbers of a replicate.
struct Words {
    stream: OutputReader,
    buffer: [u8; 1_024],
    at: usize,
}

impl Words {
    fn new(purpose: &str, replicate: u32) -> Self {
        let mut hasher = Hasher::new_derive_key("feriematch 1 segregation");
        hasher.update(purpose.as_bytes()).update(&replicate.to_le_bytes());
        Self { stream: hasher.finalize_xof(), buffer: [0; 1_024], at: 1_024 }
    }

    fn next(&mut self) -> u32 {
        if self.at == self.buffer.len() {
            self.stream.fill(&mut self.buffer);
            self.at = 0;
        }
        let word = [0, 1, 2, 3].map(|byte| self.buffer[self.at + byte]);
        self.at += 4;
        u32::from_le_bytes(word)
    }

    /// Returns a number below `bound`, which is above 0, each equally likely.
    ///
    /// # References
    ///
    /// Lemire, *Fast random integer generation in an interval*, ACM Transactions on Modeling and Computer Simulation 29 (2019), algorithm 5.
    fn below(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.next()) * u64::from(bound);
        if (product as u32) < bound {
            let reject = bound.wrapping_neg() % bound;
            while (product as u32) < reject {
                product = u64::from(self.next()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many girls and boys in each unit.
    fn spread(units: &[[u32; 2]]) -> Spread {
        let mut spread = Spread::default();
        for (unit, &counts) in units.iter().enumerate() {
            spread.add(counts, [(unit, 1)]);
        }
        spread
    }

    fn measured(units: &[[u32; 2]]) -> Dissimilarity {
        spread(units).dissimilarity().unwrap()
    }

    /// The two matrices with which Elbers's R package `segregation` shows that D is blind to what the index H sees: D is 0.6 of both.
    #[test]
    fn index_as_published() {
        for units in [[[100, 0], [60, 40], [40, 60], [0, 100]], [[80, 20], [80, 20], [20, 80], [20, 80]]] {
            let measured = measured(&units);
            assert!((measured.index - 0.6).abs() < 1e-12, "{measured:?}");
            let (low, high) = measured.interval;
            assert!(low < 0.6 && 0.6 < high && high - low < 0.2, "{measured:?}");
            assert!((measured.p_value - 1.0 / 2_000.0).abs() < 1e-12);
        }
    }

    /// By hand: girls 3, 1, 0 and boys 1, 1, 2 of four each: ½ (½ + 0 + ½) = ½. Of alike spreads D is 0, of apart ones 1.
    #[test]
    fn index_by_hand() {
        assert!((measured(&[[3, 1], [1, 1], [0, 2]]).index - 0.5).abs() < 1e-12);
        let alike = measured(&[[10, 20], [30, 60]]);
        assert!(alike.index.abs() < 1e-12 && (alike.p_value - 1.0).abs() < 1e-12, "{alike:?}");
        let apart = measured(&[[10, 0], [0, 10]]);
        assert!((apart.index - 1.0).abs() < 1e-12 && (apart.systematic() - 1.0).abs() < 1e-12, "{apart:?}");
        assert!(spread(&[[3, 0]]).dissimilarity().is_none());
    }

    /// Ten units of ten, ten girls among a hundred: D = (5/9) |X − 1| summed up, X hypergeometric, so chance gives (10/9) C(90, 10) / C(100, 10) = 0.3672
    /// on average. (The example of small units in Elbers's R package.)
    #[test]
    fn chance_makes_small_units_look_segregated() {
        let measured = measured(&[[1, 9]; 10]);
        assert!((measured.expected - 0.3672).abs() < 0.01, "{measured:?}");
        assert!(measured.index.abs() < 1e-12 && measured.systematic() < 0.0 && (measured.p_value - 1.0).abs() < 1e-12);
    }

    /// Two girls and two boys in two units of two: of the six deals two put them apart, four alike, so p is 1/3 and chance gives 1/3 on average.
    #[test]
    fn permutation_test_against_all_deals() {
        let measured = measured(&[[2, 0], [0, 2]]);
        assert!((measured.p_value - 1.0 / 3.0).abs() < 0.04, "{measured:?}");
        assert!((measured.expected - 1.0 / 3.0).abs() < 0.04, "{measured:?}");
    }

    /// With a place a unit D is 1 whatever happens, and says nothing.
    #[test]
    fn units_of_one_are_never_called_segregated() {
        let units: Vec<[u32; 2]> = (0..20).map(|unit| if unit % 2 == 0 { [1, 0] } else { [0, 1] }).collect();
        let measured = measured(&units);
        assert!((measured.index - 1.0).abs() < 1e-12 && (measured.p_value - 1.0).abs() < 1e-12, "{measured:?}");
        assert!(measured.systematic().abs() < 1e-12);
    }

    #[test]
    fn whoever_would_go_anywhere_is_spread_over_all_of_it() {
        let mut spread = Spread::default();
        spread.add([1, 0], [(0, 3), (1, 1)]);
        spread.add([1, 0], [(1, 1), (0, 1), (0, 2)]);
        spread.add([0, 1], [(1, 5), (7, 0)]);
        spread.add([0, 1], [(3, 0)]);
        assert_eq!(spread.counts(), [2, 1]);
        assert_eq!(spread.by_unit(2), [[1.5, 0.0], [0.5, 1.0]]);
        assert!((spread.dissimilarity().unwrap().index - 0.75).abs() < 1e-12);
    }

    #[test]
    fn any_number_of_threads_gives_the_same() {
        let spread = spread(&[[30, 12], [5, 22], [9, 9]]);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| spread.dissimilarity())
        };
        assert_eq!(with(1), with(3));
    }
}
