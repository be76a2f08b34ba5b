//! What can stand in the way of reading or appending.

use std::io;

use crate::{DraftError, Finding, Head, LineError, Location};

/// Why a ledger could not be used as asked. Whatever the reason, nothing of what was to be appended is in the ledger, save
/// that after [`Database`](Self::Database) and [`Unreachable`](Self::Unreachable) it may be there in full: whether it is,
/// appending it again on the same head tells.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The connection string cannot be understood.
    #[error("the connection string is not one for PostgreSQL")]
    ConnectionString {
        /// What is wrong with it.
        source: Box<sqlx::Error>,
    },
    /// The path of the file cannot be written in Unicode.
    #[error("the path {location} is not Unicode")]
    NotUnicode {
        /// The ledger.
        location: Location,
    },
    /// Where a ledger was to be created, there is something already.
    #[error("{location} is there already")]
    Exists {
        /// The ledger.
        location: Location,
    },
    /// There is nothing at the location.
    #[error("there is no ledger {location}")]
    NotFound {
        /// The ledger.
        location: Location,
    },
    /// There is something else at the location.
    #[error("{location} is not a ledger")]
    NotALedger {
        /// What is not a ledger.
        location: Location,
    },
    /// The ledger was written by a newer version of the program.
    #[error("{location} has format {found}; this version reads formats up to {supported}")]
    Newer {
        /// The ledger.
        location: Location,
        /// Its format.
        found: i64,
        /// The newest format that this version knows.
        supported: i64,
    },
    /// The ledger, or its folder, may not be written.
    #[error("{location} may not be written")]
    ReadOnly {
        /// The ledger.
        location: Location,
        /// What the system or the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no room left. Nothing was appended.
    #[error("the disk is full: nothing was appended to {location}")]
    DiskFull {
        /// The ledger.
        location: Location,
        /// What the system or the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody else kept the ledger locked for too long. Nothing was appended.
    #[error("{location} is locked by somebody else")]
    Locked {
        /// The ledger.
        location: Location,
        /// What the database says.
        source: Box<sqlx::Error>,
    },
    /// The database server cannot be reached, or does not let us in.
    #[error("cannot connect to {location}")]
    Unreachable {
        /// The ledger.
        location: Location,
        /// What the system or the server says.
        source: Box<sqlx::Error>,
    },
    /// Somebody else has appended since. Nothing was appended.
    #[error("{location} has gone on{}: its newest event is {}, the decision was taken on event {}", gone_on(by.as_deref()), actual.sequence, expected.sequence)]
    Conflict {
        /// The ledger.
        location: Location,
        /// The head that the caller knew.
        expected: Head,
        /// The head of the ledger.
        actual: Head,
        /// Who appended the newest event, if there is one.
        by: Option<Box<Author>>,
    },
    /// The ledger was tampered with.
    #[error("{location} is damaged: {finding}")]
    Broken {
        /// The ledger.
        location: Location,
        /// What is wrong with it.
        finding: Finding,
    },
    /// Events were to be read into a ledger that has some.
    #[error("{location} holds {} events already", head.sequence)]
    NotEmpty {
        /// The ledger.
        location: Location,
        /// Its head.
        head: Head,
    },
    /// A line of an export is not what was exported.
    #[error("line {line}: {problem}")]
    Line {
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: LineError,
    },
    /// Something cannot be put into a ledger.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// An export could not be read or written.
    #[error("the export cannot be read or written")]
    Export(#[source] io::Error),
    /// The system did not let us.
    #[error("cannot use {location}")]
    System {
        /// The ledger.
        location: Location,
        /// What the system says.
        source: io::Error,
    },
    /// The embedded changes of the format do not fit those that the ledger has seen.
    #[error("the format of {location} cannot be brought up to date")]
    Migration {
        /// The ledger.
        location: Location,
        /// What does not fit.
        source: Box<sqlx::migrate::MigrateError>,
    },
    /// The database says something else.
    #[error("the database of {location} failed")]
    Database {
        /// The ledger.
        location: Location,
        /// What it says.
        source: Box<sqlx::Error>,
    },
}

/// Who appended an event, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub actor: String,
    /// When, as RFC 3339 writes it.
    pub time: String,
}

fn gone_on(by: Option<&Author>) -> String {
    by.map(|author| format!(" by {} at {}", author.actor, author.time)).unwrap_or_default()
}

impl LedgerError {
    /// Returns what to do about it; empty where that depends on what the system or the database says.
    pub fn help(&self) -> &'static str {
        match self {
            Self::ConnectionString { .. } => {
                "write postgres://USER:PASSWORD@HOST:PORT/DATABASE; in a password, write @ : / as %40 %3A %2F"
            }
            Self::NotUnicode { .. } => "give the file and its folders names in Unicode",
            Self::Exists { .. } => "open it, or choose another name; a ledger is never overwritten",
            Self::NotFound { .. } => "check the name, or create the ledger first",
            Self::NotALedger { .. } => "check the name; a ledger that was damaged is restored from a backup or from its export",
            Self::Newer { .. } => "use the version of feriematch that wrote it, or a newer one",
            Self::ReadOnly { .. } => {
                "ask for the right to write the file and its folder, or to insert into the table; or copy the ledger to where you may"
            }
            Self::DiskFull { .. } => "make room and do it again",
            Self::Locked { .. } => {
                "do it again in a moment; if that does not help, look for another program that has the ledger open"
            }
            Self::Unreachable { .. } => {
                "check the host, port, user, password and database of the connection string, and that the server runs"
            }
            Self::Conflict { .. } => "look at what has been appended since, and decide again",
            Self::Broken { .. } | Self::Line { .. } => {
                "keep it as it is, find out who changed it, and go back to a backup or an export that verifies"
            }
            Self::NotEmpty { .. } => "create a new ledger and read the events into it",
            Self::Migration { .. } => "use the version of feriematch that wrote it",
            Self::Draft(_) | Self::Export(_) | Self::System { .. } | Self::Database { .. } => "",
        }
    }
}

/// Says which of the errors that a ledger knows the system's one is.
pub(crate) fn of_system(location: &Location, source: io::Error) -> LedgerError {
    let location = location.clone();
    match source.kind() {
        io::ErrorKind::NotFound => LedgerError::NotFound { location },
        io::ErrorKind::AlreadyExists => LedgerError::Exists { location },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            LedgerError::ReadOnly { location, source: Box::new(source) }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LedgerError::DiskFull { location, source: Box::new(source) },
        _ => LedgerError::System { location, source },
    }
}
