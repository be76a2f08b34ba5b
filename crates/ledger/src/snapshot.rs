//! What the events up to one of them have led to, kept beside them so that they need not all be read again.
//!
//! The ledger does not know what a state means. It keeps one, with the head it belongs to, the number of its format and a
//! checksum: BLAKE3 in its key derivation mode with the context [`CONTEXT`], over format and number of the event, each as
//! eight bytes, the lowest first, the 32 bytes of the event's hash, and the state.

use blake3::Hasher;

use crate::chain::Hash;
use crate::database::Session;
use crate::{Finding, Head, LedgerError};

/// Keeps these hashes apart from all others.
const CONTEXT: &str = "feriematch ledger 1 snapshot";

/// What the events of a ledger up to one of them have led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last of these events.
    pub head: Head,
    /// What they have led to.
    pub state: Vec<u8>,
}

impl Snapshot {
    fn checksum(&self, format: u32) -> Hash {
        let mut hasher = Hasher::new_derive_key(CONTEXT);
        hasher.update(&u64::from(format).to_le_bytes());
        hasher.update(&self.head.sequence.to_le_bytes());
        hasher.update(self.head.hash.as_bytes());
        hasher.update(&self.state);
        Hash::from_bytes(hasher.finalize().into())
    }
}

/// A row of the table of snapshots: format, number and hash of the event, checksum, state.
type Row = (i64, i64, String, String, Vec<u8>);

/// A snapshot with the number of its format, or what is wrong with it.
pub(crate) type Kept = Result<(u32, Snapshot), Finding>;

impl Session<'_> {
    /// Returns what is kept, if anything is.
    pub(crate) fn snapshot(&mut self) -> Result<Option<Kept>, LedgerError> {
        let sql = "SELECT format, sequence, hash, checksum, state FROM snapshot";
        let row = sqlx::query_as::<_, Row>(sql).fetch_optional(&mut *self.connection);
        let Some((format, sequence, text, checksum, state)) = self.runtime.block_on(row).map_err(self.fail())? else {
            return Ok(None);
        };
        let (Ok(format), Ok(sequence), Ok(hash)) = (format.try_into(), sequence.try_into(), text.parse::<Hash>()) else {
            return Ok(Some(Err(Finding::DamagedSnapshot)));
        };
        let snapshot = Snapshot { head: Head { sequence, hash }, state };
        if snapshot.checksum(format).to_string() != checksum || hash.to_string() != text {
            return Ok(Some(Err(Finding::DamagedSnapshot)));
        }
        if !self.holds(snapshot.head)? {
            return Ok(Some(Err(Finding::StraySnapshot { sequence })));
        }
        Ok(Some(Ok((format, snapshot))))
    }

    /// Returns whether the ledger has this event.
    ///
    /// The next one's hash of it is read sooner: it does not stand behind a round of a hundred thousand offers.
    fn holds(&mut self, head: Head) -> Result<bool, LedgerError> {
        let hash = sqlx::query_scalar::<_, Option<String>>(
            "SELECT coalesce((SELECT previous FROM event WHERE sequence = $1 + 1), (SELECT hash FROM event WHERE sequence = $1))",
        )
        .bind(head.sequence as i64)
        .fetch_one(&mut *self.connection);
        let hash = self.runtime.block_on(hash).map_err(self.fail())?;
        Ok(hash.is_some_and(|hash| hash == head.hash.to_string()))
    }

    /// Keeps a snapshot instead of the one that is there.
    pub(crate) fn keep(&mut self, format: u32, snapshot: &Snapshot) -> Result<(), LedgerError> {
        // One statement is a transaction of its own.
        let row = sqlx::query(
            "INSERT INTO snapshot (one, format, sequence, hash, checksum, state) VALUES (1, $1, $2, $3, $4, $5) \
             ON CONFLICT (one) DO UPDATE SET format = excluded.format, sequence = excluded.sequence, hash = excluded.hash, \
                checksum = excluded.checksum, state = excluded.state",
        )
        .bind(i64::from(format))
        .bind(snapshot.head.sequence as i64)
        .bind(snapshot.head.hash.to_string())
        .bind(snapshot.checksum(format).to_string())
        .bind(snapshot.state.as_slice())
        .execute(&mut *self.connection);
        self.runtime.block_on(row).map(drop).map_err(self.fail())
    }
}
