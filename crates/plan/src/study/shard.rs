//! Which of a study's seasons are played here.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of several parts of a study: of `i/n`, the seasons whose number r, from 1, leaves i - 1 when r - 1 is divided by n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    of: NonZeroU32,
    index: NonZeroU32,
}

/// A text that is not a part such as `2/8`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a part such as 2/8: a number from 1, a slash, and how many parts there are")]
pub struct ParseShardError(String);

impl Shard {
    /// All seasons.
    pub const WHOLE: Self = Self { of: NonZeroU32::MIN, index: NonZeroU32::MIN };

    /// Returns a part, numbered from 1; nothing if there are fewer parts than that.
    pub fn new(index: NonZeroU32, of: NonZeroU32) -> Option<Self> {
        (index <= of).then_some(Self { of, index })
    }

    /// Returns every one of so many parts.
    pub fn all(of: NonZeroU32) -> impl Iterator<Item = Self> {
        (1..=of.get()).filter_map(NonZeroU32::new).map(move |index| Self { of, index })
    }

    /// Returns how many parts there are.
    pub const fn of(self) -> NonZeroU32 {
        self.of
    }

    /// Returns how many of so many seasons are in it.
    pub const fn len(self, seasons: u32) -> u32 {
        match seasons.checked_sub(self.index.get()) {
            Some(after) => after / self.of.get() + 1,
            None => 0,
        }
    }

    /// Returns the number of the season that comes after so many others in it.
    pub(crate) const fn season(self, after: u32) -> u32 {
        self.index.get() + after * self.of.get()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ParseShardError;

    fn from_str(text: &str) -> Result<Self, ParseShardError> {
        let parts = text.split_once('/').and_then(|(index, of)| Self::new(index.parse().ok()?, of.parse().ok()?));
        parts.ok_or_else(|| ParseShardError(text.to_owned()))
    }
}

impl TryFrom<String> for Shard {
    type Error = ParseShardError;

    fn try_from(text: String) -> Result<Self, ParseShardError> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_season_is_in_one_part() {
        for of in 1..=7 {
            let shards: Vec<Shard> = Shard::all(NonZeroU32::new(of).unwrap()).collect();
            for count in [1, 3, 20] {
                let of_shard = |shard: &Shard| (0..shard.len(count)).map(|after| shard.season(after)).collect::<Vec<_>>();
                let mut seasons: Vec<u32> = shards.iter().flat_map(of_shard).collect();
                seasons.sort_unstable();
                assert_eq!(seasons, (1..=count).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_part_is_written_as_it_is_read() {
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for wrong in ["0/8", "9/8", "2", "2/", "/8", "2/8/9", "-1/8", "a/b", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
