//! Who has a place, and where: what a season gives with one lottery, and how two such differ.

use feriematch_core::{Preparation, Ranking, RunError, RunOptions, run};
use feriematch_model::{ApplicantIx, JobIx, Money, Outcome, Season, Verdict};
use feriematch_payroll::Pay;
use rayon::prelude::*;

/// What a season gives with one lottery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// For each applicant, the job of the place.
    jobs: Vec<Option<JobIx>>,
    /// How many have a place.
    pub places: u32,
    /// How many of them have one that they wished for.
    pub wished: u32,
    /// How many have their first wish.
    pub first_wishes: u32,
    /// The sum of the ranks of the wishes that are met.
    pub rank_sum: u64,
    /// The sum of what these ranks cost the placement.
    pub rank_cost: u64,
    /// What all places cost, wages and fees; `None` where the wage or the hours of one of them are not known.
    pub cost: Option<Money>,
}

/// What another solution gives more, or less where it is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Places filled.
    pub places: i64,
    /// How many have a place who had none.
    pub gain_place: u32,
    /// How many have none who had a place.
    pub lose_place: u32,
    /// First wishes met.
    pub first_wishes: i64,
    /// The sum of ranks.
    pub rank_sum: i64,
    /// The sum of what ranks cost.
    pub rank_cost: i64,
    /// The average rank, in hundredths, rounded half away from zero; `None` where nobody has a wish met.
    pub mean_rank: Option<i64>,
    /// What all places cost.
    pub cost: Option<Money>,
}

/// What a rule or a place makes a difference to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing.
    None,
    /// To which wishes are met, of the same people.
    Ranks,
    /// To who has a place.
    People,
}

impl Solution {
    /// Matches a season.
    ///
    /// # Errors
    ///
    /// As [`run`].
    pub fn new(season: &Season, ranking: &Ranking, options: &RunOptions) -> Result<Self, RunError> {
        let outcome = run(&Preparation::new(season), ranking, options, &mut |_| ())?;
        Ok(Self::of(season, &outcome))
    }

    /// Reads an outcome of a season.
    pub fn of(season: &Season, outcome: &Outcome) -> Self {
        let place = |verdict: &Verdict| match verdict {
            Verdict::Placed(placed) => Some((season.find_job(&placed.job)?, placed.rank)),
            _ => None,
        };
        let places: Vec<Option<(JobIx, Option<u16>)>> =
            outcome.decisions.par_iter().map(|decision| place(&decision.verdict)).collect();
        let rank_costs = &season.settings().rank_costs;
        let ranks = || places.iter().flatten().filter_map(|&(_, rank)| rank);
        let cost = |(row, &place): (usize, &Option<(JobIx, Option<u16>)>)| {
            let (job, _) = place?;
            Some(Pay::agreed(season, season.applicant(ApplicantIx::new(row)), season.job(job)).map(Pay::cost))
        };
        Self {
            places: places.iter().flatten().count() as u32,
            wished: ranks().count() as u32,
            first_wishes: ranks().filter(|&rank| rank == 1).count() as u32,
            rank_sum: ranks().map(u64::from).sum(),
            rank_cost: ranks().map(|rank| u64::from(rank_costs.cost(rank))).sum(),
            cost: places.iter().enumerate().filter_map(cost).sum(),
            jobs: places.iter().map(|place| place.map(|(job, _)| job)).collect(),
        }
    }

    /// Returns the job of an applicant's place.
    pub fn job(&self, applicant: ApplicantIx) -> Option<JobIx> {
        self.jobs[applicant.get()]
    }

    /// Returns the average rank of the wishes that are met, in hundredths, rounded half up.
    pub fn mean_rank(&self) -> Option<i64> {
        (self.wished > 0).then(|| rounded(100 * i128::from(self.rank_sum), i128::from(self.wished)))
    }

    /// Returns what another solution for the same applicants gives more.
    pub fn difference(&self, other: &Self) -> Difference {
        let changed = |had: bool, has: bool| {
            self.jobs.iter().zip(&other.jobs).filter(|(a, b)| a.is_some() == had && b.is_some() == has).count() as u32
        };
        let more = |of: fn(&Self) -> u64| of(other) as i64 - of(self) as i64;
        let [n, m] = [self.wished, other.wished].map(i128::from);
        let [sum, other_sum] = [self.rank_sum, other.rank_sum].map(i128::from);
        Difference {
            places: more(|s| s.places.into()),
            gain_place: changed(false, true),
            lose_place: changed(true, false),
            first_wishes: more(|s| s.first_wishes.into()),
            rank_sum: more(|s| s.rank_sum),
            rank_cost: more(|s| s.rank_cost),
            mean_rank: (n > 0 && m > 0).then(|| rounded(100 * (other_sum * n - sum * m), n * m)),
            cost: other.cost.zip(self.cost).map(|(other, own)| other - own),
        }
    }
}

impl Difference {
    /// Returns what the difference is in.
    pub const fn effect(&self) -> Effect {
        if self.gain_place > 0 || self.lose_place > 0 {
            Effect::People
        } else if self.rank_sum != 0 || self.rank_cost != 0 || self.first_wishes != 0 {
            Effect::Ranks
        } else {
            Effect::None
        }
    }
}

/// Divides by a positive number and rounds half away from zero.
fn rounded(number: i128, by: i128) -> i64 {
    let magnitude = (2 * number.abs() + by) / (2 * by);
    (magnitude * number.signum()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!([(5, 2), (-5, 2), (4, 3), (-4, 3), (0, 7)].map(|(number, by)| rounded(number, by)), [3, -3, 1, -1, 0]);
    }
}
