//! The season's record: append-only events, each with the hash of the one before.
//!
//! A [`Ledger`] is one SQLite file, or one PostgreSQL database for several offices at once; a [`Location`] says which. What
//! happened is appended as [`Draft`]s and read back as [`Event`]s. Nothing is ever changed or deleted: undoing something is a
//! new event. What the events mean is not this crate's business.
//!
//! - **Acknowledged is durable.** [`Ledger::append`] returns when the database has everything on disk, all of it or nothing.
//! - **No silent overwrite.** An append says which [`Head`] it was decided on; if another came first, that is a
//!   [`LedgerError::Conflict`] which names them. [`Ledger::append_with`] decides while nobody else may append.
//! - **Tampering shows.** [`Ledger::verify`] finds the first event that was changed, removed or moved; with a [`Head`] that was
//!   published it also finds a ledger that was cut short or made anew.
//! - **Read once.** [`Ledger::keep_snapshot`] keeps what the events have led to, so that next time only those
//!   [after it](Ledger::events_after) are read. It can be lost, and is not exported.
//! - **Not tied to a database.** [`Ledger::export`] writes one line of JSON an event; [`Ledger::import`] reads it into an empty
//!   ledger of either kind, with the same hashes.
//!
//! The calls block, and must not be made from asynchronous code but from a thread that may wait. The library reads no clock.
//!
//! # Examples
//!
//! ```
//! use feriematch_ledger::{Draft, Ledger, Location, Payload};
//!
//! let folder = tempfile::tempdir()?;
//! let mut ledger = Ledger::create(&Location::Sqlite(folder.path().join("season.ledger")))?;
//! let payload = Payload::of(&serde_json::json!({ "applicant": "A-0001", "job": "J-017" }))?;
//! let offer = Draft::new("2026-04-01T09:00:00Z".parse()?, "anna", "first round", "offer-published", payload)?;
//! let head = ledger.head()?;
//! let head = ledger.append(head, &[offer])?;
//! assert_eq!(head.sequence, 1);
//! assert_eq!(ledger.verify(None)?.finding, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chain;
mod database;
mod error;
mod event;
mod file;
mod ledger;
mod line;
mod location;
mod payload;
mod snapshot;
mod verification;

pub use chain::Hash;
pub use error::{Author, LedgerError};
pub use event::{Draft, DraftError, Event, Head};
pub use ledger::{Events, Ledger};
pub use line::LineError;
pub use location::{Location, PostgresUrl};
pub use payload::{Payload, PayloadError};
pub use snapshot::Snapshot;
pub use verification::{Finding, Malformation, Verification};
