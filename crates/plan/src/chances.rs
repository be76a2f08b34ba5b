//! Everybody's chances: the probability of a place, and of each wish, over lotteries.
//!
//! **Problem.** A season's lottery is a random number for each applicant, and its mechanism a function of these numbers. Wanted is the *random
//! assignment*: the probability p(i, r) that applicant i gets a place of rank r. With n applicants there are n! rankings, and already under
//! serial dictatorship computing a probability is #P-complete, so it is estimated by drawing lotteries.
//!
//! **Estimate.** With N independent lotteries the count of those in which i gets rank r is binomial with N and p(i, r). The interval of the share is Wilson's. What
//! a group gets in one lottery are not independent events, so that the error of a group's mean is taken from the spread of its count over lotteries.
//!
//! **Memory.** One counter for each applicant and rank, which all threads add to; nothing grows with N. Sums of whole numbers do not depend on the
//! order of the terms, so neither does the result on the threads.
//!
//! References: Bogomolnaia and Moulin, *A new solution to the random assignment problem*, Journal of Economic Theory 100 (2001); Aziz, Brandt and Brill,
//! *The computational complexity of random serial dictatorship*, Economics Letters 121 (2013).

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use feriematch_core::balance::wilson_interval;
use feriematch_core::{Preparation, Ranking, RunError, RunOptions, Standing, fill};
use feriematch_model::ApplicantIx;
use rayon::prelude::*;

use crate::groups::Groups;
use crate::{Group, PlanError};

/// How many lotteries are drawn before the precision is looked at again.
const BATCH: u32 = 250;

/// Which lotteries to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// The most lotteries to draw.
    pub draws: NonZeroU32,
    /// The seeds are this text and a number, from 1.
    pub seed: String,
    /// Where given, draws end once no applicant's interval is wider than twice this, looked at every 250 lotteries.
    pub precision: Option<f64>,
}

/// Everybody's chances.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    /// How many lotteries were drawn.
    pub draws: u32,
    /// How many places were given in all of them.
    pub places: u64,
    /// The groups, by what tells them apart, each with its chances.
    pub groups: Vec<(Group, GroupChances)>,
    /// Ranks that somebody wishes for, and one more for places given by hand.
    slots: usize,
    /// For each applicant, how often which.
    counts: Vec<u32>,
    /// Whether each applicant could ever have a place.
    can: Vec<bool>,
}

/// A probability, and how well it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The estimate.
    pub p: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The chances of a place in a group, of those who may take a job that they wish for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupChances {
    /// How many are in the group.
    pub applicants: u32,
    /// How many of them may take some job that they wish for, or have one by hand.
    pub eligible: u32,
    /// How many have a protected identity.
    pub protected: u32,
    /// The mean of their probabilities; `None` where nobody is eligible.
    pub mean: Option<f64>,
    /// The standard error of the mean; `None` also of a single lottery.
    pub standard_error: Option<f64>,
    /// The least of their probabilities.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
}

/// Draws lotteries, and counts what everybody gets. `done` is told each time another one is.
///
/// # Errors
///
/// Returns why the season cannot be matched.
///
/// # Complexity
///
/// Lotteries × (n log n for the ranking, and one [`fill`]), on the threads of the current pool; O(n × ranks) memory beside what each thread
/// needs to match.
///
/// # Determinism
///
/// The same for any number of threads.
pub fn chances(
    preparation: &Preparation<'_>,
    options: &RunOptions,
    sampling: &Sampling,
    done: &(dyn Fn() + Sync),
) -> Result<Chances, PlanError> {
    let sampler = Sampler::new(preparation, options, &sampling.seed);
    let mut drawn = 0;
    while drawn < sampling.draws.get() {
        let next = sampling.draws.get().min(drawn.saturating_add(BATCH));
        let draw = |number| {
            let drawn = sampler.draw(number);
            done();
            drawn
        };
        // The first that cannot be, in order, is the one returned.
        let failures: Vec<RunError> = (drawn + 1..=next).into_par_iter().filter_map(|number| draw(number).err()).collect();
        if let Some(failure) = failures.into_iter().next() {
            return Err(failure.into());
        }
        drawn = next;
        if sampling.precision.is_some_and(|precision| sampler.half_width(drawn) <= precision) {
            break;
        }
    }
    Ok(sampler.finish(drawn))
}

/// What is counted while lotteries are drawn.
struct Sampler<'p, 's> {
    preparation: &'p Preparation<'s>,
    options: &'p RunOptions,
    seed: &'p str,
    standings: Vec<Standing>,
    groups: Groups,
    slots: usize,
    counts: Vec<AtomicU32>,
    /// For each group, the places that its members get in a lottery: the sum, and the sum of squares.
    sums: Vec<[AtomicU64; 2]>,
}

impl<'p, 's> Sampler<'p, 's> {
    fn new(preparation: &'p Preparation<'s>, options: &'p RunOptions, seed: &'p str) -> Self {
        let season = preparation.season();
        let applicants = season.applicants().len();
        let last_rank = |wishes: &[feriematch_model::Wish]| wishes.last().map_or(0, |wish| usize::from(wish.rank));
        let slots = season.applicants().iter().map(|applicant| last_rank(&applicant.wishes)).max().unwrap_or(0) + 1;
        let groups = Groups::new(season);
        Self {
            preparation,
            options,
            seed,
            standings: vec![Standing::Waits; applicants],
            slots,
            counts: (0..applicants * slots).map(|_| AtomicU32::new(0)).collect(),
            sums: groups.groups.iter().map(|_| [AtomicU64::new(0), AtomicU64::new(0)]).collect(),
            groups,
        }
    }

    /// Draws one lottery.
    fn draw(&self, number: u32) -> Result<(), RunError> {
        let ranking = Ranking::draw(self.preparation.season(), &format!("{} {number}", self.seed));
        let mut of_group = vec![0_u64; self.sums.len()];
        for place in fill(self.preparation, &ranking, self.options, &self.standings)? {
            let row = place.applicant.get();
            // What is given by hand against the wishes comes last.
            let slot = place.rank.map_or(self.slots - 1, |rank| usize::from(rank) - 1);
            self.counts[row * self.slots + slot].fetch_add(1, Relaxed);
            for &group in &self.groups.of[row] {
                of_group[group as usize] += 1;
            }
        }
        for ([sum, squares], count) in self.sums.iter().zip(of_group) {
            sum.fetch_add(count, Relaxed);
            squares.fetch_add(count * count, Relaxed);
        }
        Ok(())
    }

    /// Returns the largest half of an interval of the probability of a place.
    fn half_width(&self, drawn: u32) -> f64 {
        let half = |counts: &[AtomicU32]| {
            let placed = counts.iter().map(|count| count.load(Relaxed)).sum();
            wilson_interval(placed, drawn).map_or(1.0, |(low, high)| (high - low) / 2.0)
        };
        self.counts.chunks(self.slots).map(half).fold(0.0, f64::max)
    }

    fn finish(self, draws: u32) -> Chances {
        let season = self.preparation.season();
        let counts: Vec<u32> = self.counts.into_iter().map(AtomicU32::into_inner).collect();
        let has_had = |row: usize| counts[row * self.slots..(row + 1) * self.slots].iter().any(|&count| count > 0);
        let can = |row| self.preparation.has_acceptable(ApplicantIx::new(row)) || has_had(row);
        let can = (0..season.applicants().len()).map(can).collect();
        let places = counts.iter().map(|&count| u64::from(count)).sum();
        let mut chances = Chances { draws, places, groups: Vec::new(), slots: self.slots, counts, can };
        let mut members = vec![Vec::new(); self.groups.groups.len()];
        for (row, groups) in self.groups.of.iter().enumerate() {
            for &group in groups {
                members[group as usize].push(ApplicantIx::new(row));
            }
        }
        let sums = self.sums.into_iter().map(|sums| sums.map(AtomicU64::into_inner));
        let groups = self.groups.groups.into_iter().zip(&members).zip(sums);
        chances.groups = groups
            .map(|((group, members), [sum, squares])| {
                let protected = members.iter().filter(|&&a| season.applicant(a).protected).count() as u32;
                (group, chances.of_group(members, protected, sum, squares))
            })
            .collect();
        chances
    }
}

impl Chances {
    /// Returns whether an applicant may take some job wished for, or has one by hand.
    pub fn is_eligible(&self, applicant: ApplicantIx) -> bool {
        self.can[applicant.get()]
    }

    /// Returns the probability that an applicant has a place.
    pub fn of(&self, applicant: ApplicantIx) -> Chance {
        self.chance(self.of_each(applicant).iter().sum())
    }

    /// Returns how many ranks there are columns for.
    pub const fn ranks(&self) -> u16 {
        self.slots as u16 - 1
    }

    /// Returns the probability that an applicant has a place of a rank, from 1.
    pub fn of_rank(&self, applicant: ApplicantIx, rank: u16) -> Chance {
        self.chance(self.of_each(applicant)[usize::from(rank) - 1])
    }

    /// Returns the probability that an applicant has a place that was given by hand against the wishes: one, or none.
    pub fn by_hand(&self, applicant: ApplicantIx) -> Chance {
        self.chance(self.of_each(applicant)[self.slots - 1])
    }

    /// Returns the places given in one lottery on average.
    pub fn mean_places(&self) -> f64 {
        ratio(self.places, self.draws.into())
    }

    /// Returns the largest half of an interval of an applicant's probability of a place.
    pub fn half_width(&self) -> f64 {
        let half = |row| {
            let Chance { low, high, .. } = self.of(ApplicantIx::new(row));
            (high - low) / 2.0
        };
        (0..self.can.len()).map(half).fold(0.0, f64::max)
    }

    fn of_each(&self, applicant: ApplicantIx) -> &[u32] {
        &self.counts[applicant.get() * self.slots..(applicant.get() + 1) * self.slots]
    }

    fn chance(&self, count: u32) -> Chance {
        let (low, high) = wilson_interval(count, self.draws).unwrap_or((0.0, 1.0));
        Chance { p: ratio(count.into(), self.draws.into()), low, high }
    }

    fn of_group(&self, members: &[ApplicantIx], protected: u32, sum: u64, squares: u64) -> GroupChances {
        let placed = |&applicant: &ApplicantIx| self.of_each(applicant).iter().sum::<u32>();
        let eligible = || members.iter().filter(|&&applicant| self.is_eligible(applicant));
        let size = eligible().count() as u32;
        let p = |count: Option<u32>| count.map(|count| ratio(count.into(), self.draws.into()));
        GroupChances {
            applicants: members.len() as u32,
            eligible: size,
            protected,
            mean: (size > 0).then(|| ratio(sum, u64::from(self.draws) * u64::from(size))),
            standard_error: self.standard_error(sum, squares).filter(|_| size > 0).map(|error| error / f64::from(size)),
            min: p(eligible().map(placed).min()),
            max: p(eligible().map(placed).max()),
        }
    }

    /// Returns the standard error of the mean of a number that each lottery gives, from its sum and the sum of its squares.
    fn standard_error(&self, sum: u64, squares: u64) -> Option<f64> {
        let n = u128::from(self.draws);
        // n Σx² − (Σx)² is exact; divided by n (n − 1) it is the variance, and by n once more that of the mean.
        let spread = u64::try_from(n * u128::from(squares) - u128::from(sum).pow(2)).unwrap_or(u64::MAX);
        (n > 1).then(|| (ratio(spread, u64::from(self.draws) * u64::from(self.draws - 1)) / f64::from(self.draws)).sqrt())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown with far fewer digits than 53 bits have")]
fn ratio(number: u64, by: u64) -> f64 {
    number as f64 / by as f64
}
