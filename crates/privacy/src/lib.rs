//! What may be told of persons, and what may be kept of them.
//!
//! A [`SecretKey`] of the city turns ids into [pseudonyms](SecretKey::pseudonym) that say nothing without it, and personal numbers into the
//! [marks](PersonMark) by which a [`History`] of earlier seasons knows them again. [`suppress`] takes out of a table of counts what would tell of
//! few people, and [`agreeing`] finds how much of a row may be shown so that enough others show the same.
//!
//! This crate does no input or output, draws no random number and reads no clock: the bytes of a key are given to it.

mod error;
mod history;
mod key;
mod likeness;
mod suppression;

pub use error::{HistoryError, HistoryProblem, KeyError};
pub use history::{Had, History, Record, write_history};
pub use key::{KeyMark, PersonMark, SecretKey};
pub use likeness::agreeing;
pub use suppression::{Suppressed, suppress};

/// The fewest people that a count or a shared trait is shown for.
pub const LEAST: u32 = 5;
