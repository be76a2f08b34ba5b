//! Where a ledger is kept.

use std::fmt;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;

use crate::LedgerError;

/// Where a ledger is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file on a disk of this machine. SQLite cannot lock files on network drives reliably: offices that share a ledger
    /// keep it in PostgreSQL.
    Sqlite(PathBuf),
    /// A PostgreSQL database. Over a network, build with the feature `tls` and ask for `?sslmode=verify-full`: without, events and
    /// passwords are not encrypted.
    Postgres(PostgresUrl),
}

impl Location {
    /// Reads a location: a connection string that begins with `postgres://` or `postgresql://`, or the path of a file.
    ///
    /// # Errors
    ///
    /// Returns an error if a connection string is not one.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            PostgresUrl::parse(text).map(Self::Postgres)
        } else {
            Ok(Self::Sqlite(text.into()))
        }
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        Self::Sqlite(path.to_owned())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

/// A connection string for PostgreSQL, which never shows its password.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(Box<ConnectionString>);

/// A connection string, and what is shown of it.
#[derive(Clone, PartialEq, Eq)]
struct ConnectionString {
    secret: String,
    shown: String,
}

impl PostgresUrl {
    /// Reads a connection string.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not one.
    pub fn parse(url: &str) -> Result<Self, LedgerError> {
        let options: PgConnectOptions =
            url.parse().map_err(|source| LedgerError::ConnectionString { source: Box::new(source) })?;
        let host = options
            .get_socket()
            .map_or_else(|| format!("{}:{}", options.get_host(), options.get_port()), |socket| socket.display().to_string());
        let user = options.get_username();
        // A user's database is the one with their name.
        let shown = format!("postgres://{user}@{host}/{}", options.get_database().unwrap_or(user));
        Ok(Self(Box::new(ConnectionString { secret: url.to_owned(), shown })))
    }

    /// Returns the connection string with its password.
    pub(crate) fn secret(&self) -> &str {
        &self.0.secret
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for url in
            ["postgres://anna:hemligt@db.example:5433/season", "postgresql://db.example:5433/season?user=anna&password=hemligt"]
        {
            let location = Location::parse(url).unwrap();
            assert_eq!(location.to_string(), "postgres://anna@db.example:5433/season");
            assert!(!format!("{location:?}").contains("hemligt"));
        }
        for url in ["postgres://anna:hemligt@db.example:no-port/season", "postgres://anna:hemligt@db/season?sslmode=hemligare"] {
            let error = Location::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hemligt"), "{error:?}");
        }
    }

    #[test]
    fn anything_else_is_a_path() {
        let location = Location::parse("season 2026.ledger").unwrap();
        assert_eq!(location, Location::from(Path::new("season 2026.ledger")));
        assert_eq!(location.to_string(), "season 2026.ledger");
    }
}
