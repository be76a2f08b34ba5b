//! The connection to either database: what differs between them, and the few statements that do not.

use std::fmt::Write;
use std::path::Path;

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Connection, SqlSafeStr, Transaction};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::chain::Hash;
use crate::error::Author;
use crate::verification::Malformation;
use crate::{Draft, DraftError, Event, Finding, Head, LedgerError, Location, Payload};

/// Rows that one statement inserts. More make it slower: for each of its values SQLite looks for the name in a list.
const ROWS: usize = 16;

/// Rows that are read at a time.
pub(crate) const BATCH: i64 = 4096;

/// The characters that ASCII has for this; no event holds a control character other than a line break.
const BETWEEN_FIELDS: char = '\u{1f}';
const BETWEEN_ROWS: char = '\u{1e}';

/// Milliseconds after which waiting for somebody else's lock is given up.
macro_rules! patience {
    () => {
        "5000"
    };
}

/// A place in the ledger as it was read, or what is wrong there.
pub(crate) type Read = Result<Event, Finding>;

/// A ledger's database, with the runtime that its driver needs.
pub(crate) struct Database {
    location: Location,
    runtime: Runtime,
    /// Nothing after a failure: the next call connects anew, and finds nothing half-done.
    connection: Option<AnyConnection>,
}

impl Database {
    /// Connects to the database of a ledger, whatever is in it.
    pub(crate) fn connect(location: &Location) -> Result<Self, LedgerError> {
        sqlx::any::install_default_drivers();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| LedgerError::System { location: location.clone(), source })?;
        let mut database = Self { location: location.clone(), runtime, connection: None };
        database.connection = Some(database.connection()?);
        Ok(database)
    }

    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// Takes the connection, or makes one.
    fn connection(&mut self) -> Result<AnyConnection, LedgerError> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let options = connect_options(&self.location)?;
        let connect = async {
            let mut connection = AnyConnection::connect_with(&options).await?;
            sqlx::raw_sql(match self.location {
                Location::Sqlite(_) => concat!(
                    "PRAGMA busy_timeout = ",
                    patience!(),
                    "; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON",
                ),
                // Whatever waits for more than the disk of the server may stay.
                Location::Postgres(_) => concat!(
                    "SET lock_timeout = ",
                    patience!(),
                    "; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
                ),
            })
            .execute(&mut connection)
            .await?;
            Ok(connection)
        };
        self.runtime.block_on(connect).map_err(|error| match (&self.location, failure(&self.location, error)) {
            (Location::Postgres(_), LedgerError::Database { location, source }) => LedgerError::Unreachable { location, source },
            (_, failure) => failure,
        })
    }

    /// Does something that is no append.
    pub(crate) fn read<T>(&mut self, work: impl FnOnce(&mut Session<'_>) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let mut connection = self.connection()?;
        let result = work(&mut Session { runtime: &self.runtime, location: &self.location, connection: &mut connection });
        self.connection = Some(connection);
        if result.is_err() {
            // What failed is what matters.
            let _ = self.close();
        }
        result
    }

    /// Does something in a transaction, while nobody else may append; all of it if it succeeds, nothing otherwise.
    pub(crate) fn write<T, E: From<LedgerError>>(&mut self, work: impl FnOnce(&mut Session<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.connection()?;
        let mut transaction =
            self.runtime.block_on(begin(&mut connection, &self.location)).map_err(|e| failure(&self.location, e))?;
        let result = work(&mut Session { runtime: &self.runtime, location: &self.location, connection: &mut transaction });
        if let Err(refusal) = result {
            // Where not even this can be done, the connection is dropped, which does it too.
            if self.runtime.block_on(transaction.rollback()).is_ok() {
                self.connection = Some(connection);
            }
            return Err(refusal);
        }
        self.runtime.block_on(transaction.commit()).map_err(|e| failure(&self.location, e))?;
        self.connection = Some(connection);
        result
    }

    /// Closes the connection, and with the last one to a file puts everything into that one file.
    pub(crate) fn close(&mut self) -> Result<(), LedgerError> {
        let Some(connection) = self.connection.take() else { return Ok(()) };
        self.runtime.block_on(connection.close()).map_err(|error| failure(&self.location, error))
    }
}

impl Drop for Database {
    /// Waits for the connection to be closed: whoever copies the file of a ledger afterwards has all of it.
    fn drop(&mut self) {
        if Handle::try_current().is_err() {
            // Everything is on disk already, and a drop cannot fail.
            let _ = self.close();
        }
    }
}

/// Begins a transaction that is the only one to append until it ends.
///
/// In PostgreSQL the lock is that of the table's number, so that ledgers in two schemas do not wait for each other; it is taken
/// by a statement of its own, so that the next one sees what its last holder committed.
async fn begin<'c>(connection: &'c mut AnyConnection, location: &Location) -> Result<Transaction<'c, Any>, sqlx::Error> {
    match location {
        Location::Sqlite(_) => connection.begin_with("BEGIN IMMEDIATE").await,
        Location::Postgres(_) => {
            let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
            sqlx::raw_sql("SELECT pg_advisory_xact_lock('event'::regclass::oid::bigint)").execute(&mut *transaction).await?;
            Ok(transaction)
        }
    }
}

/// A connection that does one thing after the other.
pub(crate) struct Session<'a> {
    pub(crate) runtime: &'a Runtime,
    location: &'a Location,
    pub(crate) connection: &'a mut AnyConnection,
}

impl Session<'_> {
    pub(crate) fn location(&self) -> &Location {
        self.location
    }

    pub(crate) fn fail(&self) -> impl Fn(sqlx::Error) -> LedgerError + use<> {
        let location = self.location.clone();
        move |error| failure(&location, error)
    }

    /// Returns the newest event's place, and who appended it.
    pub(crate) fn newest(&mut self) -> Result<(Head, Option<Box<Author>>), LedgerError> {
        let newest: Option<(i64, String, String, String)> = self
            .runtime
            .block_on(
                sqlx::query_as("SELECT sequence, hash, actor, time FROM event ORDER BY sequence DESC LIMIT 1")
                    .fetch_optional(&mut *self.connection),
            )
            .map_err(self.fail())?;
        let Some((sequence, hash, actor, time)) = newest else { return Ok((Head::genesis(), None)) };
        let sequence = sequence.unsigned_abs();
        match hash.parse() {
            Ok(hash) => Ok((Head { sequence, hash }, Some(Box::new(Author { actor, time })))),
            Err(_) => Err(LedgerError::Broken {
                location: self.location.clone(),
                finding: Finding::Malformed { sequence, problem: Malformation::NotAHash },
            }),
        }
    }

    /// Returns how many events there are.
    pub(crate) fn count(&mut self) -> Result<u64, LedgerError> {
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM event").fetch_one(&mut *self.connection);
        self.runtime.block_on(count).map(i64::unsigned_abs).map_err(self.fail())
    }

    /// Reads the events from a number on, in order, [`BATCH`] of them or fewer; none only if there are none.
    ///
    /// They come as one text, because what the driver takes for each value is more than all else together.
    pub(crate) fn batch(&mut self, from: u64) -> Result<Vec<Read>, LedgerError> {
        let Ok(from) = i64::try_from(from) else { return Ok(Vec::new()) };
        let mut limit = BATCH;
        loop {
            let rows = sqlx::query_scalar::<_, Option<String>>(
                "SELECT string_agg(fields, $4 ORDER BY sequence) FROM ( \
                    SELECT sequence, sequence || $3 || time || $3 || actor || $3 || reason || $3 || kind || $3 || payload \
                        || $3 || previous || $3 || hash AS fields \
                    FROM event WHERE sequence >= $1 ORDER BY sequence LIMIT $2 \
                ) AS batch",
            )
            .bind(from)
            .bind(limit)
            .bind(BETWEEN_FIELDS.to_string())
            .bind(BETWEEN_ROWS.to_string())
            .fetch_one(&mut *self.connection);
            match self.runtime.block_on(rows) {
                Ok(None) => return Ok(Vec::new()),
                Ok(Some(rows)) => return Ok(rows.split(BETWEEN_ROWS).map(event).collect()),
                // One of the rows cannot be read, but those before it can; or together they are longer than a text can be.
                Err(error) if is_unreadable(&error) && limit > 1 => limit /= 2,
                Err(error) if is_unreadable(&error) => {
                    let sequence = sqlx::query_scalar::<_, i64>("SELECT min(sequence) FROM event WHERE sequence >= $1")
                        .bind(from)
                        .fetch_one(&mut *self.connection);
                    let sequence = self.runtime.block_on(sequence).map_err(self.fail())?.unsigned_abs();
                    return Ok(vec![Err(Finding::Malformed { sequence, problem: Malformation::NotText })]);
                }
                Err(error) => return Err(failure(self.location, error)),
            }
        }
    }

    /// Inserts events, which must continue those that are there.
    pub(crate) fn insert(&mut self, events: &[Event]) -> Result<(), LedgerError> {
        for rows in events.chunks(ROWS) {
            // The text holds nothing but numbered parameters.
            let mut query = sqlx::query(AssertSqlSafe(insertion(rows.len())));
            for event in rows {
                query = query
                    .bind(event.sequence as i64)
                    .bind(event.time())
                    .bind(event.actor())
                    .bind(event.reason())
                    .bind(event.kind())
                    .bind(event.payload().as_str())
                    .bind(event.previous.to_string())
                    .bind(event.hash.to_string());
            }
            self.runtime.block_on(query.execute(&mut *self.connection)).map_err(self.fail())?;
        }
        Ok(())
    }

    /// Returns whether there is a ledger.
    pub(crate) fn is_ledger(&mut self) -> Result<bool, LedgerError> {
        let tables = sqlx::query_scalar::<_, i64>(match self.location {
            Location::Sqlite(_) => {
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('event', 'ledger_migration')"
            }
            Location::Postgres(_) => "SELECT num_nonnulls(to_regclass('event'), to_regclass('ledger_migration'))::int8",
        })
        .fetch_one(&mut *self.connection);
        self.runtime.block_on(tables).map(|tables| tables == 2).map_err(self.fail())
    }

    /// Returns whether there is nothing in the file, or no table of a ledger in the database, which may have others.
    pub(crate) fn is_empty(&mut self) -> Result<bool, LedgerError> {
        let tables = sqlx::query_scalar::<_, i64>(match self.location {
            Location::Sqlite(_) => "SELECT count(*) FROM sqlite_schema",
            Location::Postgres(_) => "SELECT num_nonnulls(to_regclass('event'), to_regclass('ledger_migration'))::int8",
        })
        .fetch_one(&mut *self.connection);
        self.runtime.block_on(tables).map(|tables| tables == 0).map_err(self.fail())
    }

    /// Has the file overwrite with zeros what is deleted from it.
    pub(crate) fn overwrite_on_delete(&mut self) -> Result<(), LedgerError> {
        if let Location::Sqlite(_) = self.location {
            let pragma = sqlx::raw_sql("PRAGMA secure_delete = ON").execute(&mut *self.connection);
            self.runtime.block_on(pragma).map_err(self.fail())?;
        }
        Ok(())
    }

    /// Takes away every table of the ledger, with the triggers that refuse to let a single event go.
    pub(crate) fn drop_tables(&mut self) -> Result<(), LedgerError> {
        let drop = sqlx::raw_sql(match self.location {
            Location::Sqlite(_) => "DROP TABLE IF EXISTS snapshot; DROP TABLE event; DROP TABLE ledger_migration",
            Location::Postgres(_) => {
                "DROP TABLE IF EXISTS snapshot; DROP TABLE event; DROP TABLE ledger_migration; DROP FUNCTION refuse_change_of_event()"
            }
        })
        .execute(&mut *self.connection);
        self.runtime.block_on(drop).map_err(self.fail())?;
        Ok(())
    }

    /// Returns the first of the triggers that refuse changes and is not at work.
    pub(crate) fn missing_trigger(&mut self) -> Result<Option<&'static str>, LedgerError> {
        let (sql, expected): (&'static str, &[&'static str]) = match self.location {
            Location::Sqlite(_) => (
                "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event'",
                &["event_never_changed", "event_never_deleted", "event_only_appended"],
            ),
            Location::Postgres(_) => (
                "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'event'::regclass AND tgenabled IN ('O', 'A')",
                &["event_never_changed", "event_never_deleted", "event_never_truncated"],
            ),
        };
        let found = sqlx::query_scalar::<_, String>(sql).fetch_all(&mut *self.connection);
        let found = self.runtime.block_on(found).map_err(self.fail())?;
        Ok(expected.iter().copied().find(|&trigger| !found.iter().any(|name| name == trigger)))
    }

    /// Makes an empty database a ledger.
    pub(crate) fn initialise(&mut self) -> Result<(), LedgerError> {
        if let Location::Sqlite(_) = self.location {
            let wal = sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *self.connection);
            self.runtime.block_on(wal).map_err(self.fail())?;
        }
        self.migrate()
    }

    /// Brings the format up to date.
    ///
    /// # Errors
    ///
    /// Returns an error if it is newer than this version knows.
    pub(crate) fn update(&mut self) -> Result<(), LedgerError> {
        let version = sqlx::query_scalar::<_, i64>("SELECT max(version) FROM ledger_migration").fetch_one(&mut *self.connection);
        let found = self.runtime.block_on(version).map_err(self.fail())?;
        let supported = migrator(self.location).iter().map(|migration| migration.version).max().unwrap_or_default();
        match found {
            // Nothing is written, so that who may only append or read can.
            _ if found == supported => Ok(()),
            _ if found > supported => Err(LedgerError::Newer { location: self.location.clone(), found, supported }),
            _ => self.migrate(),
        }
    }

    fn migrate(&mut self) -> Result<(), LedgerError> {
        use sqlx::migrate::MigrateError;
        let migrator = migrator(self.location);
        self.runtime.block_on(migrator.run_direct(None, &mut *self.connection, false)).map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failure(self.location, error),
            source => LedgerError::Migration { location: self.location.clone(), source: Box::new(source) },
        })
    }
}

fn migrator(location: &Location) -> Migrator {
    // Listed by hand, because the macro that does it has the whole of sqlx compiled a second time.
    let scripts = match location {
        Location::Sqlite(_) => [
            ("events", include_str!("../migrations/sqlite/0001_events.sql")),
            ("snapshot", include_str!("../migrations/sqlite/0002_snapshot.sql")),
        ],
        Location::Postgres(_) => [
            ("events", include_str!("../migrations/postgres/0001_events.sql")),
            ("snapshot", include_str!("../migrations/postgres/0002_snapshot.sql")),
        ],
    };
    let migrations = (1..).zip(scripts).map(|(version, (name, script))| {
        Migration::new(version, name.into(), MigrationType::Simple, script.into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // Another program in the same PostgreSQL schema may use the default name.
    migrator.dangerous_set_table_name("ledger_migration");
    migrator
}

/// Returns the statement that inserts so many rows.
fn insertion(rows: usize) -> String {
    const COLUMNS: [&str; 8] = ["sequence", "time", "actor", "reason", "kind", "payload", "previous", "hash"];
    let row =
        |row: usize| COLUMNS.iter().zip(row * COLUMNS.len() + 1..).map(|(_, number)| format!("${number}")).collect::<Vec<_>>();
    let rows: Vec<String> = (0..rows).map(|i| format!("({})", row(i).join(", "))).collect();
    format!("INSERT INTO event ({}) VALUES {}", COLUMNS.join(", "), rows.join(", "))
}

/// Reads an event from the fields of a row.
fn event(row: &str) -> Read {
    let fields: Vec<&str> = row.split(BETWEEN_FIELDS).collect();
    let sequence = fields[0].parse().unwrap_or_default();
    let malformed = |problem| Finding::Malformed { sequence, problem };
    let [_, time, actor, reason, kind, payload, previous, hash] = fields[..] else {
        return Err(malformed(Malformation::Separator));
    };
    let hash_of = |text: &str| match text.parse::<Hash>() {
        Ok(hash) if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => Ok(hash),
        _ => Err(malformed(Malformation::NotAHash)),
    };
    let draft = Payload::parse(payload)
        .map_err(DraftError::from)
        .and_then(|payload| Draft::from_texts(time.into(), actor.into(), reason.into(), kind.into(), payload))
        .map_err(|error| malformed(error.into()))?;
    Ok(Event { sequence, draft, previous: hash_of(previous)?, hash: hash_of(hash)? })
}

/// Returns whether a value in the database is of another type than the ledger ever puts there, or too long.
fn is_unreadable(error: &sqlx::Error) -> bool {
    // SQLITE_TOOBIG, program_limit_exceeded.
    let too_long = |code: &str| code == "18" || code == "54000";
    matches!(error, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::AnyDriverError(_))
        || error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| too_long(&code))
}

fn connect_options(location: &Location) -> Result<AnyConnectOptions, LedgerError> {
    let url = match location {
        Location::Sqlite(path) => sqlite_url(path, location)?,
        Location::Postgres(url) => url.secret().to_owned(),
    };
    url.parse().map_err(|error| failure(location, error))
}

/// Returns the URL of a file that is there, by its full path: in a relative one the first folder would be read as a host.
fn sqlite_url(path: &Path, location: &Location) -> Result<String, LedgerError> {
    let full = path.canonicalize().map_err(|source| crate::error::of_system(location, source))?;
    let full = full.to_str().ok_or_else(|| LedgerError::NotUnicode { location: location.clone() })?;
    let mut url = "sqlite://".to_owned();
    for byte in full.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Ok(url)
}

/// Says which of the errors that a ledger knows the database's one is.
fn failure(location: &Location, error: sqlx::Error) -> LedgerError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned();
    let location = location.clone();
    match location {
        Location::Sqlite(_) => {
            let extended: u32 = code.parse().unwrap_or_default();
            match (extended & 0xff, extended) {
                // SQLITE_BUSY, SQLITE_LOCKED.
                (5 | 6, _) => LedgerError::Locked { location, source: Box::new(error) },
                // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN: the file is there, but those that SQLite puts beside it are not.
                (3 | 8 | 14, _) => LedgerError::ReadOnly { location, source: Box::new(error) },
                // SQLITE_FULL, SQLITE_IOERR_SHMSIZE: the file beside the ledger could not grow.
                (13, _) | (_, 4874) => LedgerError::DiskFull { location, source: Box::new(error) },
                // SQLITE_NOTADB.
                (26, _) => LedgerError::NotALedger { location },
                _ => LedgerError::Database { location, source: Box::new(error) },
            }
        }
        Location::Postgres(_) => match code.as_str() {
            // insufficient_privilege, read_only_sql_transaction.
            "42501" | "25006" => LedgerError::ReadOnly { location, source: Box::new(error) },
            "53100" => LedgerError::DiskFull { location, source: Box::new(error) },
            "55P03" => LedgerError::Locked { location, source: Box::new(error) },
            _ => LedgerError::Database { location, source: Box::new(error) },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ledger;

    /// Appends events of some size, and returns the new head.
    fn append(database: &mut Database) -> Result<Head, LedgerError> {
        let payload = Payload::of(&"x".repeat(1000)).unwrap();
        let draft = Draft::new("2026-04-01T09:00:00Z".parse().unwrap(), "anna", "", "note", payload).unwrap();
        database.write(|session| {
            let (mut head, _) = session.newest()?;
            for _ in 0..20 {
                let event = Event::after(head, &draft);
                session.insert(std::slice::from_ref(&event))?;
                head = event.head();
            }
            Ok(head)
        })
    }

    fn limit_pages(database: &mut Database, pages: u32) {
        let pragma = AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        database
            .read(|session| {
                session
                    .runtime
                    .block_on(sqlx::raw_sql(pragma).execute(&mut *session.connection))
                    .map(drop)
                    .map_err(session.fail())
            })
            .unwrap();
    }

    #[test]
    fn a_full_database_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("season.ledger"));
        drop(Ledger::create(&location).unwrap());
        let mut database = Database::connect(&location).unwrap();
        limit_pages(&mut database, 50);
        let mut head = Head::genesis();
        let error = loop {
            match append(&mut database) {
                Ok(next) => head = next,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, LedgerError::DiskFull { .. }), "{error:?}");
        assert!(head.sequence > 0);
        assert_eq!(database.read(|session| Ok(session.newest()?.0)).unwrap(), head);
        limit_pages(&mut database, 500);
        assert_eq!(append(&mut database).unwrap().sequence, head.sequence + 20);
    }
}
