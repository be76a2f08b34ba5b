//! Who applies in a season: everybody as often as the Poisson bootstrap says.

use feriematch_model::{ApplicantIx, Override, OverrideKind, Season, SeasonDraft};

use crate::PlanError;

/// The context in which BLAKE3 derives the key of a season's population from the seed.
const CONTEXT: &str = "feriematch 1 study population";

/// Somebody stands for more than the largest number with at most this probability, in millionths.
const TAIL_MILLIONTHS: u128 = 1;

/// How often somebody of the files is there: a Poisson distribution, cut off where next to nothing is left of it.
///
/// The weights λ^k / k! are whole numbers, each rounded down from the one before; a number x below 2^64 stands for the least k for which
/// x · Σ weights < 2^64 · (weights up to k).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copies {
    /// The sums of weights up to each number.
    up_to: Vec<u128>,
}

impl Copies {
    /// Sets up the distribution of a mean in hundredths.
    ///
    /// # References
    ///
    /// J. Hanley, B. MacGibbon: Creating non-parametric bootstrap samples using Poisson frequencies, Computer Methods and Programs in Biomedicine 83,
    /// 2006.
    pub(crate) fn new(percent: u32) -> Self {
        /// The weight of nobody.
        const ONE: u128 = 1 << 48;
        let mut weight = ONE;
        let mut up_to = vec![ONE];
        for count in 1_u128.. {
            weight = weight * u128::from(percent) / (100 * count);
            let sum = up_to[up_to.len() - 1] + weight;
            up_to.push(sum);
            // From here on each weight is at most half the one before, so that what is cut off is no more than this one.
            if 2 * u128::from(percent) <= 100 * (count + 1) && weight * 1_000_000 <= sum * TAIL_MILLIONTHS {
                break;
            }
        }
        Self { up_to }
    }

    /// Returns the most that one stands for.
    pub(crate) fn most(&self) -> usize {
        self.up_to.len() - 1
    }

    /// Returns how many a number below 2^64 stands for.
    fn count(&self, x: u64) -> usize {
        let sum = self.up_to[self.most()];
        // x · sum < 2^64 · up to k.
        let scaled = (u128::from(x) * sum) >> 64;
        self.up_to.partition_point(|&up_to| up_to <= scaled)
    }
}

/// A season in which everybody has as many rows as they may stand for applicants.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    season: Season,
    copies: Copies,
    /// For each applicant of the files the rows here, the original first.
    rows: Vec<Vec<ApplicantIx>>,
}

impl Crowd {
    /// Copies applicants. Those to whom a place was given by hand are there once: that was decided on them, and on nobody like them.
    pub(crate) fn new(season: &Season, percent: u32) -> Result<Self, PlanError> {
        let copies = Copies::new(percent);
        let mut applicants = Vec::new();
        for (row, original) in season.applicants().iter().enumerate() {
            let is_placed = season.overrides_on(ApplicantIx::new(row)).iter().any(|o| o.kind.gives_place());
            let most = if is_placed { 1 } else { copies.most() };
            for number in 1..=most {
                let mut copy = original.clone();
                if number > 1 {
                    copy.id = format!("{}#{number}", original.id).into();
                }
                applicants.push((row, number, copy));
            }
        }
        applicants.sort_by(|(_, _, a), (_, _, b)| a.id.cmp(&b.id));
        let mut rows = vec![Vec::new(); season.applicants().len()];
        let mut in_order: Vec<(usize, usize, usize)> =
            applicants.iter().enumerate().map(|(at, &(row, number, _))| (row, number, at)).collect();
        in_order.sort_unstable();
        for (row, _, at) in in_order {
            rows[row].push(ApplicantIx::new(at));
        }
        let of_copies = |o: &Override| {
            rows[o.applicant.get()].iter().map(|&applicant| Override { applicant, ..o.clone() }).collect::<Vec<_>>()
        };
        let mut overrides: Vec<Override> = season.overrides().iter().flat_map(of_copies).collect();
        overrides.sort_by_key(|o| (o.applicant, o.job));
        debug_assert!(overrides.iter().filter(|o| o.kind != OverrideKind::Forbid).all(|o| o.kind.gives_place()));
        let draft = SeasonDraft {
            settings: season.settings().clone(),
            applicants: applicants.into_iter().map(|(_, _, copy)| copy).collect(),
            jobs: season.jobs().to_vec(),
            overrides,
        };
        Ok(Self { season: Season::new(draft)?, copies, rows })
    }

    /// Returns the season.
    pub(crate) fn season(&self) -> &Season {
        &self.season
    }

    /// Visits the rows of those who apply in the season of a seed.
    ///
    /// How often somebody is there follows from the first eight bytes, big-endian, of BLAKE3's keyed hash of the id in the files.
    pub(crate) fn draw(&self, seed: &str, mut applies: impl FnMut(ApplicantIx)) {
        let key = blake3::derive_key(CONTEXT, seed.as_bytes());
        for rows in &self.rows {
            let count = match *rows.as_slice() {
                [only] => {
                    applies(only);
                    continue;
                }
                [first, ..] => {
                    let hash = blake3::keyed_hash(&key, self.season.applicant(first).id.as_bytes());
                    self.copies.count(hash.as_bytes()[..8].iter().fold(0, |x, &byte| x << 8 | u64::from(byte)))
                }
                [] => 0,
            };
            rows[..count].iter().copied().for_each(&mut applies);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `dpois(0:3, 1)` of R: 0.3678794, 0.3678794, 0.1839397, 0.0613132.
    #[test]
    fn numbers_are_poisson_distributed() {
        let copies = Copies::new(100);
        let share = |count: usize| {
            let before = count.checked_sub(1).map_or(0, |before| copies.up_to[before]);
            ((copies.up_to[count] - before) * 10_000_000 / copies.up_to[copies.most()]) as u32
        };
        assert_eq!([0, 1, 2, 3].map(share), [3_678_794, 3_678_794, 1_839_397, 613_132]);
        assert_eq!(copies.most(), 10);
        // The mean is 1, but for what is cut off: 10^16 numbers evenly spread would give it exactly.
        let steps = 1_u64 << 20;
        let sum: usize = (0..steps).map(|step| copies.count(step << 44)).sum();
        assert!(sum.abs_diff(steps as usize) < 64, "{sum}");
        assert_eq!((copies.count(0), copies.count(u64::MAX)), (0, copies.most()));
    }

    #[test]
    fn other_means_have_other_distributions() {
        for percent in [1, 50, 150, 400] {
            let copies = Copies::new(percent);
            let steps = 1_u64 << 20;
            let sum: usize = (0..steps).map(|step| copies.count(step << 44)).sum();
            assert!(sum.abs_diff(steps as usize * percent as usize / 100) < 256, "{percent}: {sum}");
        }
    }
}
