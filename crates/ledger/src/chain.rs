//! The chain of hashes: what is hashed, and whether an event continues the one before.
//!
//! The hash of an event is BLAKE3 in its key derivation mode with the context [`CONTEXT`], over
//!
//! - the number of the event, as eight bytes, the lowest first;
//! - the 32 bytes of the hash of the event before, or for the first one of [`Hash::genesis`];
//! - time, actor, reason, kind and payload, each as the number of its bytes, as eight bytes, the lowest first, and then
//!   its bytes in UTF-8.
//!
//! Because every text comes after its length, no two events give the same bytes.

use std::fmt;
use std::str::FromStr;

use blake3::Hasher;

use crate::{Draft, Event, Finding, Head};

/// Keeps these hashes apart from all others, those of the beginning included.
const CONTEXT: &str = "feriematch ledger 1 event";

/// What the hash of the beginning is a hash of: no bytes at all, in this context.
const GENESIS_CONTEXT: &str = "feriematch ledger 1 genesis";

/// A BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Returns the hash that the first event has for the one before.
    pub fn genesis() -> Self {
        Self(blake3::derive_key(GENESIS_CONTEXT, &[]))
    }

    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Hash {
    type Err = blake3::HexError;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        blake3::Hash::from_hex(text).map(|hash| Self(hash.into()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from(self.0).to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns the hash of a draft in its place.
pub(crate) fn hash(sequence: u64, previous: Hash, draft: &Draft) -> Hash {
    let mut hasher = Hasher::new_derive_key(CONTEXT);
    hasher.update(&sequence.to_le_bytes());
    hasher.update(&previous.0);
    for text in [draft.time(), draft.actor(), draft.reason(), draft.kind(), draft.payload().as_str()] {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    Hash(hasher.finalize().into())
}

/// Checks that an event is unchanged and continues a ledger.
///
/// # Errors
///
/// Returns what is wrong with it.
pub(crate) fn follows(head: Head, event: &Event) -> Result<(), Finding> {
    let Event { sequence, ref draft, previous, hash: stored } = *event;
    let expected = head.sequence + 1;
    if sequence > expected {
        Err(Finding::Missing { sequence: expected, next: sequence })
    } else if sequence < expected {
        Err(Finding::Repeated { sequence })
    } else if stored != hash(sequence, previous, draft) {
        Err(Finding::Changed { sequence })
    } else if previous != head.hash {
        Err(Finding::Unlinked { sequence })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;

    fn draft(actor: &str, reason: &str) -> Draft {
        Draft::new("2026-04-01T09:00:00Z".parse().unwrap(), actor, reason, "note", Payload::of(&1).unwrap()).unwrap()
    }

    /// The encoding is a promise to everybody who keeps a hash: whoever changes it breaks their ledgers.
    #[test]
    fn the_hash_is_that_of_the_documented_bytes() {
        let event = Event::after(Head::genesis(), &draft("anna", "why"));
        let mut bytes = vec![1, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend(blake3::derive_key("feriematch ledger 1 genesis", b""));
        for text in ["2026-04-01T09:00:00Z", "anna", "why", "note", "1"] {
            bytes.push(text.len() as u8);
            bytes.extend([0; 7]);
            bytes.extend(text.bytes());
        }
        assert_eq!(*event.hash.as_bytes(), blake3::derive_key("feriematch ledger 1 event", &bytes));
        assert_eq!(event.hash.to_string().parse::<Hash>().unwrap(), event.hash);
    }

    #[test]
    fn a_letter_cannot_move_from_one_text_to_the_next() {
        let genesis = Head::genesis();
        assert_ne!(Event::after(genesis, &draft("ab", "c")).hash, Event::after(genesis, &draft("a", "bc")).hash);
    }

    #[test]
    fn an_event_follows_its_own_head_only() {
        let first = Event::after(Head::genesis(), &draft("anna", ""));
        let second = Event::after(first.head(), &draft("bo", ""));
        assert_eq!(follows(first.head(), &second), Ok(()));
        assert_eq!(follows(Head::genesis(), &second), Err(Finding::Missing { sequence: 1, next: 2 }));
        assert_eq!(follows(second.head(), &second), Err(Finding::Repeated { sequence: 2 }));
        let other = Head { sequence: 1, hash: Hash::genesis() };
        assert_eq!(follows(other, &second), Err(Finding::Unlinked { sequence: 2 }));
        let changed = Event { draft: draft("bosse", ""), ..second };
        assert_eq!(follows(first.head(), &changed), Err(Finding::Changed { sequence: 2 }));
    }
}
