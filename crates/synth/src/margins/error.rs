//! What can be wrong with a margins file.

use std::ops::{Range, RangeInclusive};

/// What is wrong with a margins file, and where.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
#[non_exhaustive]
pub struct MarginsError {
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: MarginsProblem,
}

/// What is wrong with a margins file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MarginsProblem {
    /// The file is not TOML, or a key is unknown or missing, or a value is of the wrong kind.
    #[error("{}", .0.message())]
    Toml(toml::de::Error),
    /// The file is of a format that this version does not know.
    #[error("format {0} is not known; this version reads format 1")]
    Format(u32),
    /// Something is mentioned that the settings do not define.
    #[error("unknown {what} `{id}`")]
    Unknown {
        /// The kind of thing.
        what: &'static str,
        /// The id that is mentioned.
        id: Box<str>,
    },
    /// Something has margins twice.
    #[error("{what} `{id}` is given twice")]
    Twice {
        /// The kind of thing.
        what: &'static str,
        /// Its id.
        id: Box<str>,
    },
    /// Something that jobs are in has no margins.
    #[error("{what} `{id}` has no entry")]
    Missing {
        /// The kind of thing.
        what: &'static str,
        /// Its id.
        id: Box<str>,
    },
    /// A table that cannot be empty is.
    #[error("no {0} are given")]
    Empty(&'static str),
    /// A part of an id is empty, or has other characters than letters A to Z and digits.
    #[error("`{0}` cannot be part of an id: letters A to Z and digits can")]
    Id(Box<str>),
    /// The least is above the most, or out of bounds.
    #[error("{what} goes from {least} to {most}; it must ascend within {} to {}", .bounds.start(), .bounds.end())]
    Interval {
        /// What the interval is of.
        what: &'static str,
        /// Its lower end.
        least: u32,
        /// Its upper end.
        most: u32,
        /// What is possible.
        bounds: RangeInclusive<u32>,
    },
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    Days,
    /// A cohort is no calendar year of four digits.
    #[error("{0} is no birth year")]
    BirthYear(i16),
    /// All weights to choose by are zero.
    #[error("the weights of {0} are all zero")]
    NoWeight(&'static str),
    /// More protected identities than applicants.
    #[error("{protected} of {applicants} applicants cannot be protected")]
    Protected {
        /// How many identities should be protected.
        protected: u64,
        /// How many applicants there are.
        applicants: u64,
    },
    /// The cohorts that the classes allow do not hold all of a district's applicants.
    #[error("the applicants of `{district}` do not fit: the cohorts that class `{class}` allows are too small")]
    Cohorts {
        /// The district.
        district: Box<str>,
        /// The class that found no room.
        class: Box<str>,
    },
}

impl MarginsError {
    /// Places a problem in the text.
    pub(super) fn at(text: &str, span: Range<usize>, problem: MarginsProblem) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1, problem }
    }
}
