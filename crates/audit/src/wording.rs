//! How refutations write values that may be absent, lists and codes.

use std::fmt;

use feriematch_model::{Level, Rule, StageReason};

/// Writes a value, or `none`.
pub(crate) struct Listed<'a, T>(pub(crate) &'a Option<T>);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "{value}"),
            None => f.write_str("none"),
        }
    }
}

/// Writes codes of rules separated by commas, or `no rule`.
pub(crate) struct Rules<'a>(pub(crate) &'a [Rule]);

impl fmt::Display for Rules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else { return f.write_str("no rule") };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|rule| write!(f, ", {rule}"))
    }
}

/// Writes a reason's code.
pub(crate) struct Reason(pub(crate) StageReason);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            StageReason::NoEligibleJob => "no-eligible-job",
            StageReason::HomeCap => "home-cap",
            StageReason::Full => "full",
            StageReason::MoveLimit => "move-limit",
        })
    }
}

/// Writes how much is left.
pub(crate) struct Room(pub(crate) Option<u64>);

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(1) => f.write_str("1 place is"),
            Some(room) => write!(f, "{room} places are"),
            None => f.write_str("any number of places is"),
        }
    }
}

/// Writes what a level decides.
pub(crate) struct Decided(pub(crate) Level);

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Level::Rank(rank) => write!(f, "that the number at rank {rank} is right"),
            Level::Ranking => f.write_str("that the first in the ranking are placed"),
        }
    }
}

/// Writes why a place blocks: who has it, if anybody.
pub(crate) struct Blocked<'a>(pub(crate) &'a Option<String>);

impl fmt::Display for Blocked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("there is room"),
            Some(holder) => write!(f, "`{holder}`, who comes later there, has that place or one under the same cap"),
        }
    }
}
