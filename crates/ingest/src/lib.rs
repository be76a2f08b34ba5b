//! Reads a season folder: CSV, XLSX and TOML into a season, or every problem at once.
//!
//! [`read_season`] reads `season.toml` and the tables of applicants, jobs and overrides. What comes out is either a
//! [`Season`](feriematch_model::Season), with [`Sources`] that tell where each row stands and with warnings, or all errors of all
//! files as [`Diagnostic`]s, each with a [`Code`] that docs/errors.md explains, a [`Span`] and often a suggestion. Nothing is
//! repaired, dropped or defaulted beyond what docs/formats.md says.
//!
//! Law that has dates comes from rule packs: editions in files, of which [`RuleCatalog`] holds those that come with the program and a season's own.
//! [`read_rules`] says which one a season goes by.
//!
//! [`read_answers`] and [`read_time_reports`] read what comes later, in the same way: answers to offers, and what was worked.
//!
//! [`document`] reads any other TOML file in the same way, [`records`] any other table.
//!
//! The way of a table: bytes are decoded ([`Encoding`]), split into rows that borrow from the text and know where each value
//! stands, and read row by row into the season. A row with a problem becomes a row with placeholders, so that what refers to
//! it is no problem of its own.

mod answers;
mod applicants;
mod code;
mod definitions;
mod delimited;
mod diagnostic;
pub mod document;
mod encoding;
mod job_index;
mod jobs;
mod method;
mod names;
mod overrides;
mod personal_id;
mod quote;
mod read;
pub mod records;
mod rows;
mod rule_catalog;
mod rule_choice;
mod rule_edition;
mod settings;
mod sources;
mod starter;
mod suggest;
mod table;
mod time_reports;
mod values;
mod wishes;
mod workbook;

pub use answers::{Answer, AnswerKind, Answers, read_answers};
pub use code::Code;
pub use diagnostic::{Diagnostic, Severity, Span};
pub use encoding::Encoding;
pub use personal_id::PersonalNumber;
pub use read::{ColumnMaps, Loaded, Persons, ReadError, ReadOptions, read_persons, read_season};
pub use rule_catalog::RuleCatalog;
pub use rule_choice::{SeasonRules, read_rules};
pub use rule_edition::{CohortRule, RuleEdition};
pub use sources::Sources;
pub use starter::starter_files;
pub use suggest::nearest;
pub use time_reports::{TimeReports, read_time_reports};
