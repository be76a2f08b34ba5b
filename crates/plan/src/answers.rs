//! Who declines, who does not answer, and who withdraws.

use serde::{Deserialize, Serialize};

use crate::PlanError;

/// The context in which BLAKE3 derives the key of the answers from the seed.
const CONTEXT: &str = "feriematch 1 replay answers";

/// An exact share: so many of so many offers are declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32)", into = "(u32, u32)")]
pub struct Rate {
    declined: u32,
    offered: u32,
}

impl Rate {
    /// Nobody declines.
    pub const NOBODY: Self = Self { declined: 0, offered: 1 };

    /// Returns the share of offers that are declined.
    ///
    /// # Errors
    ///
    /// Returns an error if no offers are made, or more are declined than made.
    pub const fn new(declined: u32, offered: u32) -> Result<Self, PlanError> {
        if offered == 0 || declined > offered {
            return Err(PlanError::Rate { declined, offered });
        }
        Ok(Self { declined, offered })
    }

    /// Returns how many offers are declined, of how many.
    pub const fn parts(self) -> (u32, u32) {
        (self.declined, self.offered)
    }

    /// Returns whether nobody declines.
    pub const fn is_nobody(self) -> bool {
        self.declined == 0
    }

    /// Returns whether this share and another are at most one together.
    pub const fn fits_beside(self, other: Self) -> bool {
        let [a, b] = [self.declined as u128 * other.offered as u128, other.declined as u128 * self.offered as u128];
        a + b <= self.offered as u128 * other.offered as u128
    }

    /// Returns whether a number below 2^64 is in the lowest part of them that is this share: x · offered < declined · 2^64.
    fn has(self, x: u64) -> bool {
        u128::from(x) * u128::from(self.offered) < u128::from(self.declined) << 64
    }
}

impl TryFrom<(u32, u32)> for Rate {
    type Error = PlanError;

    fn try_from((declined, offered): (u32, u32)) -> Result<Self, PlanError> {
        Self::new(declined, offered)
    }
}

impl From<Rate> for (u32, u32) {
    fn from(rate: Rate) -> Self {
        rate.parts()
    }
}

/// What becomes of the offers to those who live in a district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRates {
    /// Of the offers, how many are declined.
    pub declined: Rate,
    /// Of the offers, how many nobody answers until the deadline. At most one together with those declined.
    pub lapsed: Rate,
    /// Of the places accepted, how many are given up again.
    pub withdrawn: Rate,
}

impl OfferRates {
    /// Every offer is accepted.
    pub const ALL_ACCEPT: Self = Self::declined(Rate::NOBODY);

    /// Such a share of offers is declined, and all others are accepted for good.
    pub const fn declined(declined: Rate) -> Self {
        Self { declined, lapsed: Rate::NOBODY, withdrawn: Rate::NOBODY }
    }
}

/// What somebody does with an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// Declines.
    Declines,
    /// Says nothing until the deadline.
    Lapses,
    /// Accepts, and gives the place up again.
    Withdraws,
    /// Accepts, and works.
    Accepts,
}

/// Everybody's answer to the one offer that they get, in the season of a seed.
///
/// Nobody gets a second offer: whoever declines leaves the season.
#[derive(Debug, Clone)]
pub struct Answers {
    key: [u8; blake3::KEY_LEN],
}

impl Answers {
    /// Prepares the answers of a seed. They have nothing to do with the lottery of the same seed.
    pub fn new(seed: &str) -> Self {
        Self { key: blake3::derive_key(CONTEXT, seed.as_bytes()) }
    }

    /// Returns whether an applicant declines, if such a share of them does.
    ///
    /// The first eight bytes, big-endian, of BLAKE3's keyed hash of the id are a number x; who has x · offered < declined · 2^64
    /// declines. So the probability differs from the share by less than 2^-64.
    pub fn declines(&self, id: &str, rate: Rate) -> bool {
        let [x, _] = self.numbers(id);
        rate.has(x)
    }

    /// Returns what an applicant does with an offer.
    ///
    /// Who declines is as in [`declines`](Self::declines). Who has 2^64 - 1 - x in the share of those who say nothing, says nothing; so a larger
    /// share takes in those of a smaller one, whatever the other share is. The next eight bytes say in the same way who withdraws after
    /// accepting.
    pub fn of(&self, id: &str, rates: &OfferRates) -> Response {
        let [x, after] = self.numbers(id);
        if rates.declined.has(x) {
            Response::Declines
        } else if rates.lapsed.has(!x) {
            Response::Lapses
        } else if rates.withdrawn.has(after) {
            Response::Withdraws
        } else {
            Response::Accepts
        }
    }

    fn numbers(&self, id: &str) -> [u64; 2] {
        let hash = blake3::keyed_hash(&self.key, id.as_bytes());
        let number = |at: usize| hash.as_bytes()[at..at + 8].iter().fold(0, |x, &byte| x << 8 | u64::from(byte));
        [number(0), number(8)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_nobody() {
        let answers = Answers::new("2015");
        let all = Rate { declined: 7, offered: 7 };
        assert!((0..1000).all(|id| answers.declines(&id.to_string(), all)));
        assert!((0..1000).all(|id| !answers.declines(&id.to_string(), Rate::NOBODY)));
    }

    /// Of 20 000 with 51 of 236, 4 322 decline on average, with a standard deviation of 58.2; four of them are allowed.
    #[test]
    fn the_share_is_kept() {
        let answers = Answers::new("2015");
        let rate = Rate { declined: 51, offered: 236 };
        let declined = (0..20_000).filter(|id| answers.declines(&format!("A-{id}"), rate)).count();
        assert!((4_322 - 233..=4_322 + 233).contains(&declined), "{declined}");
    }

    /// Whoever declines at a share declines at any larger one: scenarios differ by nothing but what is changed.
    #[test]
    fn answers_are_nested() {
        let answers = Answers::new("2015");
        let [few, many] = [10, 50].map(|declined| Rate { declined, offered: 100 });
        assert!((0..1000).map(|id| id.to_string()).all(|id| !answers.declines(&id, few) || answers.declines(&id, many)));
    }

    /// Declines and silence do not get in each other's way: more of the one changes nothing for those who do the other.
    #[test]
    fn responses_are_nested() {
        let answers = Answers::new("2015");
        let rates = |declined, lapsed, withdrawn| OfferRates {
            declined: Rate::new(declined, 100).unwrap(),
            lapsed: Rate::new(lapsed, 100).unwrap(),
            withdrawn: Rate::new(withdrawn, 100).unwrap(),
        };
        let ids: Vec<String> = (0..1_000).map(|id| id.to_string()).collect();
        let count = |rates: OfferRates, response| ids.iter().filter(|id| answers.of(id, &rates) == response).count();
        let [some, more] = [rates(10, 20, 30), rates(40, 20, 30)];
        for id in &ids {
            assert_eq!(answers.of(id, &some) == Response::Declines, answers.declines(id, some.declined));
            assert_eq!(answers.of(id, &some) == Response::Lapses, answers.of(id, &more) == Response::Lapses);
        }
        // Four standard deviations either way of 1 000 × 10 %, 20 %, 70 % × 30 %.
        assert!((62..=138).contains(&count(some, Response::Declines)));
        assert!((149..=251).contains(&count(some, Response::Lapses)));
        assert!((158..=262).contains(&count(some, Response::Withdraws)));
        assert_eq!(count(rates(50, 50, 0), Response::Accepts), 0);
    }

    #[test]
    fn shares_fit_beside_each_other_up_to_one() {
        let rate = |n, of| Rate::new(n, of).unwrap();
        assert!(rate(1, 3).fits_beside(rate(2, 3)) && rate(1, 3).fits_beside(rate(4, 6)));
        assert!(!rate(1, 3).fits_beside(rate(667, 1_000)));
    }

    #[test]
    fn a_share_is_at_most_one() {
        assert!(Rate::new(1, 0).is_err() && Rate::new(0, 0).is_err() && Rate::new(5, 4).is_err());
        assert_eq!(Rate::new(4, 4).unwrap().parts(), (4, 4));
    }
}
