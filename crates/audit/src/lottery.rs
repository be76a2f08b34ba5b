//! Lottery numbers and the ranking, drawn anew from the seed (docs/mechanisms.md, section 3).

use std::cmp::Reverse;

use feriematch_model::{ApplicantIx, LotteryNumber, LotteryOrder, Outcome, Season};

use crate::findings::Findings;
use crate::refutation::Refutation;

/// The context in which BLAKE3 derives the lottery's key from the seed.
pub(crate) const CONTEXT: &str = "feriematch 1 lottery";

/// Everyone's lottery number, and everyone in ranking order.
pub(crate) struct Ranking {
    /// The numbers, by applicant.
    numbers: Vec<LotteryNumber>,
    /// The applicants, the first served first.
    order: Vec<ApplicantIx>,
    /// Positions from 1, by applicant.
    positions: Vec<u32>,
}

impl Ranking {
    /// Draws the lottery.
    pub(crate) fn draw(season: &Season, seed: &str) -> Self {
        let key = blake3::derive_key(CONTEXT, seed.as_bytes());
        let numbers: Vec<_> = season.applicants().iter().map(|a| number(&key, &a.id)).collect();
        let mut order: Vec<_> = (0..numbers.len()).map(ApplicantIx::new).collect();
        // Applicants are sorted by id, so the index breaks ties as the id would.
        order.sort_unstable_by_key(|&a| {
            let applicant = season.applicant(a);
            // None comes first: those whose place an employer took back.
            ((!applicant.displaced).then_some(applicant.class), numbers[a.get()], a)
        });
        let mut positions = vec![0; order.len()];
        for (position, applicant) in (1..).zip(&order) {
            positions[applicant.get()] = position;
        }
        Self { numbers, order, positions }
    }

    /// Returns the applicants, the first served first.
    pub(crate) fn order(&self) -> &[ApplicantIx] {
        &self.order
    }

    /// Returns the applicants in the order in which a round serves them.
    pub(crate) fn turns(&self, season: &Season, lottery: LotteryOrder) -> Vec<ApplicantIx> {
        let mut order = self.order.clone();
        if lottery == LotteryOrder::Reversed {
            order.sort_unstable_by_key(|&a| {
                let applicant = season.applicant(a);
                ((!applicant.displaced).then_some(applicant.class), Reverse(self.numbers[a.get()]), a)
            });
        }
        order
    }

    /// Compares the numbers and positions that an outcome states, whose decisions are in the season's order.
    pub(crate) fn check(&self, outcome: &Outcome, findings: &mut Findings) {
        for ((decision, &number), &position) in outcome.decisions.iter().zip(&self.numbers).zip(&self.positions) {
            let applicant = || decision.applicant.clone();
            if decision.lottery != number {
                findings.push(Refutation::LotteryNumber { applicant: applicant(), expected: number, found: decision.lottery });
            }
            if decision.position != position {
                findings.push(Refutation::Position { applicant: applicant(), expected: position, found: decision.position });
            }
        }
    }
}

/// Returns the lottery number of an applicant under a key.
pub(crate) fn number(key: &[u8; blake3::KEY_LEN], id: &str) -> LotteryNumber {
    let hash = blake3::keyed_hash(key, id.as_bytes());
    LotteryNumber(hash.as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pins the definition: seed `feriejobb 2027`, applicant `A-0001`, as computed with the Python package `blake3`.
    #[test]
    fn the_definition_cannot_drift() {
        let key = blake3::derive_key("feriematch 1 lottery", b"feriejobb 2027");
        assert_eq!(number(&key, "A-0001").to_string(), "2c312a0e239a6369");
    }
}
