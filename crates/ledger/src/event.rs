//! What is appended to a ledger, and what is read back.

use std::fmt;

use jiff::{Timestamp, Unit};

use crate::chain::{self, Hash};
use crate::{Payload, PayloadError};

/// Something that happened, before it has its place in a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    time: String,
    actor: String,
    reason: String,
    kind: String,
    payload: Payload,
}

/// Why something cannot be put into a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The year has not four digits.
    #[error("the year of {time} has not four digits")]
    Time {
        /// The time.
        time: Timestamp,
    },
    /// The time is not written as the ledger writes it.
    #[error("the time {time:?} is not written like 2026-04-01T09:00:00Z")]
    TimeText {
        /// The text.
        time: String,
    },
    /// Nobody is named.
    #[error("the actor is empty")]
    NoActor,
    /// A text holds a control character other than, in a reason, a line break.
    #[error("the {field} holds the control character {character:?}")]
    Control {
        /// Which text.
        field: &'static str,
        /// The character.
        character: char,
    },
    /// The kind is not a short name.
    #[error("the kind {kind:?} is not a name of at most 64 small letters a to z, digits and hyphens")]
    Kind {
        /// The kind.
        kind: String,
    },
    /// The payload is refused.
    #[error(transparent)]
    Payload(#[from] PayloadError),
}

impl Draft {
    /// The most bytes that a kind may have.
    const LONGEST_KIND: usize = 64;

    /// Describes something that happened: when, to the second (what exceeds a second is cut off), who did it, why (may be
    /// empty), and what.
    ///
    /// # Errors
    ///
    /// Returns an error if one of them cannot be kept unchanged in every database.
    pub fn new(
        time: Timestamp,
        actor: impl Into<String>,
        reason: impl Into<String>,
        kind: impl Into<String>,
        payload: Payload,
    ) -> Result<Self, DraftError> {
        let cut = jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor);
        let time = match time.round(cut) {
            Ok(cut) if cut.to_string().len() == TIME.len() => cut.to_string(),
            _ => return Err(DraftError::Time { time }),
        };
        Self::checked(time, actor.into(), reason.into(), kind.into(), payload)
    }

    /// Takes the texts that a database or a file holds.
    pub(crate) fn from_texts(
        time: String,
        actor: String,
        reason: String,
        kind: String,
        payload: Payload,
    ) -> Result<Self, DraftError> {
        match time.parse::<Timestamp>() {
            Ok(parsed) if time.len() == TIME.len() && parsed.to_string() == time => {
                Self::checked(time, actor, reason, kind, payload)
            }
            _ => Err(DraftError::TimeText { time }),
        }
    }

    fn checked(time: String, actor: String, reason: String, kind: String, payload: Payload) -> Result<Self, DraftError> {
        if actor.is_empty() {
            return Err(DraftError::NoActor);
        }
        if let Some(character) = actor.chars().find(|c| c.is_control()) {
            return Err(DraftError::Control { field: "actor", character });
        }
        if let Some(character) = reason.chars().find(|&c| c.is_control() && c != '\n') {
            return Err(DraftError::Control { field: "reason", character });
        }
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if kind.is_empty() || kind.len() > Self::LONGEST_KIND || !kind.bytes().all(is_name) {
            return Err(DraftError::Kind { kind });
        }
        Ok(Self { time, actor, reason, kind, payload })
    }

    /// Returns when it happened, as RFC 3339 writes it in UTC.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// Returns who did it.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Returns why.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what kind of thing happened.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns what happened.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }
}

/// How long every time is.
const TIME: &str = "2026-04-01T09:00:00Z";

/// The newest event of a ledger, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the event; 0 if there is none.
    pub sequence: u64,
    /// Its hash; that of the beginning if there is none.
    pub hash: Hash,
}

impl Head {
    /// The head of an empty ledger.
    pub fn genesis() -> Self {
        Self { sequence: 0, hash: Hash::genesis() }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sequence, self.hash)
    }
}

/// Something that happened, with its place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number: 1, 2, 3, without gaps.
    pub sequence: u64,
    /// What happened.
    pub draft: Draft,
    /// The hash of the event before.
    pub previous: Hash,
    /// The hash of everything else.
    pub hash: Hash,
}

impl Event {
    /// Gives a draft its place after the newest event.
    pub(crate) fn after(head: Head, draft: &Draft) -> Self {
        let sequence = head.sequence + 1;
        let hash = chain::hash(sequence, head.hash, draft);
        Self { sequence, draft: draft.clone(), previous: head.hash, hash }
    }

    /// Returns the event as the head of the ledger up to it.
    pub fn head(&self) -> Head {
        Head { sequence: self.sequence, hash: self.hash }
    }

    /// Returns when it happened, as RFC 3339 writes it in UTC.
    pub fn time(&self) -> &str {
        self.draft.time()
    }

    /// Returns who did it.
    pub fn actor(&self) -> &str {
        self.draft.actor()
    }

    /// Returns why.
    pub fn reason(&self) -> &str {
        self.draft.reason()
    }

    /// Returns what kind of thing happened.
    pub fn kind(&self) -> &str {
        self.draft.kind()
    }

    /// Returns what happened.
    pub fn payload(&self) -> &Payload {
        self.draft.payload()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(time: &str, actor: &str, reason: &str, kind: &str) -> Result<Draft, DraftError> {
        Draft::new(time.parse().unwrap(), actor, reason, kind, Payload::of(&()).unwrap())
    }

    #[test]
    fn times_are_cut_to_the_second_in_utc() {
        assert_eq!(draft("2026-04-01T11:00:00.999+02:00", "anna", "", "note").unwrap().time(), TIME);
        assert_eq!(draft("0000-01-01T00:00:00Z", "anna", "", "note").unwrap().time(), "0000-01-01T00:00:00Z");
    }

    #[test]
    fn years_have_four_digits() {
        assert!(matches!(draft("-000001-12-31T23:59:59Z", "anna", "", "note"), Err(DraftError::Time { .. })));
        assert!(matches!(
            Draft::new(Timestamp::MIN, "anna", "", "note", Payload::of(&()).unwrap()),
            Err(DraftError::Time { .. })
        ));
    }

    #[test]
    fn texts_that_a_database_may_refuse_are_refused() {
        assert!(matches!(draft(TIME, "", "", "note"), Err(DraftError::NoActor)));
        assert!(matches!(draft(TIME, "an\0na", "", "note"), Err(DraftError::Control { field: "actor", .. })));
        assert!(matches!(draft(TIME, "anna", "a\rb", "note"), Err(DraftError::Control { field: "reason", .. })));
        assert!(draft(TIME, "anna", "a\nb", "note").is_ok());
        for kind in ["", "Note", "a note", "å", &"x".repeat(65)] {
            assert!(matches!(draft(TIME, "anna", "", kind), Err(DraftError::Kind { .. })), "{kind}");
        }
    }

    #[test]
    fn times_that_are_written_otherwise_are_refused() {
        for time in ["2026-04-01T09:00:00+00:00", "2026-04-01 09:00:00Z", "2026-04-01T09:00:00.0Z", "2026-04-31T09:00:00Z"] {
            let read = Draft::from_texts(time.into(), "anna".into(), String::new(), "note".into(), Payload::of(&()).unwrap());
            assert!(matches!(read, Err(DraftError::TimeText { .. })), "{time}");
        }
    }
}
