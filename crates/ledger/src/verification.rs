//! What can be wrong with a ledger.

use std::fmt;

use crate::{DraftError, Head};

/// What a check of a whole ledger found.
#[derive(Debug, PartialEq, Eq)]
pub struct Verification {
    /// The newest event up to which everything is as it was recorded.
    pub head: Head,
    /// The first thing that is wrong, if anything is.
    pub finding: Option<Finding>,
}

/// What is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// An event, and perhaps more after it, is missing.
    Missing {
        /// The number of the first missing event.
        sequence: u64,
        /// The number of the next event that is there.
        next: u64,
    },
    /// An event comes where a later one is due.
    Repeated {
        /// The number of the event.
        sequence: u64,
    },
    /// An event is not what it was when its hash was made.
    Changed {
        /// The number of the event.
        sequence: u64,
    },
    /// An event stands where another was recorded.
    Moved {
        /// The number it has.
        sequence: u64,
        /// The number under which it was recorded.
        recorded_as: u64,
    },
    /// An event was not recorded after the one that now stands before it: one of the two was replaced.
    Unlinked {
        /// The number of the later one.
        sequence: u64,
    },
    /// Something stands in an event that was never recorded so.
    Malformed {
        /// The number of the event.
        sequence: u64,
        /// What stands there.
        problem: Malformation,
    },
    /// The ledger ends before an event that it is known to have had.
    CutShort {
        /// The number of the newest event.
        last: u64,
        /// The known event.
        known: Head,
    },
    /// An event that the ledger is known to have had is now another, and everything after it was made anew.
    Rewritten {
        /// The known event.
        known: Head,
    },
    /// One of the triggers that refuse changes is not there, or is switched off.
    Unguarded {
        /// The name of the trigger.
        trigger: &'static str,
    },
    /// The snapshot was changed.
    DamagedSnapshot,
    /// The snapshot belongs to an event that is not in the ledger.
    StraySnapshot {
        /// The number of the event.
        sequence: u64,
    },
}

impl Finding {
    /// Returns whether the events are as they were recorded, and only what was kept beside them is not.
    pub const fn is_of_snapshot(&self) -> bool {
        matches!(self, Self::DamagedSnapshot | Self::StraySnapshot { .. })
    }
}

/// What an event never holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformation {
    /// A value that is not a text, or not in UTF-8.
    NotText,
    /// A control character that ASCII has for separating records or their fields.
    Separator,
    /// Something else than 64 hexadecimal digits as a hash.
    NotAHash,
    /// Something that no draft may hold.
    Draft(String),
}

impl From<DraftError> for Malformation {
    fn from(error: DraftError) -> Self {
        Self::Draft(error.to_string())
    }
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => f.write_str("a value is not a text"),
            Self::Separator => f.write_str("a text holds a control character that separates records or fields"),
            Self::NotAHash => f.write_str("a hash is not written as 64 hexadecimal digits"),
            Self::Draft(problem) => f.write_str(problem),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { sequence, next } if sequence + 1 == *next => write!(f, "event {sequence} is missing"),
            Self::Missing { sequence, next } => write!(f, "events {sequence} to {} are missing", next - 1),
            Self::Repeated { sequence } => write!(f, "event {sequence} comes again"),
            Self::Changed { sequence } => write!(f, "event {sequence} was changed: it does not fit its hash"),
            Self::Moved { sequence, recorded_as } => {
                write!(f, "what stands as event {sequence} was recorded as event {recorded_as}")
            }
            Self::Unlinked { sequence } => {
                write!(f, "event {sequence} does not continue event {}: one of them was replaced", sequence - 1)
            }
            Self::Malformed { sequence, problem } => write!(f, "event {sequence} was changed: {problem}"),
            Self::CutShort { last, known } => {
                write!(f, "the ledger ends with event {last}, but event {} is known to have been there", known.sequence)
            }
            Self::Rewritten { known } => {
                write!(f, "event {} is not the one that is known: it, or one before it, was made anew", known.sequence)
            }
            Self::Unguarded { trigger } => write!(f, "the trigger {trigger}, which refuses changes, is not at work"),
            Self::DamagedSnapshot => f.write_str("the snapshot was changed: it does not fit its checksum"),
            Self::StraySnapshot { sequence } => {
                write!(f, "the snapshot was taken after another event {sequence} than this ledger's")
            }
        }
    }
}
