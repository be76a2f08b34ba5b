//! Fresh locations for tests, and a way into the database that goes around the ledger.

use feriematch_ledger::{Ledger, Location};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::server::SERVER;

/// Makes a test on each database of functions that take a [`Place`].
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&crate::place::Place::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(place) = crate::place::Place::postgres() {
                    super::$name(&place);
                }
            })*
        }
    };
}
pub(crate) use on_both;

/// A location where there is no ledger yet.
pub(crate) struct Place {
    pub(crate) location: Location,
    /// What a process that is to open it is told.
    pub(crate) name: String,
    _folder: Option<TempDir>,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A name that a URL has to escape.
        let name = folder.path().join("sommar 2026? 50 % å#1.ledger").to_str().unwrap().to_owned();
        Self { location: Location::parse(&name).unwrap(), name, _folder: Some(folder) }
    }

    /// Returns a new schema, if there is a server.
    pub(crate) fn postgres() -> Option<Self> {
        let name = SERVER.as_ref()?.new_schema();
        Some(Self { location: Location::parse(&name).unwrap(), name, _folder: None })
    }

    /// Returns a location of the same kind.
    pub(crate) fn another(&self) -> Self {
        match self.location {
            Location::Sqlite(_) => Self::sqlite(),
            Location::Postgres(_) => Self::postgres().unwrap(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.location, Location::Sqlite(_))
    }

    pub(crate) fn create(&self) -> Ledger {
        Ledger::create(&self.location).unwrap()
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.location).unwrap()
    }

    /// Executes statements without the ledger knowing.
    pub(crate) fn try_execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        match &self.location {
            Location::Sqlite(path) => runtime().block_on(async {
                let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
                let mut connection = SqliteConnection::connect_with(&options).await?;
                let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(drop);
                connection.close().await?;
                result
            }),
            Location::Postgres(_) => try_execute_postgres(&self.name, sql),
        }
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// Takes away what refuses changes.
    pub(crate) fn disarm(&self) {
        self.execute(if self.is_sqlite() {
            "DROP TRIGGER event_never_changed; DROP TRIGGER event_never_deleted; DROP TRIGGER event_only_appended"
        } else {
            "ALTER TABLE event DISABLE TRIGGER ALL"
        });
    }
}

pub(crate) fn try_execute_postgres(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    runtime().block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(drop);
        connection.close().await?;
        result
    })
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
