//! The lottery and the ranking; `docs/mechanisms.md`, section 3.

use feriematch_model::{Applicant, ApplicantIx, LotteryNumber, LotteryOrder, Season};
use rayon::prelude::*;

/// A lottery under a public seed.
///
/// An applicant's number is a keyed hash of the id: nobody else's application, the order of rows or the clock can change
/// it, and anybody can compute it again.
///
/// # References
///
/// O'Connor, Aumasson, Neves and Wilcox-O'Hearn, *BLAKE3: one function, fast everywhere*, 2020, sections 2.3 and 6.
#[derive(Debug, Clone)]
pub struct Lottery {
    key: [u8; 32],
}

impl Lottery {
    /// Prepares the lottery of a seed.
    pub fn new(seed: &str) -> Self {
        Self { key: blake3::derive_key("feriematch 1 lottery", seed.as_bytes()) }
    }

    /// Returns the number of an applicant id.
    pub fn number(&self, id: &str) -> LotteryNumber {
        let hash = blake3::keyed_hash(&self.key, id.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        LotteryNumber(u64::from_be_bytes(first))
    }
}

/// All applicants of a season in the order in which they are served.
#[derive(Debug, Clone)]
pub struct Ranking {
    seed: Box<str>,
    numbers: Vec<LotteryNumber>,
    /// When it is the turn of each applicant's class.
    class_turns: Vec<u32>,
    order: Vec<ApplicantIx>,
    positions: Vec<u32>,
}

impl Ranking {
    /// Ranks applicants by class, then lottery number, then id; those whose place an employer took back before all others.
    ///
    /// # Complexity
    ///
    /// O(n log n) time, O(n) space.
    pub fn draw(season: &Season, seed: &str) -> Self {
        let lottery = Lottery::new(seed);
        let numbers = season.applicants().par_iter().map(|a| lottery.number(&a.id)).collect();
        Self::of(season, seed, numbers, LotteryOrder::Same)
    }

    /// Ranks some of the applicants, as [`draw`](Self::draw) ranks all; on one thread.
    ///
    /// The others are not in the order, and have no number and no position.
    ///
    /// # Complexity
    ///
    /// O(n + k log k) time for k of n applicants.
    pub fn draw_among(season: &Season, seed: &str, applicants: &[ApplicantIx]) -> Self {
        let lottery = Lottery::new(seed);
        let all = season.applicants();
        let mut numbers = vec![LotteryNumber(0); all.len()];
        let mut places = Vec::with_capacity(applicants.len());
        for &applicant in applicants {
            let row = applicant.get();
            numbers[row] = lottery.number(&all[row].id);
            places.push(place(row, &all[row], numbers[row].0));
        }
        places.sort_unstable();
        Self::in_order(season, seed, numbers, &places)
    }

    /// Ranks the same applicants by the same numbers, the high ones first within each class.
    #[must_use]
    pub fn reversed(&self, season: &Season) -> Self {
        Self::of(season, &self.seed, self.numbers.clone(), LotteryOrder::Reversed)
    }

    /// Returns the ranking in which one applicant has another position, from 1, and all others keep theirs among themselves.
    #[must_use]
    pub(crate) fn moved(&self, applicant: ApplicantIx, position: u32) -> Self {
        let mut order: Vec<ApplicantIx> = self.order.iter().copied().filter(|&other| other != applicant).collect();
        order.insert(position as usize - 1, applicant);
        Self { positions: positions(&order, self.numbers.len()), order, ..self.clone() }
    }

    fn of(season: &Season, seed: &str, numbers: Vec<LotteryNumber>, lottery: LotteryOrder) -> Self {
        let number = |number: LotteryNumber| match lottery {
            LotteryOrder::Same => number.0,
            LotteryOrder::Reversed => !number.0,
        };
        let in_rows = season.applicants().par_iter().zip(&numbers).enumerate();
        let mut places: Vec<u128> = in_rows.map(|(row, (applicant, &drawn))| place(row, applicant, number(drawn))).collect();
        places.par_sort_unstable();
        Self::in_order(season, seed, numbers, &places)
    }

    fn in_order(season: &Season, seed: &str, numbers: Vec<LotteryNumber>, places: &[u128]) -> Self {
        let order: Vec<ApplicantIx> = places.iter().map(|&place| ApplicantIx::new(place as u32 as usize)).collect();
        let class_turns = season.applicants().iter().map(class_turn).collect();
        Self { seed: seed.into(), positions: positions(&order, numbers.len()), numbers, class_turns, order }
    }

    /// Returns the seed it was drawn with.
    pub fn seed(&self) -> &str {
        &self.seed
    }

    /// Returns the applicants, the first served first.
    pub fn order(&self) -> &[ApplicantIx] {
        &self.order
    }

    /// Returns an applicant's lottery number.
    pub fn number(&self, applicant: ApplicantIx) -> LotteryNumber {
        self.numbers[applicant.get()]
    }

    /// Returns when it is the turn of an applicant's class, from 0.
    pub(crate) fn class_turn(&self, applicant: ApplicantIx) -> u32 {
        self.class_turns[applicant.get()]
    }

    /// Returns an applicant's position in the ranking, from 1.
    pub fn position(&self, applicant: ApplicantIx) -> u32 {
        self.positions[applicant.get()]
    }
}

/// Returns what sorts an applicant: class, number and row in one word. Applicants are sorted by id, so the row settles what class and number leave open.
fn place(row: usize, applicant: &Applicant, number: u64) -> u128 {
    u128::from(class_turn(applicant)) << 96 | u128::from(number) << 32 | row as u128
}

/// Returns the position of each of so many applicants, from 1.
fn positions(order: &[ApplicantIx], applicants: usize) -> Vec<u32> {
    let mut positions = vec![0; applicants];
    for (position, applicant) in (1..).zip(order) {
        positions[applicant.get()] = position;
    }
    positions
}

/// Returns when it is the turn of an applicant's class: those whose place an employer took back come before all.
fn class_turn(applicant: &Applicant) -> u32 {
    if applicant.displaced { 0 } else { u32::from(applicant.class) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed from the definition with another implementation of BLAKE3 (the Python package `blake3`); a change here would change every draw ever made.
    #[test]
    fn numbers_never_change() {
        let lottery = Lottery::new("stockholm-2015");
        assert_eq!(lottery.number("A-0001").to_string(), "d042dde001f8ea4d");
    }
}
