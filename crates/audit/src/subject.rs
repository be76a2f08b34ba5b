//! What a refutation can be about, besides applicants, jobs and streams.

use std::fmt;

/// A part of a season that has a fingerprint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeasonPart {
    /// `season.toml`.
    Settings,
    /// The applicants.
    Applicants,
    /// The jobs.
    Jobs,
    /// The overrides.
    Overrides,
}

impl fmt::Display for SeasonPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Settings => "settings",
            Self::Applicants => "applicants",
            Self::Jobs => "jobs",
            Self::Overrides => "overrides",
        })
    }
}

/// What a price of the evidence is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Priced {
    /// The places of a job.
    Job(String),
    /// The cap of a department.
    Department(String),
    /// The stream's cap.
    Stream,
    /// The cap of a home district.
    Home(String),
}

impl fmt::Display for Priced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(id) => write!(f, "the job `{id}`"),
            Self::Department(id) => write!(f, "the department `{id}`"),
            Self::Stream => f.write_str("the stream's cap"),
            Self::Home(id) => write!(f, "the home district `{id}`"),
        }
    }
}

/// A place and who pays for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidPlace {
    /// The job.
    pub job: String,
    /// The stream that pays.
    pub stream: String,
}

impl fmt::Display for PaidPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` paid by `{}`", self.job, self.stream)
    }
}
