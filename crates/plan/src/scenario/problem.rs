//! Why a scenario cannot be.

use feriematch_core::LockProblem;
use feriematch_model::{BalanceProblem, Mechanism, SeasonError};

/// Why a change cannot be made, or what is changed does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioProblem {
    /// A number would be below zero, or too large.
    #[error("{what} would be below zero or too large: it is {now} now")]
    OutOfRange {
        /// Which number.
        what: String,
        /// What it is now.
        now: String,
    },
    /// There is no number to add to.
    #[error("there is no {what} to add to or to take a share of")]
    Absent {
        /// Which number.
        what: String,
    },
    /// Nobody is like those who are to be made up.
    #[error("nobody in the files was born in {year}")]
    NobodyLike {
        /// The birth year.
        year: i16,
    },
    /// Those who are to be made up are there.
    #[error("{applicants} in the files were born in {year}: nobody has to be made up")]
    Somebody {
        /// The birth year.
        year: i16,
        /// How many.
        applicants: usize,
    },
    /// Shares of offers add up to more than all.
    #[error("declined and lapsed are more than all offers together")]
    Rates,
    /// There is no calendar to change.
    #[error("there is no calendar yet: first_offers, days_to_answer, days_between and lead_days are needed")]
    NoCalendar,
    /// Another mechanism than `priority` has no rule of placement.
    #[error("the mechanism {mechanism} has no rule of placement")]
    Placement {
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// The soft targets do not go with the mechanism.
    #[error(transparent)]
    Balance(#[from] BalanceProblem),
    /// A place locked by hand cannot be given.
    #[error("`{applicant}` cannot be locked to `{job}`{}", because(*problem))]
    Lock {
        /// The applicant's id.
        applicant: String,
        /// The job's id.
        job: String,
        /// Why, where it may be said: not of a protected identity, where a rule says it.
        problem: Option<LockProblem>,
    },
    /// What is changed does not fit the rest.
    #[error("the changed season does not fit together: {0}")]
    Season(#[from] SeasonError),
}

fn because(problem: Option<LockProblem>) -> String {
    problem.map_or("; the rule is not shown, since the identity is protected".to_owned(), |problem| format!(": {problem}"))
}
