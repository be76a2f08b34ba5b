//! Who declines.

use crate::PlanError;

/// The context in which BLAKE3 derives the key of the answers from the seed.
const CONTEXT: &str = "feriematch 1 replay answers";

/// An exact share: so many of so many offers are declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        let hash = blake3::keyed_hash(&self.key, id.as_bytes());
        let x = hash.as_bytes().iter().take(8).fold(0, |x, &byte| x << 8 | u128::from(byte));
        x * u128::from(rate.offered) < u128::from(rate.declined) << 64
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

    #[test]
    fn a_share_is_at_most_one() {
        assert!(Rate::new(1, 0).is_err() && Rate::new(0, 0).is_err() && Rate::new(5, 4).is_err());
        assert_eq!(Rate::new(4, 4).unwrap().parts(), (4, 4));
    }
}
